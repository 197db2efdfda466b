"""Surveys to XLSForm and from it, by route."""

from typing import Any

from tests.support.api import Api
from tests.support.forms import WORKBOOK, form
from tests.support.surveys import publish
from tests.unit.exchange.test_xlsform_laws import converted
from tests.unit.surveys.builders import EVERY_TYPE, NPS, WAIT

Json = dict[str, Any]

FORM = {"Content-Type": WORKBOOK}


async def imported(api: Api, content: bytes, status: int = 201, **query: str) -> Json:
    answer = await api.call(
        "POST", "/v1/survey-imports/xlsform", params=query, content=content, headers=FORM, status=status
    )
    made: Json = answer.json()
    return made


async def test_must_hold_4_pyxform_takes_the_form_and_in_again_it_is_the_same_survey(api: Api) -> None:
    shown = {
        "key": "worst",
        "type": "text",
        "text": {"en": "What was worst?", "de": "Was war am schlimmsten?"},
        "feature": "waiting_time",
        "show_if": {"any": [{"question": "nps", "op": "at_most", "value": 6}, {"question": "staff", "op": "answered"}]},
    }
    title = {"en": "Your visit", "de": "Ihr Besuch"}
    survey = await publish(api, title=title, questions=[*EVERY_TYPE, shown])
    answer = await api.get(f"/v1/surveys/{survey.id}/xlsform")

    assert answer.headers["Content-Type"] == WORKBOOK
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{survey.key}-v1.xlsx"'
    made = converted(answer.content)
    assert f'<data id="{survey.key}" version="1">' in made
    assert '<translation lang="German (de)">' in made

    again = await imported(api, answer.content, key=f"{survey.key}-again", confidentiality="anonymous")
    assert (again["left_out"], again["left_out_total"]) == ([], 0)
    first = (await api.get(f"/v1/surveys/{survey.id}/versions/1")).json()
    parts = ("title", "language", "attributes", "questions")
    assert [again["survey"][part] for part in parts] == [first[part] for part in parts]
    assert (again["survey"]["confidentiality"], again["survey"]["faults"]) == ("anonymous", [])
    await api.post(f"/v1/surveys/{again['survey']['id']}/publish", status=200)


async def test_a_version_is_asked_for_by_its_number(api: Api) -> None:
    survey = await publish(api, title="First", questions=[NPS])
    started = await api.post(f"/v1/surveys/{survey.id}/versions", status=201)
    second = {"key": survey.key, "title": "Second", "language": "en", "questions": [NPS, WAIT]}
    read = {"If-Match": started.headers["ETag"]}
    await api.put(f"/v1/surveys/{survey.id}", second, status=200, headers=read)
    await api.post(f"/v1/surveys/{survey.id}/publish", status=200)

    latest = await api.get(f"/v1/surveys/{survey.id}/xlsform")
    first = await api.get(f"/v1/surveys/{survey.id}/xlsform?version=1")

    assert "<h:title>Second</h:title>" in converted(latest.content)
    assert "<h:title>First</h:title>" in converted(first.content)
    assert first.headers["Content-Disposition"].endswith('-v1.xlsx"')


async def test_what_a_form_says_that_a_survey_cannot_is_named(api: Api) -> None:
    content = form(("geopoint", "where", "Where?"), ("text", "why", "Why?"))

    made = await imported(api, content, key="from-elsewhere", language="nl")

    assert made["survey"]["language"] == "nl"
    (left_out,) = made["left_out"]
    assert (left_out["pointer"], left_out["code"]) == ("/survey/2", "question_left_out")
    assert "geopoint" in left_out["detail"]


async def test_what_is_no_form_is_refused(api: Api) -> None:
    no_workbook = await imported(api, b"type,name\n", 422, key="no-form")
    no_key = await imported(api, form(("text", "a", "A")), 422)
    bad_key = await imported(api, form(("text", "a", "A")), 422, key="No Key")
    url = "/v1/survey-imports/xlsform?key=no-form"
    as_json = await api.post(url, {"survey": []}, status=415)
    too_large = await api.call("POST", url, content=b"\0" * (5 * 2**20 + 1), headers=FORM, status=413)

    assert [fault["code"] for fault in no_workbook["errors"]] == ["not_exchangeable"]
    assert no_key["errors"][0]["pointer"] == bad_key["errors"][0]["pointer"] == "/query/key"
    assert as_json.json()["code"] == "unsupported_media_type"
    assert too_large.json()["code"] == "body_too_large"


async def test_the_same_request_twice_makes_one_survey_and_another_key_is_another_request(api: Api) -> None:
    content = form(("text", "why", "Why?"))
    again = {**FORM, "Idempotency-Key": "form-once"}

    async def sent(key: str, status: int) -> Json:
        url = f"/v1/survey-imports/xlsform?key={key}"
        answer: Json = (await api.call("POST", url, content=content, headers=again, status=status)).json()
        return answer

    first, second = await sent("form-once", 201), await sent("form-once", 201)
    other = await sent("form-other", 422)

    assert first == second
    assert other["code"] == "idempotency_key_reused"


async def test_five_hundred_questions_that_ask_of_each_other_are_taken(api: Api) -> None:
    rows = [("integer", f"q{i}", f"Question {i}?", f"${{q{i - 1}}} > 3" if i else "") for i in range(500)]
    content = form(*rows, columns=("type", "name", "label::English (en)", "relevant"))

    made = await imported(api, content, key="five-hundred")

    assert (len(made["survey"]["questions"]), made["survey"]["faults"]) == (500, [])
    # Each is named as no longer held to be a whole number.
    assert made["left_out_total"] == 500
    await api.post(f"/v1/surveys/{made['survey']['id']}/publish", status=200)
    model = (await api.get(f"/v1/surveys/{made['survey']['id']}/surveyjs")).json()
    assert len(model["pages"][0]["elements"]) == 500


async def test_circular_branching_is_named_in_the_draft(api: Api) -> None:
    columns = ("type", "name", "label::English (en)", "relevant")
    content = form(("text", "one", "1", "${two} != ''"), ("text", "two", "2", "${one} != ''"), columns=columns)

    made = await imported(api, content, key="circle-form")

    assert [(fault["pointer"], fault["code"]) for fault in made["survey"]["faults"]] == [
        ("/questions/0/show_if/question", "not_earlier")
    ]
