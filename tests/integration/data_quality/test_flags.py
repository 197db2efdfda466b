"""Signs of careless answering: what they are measured of, and what they leave alone."""

import random
from typing import Any

import pytest

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.careless import ROWS, RULE, asked, careful, said, straight_lining
from tests.support.cells import answer
from tests.support.flags import flag_all, put_rule
from tests.support.surveys import PublishedSurvey

Json = dict[str, Any]


@pytest.fixture
async def survey(api: Api) -> PublishedSurvey:
    """40 careful respondents, of whom nobody has measured anything yet."""
    survey, chance = await asked(api), random.Random(5)
    await answer(api, survey.id, [careful(chance) for _ in range(40)])
    return survey


async def flagged(
    api: Api, database: Database, survey: PublishedSurvey, items: list[Json], rule: Json = RULE
) -> list[Json]:
    """The responses to these items, as read after they were measured."""
    given = await answer(api, survey.id, items)
    await put_rule(api, survey.id, rule)
    await flag_all(api, database, survey.id)
    return [(await api.get(f"/v1/surveys/{survey.id}/responses/{one['id']}")).json() for one in given]


def kinds(response: Json) -> list[str]:
    return [flag["kind"] for flag in response["flags"]]


async def test_a_line_through_a_reversed_row_is_a_sign(api: Api, database: Database, survey: PublishedSurvey) -> None:
    (lined, careless) = await flagged(api, database, survey, [straight_lining(), careful(random.Random(1))])

    assert "straight_lining" in kinds(lined)
    (flag,) = (flag for flag in lined["flags"] if flag["kind"] == "straight_lining")
    assert (flag["sign"], flag["value"], flag["threshold"], flag["rule_version"]) == ("parts", 1.0, 1.0, 1)
    assert kinds(careless) == []
    assert lined["answers"]["parts"] == dict.fromkeys(ROWS, 5)


async def test_who_is_content_with_everything_may_say_so(api: Api, database: Database, survey: PublishedSurvey) -> None:
    (content,) = await flagged(api, database, survey, [straight_lining()], {"scales": []})
    assert "straight_lining" not in kinds(content)

    anyway = {"thresholds": {"unreversed_grids": True}}
    (content, *_) = await flagged(api, database, survey, [straight_lining()], anyway)
    assert "straight_lining" in kinds(content)


async def test_who_answers_in_less_than_a_third_of_the_median_is_too_fast(
    api: Api, database: Database, survey: PublishedSurvey
) -> None:
    chance = random.Random(2)
    grid = careful(chance)["answers"]["parts"]
    items = [said(grid, nps=7, seconds=seconds) for seconds in (25, 45, 15, None)]
    items.append({**said(grid, nps=7, seconds=25), "method": "telephone"})
    fast, slow, hasty, unknown, by_telephone = await flagged(api, database, survey, items)

    (flag,) = (flag for flag in fast["flags"] if flag["kind"] == "speeding")
    assert flag["sign"] == "below_median"
    assert flag["value"] == 25.0
    assert 25 < flag["threshold"] < 35
    assert [kinds(one).count("speeding") for one in (slow, hasty, unknown)] == [0, 1, 0]
    assert "speeding" not in kinds(by_telephone), "nobody knows yet how long it takes by telephone"


async def test_an_answer_takes_two_seconds_however_fast_others_are(
    api: Api, database: Database, survey: PublishedSurvey
) -> None:
    item = {**said(dict.fromkeys(ROWS, 3), nps=7, seconds=17), "method": "telephone"}
    (hasty,) = await flagged(api, database, survey, [item])

    (flag,) = (flag for flag in hasty["flags"] if flag["kind"] == "speeding")
    assert (flag["sign"], flag["value"], flag["threshold"]) == ("seconds_per_answer", 17.0, 18.0)


async def test_a_respondent_who_answers_twice_within_the_hour_is_a_duplicate(
    api: Api, database: Database, survey: PublishedSurvey
) -> None:
    named = {"confidentiality": "pseudonymous", "respondent": {"id": "c-7"}}
    chance = random.Random(3)
    items = [{**careful(chance), **named}, {**careful(chance), **named, "submitted_at": "2026-03-01T10:40:00Z"}]
    items.append({**careful(chance), **named, "submitted_at": "2026-03-01T11:40:00Z"})
    await api.put(f"/v1/surveys/{survey.id}/confidentiality", {"confidentiality": "pseudonymous"})
    first, second, later = await flagged(api, database, survey, items)

    assert [kinds(one).count("duplicate") for one in (first, second, later)] == [0, 1, 0]
    (flag,) = (flag for flag in second["flags"] if flag["kind"] == "duplicate")
    assert (flag["sign"], flag["value"], flag["threshold"]) == ("same_respondent", 1800.0, 3600.0)


async def test_the_same_long_text_comes_twice(api: Api, database: Database, survey: PublishedSurvey) -> None:
    chance, text = random.Random(4), "The queue was long and nobody told us anything."
    texts = [text, "Fine, thanks.", f" {text.upper()}  ", "Fine, thanks."]
    found = await flagged(api, database, survey, [careful(chance, answers={"why": each}) for each in texts])

    assert [kinds(one).count("duplicate") for one in found] == [0, 0, 1, 0]
    assert [flag["sign"] for flag in found[2]["flags"] if flag["kind"] == "duplicate"] == ["same_text"]


async def test_the_same_answers_come_twice_on_one_day_from_one_cell(
    api: Api, database: Database, survey: PublishedSurvey
) -> None:
    grid = {"staff": 5, "place": 2, "speed": 1, "price": 5, "trust": 2, "noise": 3}
    items: list[Json] = [said(grid, nps=1, seconds=80, answers={"why": "A few words."}) for _ in range(2)]
    items.append({**items[0], "attributes": {"region": "north"}})
    items.append({**items[0], "submitted_at": "2026-03-02T10:10:00Z"})
    found = await flagged(api, database, survey, items)

    assert [kinds(one).count("duplicate") for one in found] == [0, 1, 0, 0]
    assert [flag["sign"] for flag in found[1]["flags"] if flag["kind"] == "duplicate"] == ["same_answers"]


async def test_who_leaves_most_questions_without_an_answer_is_flagged(
    api: Api, database: Database, survey: PublishedSurvey
) -> None:
    items: list[Json] = [
        {"answers": {"nps": 9}, "status": "complete"},
        {"answers": {"nps": 9}, "status": "partial"},
        {"answers": {"nps": 9}, "status": "screened_out"},
        {"answers": {"nps": 9, "again": True, "ease": 3}, "status": "complete"},
    ]
    found = await flagged(api, database, survey, items)

    assert [kinds(one) for one in found] == [["missing_items"], [], [], []]
    assert (found[0]["flags"][0]["value"], found[0]["flags"][0]["threshold"]) == (0.8, 0.5)


async def test_answers_that_hardly_anybody_gives_together_are_an_outlier(
    api: Api, database: Database, survey: PublishedSurvey
) -> None:
    chance = random.Random(6)
    await answer(api, survey.id, [careful(chance, answers={"ease": chance.randint(1, 7)}) for _ in range(400)])
    grid = {"staff": 5, "place": 1, "speed": 5, "price": 1, "trust": 5, "noise": 5}
    odd, usual = await flagged(api, database, survey, [said(grid, nps=0, seconds=90), careful(chance)])

    (flag,) = (flag for flag in odd["flags"] if flag["kind"] == "outlier")
    assert flag["value"] > flag["threshold"] == pytest.approx(26.124, abs=1e-3)  # chi-square, 8 items, 0.999
    assert "outlier" not in kinds(usual)


async def test_what_comes_in_later_is_measured_by_itself(api: Api, database: Database, survey: PublishedSurvey) -> None:
    await put_rule(api, survey.id, RULE)
    await flag_all(api, database, survey.id)
    (late,) = await flagged(api, database, survey, [straight_lining()])

    assert "straight_lining" in kinds(late)
    rule = (await api.get(f"/v1/surveys/{survey.id}/inclusion-rule")).json()
    assert rule["flagging"] == {"rule_version": 1, "up_to_date": True, "measured": 41}


async def test_responses_are_listed_by_sign_and_by_what_the_rule_makes_of_them(
    api: Api, database: Database, survey: PublishedSurvey
) -> None:
    hasty, slow = await flagged(api, database, survey, [straight_lining(seconds=5), straight_lining(seconds=90)])
    path = f"/v1/surveys/{survey.id}/responses"

    lined = (await api.get(f"{path}?flag=straight_lining")).json()["items"]
    fast = (await api.get(f"{path}?flag=speeding")).json()["items"]
    suspect = (await api.get(f"{path}?suspect=true")).json()["items"]
    others = (await api.get(f"{path}?suspect=false")).json()["items"]

    assert [one["id"] for one in lined] == [hasty["id"], slow["id"]]
    assert [one["id"] for one in fast] == [hasty["id"]]
    assert [one["id"] for one in suspect] == [hasty["id"]]
    assert suspect[0]["suspect"]
    assert kinds(suspect[0]) == kinds(hasty)
    assert len(others) == 41


async def test_an_erased_response_takes_its_flags_along(api: Api, database: Database, survey: PublishedSurvey) -> None:
    text = "The queue was long and nobody told us anything."
    (first,) = await flagged(api, database, survey, [straight_lining(seconds=5, answers={"why": text})])
    erased = f"/v1/surveys/{survey.id}/responses/{first['id']}/erase"
    await api.post(erased, {"reason": "asked for"}, status=204)

    (again,) = await flagged(api, database, survey, [careful(random.Random(9), answers={"why": text})])

    assert kinds(again) == []
    assert (await api.get(f"/v1/surveys/{survey.id}/responses?flag=straight_lining")).json()["items"] == []
