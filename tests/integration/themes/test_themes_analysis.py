"""Analyses of themes, from the request to the finding, by the real worker; the truth is planted."""

import random
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter

from feedback_api.schemas.analyses.themes import ThemesAnalysisOut
from feedback_core.db.session import Database
from feedback_core.organisations.types import Scope
from tests.support.analyses import ended, made, months, requested
from tests.support.api import Api
from tests.support.comments import THEMES, code, put_codebook, read_comments, say
from tests.support.organisations import new_token
from tests.support.responses import batch, decide
from tests.support.surveys import PublishedSurvey, publish

pytestmark = [pytest.mark.xdist_group("analyses"), pytest.mark.usefixtures("worker_process")]

WAITING = ["We waited for more than two hours.", "The queue was very long today.", "I had to wait far too long."]
STAFF = ["The nurse was kind and very helpful.", "All of the staff were friendly to us.", "Such a caring nurse."]
FOOD = ["The food in the canteen was cold.", "Cold food and stale bread in the canteen.", "The canteen food was awful."]


def answers(month: date, chance: random.Random, *, waiting: int, staff: int, food: int = 0) -> list[dict[str, Any]]:
    """Comments of one month: who waited scores 3 or 4, all others 9 or 10."""
    said = [(WAITING, (3, 4))] * waiting + [(STAFF, (9, 10))] * staff + [(FOOD, (9, 10))] * food
    return [
        {
            "submitted_at": f"{month.isoformat()}T12:00:00Z",
            "attributes": {"region": "north" if place % 3 else "south"},
            "answers": {"why": chance.choice(texts), "nps": chance.choice(scores)},
        }
        for place, (texts, scores) in enumerate(said)
    ]


@pytest.fixture
async def slower(api: Api) -> PublishedSurvey:
    """Ten months of 30 comments; those about waiting rise from 3 to 21 of them."""
    survey, chance = await publish(api), random.Random(5)
    await put_codebook(api, survey)
    for place, month in enumerate(months(date(2025, 1, 1), 10)):
        waiting = 3 + 2 * place
        await batch(api, survey, answers(month, chance, waiting=waiting, staff=25 - waiting, food=5))
    return survey


def of(run: dict[str, Any], key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(theme for theme in run["result"]["themes"] if theme["key"] == key)
    return found


def asking(survey: PublishedSurvey, **fields: Any) -> dict[str, Any]:
    return {"kind": "themes", "survey_id": survey.id, **fields}


async def test_a_theme_whose_share_rises_is_found_to_rise(api: Api, slower: PublishedSurvey) -> None:
    run = await made(api, asking(slower, kpi="nps"))

    TypeAdapter(ThemesAnalysisOut).validate_python(run)
    result, waiting = run["result"], of(run, "waiting")
    assert (result["comments"], result["respondents"], result["coded"]) == (300, 300, 300)
    assert waiting["share"]["value"] == pytest.approx(120 / 300)
    assert waiting["share"]["interval"]["low"] < 0.4 < waiting["share"]["interval"]["high"]
    assert [round(period["value"] * period["n"]) for period in waiting["series"]] == list(range(3, 22, 2))
    assert (waiting["trend"]["direction"], of(run, "staff")["trend"]["direction"]) == ("rising", "falling")
    assert waiting["trend"]["adjusted_p_value"] < 0.01
    assert waiting["trend"]["change"]["difference"] == pytest.approx(85 / 150 - 35 / 150)
    assert "the share of Staff fell by 33 points from the earlier to the later half of the time" in run["sentence"]
    assert run["sentence"].startswith("300 respondents gave 300 comments; coded by rules, 43 %")


async def test_those_who_speak_of_it_score_lower_than_those_who_do_not(api: Api, slower: PublishedSurvey) -> None:
    run = await made(api, asking(slower, kpi="nps", suggestions=False))

    score = of(run, "waiting")["score"]
    assert (score["mentioned"]["value"], score["others"]["value"]) == (-100.0, 100.0)
    assert score["comparison"]["difference"] == -200.0
    assert score["differ"] is True
    assert (run["result"]["kpi"], run["result"]["kpi_question"], run["result"]["suggestions"]) == ("nps", "nps", None)
    assert "NPS of those who speak of Waiting is lower than that of the others" in run["sentence"]


async def test_languages_and_tones_carry_intervals(api: Api, slower: PublishedSurvey) -> None:
    result = (await made(api, asking(slower)))["result"]

    english = next(found for found in result["languages"] if found["language"] == "en")
    assert english["share"]["value"] > 0.5
    tones = {found["tone"]: found["share"] for found in result["tones"]}
    assert sum(share["value"] for share in tones.values()) == pytest.approx(1.0)
    assert tones["positive"]["interval"]["low"] < tones["positive"]["value"] < tones["positive"]["interval"]["high"]


async def test_what_no_rule_codes_is_looked_through_for_new_themes(api: Api, slower: PublishedSurvey) -> None:
    result = (await made(api, asking(slower)))["result"]

    suggestions = result["suggestions"]
    assert (suggestions["among"], suggestions["looked_at"]) == ("uncoded", 50)
    assert result["uncoded"]["value"] == pytest.approx(50 / 300)
    assert suggestions["themes"] or suggestions["why_not"]
    assert {word for theme in suggestions["themes"] for term in theme["terms"] for word in term.split()} <= {
        word for text in FOOD for word in text.lower().replace(".", "").split()
    }


async def test_without_hand_coding_it_says_that_nobody_knows_how_right_the_rules_are(
    api: Api, slower: PublishedSurvey
) -> None:
    result = (await made(api, asking(slower)))["result"]

    assert result["quality"]["source"] == "rules"
    assert result["quality"]["comments_coded_by_hand"] == 0
    assert "nobody knows how right the rules are" in " ".join(result["warnings"])
    assert of({"result": result}, "parking")["not_coded"] is not None


async def coded_by_two(api: Api, survey: PublishedSurvey, database: Database, *, size: int) -> float:
    """Two coders give the same to a batch, but for one comment in ten; the share of it that is about waiting."""
    await read_comments(database, api, survey)
    path = f"/v1/surveys/{survey.id}/coding-batches"
    drawn = (await api.post(path, {"size": size, "seed": 7}, status=201)).json()
    comments = (await api.get(f"{path}/{drawn['id']}")).json()["comments"]

    def right(text: str) -> list[str]:
        return ["waiting"] if text in WAITING else ["staff"] if text in STAFF else []

    for coder in ("ada", "bo"):
        given: dict[str, Sequence[str]] = {comment["response_id"]: right(comment["text"]) for comment in comments}
        if coder == "bo":
            given |= {comment["response_id"]: ["parking"] for comment in comments[::10]}
        await code(api, survey, coder, given)
    return sum(comment["text"] in WAITING for comment in comments) / size


async def test_hand_coding_stands_beside_the_agreement_of_its_coders(
    api: Api, slower: PublishedSurvey, database: Database
) -> None:
    drawn = await coded_by_two(api, slower, database, size=100)

    run = await made(api, asking(slower, source="hand", bucket="quarter"))

    quality = run["result"]["quality"]
    assert run["result"]["coded"] == 100
    assert quality["alpha"] == pytest.approx(0.87, abs=0.08)
    assert quality["verdict"] == "reliable"
    assert quality["alpha_interval"]["low"] < quality["alpha"] < quality["alpha_interval"]["high"]
    assert quality["disputed"] == 10
    # The first coder's themes hold where they differ. Which comments are drawn follows from their ids, which are new
    # each time, so the share is held to that of the draw: one in twenty leaves the interval of all.
    share = of(run, "waiting")["share"]
    assert share["value"] == pytest.approx(drawn)
    assert share["interval"]["low"] < drawn < share["interval"]["high"]
    assert of(run, "parking")["share"] is None or of(run, "parking")["share"]["value"] == 0


async def test_rules_are_held_against_hand_coding(api: Api, slower: PublishedSurvey, database: Database) -> None:
    await coded_by_two(api, slower, database, size=100)

    run = await made(api, asking(slower))

    accuracy = {found["theme"]: found for found in run["result"]["quality"]["themes"]}
    assert accuracy.keys() == {"waiting", "staff"}
    assert (accuracy["waiting"]["n"], accuracy["waiting"]["precision"], accuracy["waiting"]["recall"]) == (100, 1, 1)


async def test_a_model_learns_from_hand_coding_and_says_how_right_it_is(
    api: Api, slower: PublishedSurvey, database: Database
) -> None:
    await coded_by_two(api, slower, database, size=150)

    run = await made(api, asking(slower, source="model"))

    result = run["result"]
    assert result["coded"] == 300
    assert {found["theme"] for found in result["quality"]["themes"]} >= {"waiting", "staff"}
    assert of(run, "parking")["not_coded"] is not None


async def test_a_new_coding_makes_a_new_run(api: Api, slower: PublishedSurvey, database: Database) -> None:
    first = await made(api, asking(slower))
    again = await requested(api, asking(slower), status=200)
    await coded_by_two(api, slower, database, size=20)

    after = await requested(api, asking(slower))

    assert again["id"] == first["id"] != after["id"]


async def test_the_same_seed_finds_the_same(api: Api, slower: PublishedSurvey) -> None:
    one = (await made(api, asking(slower)))["result"]

    assert one["seed"] == (await made_again(api, slower))["seed"]


async def made_again(api: Api, survey: PublishedSurvey) -> dict[str, Any]:
    run = await requested(api, asking(survey), status=200)
    found: dict[str, Any] = (await api.get(f"/v1/analyses/{run['id']}")).json()["result"]
    return found


async def test_a_period_and_groups_select_respondents(api: Api, slower: PublishedSurvey) -> None:
    run = await made(api, asking(slower, where={"region": ["north"]}, **{"from": "2025-01-01", "to": "2025-03-01"}))

    assert run["result"]["respondents"] == 40
    assert [period["start"] for period in of(run, "staff")["series"]] == ["2025-01-01", "2025-02-01"]


async def test_what_it_shows_is_read_with_another_scope_and_is_gone_when_erased(
    api: Api, slower: PublishedSurvey, database: Database
) -> None:
    run = await made(api, asking(slower))
    path = f"/v1/analyses/{run['id']}/verbatims"

    shown = (await api.get(path)).json()["items"]

    waiting = next(found for found in shown if found["theme"] == "waiting")
    assert {comment["text"] for comment in waiting["comments"]} <= set(WAITING)
    assert waiting["comments"]
    assert not any(text in str(run) for text in (*WAITING, *STAFF, *FOOD))
    await decide(api, slower, waiting["comments"][0]["response_id"], "erase")
    left = next(f for f in (await api.get(path)).json()["items"] if f["theme"] == "waiting")
    assert left["comments"] == waiting["comments"][1:]
    token = await new_token(database, api.organisation.organisation_id, scopes=[Scope.ANALYSES_READ])
    refused = await api.client.get(path, headers={"Authorization": f"Bearer {token}"})
    assert refused.json()["code"] == "missing_scope"


async def test_a_run_of_another_kind_shows_no_comments(api: Api, slower: PublishedSurvey) -> None:
    run = await requested(api, {"kind": "trend", "survey_id": slower.id, "kpi": "nps"})

    assert (await api.get(f"/v1/analyses/{run['id']}/verbatims", status=409)).json()["code"] == "shows_no_comments"


async def test_too_few_comments_show_nothing(api: Api) -> None:
    survey = await publish(api)
    await put_codebook(api, survey)
    await say(api, survey, WAITING)

    run = await requested(api, asking(survey))

    failed = await ended(api, run["id"])
    assert (failed["status"], failed["error"]["code"]) == ("failed", "not_estimable")


async def test_a_theme_of_few_is_withheld_and_what_it_could_be_worked_out_from(api: Api) -> None:
    survey = await publish(api)
    await put_codebook(api, survey, {"themes": THEMES["themes"][:2]})
    await say(api, survey, [WAITING[0]] * 2 + [STAFF[0]] * 40 + ["Nothing else to say about that."] * 30)

    run = await made(api, asking(survey, suggestions=False))

    waiting = of(run, "waiting")
    assert (waiting["withheld"], waiting["share"], waiting["series"], waiting["examples"]) == (True, None, [], [])
    assert (run["result"]["uncoded"] is None) != (of(run, "staff")["share"] is None)


async def test_without_a_codebook_it_tells_languages_tones_and_suggestions(api: Api) -> None:
    survey, chance = await publish(api), random.Random(3)
    await batch(api, survey, answers(date(2025, 3, 1), chance, waiting=60, staff=60))

    run = await made(api, asking(survey))

    assert (run["result"]["themes"], run["result"]["quality"], run["result"]["codebook_version"]) == ([], None, None)
    assert run["result"]["suggestions"]["among"] == "all"
    assert "no codebook yet" in run["sentence"]
