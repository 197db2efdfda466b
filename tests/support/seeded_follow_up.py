"""Of the seeded organisation: what it wants to reach, how it decides, and what it does."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.surveys import PublishedSurvey

# Stored while the one who decides is still there.
PROCEDURE: dict[str, Any] = {
    "title": "He decides",
    "start": "proposed",
    "steps": [
        {
            "key": "proposed",
            "label": "Proposed",
            "state": "proposed",
            "transitions": [{"to": "rejected", "people": ["Charles Babbage"]}],
        },
        {"key": "rejected", "label": "Rejected", "state": "rejected"},
    ],
}
PLAIN_PROCEDURE: dict[str, Any] = {
    **PROCEDURE,
    "steps": [{**PROCEDURE["steps"][0], "transitions": [{"to": "rejected"}]}, PROCEDURE["steps"][1]],
}
ACTION = {"title": "Build a desk", "owner": "Grace Hopper", "due_on": "2026-05-31", "people": ["Ada Lovelace"]}
# What a review keeps of each standard.
REVIEWED = text(
    "INSERT INTO standard_verdict"
    " (organisation_id, standard_key, run_id, standard_version, verdict, threshold, sentence, decided_at)"
    " VALUES (:organisation, :standard, :run, 1, 'met', 0.5, 'Met.', now())"
)


async def standards(api: Api, database: Database, survey: PublishedSurvey, *run_ids: str) -> dict[str, str]:
    """A standard of two versions with verdicts, benchmarks and practice notes; a key of each, names of their own."""
    keys = {kind: f"{kind}_{uuid4().hex[:8]}" for kind in ("standard", "benchmark", "practice_note")}
    wait = {"kind": "kpi", "survey_id": survey.id, "kpi": "csat", "question": "wait"}
    agreed = {"metric": wait, "direction": "at_least", "target": 0.5, "valid_from": "2025-01-01"}
    said = {"name": "Good", "statement": "Half say it is good."}
    for key in ("short_wait", keys["standard"]):
        await api.put(f"/v1/standards/{key}", {**agreed, **said}, status=201)
    changed = {**agreed, **said, "target": 0.6}
    await api.put(f"/v1/standards/{keys['standard']}", changed, headers={"If-Match": '"1"'}, status=200)
    source = {"source": "A survey", "standard": keys["standard"]}
    figure = {"name": "Others", "figure": 0.6, "published_on": "2025-01-01", "sector": "All", "comparability": "Some"}
    for key in ("sector", keys["benchmark"]):
        await api.put(f"/v1/benchmarks/{key}", {**figure, **source}, status=201)
    note = {"title": "A board", "text": "It says how long.", "dated": "2025-01-01"}
    for key in ("boards", keys["practice_note"]):
        await api.put(f"/v1/practice-notes/{key}", {**note, **source}, status=201)
    watched = {"name": "Slow", "metric": wait, "direction": "at_least", "threshold": 0.5, "days": 30}
    keys["alert"] = f"alert_{uuid4().hex[:8]}"
    for key in ("slow_north", keys["alert"]):
        await api.put(f"/v1/kpi-alerts/{key}", watched, status=201)
    async with database.tenant(api.organisation.organisation_id) as session:
        for run_id in run_ids:
            ids = {"organisation": api.organisation.organisation_id, "standard": keys["standard"], "run": UUID(run_id)}
            await session.execute(REVIEWED, ids)
    return keys


async def followed(api: Api, run_id: str) -> dict[str, str]:
    """A procedure whose people have left, a recommendation under it that was given to others, and an action."""
    key = f"board_{uuid4().hex[:8]}"
    await api.put(f"/v1/procedures/{key}", PROCEDURE, status=201)
    left = {"people": [{"name": "Charles Babbage", "left_on": "2026-02-28"}]}
    await api.put("/v1/departures", left, status=200)
    written = await stuck_recommendation(api, key, run_id)
    to = {"people": ["Grace Hopper"], "reason": "He has left."}
    await api.post(f"/v1/recommendations/{written}/reassignments", to, status=200)
    action = await planned_action(api, run_id)
    acted_on: str = (await api.get(f"/v1/actions/{action}")).json()["recommendation_id"]
    await api.post("/v1/actions", {"recommendation_id": acted_on, **ACTION}, status=201)
    return {"procedure": key, "action_id": action, "acted_on_id": acted_on}


async def stuck_recommendation(api: Api, procedure: str, run_id: str) -> str:
    """A recommendation that somebody wrote, under a procedure whose people have left; its id."""
    evidence = [{"analysis_id": run_id, "pointer": "/trend/sentence"}]
    body = {"kind": "improve", "title": "More desks", "rationale": "It is slow.", "evidence": evidence}
    written: str = (await api.post("/v1/recommendations", {**body, "procedure": procedure}, status=201)).json()["id"]
    return written


async def planned_action(api: Api, run_id: str) -> str:
    """An action about a recommendation that was accepted, with two people who are to agree; its id."""
    accepted = await stuck_recommendation(api, "standard", run_id)
    await api.post(f"/v1/recommendations/{accepted}/transitions", {"to": "accepted", "reason": "Agreed."}, status=200)
    made: str = (await api.post("/v1/actions", {"recommendation_id": accepted, **ACTION}, status=201)).json()["id"]
    return made


async def told_back(api: Api, survey: PublishedSurvey, action: str) -> dict[str, str]:
    """Cases, one of them with a note, and two items for everybody; the ids of one of each."""
    found = (await api.get(f"/v1/cases?survey_id={survey.id}")).json()["items"]
    await api.post(f"/v1/cases/{found[0]['id']}/notes", {"text": "Called."}, status=200)
    path = f"/v1/surveys/{survey.id}/you-said-we-did"
    body = {"you_said": "You wait too long.", "we_did": "A second desk.", "action_id": action}
    first, _ = [(await api.post(path, body, status=201)).json() for _ in range(2)]
    return {"case_id": found[0]["id"], "item_id": first["id"]}
