"""San Francisco's airport survey of 2017, imported as it is: what the service says equals a recount of the file."""

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass

import polars as pl
import pytest
from fastapi import FastAPI

from feedback_core.db.session import Database
from feedback_dev.demo.real.frames import document, sfo_margins
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
