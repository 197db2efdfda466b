"""Answering on the hosted page: every kind of question, page by page, and nothing lost or said twice."""

import asyncio
from datetime import timedelta
from typing import Any

from fastapi import FastAPI

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.hosted import (
    AS_JSON,
    EVERY_ANSWER,
    EVERY_TYPE,
    Visitor,
    answered,
    collector,
    filled,
    new_version,
    responses,
)
from tests.support.open_responses import close_overdue
from tests.support.surveys import Json, PublishedSurvey, publish

SHORT: list[Json] = [
    {"key": "nps", "type": "nps", "text": "How likely are you to recommend us?", "required": True},
    {"key": "why", "type": "text", "text": "Why?"},
]
BRANCHING: list[Json] = [
    {"key": "again", "type": "boolean", "text": "Will you come again?", "required": True},
    {
        "key": "why_not",
        "type": "text",
        "text": "Why not?",
        "required": True,
        "show_if": {"question": "again", "op": "equals", "value": False},
    },
    {
        "key": "when",
        "type": "single_choice",
        "text": "When?",
        "choices": [{"key": "soon", "label": "Soon"}, {"key": "later", "label": "Later"}],
        "show_if": {"question": "again", "op": "equals", "value": True},
    },
]


async def at(api: Api, questions: list[Json], **said: Any) -> tuple[PublishedSurvey, str]:
    survey = await publish(api, questions=questions)
    return survey, str((await collector(api, survey, **said))["url"])


async def test_every_kind_of_question_is_answered_and_kept_as_said(app: FastAPI, api: Api) -> None:
    survey, url = await at(api, EVERY_TYPE, method="sms", attributes={"region": "north"})

    page = await answered(Visitor(app, url), EVERY_ANSWER)

    (kept,) = await responses(api, survey)
    assert page.status == 200
    assert "Thank you" in page.words
    assert kept["answers"] == AS_JSON
    assert (kept["status"], kept["method"], kept["attributes"]) == ("complete", "sms", {"region": "north"})


async def test_a_short_survey_is_one_page_and_needs_no_cookie(app: FastAPI, api: Api) -> None:
    survey, url = await at(api, SHORT)
    visitor = Visitor(app, url)
    page = await visitor.open()

    visitor.client.cookies.clear()
    thanked = await visitor.send(page, {"nps": "9", "why": "Kind"})
    visitor.client.cookies.clear()
    again = await visitor.send(page, {"nps": "9", "why": "Kind"})

    assert (thanked.status, "Thank you" in thanked.words) == (200, True)
    assert again.url.endswith("?page=thanks")
    assert [each["answers"] for each in await responses(api, survey)] == [{"nps": 9, "why": "Kind"}]


async def test_a_browser_that_keeps_no_cookie_goes_from_page_to_page_by_its_forms(app: FastAPI, api: Api) -> None:
    survey, url = await at(api, EVERY_TYPE)
    visitor = Visitor(app, url)
    page = await visitor.open()
    while page.asks:
        visitor.client.cookies.clear()
        own = {name: value for name, value in EVERY_ANSWER.items() if f"a.{name}" in page.offered}
        page = await visitor.send(page, own)
        assert page.status == 200

    assert "Thank you" in page.words
    assert [each["answers"] for each in await responses(api, survey)] == [AS_JSON]


async def test_a_page_that_is_opened_again_after_its_answer_was_lost_goes_on_with_the_same_response(
    app: FastAPI, api: Api
) -> None:
    survey, url = await at(api, EVERY_TYPE)
    visitor = Visitor(app, url)
    kept = dict((await visitor.open()).fields)
    await visitor.post(await visitor.open(), {"nps": "9", "ease": "6"})

    again = await visitor.open("?page=1")
    await answered(visitor, {})

    assert again.fields["a.nps"] == ["9"]
    assert again.fields["form"] == kept["form"]
    assert [each["answers"] for each in await responses(api, survey)] == [{"nps": 9, "ease": 6}]


async def test_a_double_click_makes_one_response(app: FastAPI, api: Api) -> None:
    survey, url = await at(api, SHORT)
    visitor = Visitor(app, url)
    page = await visitor.open()
    form = filled(page, {"nps": "9"})

    both = await asyncio.gather(*(visitor.client.post(visitor.path, **form) for _ in range(5)))

    assert {each.status_code for each in both} == {200}
    assert len(await responses(api, survey)) == 1


async def test_a_form_whose_answer_was_lost_on_its_way_is_sent_again_with_what_was_added_meanwhile(
    app: FastAPI, api: Api
) -> None:
    survey, url = await at(api, EVERY_TYPE)
    visitor = Visitor(app, url)
    page = await visitor.open()

    await visitor.post(page, {"nps": "9"})
    page = await visitor.send(page, {"nps": "8", "ease": "5"})
    await answered(visitor, {})

    (kept,) = await responses(api, survey)
    assert kept["answers"] == {"nps": 8, "ease": 5}
    assert page.status == 200


async def test_going_back_and_forward_and_reloading_keeps_what_was_sent(app: FastAPI, api: Api) -> None:
    _, url = await at(api, EVERY_TYPE)
    visitor = Visitor(app, url)
    second = await visitor.send(await visitor.open(), {"nps": "9", "ease": "6"})

    first = await visitor.send(second, press="go=back")
    reloaded = await visitor.open("?page=1")
    resumed = await visitor.open()

    assert first.fields["a.nps"] == reloaded.fields["a.nps"] == ["9"]
    assert first.fields["a.ease"] == ["6"]
    assert resumed.url.endswith(visitor.path)
    assert resumed.asks == second.asks


async def test_a_page_sent_again_after_the_end_makes_no_second_response(app: FastAPI, api: Api) -> None:
    survey, url = await at(api, SHORT)
    visitor = Visitor(app, url)
    page = await visitor.open()
    await visitor.send(page, {"nps": "9"})

    again = await visitor.send(page, {"nps": "2"})
    followed = await visitor.open()
    back = await visitor.open("?page=1")

    assert [each["answers"] for each in await responses(api, survey)] == [{"nps": 9}]
    assert {again.url, followed.url, back.url} == {f"http://test{visitor.path}?page=thanks"}


async def test_what_is_missing_or_wrong_is_named_at_its_field_and_nothing_else_is_lost(app: FastAPI, api: Api) -> None:
    survey, url = await at(api, EVERY_TYPE)
    visitor = Visitor(app, url)
    page = await visitor.open()

    wrong = await visitor.send(page, {"heat": "warm", "ease": "6"})

    assert wrong.status == 422
    assert "#q-nps-0" in wrong.links
    assert "#q-heat-f" in wrong.links
    assert {"q-nps-0", "q-heat-f", "q-nps-e", "q-heat-e"} <= wrong.ids
    assert wrong.fields["a.heat"] == ["warm"]
    assert wrong.fields["a.ease"] == ["6"]
    assert "Error: Your visit" in wrong.words
    assert await responses(api, survey) == []

    mended = await visitor.send(wrong, {"nps": "9", "heat": "20"})

    assert mended.status == 200
    assert (await visitor.open("?page=1")).fields["a.ease"] == ["6"]


async def test_an_answer_that_was_right_is_kept_though_another_on_the_page_is_wrong(app: FastAPI, api: Api) -> None:
    _, url = await at(api, EVERY_TYPE)
    visitor = Visitor(app, url)

    await visitor.send(await visitor.open(), {"heat": "warm", "ease": "6", "nps": "9"})

    assert (await visitor.open("?page=1")).fields["a.ease"] == ["6"]


async def test_branches_are_decided_between_pages(app: FastAPI, api: Api) -> None:
    survey, url = await at(api, BRANCHING)
    visitor = Visitor(app, url)
    page = await visitor.open()
    assert page.asks == {"again"}

    page = await visitor.send(page, {"again": "no"})
    assert page.asks == {"why_not"}
    page = await visitor.send(page, {"why_not": "Too far"}, press="go=back")
    assert page.fields["a.again"] == ["no"]
    page = await visitor.send(page, {"again": "yes"})
    assert page.asks == {"when"}
    await visitor.send(page, {"when": "soon"})

    (kept,) = await responses(api, survey)
    assert kept["answers"] == {"again": True, "when": "soon"}


async def test_after_the_last_question_of_a_branch_the_reader_is_asked_to_send(app: FastAPI, api: Api) -> None:
    survey, url = await at(api, [*BRANCHING[:1], BRANCHING[2]])
    visitor = Visitor(app, url)

    end = await visitor.send(await visitor.open(), {"again": "no"})
    assert end.asks == set()
    assert "That was the last question" in end.words
    assert await responses(api, survey) == []
    back = await visitor.send(end, press="go=back")
    assert back.fields["a.again"] == ["no"]
    await visitor.send(await visitor.send(back))

    assert [each["answers"] for each in await responses(api, survey)] == [{"again": False}]


async def test_what_a_changed_branch_asks_for_is_asked_before_it_is_sent(app: FastAPI, api: Api) -> None:
    survey, url = await at(api, BRANCHING)
    visitor = Visitor(app, url)
    await visitor.send(await visitor.open(), {"again": "yes"})
    last = await visitor.open("?page=3")
    await visitor.send(await visitor.open("?page=1"), {"again": "no"})

    page = await visitor.send(last, {"when": "soon"})

    assert page.asks == {"why_not"}
    assert "#q-why_not-f" in page.links
    await visitor.send(page, {"why_not": "Too far"})
    assert [each["answers"] for each in await responses(api, survey)] == [{"again": False, "why_not": "Too far"}]


async def test_an_old_page_that_never_showed_an_answer_does_not_take_it_away(app: FastAPI, api: Api) -> None:
    _, url = await at(api, EVERY_TYPE)
    visitor = Visitor(app, url)
    old = await visitor.open()
    await visitor.send(old, {"nps": "9", "ease": "6", "heat": "20"})

    await visitor.send(old, {"nps": "8"})

    now = await visitor.open("?page=1")
    assert (now.fields["a.nps"], now.fields["a.ease"], now.fields["a.heat"]) == (["8"], ["6"], ["20"])


async def test_an_answer_can_be_taken_back(app: FastAPI, api: Api) -> None:
    _, url = await at(api, EVERY_TYPE)
    visitor = Visitor(app, url)
    await visitor.send(await visitor.open(), {"nps": "9", "ease": "6", "heat": "20"})

    await visitor.send(await visitor.open("?page=1"), {"ease": "-", "heat": ""})

    now = await visitor.open("?page=1")
    assert now.fields["a.nps"] == ["9"]
    assert "a.ease" not in now.fields
    assert now.fields["a.heat"] == [""]


async def test_whoever_leaves_half_way_has_left_a_partial_response(app: FastAPI, api: Api, database: Database) -> None:
    survey, url = await at(api, EVERY_TYPE)
    visitor = Visitor(app, url)
    second = await visitor.send(await visitor.open(), {"nps": "9"})

    await close_overdue(database, api.organisation.organisation_id, later=timedelta(hours=25))

    late = await visitor.send(second)
    (kept,) = await responses(api, survey)
    assert (kept["status"], kept["answers"]) == ("partial", {"nps": 9})
    assert late.status == 410
    assert "The time for answering is over" in late.words


async def test_questions_that_were_changed_meanwhile_are_shown_with_what_was_answered(app: FastAPI, api: Api) -> None:
    survey, url = await at(api, SHORT)
    visitor = Visitor(app, url)
    page = await visitor.open()
    questions = [*SHORT, {"key": "ease", "type": "ces", "text": "How easy was it?", "required": True}]
    await new_version(api, survey, questions)

    again = await visitor.send(page, {"nps": "9", "why": "Kind"})

    assert again.status == 409
    assert again.asks == {"nps", "why", "ease"}
    assert again.fields["a.why"] == ["Kind"]
    await visitor.send(again, {"ease": "7"})
    assert [each["answers"] for each in await responses(api, survey)] == [{"nps": 9, "why": "Kind", "ease": 7}]


async def test_a_device_that_many_use_begins_anew(app: FastAPI, api: Api) -> None:
    survey, url = await at(api, SHORT, method="kiosk")
    visitor = Visitor(app, url)
    for score in ("9", "3"):
        page = await visitor.open()
        assert page.headers["cache-control"] == "private, no-store"
        thanked = await visitor.send(page, {"nps": score})
        await visitor.send(thanked, press="go=again")

    assert sorted(each["answers"]["nps"] for each in await responses(api, survey)) == [3, 9]
    assert {each["method"] for each in await responses(api, survey)} == {"kiosk"}


async def test_two_windows_of_one_browser_answer_in_one_response(app: FastAPI, api: Api) -> None:
    survey, url = await at(api, EVERY_TYPE)
    visitor = Visitor(app, url)
    one, other = await visitor.open(), await visitor.open()

    await visitor.send(one, {"nps": "9"})
    await visitor.send(other, {"nps": "8", "ease": "4"})
    await answered(visitor, {})

    assert [each["answers"] for each in await responses(api, survey)] == [{"nps": 8, "ease": 4}]


async def test_a_form_tells_who_sent_the_response(app: FastAPI, api: Api) -> None:
    survey = await publish(api, questions=SHORT)
    made = await collector(api, survey)

    await answered(Visitor(app, made["url"]), {"nps": "9"})

    (kept,) = await responses(api, survey)
    assert kept["sent_by"] == made["id"]
