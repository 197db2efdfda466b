"""San Francisco's airport survey of 2017, imported as it is: what the service says equals a recount of the file."""

import io
import math
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
import pytest
from fastapi import FastAPI
from numpy.typing import NDArray
from scipy import stats

from feedback_core.db.session import Database
from feedback_dev.demo.real.frames import document, sfo_margins
from tests.support.analyses import made
from tests.support.api import Api
from tests.support.imports import client_of, imported
from tests.support.organisations import new_organisation
from tests.support.real_data import data_file, unpacked
from tests.support.surveys import Json, PublishedSurvey, publish

ROWS = 2_831


@dataclass(frozen=True, slots=True)
class Imported:
    """The survey with its answers, what became of the file, and the file's rows."""

    api: Api
    survey: PublishedSurvey
    done: Json
    rows: pl.DataFrame

    async def kpi(self, kpi: str, **query: str) -> Json:
        """One figure."""
        found: Json = (await self.api.get(f"/v1/kpis/{kpi}/value", params={"survey": self.survey.id, **query})).json()
        return found


@pytest.fixture(scope="module")
async def sfo(app: FastAPI, database: Database, worker_process: None) -> AsyncIterator[Imported]:
    """The whole file, imported through the API and read by a worker."""
    file = unpacked("sfo_customer_survey/raw/2017.csv.gz")
    async with client_of(app) as client:
        api = Api(client, await new_organisation(database, time_zone="America/Los_Angeles"))
        survey = await publish(api, **document("sfo2017_survey"))
        done = await imported(api, survey, document("sfo2017_mapping"), file, name="2017.csv")
        yield Imported(api, survey, done, pl.read_csv(io.BytesIO(file), infer_schema=False))


async def test_every_row_is_recorded_and_nothing_is_left_out(sfo: Imported) -> None:
    done = sfo.done

    assert (done["status"], done["rows_recorded"], done["values_left_out"]) == ("succeeded", ROWS, 0)
    assert len(sfo.rows) == ROWS


async def test_nps_and_satisfaction_equal_a_recount_without_the_codes_for_no_answer(sfo: Imported) -> None:
    nps = sfo.rows["NETPRO"].drop_nulls().cast(pl.Int64)
    nps = nps.filter(nps <= 10)
    overall = sfo.rows["Q7ALL"].cast(pl.Int64, strict=False).drop_nulls()

    said, satisfied = await sfo.kpi("nps"), await sfo.kpi("csat", question="overall")

    assert (said["answered"], said["excluded"]["missing"]) == (len(nps), 85)
    assert said["value"] == pytest.approx(100 * (int((nps >= 9).sum()) - int((nps <= 6).sum())) / len(nps))
    assert (satisfied["answered"], satisfied["value"]) == (2_688, pytest.approx(int((overall >= 4).sum()) / 2_688))


async def test_groups_and_days_are_those_of_the_file(sfo: Imported) -> None:
    for area, rows in sfo.rows.group_by("BAREA"):
        assert (await sfo.kpi("responses", where=f"boarding_area:{area[0]}"))["value"] == len(rows)
    international = len(sfo.rows.filter(pl.col("PEAK") == "3"))
    assert (await sfo.kpi("responses", where="traffic:international"))["value"] == international
    last_day = len(sfo.rows.filter(pl.col("INTDATE") == "30"))
    assert (await sfo.kpi("responses", **{"from": "2017-05-30", "to": "2017-05-31"}))["value"] == last_day


async def test_G4_1_R3_4_bias_of_a_sample_nobody_drew_is_assessed_against_the_passengers_of_the_month(
    sfo: Imported,
) -> None:
    frame = sfo_margins(data_file("sfo_air_traffic_frame/derived_enplaned_margins_survey_months.csv"))
    margins = {attribute: frame[attribute] for attribute in ("boarding_area", "traffic")}
    # How many were asked at the gates nobody wrote down: as if more of those who fly far had been.
    asked = {"domestic": 4_000, "international": 1_700}
    invited = [{"attributes": {"traffic": group}, "invited": n} for group, n in asked.items()]
    body = {"kind": "sampling_bias", "survey_id": sfo.survey.id, "kpi": "nps"}

    found = (await made(sfo.api, {**body, "frame": {"margins": margins, "invited": invited}}))["result"]["bias"]

    rows = sfo.rows.filter(pl.col("NETPRO").cast(pl.Int64) <= 10)
    groups = {
        "boarding_area": rows["BAREA"].to_list(),
        "traffic": ["international" if peak == "3" else "domestic" for peak in rows["PEAK"]],
    }
    for margin in found["margins"]:
        counts, shares = Counter(groups[margin["attribute"]]), frame[margin["attribute"]]
        chi_square = sum(
            (counts[each] - rows.height * share) ** 2 / (rows.height * share) for each, share in shares.items()
        )
        assert margin["fit"]["statistic"] == pytest.approx(chi_square)
        for category in margin["categories"]:
            share = shares[category["category"]]
            gap = counts[category["category"]] / rows.height - share
            assert (category["n"], category["gap"]) == (counts[category["category"]], pytest.approx(100 * gap))
            assert category["standardised_difference"] == pytest.approx(abs(gap) / math.sqrt(share * (1 - share)))
    over = {each["category"] for each in found["by_gap"] if each["representation"] == "over"}
    assert {"international", "A", "G"} <= over

    scores = rows["NETPRO"].cast(pl.Int64).to_numpy()
    points = 100.0 * ((scores >= 9).astype(int) - (scores <= 6).astype(int))
    weights = raked(groups, margins)
    assert found["unweighted"]["value"] == pytest.approx(points.mean())
    assert found["weighted"]["value"] == pytest.approx(np.average(points, weights=weights), abs=1e-6)
    assert found["shift"] == pytest.approx(found["weighted"]["value"] - found["unweighted"]["value"])
    effect = len(weights) * (weights**2).sum() / weights.sum() ** 2
    assert found["weighting"]["design_effect"]["design_effect"] == pytest.approx(effect, rel=1e-6)

    response, complete = (
        found["response"],
        Counter("international" if peak == "3" else "domestic" for peak in sfo.rows["PEAK"]),
    )
    propensities = np.repeat([complete[group] / n for group, n in asked.items()], list(asked.values()))
    assert {each["category"]: each["rate"]["value"] for each in response["by_category"]} == pytest.approx(
        {group: complete[group] / n for group, n in asked.items()}
    )
    assert response["r_unadjusted"] == pytest.approx(1 - 2 * propensities.std(ddof=1), abs=1e-6)

    days = rows["INTDATE"].cast(pl.Int64).to_numpy()
    early, late = quarter(days, first=True), quarter(days, first=False)
    compared = stats.ttest_ind(points[early], points[late], equal_var=False)
    assert (found["early_late"]["n_early"], found["early_late"]["n_late"]) == (early.sum(), late.sum())
    assert found["early_late"]["difference"] == pytest.approx(points[early].mean() - points[late].mean())
    assert found["early_late"]["welch_p"] == pytest.approx(compared.pvalue)
    assert any("Within a group" in each for each in found["cannot_tell"])


def raked(groups: Mapping[str, Sequence[str]], margins: Mapping[str, Mapping[str, float]]) -> NDArray[np.float64]:
    """Weights fitted to one margin after another, until none moves."""
    weights = np.ones(len(next(iter(groups.values()))))
    for _ in range(500):
        for attribute, shares in margins.items():
            for category, share in shares.items():
                inside = np.array([group == category for group in groups[attribute]])
                weights[inside] *= share * len(weights) / weights[inside].sum()
    return weights


def quarter(days: NDArray[np.int64], *, first: bool) -> NDArray[np.bool_]:
    """Whole days from one end, until they hold a quarter of the answers."""
    chosen = np.zeros(len(days), dtype=bool)
    for day in sorted(set(days.tolist()), reverse=not first):
        if chosen.sum() >= len(days) / 4:
            break
        chosen |= days == day
    return chosen


def test_the_frame_of_the_month_has_a_share_for_values_that_the_survey_declares() -> None:
    margins = sfo_margins(data_file("sfo_air_traffic_frame/derived_enplaned_margins_survey_months.csv"))

    declared = {
        attribute["key"]: {value if isinstance(value, str) else value["key"] for value in attribute["values"]}
        for attribute in document("sfo2017_survey")["attributes"]
    }
    assert set(margins) == {"boarding_area", "traffic", "destination"}
    for attribute, shares in margins.items():
        assert shares.keys() <= declared[attribute]
        assert sum(shares.values()) == pytest.approx(1)
    assert margins["traffic"]["international"] == pytest.approx(0.247068, abs=1e-6)
    assert margins["destination"]["canada_mexico"] == pytest.approx(0.033722 + 0.023279, abs=2e-6)
