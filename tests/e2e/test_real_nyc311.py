"""The answers to New York's 311 survey, imported as they are: what the service says equals a recount of the file."""

import io
import math
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import combinations, pairwise

import polars as pl
import pytest
from fastapi import FastAPI
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportions_ztest

from feedback_core.db.session import Database
from feedback_dev.demo.real.frames import document
from tests.support.analyses import made
from tests.support.api import Api
from tests.support.imports import client_of, faults, imported
from tests.support.organisations import new_organisation
from tests.support.real_data import ROOT, unpacked
from tests.support.surveys import Json, PublishedSurvey, publish

RATINGS = {
    "overall": "Overall Satisfaction",
    "wait_time": "Wait Time",
    "courtesy": "Agent - Customer Service",
    "knowledge": "Agent - Job Knowledge",
    "answer": "Answer Satisfaction",
}
FEWEST = 5  # answers that an organisation shows, unless it says otherwise
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


async def test_r2_3_m5_4_the_review_of_2024_against_five_standards_equals_a_recount_with_intervals(
    nyc: Imported,
) -> None:
    asked = {
        "satisfied": ("csat", "overall", {}, 0.80, 0.0),
        "short_wait": ("mean", "wait_time", {}, 4.2, 0.0),
        "knowledge": ("csat", "knowledge", {}, 0.87, 0.0),
        "answered": ("csat", "answer", {}, 0.70, 0.05),
        "recommended": ("nps", "nps", {"language": ["es"]}, 60.0, 0.0),
    }
    for key, (kpi, question, where, target, tolerance) in asked.items():
        metric = {"kind": "kpi", "survey_id": nyc.survey.id, "kpi": kpi, "question": question, "where": where}
        said = {"name": key, "statement": key, "valid_from": "2020-01-01", "direction": "at_least"}
        body = {**said, "metric": metric, "target": target, "tolerance": tolerance}
        await nyc.api.put(f"/v1/standards/{key}", body, status=201)

    run = await made(nyc.api, {"kind": "review", "survey_id": nyc.survey.id, "from": "2024-01-01", "to": "2025-01-01"})

    completed = pl.col("Completion Time").str.to_datetime("%m/%d/%Y %I:%M:%S %p")
    rows = nyc.rows.filter(completed.dt.year() == 2024)
    found = {verdict["standard"]: verdict for verdict in run["result"]["standards"]}
    assert found.keys() == asked.keys()
    for key, (kpi, question, where, target, tolerance) in asked.items():
        value, low, high, n = counted_again(rows, kpi, question, spanish="language" in where)
        threshold = target - tolerance
        expected = "met" if low >= threshold else "not_met" if high < threshold else "not_enough_evidence"
        estimate = found[key]["estimate"]
        assert found[key]["verdict"] == expected, key
        assert estimate["n"] == n, key
        interval = estimate["interval"]
        assert (estimate["value"], interval["low"], interval["high"]) == pytest.approx((value, low, high)), key
    assert {verdict["verdict"] for verdict in found.values()} == {"met", "not_met", "not_enough_evidence"}


async def test_G3_1_R2_2_M5_4_O_LO3_nps_over_time_by_group_and_what_moved_equal_a_recount(nyc: Imported) -> None:
    by_month = monthly(nyc.rows)
    query = {"survey": nyc.survey.id, "bucket": "month"}
    series = (await nyc.api.get("/v1/kpis/nps/series", params=query)).json()["points"]
    run = await made(nyc.api, {"kind": "trend", "survey_id": nyc.survey.id, "kpi": "nps", "bucket": "month"})

    shown = {period["start"][:7]: (period["value"], period["n"]) for period in series if period["value"] is not None}
    hidden = [n for month, (_, n) in by_month.items() if month not in shown]
    assert rounded(shown) == rounded({month: by_month[month] for month in shown})
    # Too few answered, and one month more, or the total would give them away.
    assert sum(n >= FEWEST for n in hidden) <= 1
    assert max(hidden) <= min(n for _, n in shown.values())
    assert len(shown) > 36
    trend, values = run["result"]["trend"], [shown[month][0] for month in sorted(shown)]
    assert trend["n_values"] == len(values)
    # What chance does from month to month, and who went beyond it: Wheeler's limits, written anew.
    months = sorted(shown)
    place = {month: 12 * int(month[:4]) + int(month[5:]) for month in months}
    moving = [abs(shown[b][0] - shown[a][0]) for a, b in pairwise(months) if place[b] - place[a] == 1]
    kept = [each for each in moving if each <= 3.267 * sum(moving) / len(moving)]
    half = 2.66 * sum(kept) / len(kept)
    chart, middle = trend["xmr"], sum(values) / len(values)
    assert (chart["mean"], chart["lower_limit"], chart["upper_limit"]) == pytest.approx(
        (middle, middle - half, middle + half), rel=1e-3
    )
    assert [point["outside_limits"] for point in chart["points"]] == [abs(each - middle) > half for each in values]
    # Each calendar month against itself in other years, as Hirsch, Slack and Smith have it.
    seasons: dict[str, list[float]] = {}
    for month in sorted(shown):
        seasons.setdefault(month[5:], []).append(shown[month][0])
    ups = sum((b > a) - (b < a) for found in seasons.values() for a, b in combinations(found, 2))
    assert (trend["test"]["method"], trend["test"]["s"]) == ("seasonal", ups)
    assert trend["seasonality"]["period"] == 12
    assert trend["change"]["fit"]["before"] == pytest.approx(
        sum(values[: trend["change"]["fit"]["index"]]) / trend["change"]["fit"]["index"]
    )
    assert run["sentence"].startswith("NPS ")
    assert str(trend["n_values"]) in run["sentence"]


async def test_G3_2_G4_8_R3_6_figures_have_n_interval_and_method_and_tests_effect_and_correction(
    nyc: Imported,
) -> None:
    query = {"survey": nyc.survey.id, "by": "language", "question": "overall"}
    family = (await nyc.api.get("/v1/kpis/csat/comparisons", params={**query, "adjustment": "holm"})).json()

    points = nyc.rows.with_columns(
        pl.col(RATINGS["overall"]).replace_strict(AGREE, default=None, return_dtype=pl.Int64).alias("points")
    ).drop_nulls("points")
    counts = {
        key: (int((of["points"] >= 4).sum()), len(of))
        for key, said in MOJIBAKE.items()
        if len(of := points.filter(pl.col("Survey Language") == said))
    }
    raw = [pair["p_value"] for pair in family["pairs"]]
    assert [pair["adjusted_p_value"] for pair in family["pairs"]] == pytest.approx(
        list(multipletests(raw, method="holm")[1])
    )
    pair = next(each for each in family["pairs"] if (each["first"], each["second"]) == ("en", "es"))
    (good, n), (also_good, m) = counts["en"], counts["es"]
    z, p_value = proportions_ztest([good, also_good], [n, m])
    low, high = confint_proportions_2indep(good, n, also_good, m, method="newcomb", compare="diff")
    assert (pair["statistic"], pair["p_value"]) == (pytest.approx(z), pytest.approx(p_value))
    assert (pair["interval"]["low"], pair["interval"]["high"]) == (pytest.approx(low), pytest.approx(high))
    assert pair["effect_size"] == pytest.approx(
        2 * math.asin(math.sqrt(good / n)) - 2 * math.asin(math.sqrt(also_good / m))
    )
    assert (pair["effect_size_name"], pair["differ"]) == ("cohens_h", True)
    documented = " ".join(page.read_text() for page in (ROOT / "docs" / "methods").glob("*.md")).lower()
    for kpi, question in (("nps", "nps"), *(("csat", each) for each in RATINGS), *(("mean", each) for each in RATINGS)):
        said = await nyc.kpi(kpi, question=question)
        assert said["n"] == said["answered"] > 22_000
        interval = said["interval"]
        assert interval["low"] < said["value"] < interval["high"]
        assert (interval["level"], said["excluded"]["missing"]) == (0.95, 22_791 - said["answered"])
        assert f"`{interval['method']}`" in documented or interval["method"] in {"t", "wilson"}, interval["method"]
    assert all(name in documented for name in (pair["test"], pair["interval"]["method"], "holm", "cohen's h"))


def monthly(rows: pl.DataFrame) -> dict[str, tuple[float, int]]:
    """NPS and answers of each month in which anybody finished, by the clocks of New York, as the file has them."""
    completed = pl.col("Completion Time").str.to_datetime("%m/%d/%Y %I:%M:%S %p")
    months = rows.with_columns(completed.dt.strftime("%Y-%m").alias("Month"))
    return {month: recount(months, "Month", month) for month in months["Month"].unique()}


def counted_again(rows: pl.DataFrame, kpi: str, question: str, *, spanish: bool) -> tuple[float, float, float, int]:
    """Figure, 95% limits and answers from the file: Wilson, Student, and Rocks' adjusted Wald, each written anew."""
    if kpi == "nps":
        of = rows.filter(pl.col("Survey Language").str.starts_with("Espa")) if spanish else rows
        scores = of["NPS"].drop_nulls().cast(pl.Int64)
        n, up, down = len(scores), int((scores >= 9).sum()), int((scores <= 6).sum())
        p, d = (up + 0.75) / (n + 3), (down + 0.75) / (n + 3)
        half = stats.norm.ppf(0.975) * math.sqrt((p + d - (p - d) ** 2) / (n + 3))
        return 100 * (up - down) / n, 100 * (p - d - half), 100 * (p - d + half), n
    points = rows[RATINGS[question]].replace_strict(AGREE, default=None, return_dtype=pl.Int64).drop_nulls().to_numpy()
    n = len(points)
    if kpi == "mean":
        low, high = stats.t.interval(0.95, n - 1, loc=points.mean(), scale=stats.sem(points))
        return float(points.mean()), float(low), float(high), n
    good = int((points >= 4).sum())
    low, high = proportion_confint(good, n, method="wilson")
    return good / n, float(low), float(high), n


def recount(rows: pl.DataFrame, column: str | None = None, value: str | None = None) -> tuple[float, int]:
    """NPS and answers of the rows with a value, from the file."""
    scores = rows.filter(pl.col(column) == value)["NPS"] if column else rows["NPS"]
    points = scores.drop_nulls().cast(pl.Int64)
    return 100 * (int((points >= 9).sum()) - int((points <= 6).sum())) / len(points), len(points)


def rounded(figures: dict[str, tuple[float, int]]) -> dict[str, tuple[float, int]]:
    """Figures, to as many places as two ways of adding agree on."""
    return {group: (round(value, 9), answered) for group, (value, answered) in figures.items()}
