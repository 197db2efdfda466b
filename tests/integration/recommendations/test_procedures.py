"""Procedures through the API: stored, checked, and followed by recommendations."""

from datetime import timedelta
from typing import Any

from sqlalchemy import text

from feedback_core.organisations.types import Scope
from tests.integration.recommendations.conftest import Ground, NewKey
from tests.support.api import Api

Json = dict[str, Any]


def step(key: str, state: str, *transitions: Json, **more: Any) -> Json:
    return {"key": key, "label": key.title(), "state": state, "transitions": list(transitions), **more}


BOARD: Json = {
    "title": "Improving the service",
    "document": {"reference": "QP-07", "version": "3.2", "url": "https://intranet.example.org/qp-07"},
    "roles": [{"key": "board", "label": "Board", "people": ["Ada", "Grace"]}],
    "start": "proposed",
    "steps": [
        step(
            "proposed",
            "proposed",
            {"to": "approved", "roles": ["board"], "requires": ["cost", "minutes"]},
            {"to": "rejected", "roles": ["board"]},
            days=14,
            escalation={"to": ["Head"], "after_days": 7},
        ),
        step("approved", "accepted", {"to": "done", "people": ["Grace"]}),
        step("rejected", "rejected"),
        step("done", "done"),
    ],
}


async def put_standard(api: Api, body: Json = BOARD, tag: str = '"1"') -> Json:
    stored: Json = (await api.put("/v1/procedures/standard", body, status=200, headers={"If-Match": tag})).json()
    return stored


async def decide(caller: Api, found: str, to: str, *, status: int | None = 200, **more: Any) -> Json:
    body = {"to": to, "reason": "Decided.", **more}
    headers = more.pop("headers", {})
    body.pop("headers", None)
    answer = await caller.post(f"/v1/recommendations/{found}/transitions", body, status=status, headers=headers)
    told: Json = answer.json()
    return told


async def test_every_organisation_begins_with_the_built_in_procedure(api: Api) -> None:
    (listed,) = (await api.get("/v1/procedures")).json()["items"]
    read = await api.get("/v1/procedures/standard")

    assert listed == read.json()
    assert (read.headers["ETag"], read.json()["defined_by"]) == ('"1"', None)
    assert [each["key"] for each in listed["steps"]] == ["proposed", "accepted", "rejected", "done"]


async def test_a_procedure_is_versioned_and_edited_as_it_was_read(api: Api) -> None:
    without = await api.put("/v1/procedures/standard", BOARD)
    stored = await put_standard(api)
    same = await put_standard(api, tag='"2"')
    late = await api.put("/v1/procedures/standard", {**BOARD, "title": "Late"}, headers={"If-Match": '"1"'})
    first = (await api.get("/v1/procedures/standard?version=1")).json()
    other = await api.put("/v1/procedures/of_our_own", BOARD, status=201)

    assert without.status_code == 428
    assert (stored["version"], same["version"]) == (2, 2)
    assert late.status_code == 412
    assert first["title"] == "Accept or reject, then do"
    assert other.json()["version"] == 1
    assert (await api.get("/v1/procedures/standard?version=9", status=404)).json()["code"] == "not_found"


async def test_a_procedure_that_leads_nowhere_is_refused_with_pointers(api: Api) -> None:
    steps = [
        step("proposed", "proposed", {"to": "loop", "roles": ["king"]}, {"to": "nowhere"}),
        step("loop", "accepted", {"to": "back"}),
        step("back", "accepted", {"to": "loop"}),
        step("island", "accepted"),
    ]
    refused = await api.put("/v1/procedures/ours", {**BOARD, "steps": steps}, status=422)

    told = {(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]}
    assert {
        ("/steps/0/transitions/0/roles/0", "unknown_role"),
        ("/steps/0/transitions/1/to", "unknown_step"),
        ("/steps/1", "no_way_to_an_end"),
        ("/steps/3", "unreachable_step"),
        ("/steps/3/transitions", "step_without_exit"),
    } <= told


async def test_G4_9_R3_8_O_AC5_a_recommendation_goes_the_organisations_own_way_with_who_and_why(
    api: Api, ground: Ground, key_of: NewKey
) -> None:
    await put_standard(api)
    front_end = await key_of("front end", "board", scopes=[Scope.PEOPLE_REPRESENT])
    grace = await key_of("Grace")
    found = await ground.propose()
    path = f"/v1/recommendations/{found}"
    entered = (await api.get(path)).json()

    stranger = await decide(await key_of("Linus"), found, "rejected", status=403)
    unproved = await decide(grace, found, "rejected", status=403)
    nobody = await decide(front_end, found, "rejected", status=403)
    forged = await decide(grace, found, "rejected", status=403, on_behalf_of="Ada")
    bare = await decide(front_end, found, "approved", status=422, on_behalf_of="Ada")
    aside = await decide(front_end, found, "done", status=409, on_behalf_of="Ada")
    cost = {"cost": {"amount": 1250000, "currency": "EUR"}, "owner": "Grace"}
    tag = (await api.get(path)).headers["ETag"]
    await api.put(path, cost, status=200, headers={"If-Match": tag})
    await decide(front_end, found, "approved", on_behalf_of="Ada", fields={"minutes": "2026-03, item 4"})
    done = await decide(grace, found, "done")

    assert (entered["procedure"], entered["procedure_version"], entered["document"]["reference"]) == (
        "standard",
        2,
        "QP-07",
    )
    assert [(way["to"], way["people"], way["requires"]) for way in entered["ways"]] == [
        ("approved", ["Ada", "Grace"], ["cost", "minutes"]),
        ("rejected", ["Ada", "Grace"], []),
    ]
    assert {stranger["code"], unproved["code"], nobody["code"]} == {"not_yours_to_decide"}
    assert forged["code"] == "cannot_represent"
    assert [(fault["pointer"], fault["code"]) for fault in bare["errors"]] == [
        ("/fields/cost", "required_by_procedure"),
        ("/fields/minutes", "required_by_procedure"),
    ]
    assert aside["code"] == "move_not_allowed"
    assert (done["state"], done["step"], done["ways"], done["due_at"]) == ("done", "done", [], None)
    assert [
        (each["from_step"], each["to_step"], each["decided_by"], each["key_name"], each["fields"])
        for each in done["transitions"]
    ] == [
        ("proposed", "approved", "Ada", "front end", {"minutes": "2026-03, item 4"}),
        ("approved", "done", "Grace", "Grace", {}),
    ]


async def test_a_recommendation_keeps_the_version_that_it_entered_under(api: Api, ground: Ground) -> None:
    before = await ground.propose()
    await put_standard(api)
    after = await ground.propose()

    early = (await api.get(f"/v1/recommendations/{before}")).json()
    late = (await api.get(f"/v1/recommendations/{after}")).json()

    assert (early["procedure_version"], late["procedure_version"]) == (1, 2)
    assert (early["document"], late["document"]["reference"]) == (None, "QP-07")
    assert (await decide(api, before, "accepted"))["step"] == "accepted"


async def test_what_is_not_decided_in_time_is_overdue_and_goes_to_those_it_escalates_to(
    api: Api, ground: Ground, key_of: NewKey
) -> None:
    await put_standard(api)
    found, other = await ground.propose(), await ground.propose()
    head = await key_of("Head")
    early = await decide(head, found, "rejected", status=403)
    await _entered_earlier(ground, found, days=30)

    (late,) = (await api.get("/v1/recommendations?overdue=true")).json()["items"]
    rejected = await decide(head, found, "rejected")

    assert early["code"] == "not_yours_to_decide"
    assert (late["id"], late["overdue"], late["escalated_to"]) == (found, True, ["Head"])
    assert (await api.get(f"/v1/recommendations/{other}")).json()["overdue"] is False
    assert rejected["transitions"][0]["decided_by"] == "Head"
    assert (await api.get("/v1/recommendations?overdue=true")).json()["items"] == []


async def test_a_step_whose_people_have_left_is_stuck_and_can_be_given_to_others(
    api: Api, ground: Ground, key_of: NewKey
) -> None:
    await put_standard(api)
    found = await ground.propose()
    path = f"/v1/recommendations/{found}/reassignments"
    front_end = await key_of("front end", "board", scopes=[Scope.PEOPLE_REPRESENT])
    to = {"people": ["Linus"], "reason": "The board has been dissolved."}
    early = await api.post(path, to, status=409)
    left = [{"name": name, "left_on": "2026-02-28"} for name in ("Ada", "Grace")]
    written = await api.put("/v1/departures", {"people": left}, status=200)
    unread = await api.put("/v1/departures", {"people": []})

    gone = await decide(front_end, found, "rejected", status=422, on_behalf_of="Ada")
    (stuck,) = (await api.get("/v1/recommendations?stuck=true")).json()["items"]
    again = await api.post(path, {**to, "people": ["Linus", "Ada"]}, status=422)
    given = (await api.post(path, to, status=200)).json()
    freed = (await api.get("/v1/recommendations?stuck=true")).json()["items"]
    decided = await decide(await key_of("Linus"), found, "rejected")
    named = await api.put("/v1/procedures/ours", BOARD, status=422)

    assert early.json()["code"] == "not_stuck"
    assert (written.headers["ETag"], unread.status_code) == ('"1"', 428)
    assert (gone["code"], gone["errors"][0]["pointer"]) == ("person_left", "/on_behalf_of")
    assert (stuck["id"], stuck["stuck"], stuck["ways"][0]["people"]) == (found, True, [])
    assert [(fault["pointer"], fault["code"]) for fault in again.json()["errors"]] == [("/people/1", "person_left")]
    assert (given["stuck"], freed) == (False, [])
    assert [(each["people"], each["reason"], each["assigned_by"]) for each in given["reassignments"]] == [
        (["Linus"], "The board has been dissolved.", "test")
    ]
    assert decided["transitions"][0]["decided_by"] == "Linus"
    assert {fault["code"] for fault in named.json()["errors"]} == {"person_left"}


async def _entered_earlier(ground: Ground, found: str, *, days: int) -> None:
    """As if it had come to its step that long ago."""
    earlier = text(
        "UPDATE recommendation SET entered_at = entered_at - :ago, due_at = due_at - :ago,"
        " escalates_at = escalates_at - :ago WHERE id = :id"
    )
    async with ground.database.tenant(ground.api.organisation.organisation_id) as session:
        await session.execute(earlier, {"ago": timedelta(days=days), "id": found})
