"""Staff entry: what is refused, what is sealed and taken out, who may read it; forms, corrections and quotas."""

from typing import Any

import pytest

from feedback_core.db.session import Database
from feedback_core.organisations.types import Scope
from feedback_core.responses.entries.types import MAX_TRANSCRIPT_BYTES
from tests.support.api import Api
from tests.support.entries import GUIDE, at, call, consent, enter, form, participant, second
from tests.support.organisations import new_token
from tests.support.quotas import put, taken, total
from tests.support.responses import codes, decide, everything, listed, owner, read, recorded
from tests.support.subjects import ask, take_out, touched
from tests.support.surveys import publish

SECRET = "Frau Zuckerwatte wohnt am Ende der Gasse"


async def words(api: Api, survey: Any, entry: Any, *, status: int = 200) -> Any:
    return (await api.get(f"{at(survey)}/{entry['id']}/words", status=status)).json()


@pytest.mark.parametrize("size", [MAX_TRANSCRIPT_BYTES + 1, 5_000_000, 5 * 2**20])
async def test_a_transcript_of_megabytes_is_refused_at_once_and_in_words(api: Api, size: int) -> None:
    survey = await publish(api)
    answer = await api.post(at(survey), call(transcript="x" * size))

    if size < 5 * 2**20:
        assert answer.status_code == 422
        assert codes(answer) == {"/transcript": "transcript_too_long"}
        assert str(MAX_TRANSCRIPT_BYTES) in answer.json()["detail"]
    else:
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert await listed(api, survey) == []


async def test_a_transcript_as_long_as_may_be_is_kept_to_the_last_character(api: Api) -> None:
    survey = await publish(api)
    said = "n\u0308" * (MAX_TRANSCRIPT_BYTES // 3)

    made = await enter(api, survey, call(transcript=said))

    assert made["transcript_bytes"] == len(said.encode())
    assert (await words(api, survey, made))["transcript"] == said


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (call(participant(consent=consent(given=False))), {"/participants/0/consent/given": "consent_missing"}),
        (
            call(participant(consent=consent(at="2126-01-01T00:00:00Z"))),
            {"/participants/0/consent/at": "in_the_future"},
        ),
        (call(began_at="2126-01-01T00:00:00Z"), {"/began_at": "in_the_future", "/duration_seconds": "in_the_future"}),
        (call(participant(), participant()), {"/participants": "one_participant"}),
        (call(interviewer=None), {"/interviewer": "interviewer_missing"}),
        (call(kind="paper"), {"/form": "form_missing"}),
        (call(guide_version=3), {"/guide_version": "unknown_guide"}),
        (call(participant(answers={"nps": 11})), {"/participants/0/answers/nps": "off_scale"}),
        (
            call(participant(), participant(answers={"age": 3}), kind="focus_group"),
            {"/participants/1/answers/age": "unknown_question"},
        ),
    ],
)
async def test_what_is_wrong_with_an_entry_is_named_and_nothing_is_kept(api: Api, body: Any, expected: Any) -> None:
    survey = await publish(api)

    answer = await api.post(at(survey), body, status=422)

    found = codes(answer)
    assert {pointer: found.get(pointer) for pointer in expected} == expected
    assert (await api.get(at(survey))).json()["items"] == []
    assert await listed(api, survey) == []


async def test_a_form_is_entered_once_and_typed_again_by_somebody_else(api: Api) -> None:
    survey = await publish(api)
    made = await enter(api, survey, form("F-1", answers={"nps": 9}), by="Ada")
    spoken = await enter(api, survey, call())
    path = f"{at(survey)}/{made['id']}/second-entry"

    again = await api.post(at(survey), form("F-1", answers={"nps": 9}), status=409)
    herself = await api.post(path, {"answers": {"nps": 9}, "on_behalf_of": "Ada"}, status=409)
    heard = await api.post(f"{at(survey)}/{spoken['id']}/second-entry", {"answers": {"nps": 9}}, status=409)
    wrong = await api.post(path, {"answers": {"nps": 99}, "on_behalf_of": "Bo"}, status=422)
    await second(api, survey, made, by="Bo", answers={"nps": 9})
    third = await api.post(path, {"answers": {"nps": 9}, "on_behalf_of": "Cy"}, status=409)

    refused = [again, herself, heard, third]
    assert [each.json()["code"] for each in refused] == [
        "form_entered_before",
        "same_person",
        "not_paper",
        "second_entry_made",
    ]
    assert codes(wrong) == {"/answers/nps": "off_scale"}
    assert len(await listed(api, survey)) == 2
    assert [each["id"] for each in (await api.get(f"{at(survey)}?form=F-1")).json()["items"]] == [made["id"]]


async def test_every_difference_is_decided_and_nothing_else(api: Api) -> None:
    survey = await publish(api)
    made = await enter(api, survey, form("F-1", answers={"nps": 9, "wait": 2}), by="Ada")
    await second(api, survey, made, by="Bo", answers={"nps": 8, "wait": 3})
    path = f"{at(survey)}/{made['id']}/second-entry/settle"
    decisions = [{"field": "answers/nps", "keep": "first"}, {"field": "answers/ease", "keep": "first"}]

    answer = await api.post(path, {"decisions": decisions, "reason": "Looked up"}, status=422)
    both = [{"field": f"answers/{key}", "keep": "first"} for key in ("nps", "wait")]
    settled = (await api.post(path, {"decisions": both, "reason": "Looked up"}, status=200)).json()

    assert codes(answer) == {
        "/decisions/1/field": "unknown_difference",
        "/decisions/answers~1wait": "difference_not_decided",
    }
    assert len(settled["responses"]) == 1
    assert (settled["second_entry"]["first_wrong"], settled["second_entry"]["second_wrong"]) == (0, 2)


async def test_words_are_sealed_in_no_log_and_read_by_those_who_may(
    api: Api, database: Database, owner_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    survey = await publish(api)
    made = await enter(api, survey, call(transcript=SECRET, place=SECRET, note=SECRET))
    await api.post(at(survey), call(transcript=SECRET, interviewer=None), status=422)
    reader = await new_token(database, api.organisation.organisation_id, [Scope.RESPONSES_READ])

    denied = await api.get(
        f"{at(survey)}/{made['id']}/words", status=403, headers={"Authorization": f"Bearer {reader}"}
    )

    assert denied.json()["code"] == "missing_scope"
    with owner(owner_url) as connection:
        assert SECRET not in everything(connection)
    assert SECRET not in caplog.text
    assert SECRET not in (await api.get(at(survey))).text


@pytest.mark.parametrize("how", ["erase", "anonymise", "erase_answers"])
async def test_words_go_with_the_response_of_any_who_took_part(
    api: Api, database: Database, owner_url: str, how: str
) -> None:
    survey = await publish(api)
    one, other = participant(answers={"nps": 9, "why": "a"}), participant(answers={"nps": 2, "why": "b"})
    made = await enter(api, survey, call(one, other, kind="focus_group", transcript=SECRET))
    kept = await enter(api, survey, call(transcript="Somebody else"))

    if how == "erase":
        await decide(api, survey, made["responses"][0]["response_id"], "erase")
    elif how == "anonymise":
        await api.post(f"/v1/surveys/{survey.id}/close", status=200)
        await take_out(api, database, survey, "anonymise")
    else:
        await take_out(api, database, survey, "questions/why/erase")

    gone = await words(api, survey, made, status=409)
    entry = (await api.get(f"{at(survey)}/{made['id']}")).json()
    assert gone["code"] == "words_gone"
    assert (entry["transcript_bytes"], len(entry["responses"])) == (0, 1 if how == "erase" else 2)
    with owner(owner_url) as connection:
        row = connection.execute("SELECT sealed FROM staff_entry WHERE id = %s", [made["id"]]).fetchone()
    assert row == (None,)
    if how == "erase":
        assert (await words(api, survey, kept))["transcript"] == "Somebody else"


async def test_whoever_asks_gets_what_was_said_and_is_taken_out_of_it(api: Api, database: Database) -> None:
    survey = await publish(api, confidentiality="pseudonymous")
    theirs = await enter(api, survey, call(participant(respondent={"id": "customer-17"}), transcript="Mine"))
    naming = await enter(api, survey, call(transcript="Write to ada@example.org, na\u0308mlich"))
    other = await enter(api, survey, call(transcript="Nobody", interviewer="customer-17"))
    subject = {"id": "customer-17", "email": "ada@example.org"}

    export = await ask(api, database, "export", **subject)
    held = (await api.get(f"/v1/subject-requests/{export['id']}/export")).json()["stores"]["staff_entry"]
    done = await ask(api, database, "erase", **subject)

    assert {row["entry_id"] for row in held} == {theirs["id"], naming["id"]}
    assert any("na\u0308mlich" in row["said"] for row in held)
    assert touched(done)["staff_entry"] >= 2
    for entry in (theirs, naming):
        assert (await words(api, survey, entry, status=409))["code"] == "words_gone"
    assert (await words(api, survey, other))["transcript"] == "Nobody"
    assert (await api.get(f"{at(survey)}/{other['id']}")).json()["interviewer"] is None


async def test_a_correction_takes_the_place_of_what_it_corrects(api: Api) -> None:
    survey = await publish(api)
    await put(api, survey, total(1))
    made = await enter(api, survey, call())
    path = f"{at(survey)}/{made['id']}/corrections"

    corrected = (await api.post(path, {"answers": {"nps": 3}, "reason": "Misheard"}, status=201)).json()
    wrong = await api.post(path, {"answers": {"nps": 33}, "reason": "Misheard"}, status=422)
    nobody = await api.post(path, {"participant": 2, "answers": {"nps": 3}, "reason": "Misheard"}, status=404)
    last = corrected["responses"][-1]["response_id"]
    status = (await read(api, survey, last))["status"]
    await decide(api, survey, last, "exclude")
    excluded = await api.post(path, {"answers": {"nps": 4}, "reason": "Misheard"}, status=409)
    for each in corrected["responses"]:
        await decide(api, survey, each["response_id"], "erase")
    gone = await api.post(path, {"answers": {"nps": 4}, "reason": "Misheard"}, status=409)

    assert status == "complete"
    assert codes(wrong) == {"/answers/nps": "off_scale"}
    assert nobody.json()["code"] == "not_found"
    assert (excluded.json()["code"], gone.json()["code"]) == ("already_excluded", "response_gone")
    assert await taken(api, survey) == {"total/all": 0}


async def test_staff_entry_obeys_quotas(api: Api) -> None:
    survey = await publish(api)
    await put(api, survey, total(1))

    entries = [await enter(api, survey, call()) for _ in range(2)]

    found = [await read(api, survey, each["responses"][0]["response_id"]) for each in entries]
    assert [each["status"] for each in found] == ["complete", "over_quota"]


async def test_effects_are_told_only_of_numbers_and_of_enough_answers(api: Api) -> None:
    survey = await publish(api)
    await recorded(api, survey)
    for interviewer in ("I-1", "I-2"):
        await enter(api, survey, call(interviewer=interviewer))
    path = f"{at(survey)}/interviewer-effects"

    few = await api.get(f"{path}?question=nps&minimum=2", status=422)
    words_only = await api.get(f"{path}?question=why", status=422)
    unknown = await api.get(f"{path}?question=age", status=422)
    none = await api.get(f"{at(survey)}/typing-errors", status=422)

    assert few.json()["code"] == none.json()["code"] == "not_estimable"
    assert codes(words_only) == {"/query/question": "not_a_number"}
    assert codes(unknown) == {"/query/question": "unknown_question"}


@pytest.mark.parametrize(
    ("question", "pointer", "code"),
    [
        ({"question": "age"}, "/questions/0/question", "unknown_question"),
        ({"prompts": ["?"]}, "/questions/0/ask", "missing_value"),
    ],
)
async def test_a_guide_asks_what_the_survey_asks(api: Api, question: Any, pointer: str, code: str) -> None:
    survey = await publish(api)
    path = f"/v1/surveys/{survey.id}/interview-guide"

    missing = await api.get(path, status=404)
    answer = await api.put(path, {**GUIDE, "questions": [question]}, status=422)
    twice = await api.put(path, {**GUIDE, "questions": [{"question": "nps"}, {"question": "nps"}]}, status=422)

    assert missing.json()["code"] == "not_found"
    assert codes(answer) == {pointer: code}
    assert codes(twice) == {"/questions/1/question": "asked_twice"}


async def test_a_guide_in_arabic_is_printed_from_right_to_left_in_the_words_of_the_survey(api: Api) -> None:
    asked = {
        "key": "nps",
        "type": "nps",
        "text": {"en": "Recommend us?", "ar": "\u0647\u0644 \u062a\u0648\u0635\u064a\u061f"},
    }
    survey = await publish(api, questions=[asked])
    path = f"/v1/surveys/{survey.id}/interview-guide"
    await api.put(path, {**GUIDE, "language": "ar", "questions": [{"question": "nps"}]}, status=201)

    page = (await api.get(f"{path}/versions/1/page")).text

    assert '<html lang="ar" dir="rtl">' in page
    assert "\u0647\u0644 \u062a\u0648\u0635\u064a\u061f" in page
