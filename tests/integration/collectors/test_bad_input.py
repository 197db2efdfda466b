"""Whatever is written into a questionnaire or sent to it: clear words, bounded time, nothing run."""

from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI

from tests.support.api import Api
from tests.support.hosted import Page, Visitor, collector, responses
from tests.support.surveys import Json, PublishedSurvey, publish, survey_body

HOSTILE = "<script>alert(1)</script> {{7*7}} \" onload=x ' & </textarea>"


async def opened(app: FastAPI, api: Api, questions: list[Json], **said: Any) -> tuple[PublishedSurvey, Visitor, Page]:
    survey = await publish(api, questions=questions, **said)
    visitor = Visitor(app, (await collector(api, survey))["url"])
    return survey, visitor, await visitor.open()


async def test_five_hundred_questions_are_answered_page_by_page(app: FastAPI, api: Api) -> None:
    questions: list[Json] = [
        {"key": f"q{number}", "type": "csat", "text": f"How was number {number}?"} for number in range(500)
    ]
    survey, visitor, page = await opened(app, api, questions)
    answers = {f"q{number}": str(number % 5 + 1) for number in range(500)}
    largest = 0
    pages = 1
    while not page.url.endswith("page=thanks"):
        largest = max(largest, len(page.html.encode()))
        page = await visitor.send(page, {key: value for key, value in answers.items() if f"a.{key}" in page.offered})
        pages += 1
        assert page.status == 200

    (kept,) = await responses(api, survey)
    assert kept["answers"] == {key: int(value) for key, value in answers.items()}
    assert 50 <= pages <= 80
    assert largest < 30_000


@pytest.mark.parametrize(
    "question",
    [
        {"type": "single_choice", "choices": [{"key": f"c{n}", "label": f"Choice {n}"} for n in range(500)]},
        {"type": "multiple_choice", "choices": [{"key": f"c{n}", "label": f"Choice {n}"} for n in range(500)]},
        {"type": "ranking", "choices": [{"key": f"c{n}", "label": f"Choice {n}"} for n in range(500)]},
        {
            "type": "matrix",
            "scale": {"min": 0, "max": 100},
            "rows": [{"key": f"r{n}", "label": f"Row {n}"} for n in range(500)],
        },
    ],
)
async def test_a_question_as_large_as_may_be_is_one_page_of_bounded_size(
    app: FastAPI, api: Api, question: Json
) -> None:
    _, _, page = await opened(app, api, [{"key": "q", "text": "Which?", **question}])

    assert page.status == 200
    assert len(page.html) < 150_000


async def test_what_is_written_in_texts_and_answers_is_shown_and_never_run(app: FastAPI, api: Api) -> None:
    questions: list[Json] = [
        {"key": "why", "type": "text", "text": HOSTILE},
        {"key": "line", "type": "text", "max_length": 100, "text": "Name?"},
        {"key": "n", "type": "number", "unit": HOSTILE[:90], "text": "How many?"},
        {"key": "c", "type": "single_choice", "text": "?", "choices": [{"key": k, "label": HOSTILE} for k in "ab"]},
    ]
    survey, visitor, page = await opened(app, api, questions, title=HOSTILE)

    again = await visitor.send(page, {"why": HOSTILE, "line": HOSTILE, "n": HOSTILE})

    assert again.status == 422
    assert again.fields["a.why"] == again.fields["a.line"] == again.fields["a.n"] == [HOSTILE]
    assert "<script" not in page.html + again.html
    assert "49" not in again.words
    await visitor.send(again, {"n": "1"})
    assert (await responses(api, survey))[0]["answers"] == {"why": HOSTILE, "line": HOSTILE, "n": 1}


async def test_a_text_that_is_too_long_is_shown_again_whole(app: FastAPI, api: Api) -> None:
    _, visitor, page = await opened(app, api, [{"key": "why", "type": "text", "text": "Why?"}])

    again = await visitor.send(page, {"why": "ab\r\n" * 20_000})

    assert again.status == 422
    assert "at most 30000 characters; there are 60000" in again.words
    assert len(again.fields["a.why"][0].replace("\r\n", "\n")) == 60_000


async def test_five_megabytes_are_answered_in_words(app: FastAPI, api: Api) -> None:
    survey, visitor, page = await opened(app, api, [{"key": "why", "type": "text", "text": "Why?"}])

    refused = await visitor.send(page, {"why": "x" * 5 * 2**20})

    assert refused.status == 413
    assert "That is too much text" in refused.words
    assert await responses(api, survey) == []


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"a.nps": "99"}, 422),
        ({"a.nps": "9.5"}, 422),
        ({"a.nps": "nine"}, 422),
        ({"a.nps": "9" * 5_000}, 422),
        ({"a.used": "rocket"}, 422),
        ({"a.used": ["web", "none"]}, 422),
        ({"a.used": ["web", "web"]}, 422),
        ({"a.again": "perhaps"}, 422),
        ({"a.day": "2026-02-30"}, 422),
        ({"a.day": "1066-10-14"}, 422),
        ({"a.order.price": "1", "a.order.time": "1"}, 422),
        ({"a.order.price": "3"}, 422),
        ({"a.staff.kind": "4"}, 422),
        ({"a.why": "a\0b"}, 422),
        ({"a.unknown": "x"}, 303),
        ({"page": "77"}, 409),
        ({"page": "٣"}, 409),
        ({"version": "x", "answered": "' OR 1=1 --"}, 303),
    ],
)
async def test_what_no_browser_sends_is_refused_in_words(app: FastAPI, api: Api, fields: Json, status: int) -> None:
    questions: list[Json] = [
        {"key": "nps", "type": "nps", "text": "Recommend us?"},
        {
            "key": "used",
            "type": "multiple_choice",
            "text": "?",
            "choices": [{"key": "web", "label": "Web"}, {"key": "none", "label": "None", "exclusive": True}],
        },
        {"key": "again", "type": "boolean", "text": "?"},
        {"key": "day", "type": "date", "text": "?"},
        {
            "key": "order",
            "type": "ranking",
            "text": "?",
            "choices": [{"key": k, "label": k} for k in ("price", "time")],
        },
        {
            "key": "staff",
            "type": "matrix",
            "scale": {"min": 1, "max": 3},
            "text": "?",
            "rows": [{"key": "kind", "label": "x"}],
        },
        {"key": "why", "type": "text", "text": "?"},
    ]
    _, visitor, page = await opened(app, api, questions)
    sent = {**{name: page.fields[name] for name in ("form", "version", "page")}, "go": "back", **fields}
    body = urlencode(sent, doseq=True)

    response = await visitor.client.post(
        visitor.path,
        content=body,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        follow_redirects=False,
    )

    assert response.status_code == status
    if status != 303:
        assert response.headers["content-type"].startswith("text/html")


async def test_a_form_of_a_hundred_thousand_fields_is_refused(app: FastAPI, api: Api) -> None:
    _, visitor, page = await opened(app, api, [{"key": "why", "type": "text", "text": "Why?"}])
    body = urlencode({"form": page.fields["form"][0]}) + "&a=1" * 100_000

    response = await visitor.client.post(
        visitor.path, content=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )

    assert response.status_code == 403


async def test_conditions_that_go_in_a_circle_are_refused_before_anybody_is_asked(app: FastAPI, api: Api) -> None:
    circular = [
        {"key": "a", "type": "boolean", "text": "A?", "show_if": {"question": "b", "op": "answered"}},
        {"key": "b", "type": "boolean", "text": "B?", "show_if": {"question": "a", "op": "answered"}},
    ]
    draft = (await api.post("/v1/surveys", survey_body(questions=circular), status=201)).json()
    refused = await api.post(f"/v1/surveys/{draft['id']}/publish", status=422)
    found = (await api.post(f"/v1/surveys/{draft['id']}/collectors", {"name": "Poster"}, status=201)).json()

    assert "not_earlier" in {each["code"] for each in refused.json()["errors"]}
    assert (await Visitor(app, found["url"]).open()).status == 403
