"""Actions through the API: agreed to, followed, overdue, closed with what became of them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from feedback_core.analyses.queries import save_result
from feedback_core.organisations.types import Scope
from tests.integration.recommendations.conftest import Ground, NewKey
from tests.support.api import Api

Json = dict[str, Any]
SOON = (datetime.now(UTC) + timedelta(days=60)).date().isoformat()


async def accepted(ground: Ground) -> str:
    found = await ground.propose()
    body = {"to": "accepted", "reason": "Agreed."}
    await ground.api.post(f"/v1/recommendations/{found}/transitions", body, status=200)
    return found


async def planned(ground: Ground, **details: Any) -> str:
    body = {
        "recommendation_id": await accepted(ground),
        "title": "Open a second desk",
        "owner": "Grace",
        "due_on": SOON,
        "cost": {"amount": 1250000, "currency": "EUR"},
        "hours": 80,
        "people": ["Ada"],
        **details,
    }
    made: str = (await ground.api.post("/v1/actions", body, status=201)).json()["id"]
    return made


async def answer(api: Api, action: str, person: str, said: str = "agreed", **more: Any) -> Json:
    body = {"answer": said, "on_behalf_of": person, **more}
    told: Json = (await api.post(f"/v1/actions/{action}/agreements", body)).json()
    return told


async def move(api: Api, action: str, to: str, **more: Any) -> Json:
    body = {"to": to, "reason": "As planned.", **more}
    told: Json = (await api.post(f"/v1/actions/{action}/transitions", body)).json()
    return told


async def completed(ground: Ground, on: str = "2025-06-01") -> str:
    action = await planned(ground)
    for person in ("Grace", "Ada"):
        await answer(ground.api, action, person)
    await move(ground.api, action, "under_way")
    done = await move(ground.api, action, "completed", change_on=on)
    assert (done["state"], done["change_on"]) == ("completed", on)
    return action


async def effect_run(ground: Ground, verdict: str, on: str = "2025-06-01") -> str:
    """A finished analysis of an effect that says this."""
    body = {"kind": "effect", "survey_id": ground.survey_id, "kpi": "nps", "change_on": on, "label": verdict}
    run_id: str = (await ground.api.post("/v1/analyses", body, status=202)).json()["id"]
    organisation_id = ground.api.organisation.organisation_id
    async with ground.database.tenant(organisation_id) as session:
        await save_result(
            session,
            organisation_id,
            UUID(run_id),
            result={"verdict": verdict},
            sentence="Found.",
            libraries={},
            at=datetime.now(UTC),
        )
    return run_id


async def test_R2_6_actions_are_agreed_with_owner_date_and_resources(ground: Ground, key_of: NewKey) -> None:
    api = ground.api
    action = await planned(ground)
    stranger = await api.post(f"/v1/actions/{action}/agreements", {"answer": "agreed", "on_behalf_of": "Linus"})
    early = await move(api, action, "agreed")
    silent = await answer(api, action, "Ada", "declined")
    declined = await answer(api, action, "Ada", "declined", reason="No room for it.")
    tag = (await api.get(f"/v1/actions/{action}")).headers["ETag"]
    smaller = {"title": "A smaller desk", "owner": "Grace", "due_on": SOON, "people": ["Ada"], "reason": "Room."}
    edited = await api.put(f"/v1/actions/{action}", smaller, status=200, headers={"If-Match": tag})
    stale = await api.put(f"/v1/actions/{action}", smaller, headers={"If-Match": tag})
    own = await key_of("Ada")
    first = (await own.post(f"/v1/actions/{action}/agreements", {"answer": "agreed"}, status=200)).json()
    agreed = await answer(api, action, "Grace")
    await api.post(f"/v1/actions/{action}/notes", {"text": "The desk has been ordered."}, status=200)
    under_way = await move(api, action, "under_way")

    assert (stranger.status_code, stranger.json()["code"]) == (403, "not_yours_to_decide")
    assert early["code"] == "agreement_missing"
    assert silent["errors"][0]["code"] == "reason_missing"
    assert declined["state"] == "planned"
    assert [(one["person"], one["answer"]) for one in edited.json()["agreements"]] == [("Ada", None), ("Grace", None)]
    assert (edited.json()["cost"], stale.status_code) == (None, 412)
    assert (first["state"], agreed["state"], under_way["state"]) == ("planned", "agreed", "under_way")
    assert [(entry["kind"], entry["to_state"], entry["written_by"]) for entry in under_way["history"]] == [
        ("created", "planned", "test"),
        ("answered", "planned", "Ada"),
        ("edited", "planned", "test"),
        ("answered", "planned", "Ada"),
        ("answered", "agreed", "Grace"),
        ("noted", "agreed", "test"),
        ("moved", "under_way", "test"),
    ]


async def test_actions_follow_only_once_the_recommendation_is_accepted(ground: Ground) -> None:
    body = {"recommendation_id": await ground.propose(), "title": "Desk", "owner": "Grace", "due_on": SOON}

    refused = await ground.api.post("/v1/actions", body, status=409)

    assert refused.json()["code"] == "recommendation_not_accepted"


async def test_nobody_who_left_owns_an_action(ground: Ground) -> None:
    left = {"people": [{"name": "Charles", "left_on": "2026-02-28"}]}
    await ground.api.put("/v1/departures", left, status=200)
    body = {"recommendation_id": await accepted(ground), "title": "Desk", "due_on": SOON}

    owner = await ground.api.post("/v1/actions", {**body, "owner": "Charles"}, status=422)
    person = await ground.api.post("/v1/actions", {**body, "owner": "Grace", "people": ["Charles"]}, status=422)

    assert (owner.json()["code"], owner.json()["errors"][0]["pointer"]) == ("person_left", "/owner")
    assert person.json()["errors"][0]["pointer"] == "/people/0"


async def test_R2_6_overdue_actions_show(ground: Ground) -> None:
    late = await planned(ground, due_on="2026-01-31")
    await planned(ground)

    (shown,) = (await ground.api.get("/v1/actions?overdue=true")).json()["items"]
    mine = (await ground.api.get("/v1/actions?owner=Grace&limit=1")).json()
    rest = (await ground.api.get(f"/v1/actions?owner=Grace&limit=1&cursor={mine['next_cursor']}")).json()
    await move(ground.api, late, "closed", outcome="unknown")

    assert (shown["id"], shown["overdue"]) == (late, True)
    assert mine["items"][0]["id"] == late
    assert rest["next_cursor"] is None
    assert (await ground.api.get("/v1/actions?overdue=true")).json()["items"] == []


async def test_what_is_said_of_an_effect_is_what_the_analysis_of_it_says(ground: Ground) -> None:
    api, action = ground.api, await completed(ground)
    worked, failed = await effect_run(ground, "effective"), await effect_run(ground, "not_effective")
    elsewhere = await effect_run(ground, "effective", on="2025-07-01")

    def told(answer: Json) -> tuple[str, str]:
        return answer["errors"][0]["pointer"], answer["errors"][0]["code"]

    assert told(await move(api, action, "closed")) == ("/outcome", "outcome_missing")
    assert told(await move(api, action, "closed", outcome="effective")) == ("/analysis_id", "effect_missing")
    assert told(await move(api, action, "closed", outcome="effective", analysis_id=ground.run_id)) == (
        "/analysis_id",
        "no_effect_run",
    )
    assert told(await move(api, action, "closed", outcome="effective", analysis_id=failed)) == (
        "/outcome",
        "effect_differs",
    )
    assert told(await move(api, action, "closed", outcome="effective", analysis_id=elsewhere)) == (
        "/analysis_id",
        "effect_of_another_change",
    )
    closed = await move(api, action, "closed", outcome="effective", analysis_id=worked)
    assert (closed["state"], closed["outcome"], closed["effect_analysis_id"]) == ("closed", "effective", worked)
    assert (await move(api, action, "under_way"))["code"] == "action_move_not_allowed"


async def test_an_action_that_was_never_done_is_closed_as_unknown(ground: Ground) -> None:
    action = await planned(ground)

    early = await move(ground.api, action, "closed", outcome="effective")
    closed = await move(ground.api, action, "closed", outcome="unknown")

    assert early["errors"][0]["code"] == "not_completed"
    assert (closed["state"], closed["outcome"]) == ("closed", "unknown")


async def test_a_front_end_speaks_for_people_only_where_its_key_may(ground: Ground, key_of: NewKey) -> None:
    action = await planned(ground)
    plain, front_end = await key_of("portal"), await key_of("desk", scopes=[Scope.PEOPLE_REPRESENT])

    assert (await answer(plain, action, "Ada"))["code"] == "cannot_represent"
    assert (await answer(front_end, action, "Ada"))["agreements"][0]["answer"] == "agreed"


async def test_an_effect_is_asked_for_by_the_action_that_changed_something(ground: Ground) -> None:
    action, early = await completed(ground), await planned(ground)
    body = {"kind": "effect", "survey_id": ground.survey_id, "kpi": "nps"}

    asked = (await ground.api.post("/v1/analyses", {**body, "action_id": action}, status=202)).json()
    refused = await ground.api.post("/v1/analyses", {**body, "action_id": early}, status=422)

    settled = {name: asked["parameters"][name] for name in ("action_id", "change_on", "label", "smallest", "wanted")}
    assert settled == {
        "action_id": action,
        "change_on": "2025-06-01",
        "label": "Open a second desk",
        "smallest": 10.0,
        "wanted": "higher",
    }
    assert refused.json()["errors"][0]["code"] == "action_not_completed"
