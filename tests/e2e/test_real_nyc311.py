"""The answers to New York's 311 survey, imported as they are: what the service says equals a recount of the file."""

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass

import polars as pl
import pytest
from fastapi import FastAPI

from feedback_core.db.session import Database
from feedback_dev.demo.real.frames import document
from tests.support.api import Api
from tests.support.imports import client_of, faults, imported
from tests.support.organisations import new_organisation
from tests.support.real_data import unpacked
from tests.support.surveys import Json, PublishedSurvey, publish

RATINGS = {
    "overall": "Overall Satisfaction",
    "wait_time": "Wait Time",
    "courtesy": "Agent - Customer Service",
    "knowledge": "Agent - Job Knowledge",
    "answer": "Answer Satisfaction",
}
AGREE = {"Strongly Disagree": 1, "Disagree": 2, "Neutral": 3, "Agree": 4, "Strongly Agree": 5}
MOJIBAKE = {
    "en": "English (United States)â€Ž",
    "es": "EspaÃ±ol (EspaÃ±a, alfabetizaciÃ³n internacional)",
    "pl": "Polski",
}

pytestmark = pytest.mark.usefixtures("worker_process")


@dataclass(frozen=True, slots=True)
class Imported:
    """The survey with its answers, what became of the file, and the file itself."""

    api: Api
    survey: PublishedSurvey
    done: Json
    file: bytes
    rows: pl.DataFrame

    async def kpi(self, kpi: str, **query: str) -> Json:
        """One figure."""
        answer = await self.api.get(f"/v1/kpis/{kpi}/value", params={"survey": self.survey.id, **query})
        found: Json = answer.json()
        return found

    async def nps_by(self, attribute: str) -> dict[str, tuple[float, int]]:
        """NPS and how many answered, by group."""
        query = {"survey": self.survey.id, "by": attribute}
        answer = await self.api.get("/v1/kpis/nps/breakdown", params=query)
        return {group["group"]: (group["value"], group["answered"]) for group in answer.json()["groups"]}


@pytest.fixture(scope="module")
async def nyc(app: FastAPI, database: Database, worker_process: None) -> AsyncIterator[Imported]:
    """The whole file, imported through the API and read by a worker."""
    file = unpacked("nyc311_csat/nyc311_csat.csv.gz")
    async with client_of(app) as client:
        api = Api(client, await new_organisation(database, time_zone="America/New_York"))
        survey = await publish(api, **document("nyc311_survey"))
        done = await imported(api, survey, document("nyc311_mapping"), file, name="nyc311.csv")
        yield Imported(api, survey, done, file, pl.read_csv(io.BytesIO(file), infer_schema=False))


async def test_every_row_is_kept_and_the_two_unreadable_ratings_are_listed_with_their_lines(nyc: Imported) -> None:
    done = nyc.done

    assert (done["status"], done["error"]) == ("succeeded", None)
    assert (done["rows_read"], done["rows_recorded"], done["rows_rejected"]) == (22_791, 22_791, 0)
    assert (done["values_left_out"], done["faults_listed"]) == (2, 2)
    lines = nyc.file.decode().splitlines()
    for fault in await faults(nyc.api, done):
        assert fault["row_kept"]
        assert fault["code"] == "wrong_type"
        assert fault["value"] in lines[fault["line"] - 1].split(",")
    assert {(fault["column"], fault["value"]) for fault in await faults(nyc.api, done)} == {
        ("Agent - Job Knowledge", "SATISFACTORIO"),
        ("Agent - Customer Service", "Agree+I1030"),
    }


async def test_the_same_file_again_adds_nothing(nyc: Imported) -> None:
    again = await imported(nyc.api, nyc.survey, document("nyc311_mapping"), nyc.file, name="nyc311.csv")

    assert (again["rows_recorded"], again["rows_duplicate"], again["rows_rejected"]) == (0, 22_791, 0)
    assert (await nyc.kpi("responses"))["value"] == 22_791


async def test_the_mojibake_is_repaired_so_that_every_answer_has_its_language(nyc: Imported) -> None:
    by_language = {group: answered for group, (_, answered) in (await nyc.nps_by("language")).items()}

    assert nyc.rows["Survey Language"].n_unique() == 12
    assert by_language["en"] == recount(nyc.rows, "Survey Language", "English (United States)â€Ž")[1]
    assert (
        by_language["es"]
        == recount(nyc.rows, "Survey Language", "EspaÃ±ol (EspaÃ±a, alfabetizaciÃ³n internacional)")[1]
    )
    assert None not in by_language


async def test_nps_by_year_and_by_wave_equals_a_recount(nyc: Imported) -> None:
    years = {year: recount(nyc.rows, "Year", year) for year in nyc.rows["Year"].unique()}
    waves = nyc.rows.with_columns(pl.concat_str("Year", pl.lit(" "), "Campaign").alias("Wave"))

    assert rounded(await nyc.nps_by("year")) == rounded(years)
    assert rounded(await nyc.nps_by("wave")) == rounded(
        {wave.lower().replace(" ", "-"): recount(waves, "Wave", wave) for wave in waves["Wave"].unique()}
    )


@pytest.mark.parametrize("question", RATINGS)
async def test_a_rating_equals_a_recount_in_mean_and_top_two_boxes(nyc: Imported, question: str) -> None:
    points = nyc.rows[RATINGS[question]].replace_strict(AGREE, default=None, return_dtype=pl.Int64).drop_nulls()

    csat = await nyc.kpi("csat", question=question)
    mean = await nyc.kpi("mean", question=question)

    assert (csat["answered"], mean["answered"]) == (len(points), len(points))
    assert csat["value"] == pytest.approx(int((points >= 4).sum()) / len(points))
    assert mean["value"] == pytest.approx(int(points.sum()) / len(points))


async def test_blanks_are_counted_as_missing_and_in_no_figure(nyc: Imported) -> None:
    nps, knowledge = await nyc.kpi("nps"), await nyc.kpi("mean", question="knowledge")

    assert (nps["asked"], nps["answered"], nps["excluded"]["missing"]) == (22_791, 22_766, 25)
    assert (nps["value"], nps["answered"]) == pytest.approx(recount(nyc.rows))
    assert (knowledge["answered"], knowledge["excluded"]["missing"]) == (22_789, 2)


def recount(rows: pl.DataFrame, column: str | None = None, value: str | None = None) -> tuple[float, int]:
    """NPS and answers of the rows with a value, from the file."""
    scores = rows.filter(pl.col(column) == value)["NPS"] if column else rows["NPS"]
    points = scores.drop_nulls().cast(pl.Int64)
    return 100 * (int((points >= 9).sum()) - int((points <= 6).sum())) / len(points), len(points)


def rounded(figures: dict[str, tuple[float, int]]) -> dict[str, tuple[float, int]]:
    """Figures, to as many places as two ways of adding agree on."""
    return {group: (round(value, 9), answered) for group, (value, answered) in figures.items()}
