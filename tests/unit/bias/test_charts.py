"""Charts of sampling-bias assessments: who is missing, what weighting changes, and what else speaks against it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from feedback_core.bias.calc import assess_sampling_bias
from feedback_core.bias.charts import bias_charts
from feedback_core.bias.types import EarlyLate, ModeEffect, SamplingBiasOutcome, SamplingBiasResult
from feedback_core.charts.types import Chart
from feedback_core.kit.estimates import Interval
from feedback_core.weighting.calc import read_margins
from tests.unit.bias.test_sampling_bias import FAIR, NPS, answers
from tests.unit.charts.builders import faults_of

INTERVAL = Interval(-4.0, 9.0, 0.95, "t")
EARLY_LATE = EarlyLate(
    100, 25, 25, 30.0, 27.5, 2.5, INTERVAL, 1.0, 40.0, 0.3, 0.1, 320.0, 0.4, -0.1, 0.3, -0.05, 0.3, ()
)
PAPER = ModeEffect("paper", "web", 40, 60, 3.0, 2.0, INTERVAL, 0.7, 80.0, 0.5, 0.5, 0.1, 4, 0.9, ())


@pytest.fixture
def found() -> SamplingBiasResult:
    sample = answers({("north",): (500, 180, 120), ("south",): (60, 60, 80)}, "region")
    return assess_sampling_bias(sample, read_margins(FAIR), NPS)


def charted(bias: SamplingBiasResult) -> dict[str, Chart]:
    outcome = SamplingBiasOutcome(
        kpi="nps", question="nps", item=None, choice=None, unit="points, -100 to 100",
        as_of=datetime(2026, 1, 1, tzinfo=UTC), merged=(), bias=bias, subject="NPS", bounds=(-100.0, 100.0),
    )  # fmt: skip
    charts = bias_charts(outcome)
    assert [faults_of(chart) for chart in charts] == [[]] * len(charts)
    return {chart.key: chart for chart in charts}


def test_every_category_stands_against_its_share_of_the_frame_and_what_chance_explains(
    found: SamplingBiasResult,
) -> None:
    (panel,) = charted(found)["composition"].spec["vconcat"]

    north, south = panel["data"]["values"]
    assert (north["found"], north["expected"], north["kind"]) == (0.8, 0.6, "over-represented")
    assert (south["found"], south["expected"], south["kind"]) == (0.2, 0.4, "under-represented")
    half = 1.96 * (0.6 * 0.4 / 1000) ** 0.5
    assert (north["low"], north["high"]) == pytest.approx((0.6 - half, 0.6 + half), abs=1e-5)


def test_weighted_and_unweighted_stand_side_by_side_with_their_intervals(found: SamplingBiasResult) -> None:
    weighted = charted(found)["weighted"]

    rows = next(l["data"]["values"] for l in weighted.spec["layer"] if l["mark"]["type"] == "point")  # noqa: E741
    assert [row["label"] for row in rows] == ["as answered", "weighted to the frame"]
    assert all(row["low"] < row["value"] < row["high"] for row in rows)
    assert "95% intervals" in weighted.description


def test_without_weights_there_is_no_such_chart(found: SamplingBiasResult) -> None:
    assert list(charted(replace(found, weighting=None, weighted=None, shift=None))) == ["composition"]


def test_time_and_methods_are_differences_against_zero(found: SamplingBiasResult) -> None:
    charts = charted(replace(found, early_late=EARLY_LATE, methods=(PAPER,)))

    layers = charts["differences"].spec["layer"]
    labels = layers[0]["encoding"]["y"]["scale"]["domain"]
    assert labels == ["first \u2212 last quarter", "paper \u2212 web"]
    assert [layer["encoding"]["x"]["datum"] for layer in layers if "datum" in layer["encoding"]["x"]] == [0.0]
