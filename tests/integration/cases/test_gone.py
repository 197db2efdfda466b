"""When a response goes, its case ends with it, and nothing of whoever gave it stays."""

from typing import Any

from sqlalchemy import text

from tests.integration.cases.conftest import ADA, Loop
from tests.support.subjects import ask, take_out, touched

LEFT = "SELECT (SELECT count(*) FROM case_response), (SELECT count(*) FROM case_entry)"


async def _left(loop: Loop) -> tuple[int, int]:
    async with loop.database.tenant(loop.api.organisation.organisation_id) as session:
        row = (await session.execute(text(LEFT))).one()
        return row[0], row[1]


async def _noted(loop: Loop, said: str = "She moved to Ockham.") -> dict[str, Any]:
    case = await loop.case()
    await loop.api.post(f"/v1/cases/{case['id']}/notes", {"text": said}, status=200)
    return case


async def _assert_ended(loop: Loop, case: dict[str, Any]) -> None:
    path = f"/v1/cases/{case['id']}"
    shown = (await loop.api.get(path)).json()
    assert (shown["state"], shown["response_id"], shown["identity_url"]) == ("closed", None, None)
    assert (shown["matched"], shown["entries"]) == ([], [])
    assert await _left(loop) == (0, 0)
    assert await loop.cases(state="open") == []
    assert [each["id"] for each in await loop.cases(state="closed")] == [case["id"]]
    refused = await loop.api.post(f"{path}/notes", {"text": "Again"}, status=410)
    assert refused.json()["code"] == "case_without_response"
    await loop.follow()
    assert (await loop.events_of(case["id"]))[-1] == "case.closed"
    assert (await loop.api.get(path)).json()["closed_at"]


async def test_an_erased_response_ends_its_case(loop: Loop) -> None:
    case = await _noted(loop)
    await loop.api.post(f"{case['response_url']}/erase", {"reason": "Asked for"}, status=204)
    await _assert_ended(loop, case)


async def test_making_a_survey_anonymous_ends_its_cases(loop: Loop) -> None:
    case = await _noted(loop)
    await loop.api.post(f"/v1/surveys/{loop.survey.id}/close", status=200)
    await take_out(loop.api, loop.database, loop.survey, "anonymise")
    await _assert_ended(loop, case)
    await loop.find()
    assert len(await loop.cases()) == 1


async def test_the_request_of_a_subject_leaves_nothing(loop: Loop) -> None:
    case = await _noted(loop)
    exported = await ask(loop.api, loop.database, "export", email=ADA["email"])
    document = (await loop.api.get(f"/v1/subject-requests/{exported['id']}/export")).text
    assert "She moved to Ockham." in document
    shown = await ask(loop.api, loop.database, "erase", email=ADA["email"])
    stays = {each["store"] for each in shown["report"]["stays"]}
    assert not stays & {"feedback_case", "case_response", "case_entry"}
    await _assert_ended(loop, case)


async def test_a_note_about_somebody_else_who_is_named_goes_too(loop: Loop) -> None:
    bo = {"id": "customer-9", "name": "Bo Peep", "email": "bo@example.org"}
    case = await loop.case(respondent=bo)
    notes = f"/v1/cases/{case['id']}/notes"
    await loop.api.post(notes, {"text": "Her friend ADA@example.org says the same."}, status=200)
    await loop.api.post(notes, {"text": "Sent a new part."}, status=200)
    shown = await ask(loop.api, loop.database, "erase", email=ADA["email"])
    assert touched(shown) == {"case_entry": 1}
    entries = (await loop.api.get(f"/v1/cases/{case['id']}")).json()["entries"]
    assert [entry["said"] for entry in entries] == ["Sent a new part."]


async def test_erasing_a_question_takes_its_triggers(loop: Loop) -> None:
    case = await loop.case(answers={"nps": 2, "may": "yes", "call_me": True})
    assert [match["question"] for match in case["matched"]] == ["nps", "call_me"]
    await take_out(loop.api, loop.database, loop.survey, "questions/nps/erase")
    shown = (await loop.api.get(f"/v1/cases/{case['id']}")).json()
    assert [match["question"] for match in shown["matched"]] == ["call_me"]
    assert shown["state"] == "open"
