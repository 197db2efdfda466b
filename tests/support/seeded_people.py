"""Of the seeded organisation: its people, how they do, its culture, and what motivates."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from tests.support.api import Api
from tests.support.surveys import PublishedSurvey

MEASURE: dict[str, Any] = {
    "name": "Wait by agent",
    "of": "person",
    "standard": "short_wait",
    "attribute": "region",
    "minimum_n": 10,
}
ROLE = {"title": "Front desk", "responsibilities": [{"text": "Greet within a minute."}]}
STRATEGY = {"kind": "technique", "name": "Thanks", "description": "Once a week.", "standards": ["short_wait"]}


async def people(api: Api, survey: PublishedSurvey) -> Mapping[str, str]:
    """Two or more of everything, under names of its own beside those that examples give; the ids of one of each."""
    own = {kind: f"{kind}_{uuid4().hex[:8]}" for kind in ("team", "role", "measure", "strategy")}
    staff = [await added(api) for _ in range(2)]
    for key in ("north-desk", own["team"]):
        body = {"name": "Desk", "reference": f"desk_{uuid4().hex[:8]}", "members": [{"staff_id": staff[0]}]}
        team = (await api.put(f"/v1/teams/{key}", body, status=201)).json()
    for key in ("front-desk", own["role"]):
        await api.put(f"/v1/roles/{key}", ROLE, status=201)
    changed = {**ROLE, "title": "The front desk"}
    await api.put(f"/v1/roles/{own['role']}", changed, headers={"If-Match": '"1"'}, status=200)
    for key in ("wait_by_agent", own["measure"]):
        await api.put(f"/v1/performance-measures/{key}", MEASURE, status=201)
    for key in ("weekly-thanks", own["strategy"]):
        await api.put(f"/v1/culture/strategies/{key}", STRATEGY, status=201)
    other = {"staff_id": staff[0], "way": "link"}
    await api.post("/v1/roles/front-desk/assignments", other, status=201)
    return {
        **own,
        "staff_id": staff[0],
        "lead_id": staff[1],
        "team_id": team["id"],
        "role_assignment_id": await _last(
            api, f"/v1/roles/{own['role']}/assignments", *({"staff_id": each, "way": "link"} for each in staff)
        ),
        **await _of_performance(api, staff[0]),
        **await _of_culture(api, survey),
    }


async def added(api: Api) -> str:
    """Somebody new of the staff; their id."""
    body = {"reference": f"agent_{uuid4().hex[:8]}", "person": {"name": "Bo Lindqvist"}}
    made: str = (await api.post("/v1/staff", body, status=201)).json()["id"]
    return made


async def goal(api: Api, staff_id: str) -> str:
    """A goal that is open; its id."""
    return await _last(api, "/v1/performance-goals", {"staff_id": staff_id, "text": "Better.", "due_on": "2026-12-31"})


async def note(api: Api) -> str:
    """A note on the culture; its id."""
    body = {"kind": "observation", "source": "The desk", "text": "They look up.", "observed_on": "2026-03-02"}
    return await _last(api, "/v1/culture/notes", body)


async def _of_performance(api: Api, staff_id: str) -> dict[str, str]:
    review = {"staff_id": staff_id, "measures": ["wait_by_agent"], "summary": "A good year."}
    reviewed = await _last(api, "/v1/performance-reviews", review, review)
    await api.post(f"/v1/performance-reviews/{reviewed}/replies", {"text": "Yes."}, status=201)
    for _ in range(2):
        await api.post("/v1/recognitions", {"staff_id": staff_id, "text": "Thank you."}, status=201)
    await goal(api, staff_id)
    return {"review_id": reviewed, "goal_id": await goal(api, staff_id)}


async def _of_culture(api: Api, survey: PublishedSurvey) -> dict[str, str]:
    await note(api)
    noted = await note(api)
    judged = {"key": "focus", "label": "Focus", "level": 3, "statement": "Often."}
    evidence = [{"kind": "kpi", "survey_id": survey.id, "kpi": "nps"}]
    body = {"title": "Spring", "as_of": "2026-03-31", "dimensions": [{**judged, "evidence": evidence}]}
    return {"note_id": noted, "assessment_id": await _last(api, "/v1/culture/assessments", body, body)}


async def _last(api: Api, path: str, *bodies: dict[str, Any]) -> str:
    for body in bodies:
        made = (await api.post(path, body, status=201)).json()
    return str(made["id"])
