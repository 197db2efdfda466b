"""Cases: found by rule, once, never against a respondent's choice; followed until it is said what became of them."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from feedback_core.cases.finding_queries import organisations_due, surveys_due
from feedback_core.organisations.types import Scope
from tests.integration.cases.conftest import ADA, QUESTIONS, RULE, Loop
from tests.support.api import Api
from tests.support.comments import read_comments
from tests.support.organisations import TestOrganisation
from tests.support.surveys import publish


async def test_G3_6_unhappy_customers_who_allow_it_become_cases(loop: Loop) -> None:
    unhappy = await loop.give(2)
    asking = await loop.give(9, answers={"nps": 9, "may": "yes", "call_me": True})
    await loop.give(9)
    await loop.give(2, answers={"nps": 2, "may": "no"})
    await loop.give(2, answers={"nps": 2})
    await loop.give(2, confidentiality="anonymous", respondent=None)
    await loop.give(2, confidentiality="pseudonymous", respondent=None)
    known = await loop.give(2, confidentiality="pseudonymous", respondent=None, external_id="crm-7")
    async with loop.database.system() as session:
        due = await surveys_due(session)

    await loop.find()

    found = {case["response_id"]: case for case in await loop.cases()}
    assert (loop.api.organisation.organisation_id, loop.survey.id) in [(o, str(s)) for o, s in due]
    assert set(found) == {unhappy, asking, known}
    assert found[unhappy]["matched"] == [{"kind": "score", "question": "nps", "key": None}]
    assert found[asking]["matched"] == [{"kind": "contact", "question": "call_me", "key": None}]
    case = found[unhappy]
    assert (case["state"], case["owner"], case["overdue"], case["rule_version"]) == ("open", "Grace", False, 1)
    hours = datetime.fromisoformat(case["due_at"]) - datetime.fromisoformat(case["opened_at"])
    assert hours == timedelta(hours=48)
    assert await loop.events_of(case["id"]) == ["case.opened"]
    who = (await loop.api.get(case["identity_url"])).json()
    assert who["email"] == ADA["email"]
    assert ADA["email"] not in str(found)


async def test_a_response_is_a_case_once(loop: Loop) -> None:
    case = await loop.case()
    other = {**RULE, "due_hours": 24}
    await loop.api.put(f"/v1/surveys/{loop.survey.id}/case-rule", other, status=200, headers={"If-Match": '"1"'})
    async with loop.database.tenant(loop.api.organisation.organisation_id) as session:
        await session.execute(text("UPDATE case_watch SET xid = '0'"))
    await loop.find()
    assert [each["id"] for each in await loop.cases()] == [case["id"]]
    assert (await loop.case())["rule_version"] == 2


async def test_what_came_before_the_rule_or_while_it_was_off_is_no_case(loop: Loop) -> None:
    path = f"/v1/surveys/{loop.survey.id}/case-rule"
    off = await loop.api.put(path, {**RULE, "enabled": False}, status=200, headers={"If-Match": '"1"'})
    await loop.give()
    await loop.find()
    await loop.api.put(path, RULE, status=200, headers={"If-Match": off.headers["ETag"]})
    await loop.find()
    assert await loop.cases() == []
    assert await loop.case()


async def test_a_theme_makes_a_case_once_comments_are_read(loop: Loop) -> None:
    base = f"/v1/surveys/{loop.survey.id}"
    rules = [{"any": ["wait"]}]
    await loop.api.put(f"{base}/codebook", {"themes": [{"key": "waiting", "label": "W", "rules": rules}]}, status=201)
    themed = {"themes": ["waiting"]}
    await loop.api.put(f"{base}/case-rule", themed, status=200, headers={"If-Match": '"1"'})
    response = await loop.give(answers={"nps": 9, "why": "A long wait."})
    await loop.find()
    assert await loop.cases() == []
    await read_comments(loop.database, loop.api, loop.survey)
    await loop.find()
    (case,) = await loop.cases()
    assert case["response_id"] == response
    assert case["matched"] == [{"kind": "theme", "question": "why", "key": "waiting"}]


async def test_G3_6_a_case_is_followed_until_it_is_said_what_became_of_it(loop: Loop) -> None:
    case = await loop.case()
    path = f"/v1/cases/{case['id']}"
    tag = (await loop.api.get(path)).headers["ETag"]
    edit = {"owner": "Linus", "due_at": "2026-01-01T00:00:00Z", "reason": "Grace is away."}
    edited = await loop.api.put(path, edit, status=200, headers={"If-Match": tag})
    stale = await loop.api.put(path, edit, headers={"If-Match": tag})
    assert (stale.status_code, edited.json()["owner"], edited.json()["overdue"]) == (412, "Linus", True)
    assert [each["id"] for each in await loop.cases(overdue=True, owner="Linus", state="open")] == [case["id"]]
    noted = await loop.api.post(f"{path}/notes", {"text": "Called: ada@example.org"}, status=200)
    assert "ada@" not in noted.text

    async def move(to: str, **more: str) -> tuple[int, str]:
        told = await loop.api.post(f"{path}/transitions", {"to": to, "reason": "So it is.", **more})
        return told.status_code, told.json().get("state") or told.json()["code"]

    assert await move("resolved") == (422, "invalid")
    assert await move("in_progress", outcome="helped") == (422, "invalid")
    assert await move("in_progress") == (200, "in_progress")
    assert await move("open") == (409, "case_move_not_allowed")
    assert await move("resolved", outcome="not_reached") == (200, "resolved")
    assert await move("in_progress") == (200, "in_progress")
    assert await move("resolved", outcome="helped") == (200, "resolved")
    assert await move("closed") == (200, "closed")
    assert await move("in_progress") == (409, "case_move_not_allowed")
    whole = (await loop.api.get(path)).json()
    assert (whole["outcome"], whole["overdue"]) == ("helped", False)
    said = [(entry["kind"], entry["to_state"], entry["said"]) for entry in whole["entries"]]
    assert said[:3] == [
        ("edited", "open", "Grace is away."),
        ("noted", "open", "Called: ada@example.org"),
        ("moved", "in_progress", "So it is."),
    ]
    assert len(said) == 7
    assert await loop.cases(overdue=True) == []
    told = await loop.events_of(case["id"])
    assert (told[0], told[-1], len(told)) == ("case.opened", "case.closed", 8)


async def test_what_was_written_is_sealed(loop: Loop) -> None:
    case = await loop.case()
    await loop.api.post(f"/v1/cases/{case['id']}/notes", {"text": "Lives in Ockham"}, status=200)
    async with loop.database.tenant(loop.api.organisation.organisation_id) as session:
        kept = (await session.execute(text("SELECT sealed FROM case_entry"))).scalars().all()
    assert kept
    assert all(b"Ockham" not in bytes(each) for each in kept)


async def test_a_case_that_waits_goes_to_others_once(loop: Loop) -> None:
    case, done = await loop.case(), await loop.case()
    over = {"to": "resolved", "reason": "Done.", "outcome": "helped"}
    await loop.api.post(f"/v1/cases/{done['id']}/transitions", over, status=200)
    late = datetime.now(UTC) + timedelta(hours=73)
    async with loop.database.system() as session:
        before = await organisations_due(session, datetime.now(UTC))
        due = await organisations_due(session, late)
    assert loop.api.organisation.organisation_id not in before
    assert loop.api.organisation.organisation_id in due
    await loop.follow()
    assert await loop.cases(escalated=True) == []
    await loop.follow(late)
    await loop.follow(late)
    (found,) = await loop.cases(escalated=True)
    assert (found["id"], found["escalated_to"]) == (case["id"], ["Ada"])
    assert await loop.events_of(case["id"]) == ["case.opened", "case.escalated"]


async def test_the_list_goes_on_from_page_to_page(loop: Loop) -> None:
    for _ in range(3):
        await loop.give()
    await loop.find()
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await loop.api.get("/v1/cases", params={"limit": 2, "survey_id": loop.survey.id, **cursor})).json()
        seen += [case["id"] for case in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert len(seen) == len(set(seen)) == 3
    other = await loop.api.get("/v1/cases", params={"state": "open", **cursor}, status=422)
    assert other.json()["code"] == "invalid_cursor"


async def test_who_it_is_takes_a_key_for_identities(loop: Loop) -> None:
    case = await loop.case()
    body = {"name": "Desk", "scopes": [Scope.CASES_READ, Scope.CASES_WRITE]}
    token = (await loop.api.post("/v1/api-keys", body, status=201)).json()["api_key"]
    desk = Api(loop.api.client, TestOrganisation(loop.api.organisation.organisation_id, token))
    await desk.get(f"/v1/cases/{case['id']}")
    await desk.get(case["identity_url"], status=403)
    await desk.get(case["response_url"], status=403)


@pytest.mark.parametrize("field", ["scores", "consent"])
async def test_a_rule_that_does_not_fit_is_refused(loop: Loop, field: str) -> None:
    wrong = {"scores": [{"question": "gone", "at_or_below": 1}], "consent": {"question": "gone"}}
    body = {**RULE, field: wrong[field]}
    path = f"/v1/surveys/{loop.survey.id}/case-rule"
    told = (await loop.api.put(path, body, status=422, headers={"If-Match": '"1"'})).json()
    assert [fault["code"] for fault in told["errors"]] == ["unknown_question"]
    unchanged = await loop.api.put(path, RULE, status=200, headers={"If-Match": '"1"'})
    assert unchanged.json()["version"] == 1
    assert len((await loop.api.get(f"{path}/versions")).json()["items"]) == 1
    other = await publish(loop.api, questions=QUESTIONS)
    await loop.api.get(f"/v1/surveys/{other.id}/case-rule", status=404)
