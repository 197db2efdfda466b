"""Comments of NHS patients, coded by hand by those who asked them: what the service says equals a recount."""

import re
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import polars as pl
import pytest
from fastapi import FastAPI
from sklearn.metrics import cohen_kappa_score

from feedback_core.db.session import Database
from tests.support.analyses import made
from tests.support.api import Api
from tests.support.comments import agreement, code, put_codebook, read_comments
from tests.support.organisations import new_organisation
from tests.support.real_data import unpacked
from tests.support.responses import batch
from tests.support.surveys import Json, PublishedSurvey, publish

pytestmark = pytest.mark.xdist_group("analyses")

COMMENTS = 2_000
QUESTIONS = [
    {"key": "care", "type": "rating", "scale": {"min": 1, "max": 5}, "text": "How was our service? 1: very good"},
    {"key": "why", "type": "text", "text": "Please tell us why you gave your answer."},
]
RULES: dict[str, list[Json]] = {
    "parking": [{"any": ["parking", "car park", "parked"]}],
    "timeliness_of_care": [{"any": ["wait", "delay", "late", "hour", "on time", "quick*", "prompt*"]}],
    "staff_manner_personal_attributes": [
        {"any": ["staff", "nurse", "friend*", "kind", "rude", "polite", "caring", "lovely", "pleasant", "helpful"]}
    ],
}


@dataclass(frozen=True, slots=True)
class Coded:
    """The survey with its comments, and the themes that people gave to each response."""

    api: Api
    survey: PublishedSurvey
    themes: dict[str, list[str]]
    ratings: dict[str, int]


def key_of(column: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")[:60]


def rows() -> tuple[list[Json], list[list[str]], Sequence[str]]:
    """Responses, the themes of each, and the names of all themes; of the ratings that NHS England defines."""
    table = pl.read_csv(unpacked("nhs_fft_comments/v6framework_230831.csv.gz"), infer_schema=False)
    columns = table.columns[11:]
    responses, themes = [], []
    for row in table.iter_rows(named=True):
        said, rating, day = row["FFT answer"], row["FFT categorical answer"], row["Date"]
        if not said or not said.strip() or said == "Did not answer" or rating not in {"1", "2", "3", "4", "5"}:
            continue
        try:
            at = datetime.strptime(day, "%d/%m/%Y").replace(tzinfo=UTC, hour=12)
        except ValueError:
            continue  # of the other order
        responses.append({"submitted_at": at.isoformat(), "answers": {"care": int(rating), "why": said}})
        themes.append([key_of(column) for column in columns if row[column] == "1"])
        if len(responses) == COMMENTS:
            break
    return responses, themes, columns


@pytest.fixture(scope="module")
async def coded(app: FastAPI, database: Database, worker_process: None) -> AsyncIterator[Coded]:
    """Two thousand comments, recorded and coded through the API."""
    responses, themes, columns = rows()
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", timeout=60) as client:
        api = Api(client, await new_organisation(database))
        survey = await publish(api, questions=QUESTIONS, attributes=[])
        codebook = {
            "themes": [
                {"key": key_of(column), "label": column[:60], "rules": RULES.get(key_of(column), [])}
                for column in columns
            ]
        }
        await put_codebook(api, survey, codebook)
        ids: list[str] = []
        for start in range(0, len(responses), 500):
            recorded = await batch(api, survey, responses[start : start + 500])
            ids += [item["id"] for item in recorded["items"]]
        await read_comments(database, api, survey)
        given = dict(zip(ids, themes, strict=True))
        for start in range(0, len(ids), 1_000):
            told = await code(api, survey, "nhs", {one: given[one] for one in ids[start : start + 1_000]})
            assert told["rejected"] == 0, told
        ratings = {one: response["answers"]["care"] for one, response in zip(ids, responses, strict=True)}
        yield Coded(api, survey, given, ratings)


async def analysed(coded: Coded, **fields: object) -> Json:
    body = {"kind": "themes", "survey_id": coded.survey.id, "bucket": "quarter", "suggestions": False, **fields}
    result: Json = (await made(coded.api, body))["result"]
    return result


async def test_shares_by_hand_are_a_recount_of_the_file(coded: Coded) -> None:
    result = await analysed(coded, source="hand", kpi="mean", question="care")

    counts = Counter(theme for themes in coded.themes.values() for theme in set(themes))
    shown = {theme["key"]: theme for theme in result["themes"] if theme["share"]}
    assert result["coded"] == COMMENTS
    assert len(shown) > 20
    for key, theme in shown.items():
        assert theme["share"]["value"] * COMMENTS == pytest.approx(counts[key]), key
    assert all(counts[theme["key"]] < counts.most_common()[20][1] for theme in result["themes"] if theme["withheld"])


async def test_the_dissatisfied_rate_worse_as_the_file_says(coded: Coded) -> None:
    result = await analysed(coded, source="hand", kpi="mean", question="care", bucket="year")

    key = "negative_experience_dissatisfaction"
    ratings = [coded.ratings[one] for one, themes in coded.themes.items() if key in themes]
    score = next(theme["score"] for theme in result["themes"] if theme["key"] == key)
    assert score["mentioned"]["value"] == pytest.approx(sum(ratings) / len(ratings))
    assert score["comparison"]["difference"] > 0.5
    assert score["differ"] is True


async def test_rules_say_how_right_they_are(coded: Coded) -> None:
    result = await analysed(coded)

    accuracy = {theme["theme"]: theme for theme in result["quality"]["themes"]}
    assert accuracy.keys() == RULES.keys()
    staff = accuracy["staff_manner_personal_attributes"]
    assert staff["n"] == COMMENTS
    assert staff["examples"] == sum("staff_manner_personal_attributes" in themes for themes in coded.themes.values())
    assert staff["f1"] > 0.5
    assert staff["kappa"] > 0.4
    assert {found["language"] for found in result["languages"] if found["share"]} >= {"en"}


async def test_R_ev_4_comments_coded_by_book_by_hand_and_by_suggestion_stand_beside_scores(coded: Coded) -> None:
    first = dict(list(coded.themes.items())[:400])
    # A second reader, who misses one theme of every fifth comment that has any.
    second = {
        one: themes[1:] if themes and number % 5 == 0 else themes for number, (one, themes) in enumerate(first.items())
    }
    await code(coded.api, coded.survey, "second reader", second)

    agreed = await agreement(coded.api, coded.survey)
    by_rules, by_hand = [
        await analysed(coded, source=source, kpi="mean", question="care") for source in ("rules", "hand")
    ]
    suggested = await analysed(coded, source="model", kpi="mean", question="care")

    assert (sorted(agreed["coders"]), agreed["twice"]) == (["nhs", "second reader"], 400)
    shown = {each["theme"]: each for each in agreed["themes"] if each["alpha"] is not None}
    staff = shown["staff_manner_personal_attributes"]
    (pair,) = staff["pairs"]
    given = [["staff_manner_personal_attributes" in by[one] for one in first] for by in (first, second)]
    assert pair["kappa"] == pytest.approx(cohen_kappa_score(*given))
    assert pair["percent_agreement"] == pytest.approx(sum(a == b for a, b in zip(*given, strict=True)) / 400)
    assert agreed["alpha_interval"]["low"] < agreed["alpha"] < agreed["alpha_interval"]["high"]
    assert len(agreed["disagreements"]) == min(100, sum(first[one] != second[one] for one in first))
    for found in (by_rules, by_hand, suggested):
        theme = next(each for each in found["themes"] if each["key"] == "staff_manner_personal_attributes")
        scored = theme["score"]
        assert theme["share"]["n"] == found["coded"] > 0
        assert (
            scored["mentioned"]["interval"]["low"]
            < scored["mentioned"]["value"]
            < scored["mentioned"]["interval"]["high"]
        )
    assert suggested["quality"]["themes"], "what the model suggests says how right it was on what people had coded"
