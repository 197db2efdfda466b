"""Charts of sampling-bias assessments: who is missing, what weighting changes, and what else speaks against it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from feedback_core.bias.calc import assess_sampling_bias
from feedback_core.bias.calc.coverage import coverage
from feedback_core.bias.charts import bias_charts
from feedback_core.bias.types import (
    EarlyLate,
    FieldworkAssessment,
    InvitedGroup,
    ModeEffect,
    SamplingBiasOutcome,
    SamplingBiasResult,
    Stage,
)
from feedback_core.charts.types import Chart
from feedback_core.fieldwork.calc import outcome_rates
from feedback_core.fieldwork.calc.response import assess_response
from feedback_core.fieldwork.types import Dispositions
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


INVITED = [
    InvitedGroup({"region": "north", "age": "young"}, 400),
    InvitedGroup({"region": "north", "age": "old"}, 500),
    InvitedGroup({"region": "south", "age": "young"}, 300),
    InvitedGroup({"region": "south", "age": "old"}, 600),
    InvitedGroup({"region": "west", "age": "old"}, 40),
]
HEARD = [
    ({"region": "north", "age": "young"}, 80),
    ({"region": "north", "age": "old"}, 150),
    ({"region": "south", "age": "young"}, 40),
    ({"region": "south", "age": "old"}, 200),
    ({"region": "west", "age": "old"}, 3),
]


def points(chart: Chart) -> dict[str, dict[str, Any]]:
    layers = [layer for layer in chart.spec["layer"] if layer["mark"]["type"] == "point"]
    return {row["label"]: row for layer in layers for row in layer["data"]["values"]}


def test_the_groups_to_chase_come_first(found: SamplingBiasResult) -> None:
    response = assess_response(INVITED, HEARD, standard_deviation=2.0)

    charts = charted(replace(found, response=response))

    partials = points(charts["partial_indicators"])
    values = [row["value"] for row in partials.values()]
    assert values == sorted(values)
    assert (next(iter(partials)), partials["age: young"]["kind"]) == ("age: young", "responds less: chase")
    assert partials["age: old"]["kind"] == "responds more"
    assert "To chase first: age: young." in charts["partial_indicators"].description
    assert f"R = {response.r.value:.3f} (95% interval" in charts["partial_indicators"].description


def test_few_who_responded_are_in_no_chart_by_themselves(found: SamplingBiasResult) -> None:
    response = assess_response(INVITED, HEARD, standard_deviation=2.0)

    charts = charted(replace(found, response=response))

    for key in ("partial_indicators", "response"):
        assert "region: west" not in points(charts[key])
    rates = points(charts["response"])
    young = rates["age: young"]
    assert (young["value"], young["n"]) == (pytest.approx(120 / 700, abs=1e-4), 700)
    assert young["low"] < young["value"] < young["high"]


def test_where_no_group_differs_none_is_chased(found: SamplingBiasResult) -> None:
    even = [(group.attributes, group.invited // 4) for group in INVITED[:4]]

    chart = charted(replace(found, response=assess_response(INVITED[:4], even, standard_deviation=2.0)))

    assert "No group can be told to respond less" in chart["partial_indicators"].description
    assert {row["kind"] for row in points(chart["partial_indicators"]).values()} == {"cannot be told from the average"}


def test_outcome_rates_have_intervals_and_say_why_others_are_missing(found: SamplingBiasResult) -> None:
    rates = outcome_rates(Dispositions(complete=400, partial=30, refusal=120, non_contact=200, unknown_other=250))
    told = FieldworkAssessment(rates, "rr2", None, ())

    chart = charted(replace(found, fieldwork=told))["outcome_rates"]

    shown = points(chart)
    assert shown["response, RR1"]["value"] == pytest.approx(0.4)
    assert all(row["low"] < row["value"] < row["high"] for row in shown.values())
    lines = chart.spec["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert len(lines) == len(rates.rates) + len(rates.not_estimable)
    assert "The response rate to quote is RR2." in chart.description


def test_coverage_is_counted_and_has_no_interval(found: SamplingBiasResult) -> None:
    people = coverage({"north": 600, "south": 400}, [Stage("no address", {"north": 580, "south": 250})])

    chart = charted(replace(found, coverage=people))["coverage"]

    south = points(chart)["south"]
    assert (south["value"], south["low"], south["n"], south["kind"]) == (0.625, None, 400, "under-covered")
    assert people.sentence in chart.description
