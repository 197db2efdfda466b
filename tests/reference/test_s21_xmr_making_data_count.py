"""Golden s21: XmR charts against NHSRplotthedots (Making Data Count) and R's qcc."""

from typing import Any, Final

import pytest

from feedback_core.trends.calc import QCC_FACTOR, xmr_chart
from feedback_core.trends.types import Direction, SpecialCause, XmrChart
from tests.reference.goldens import golden_rows, load_golden

CASE = "s21_xmr_making_data_count"
REL = 1e-9
SERIES: Final[dict[str, tuple[Direction, float | None]]] = {
    "csat_increase_target85": ("higher_is_better", 85.0),
    "minutes_decrease_target36": ("lower_is_better", 36.0),
    "contacts_neutral": ("neutral", None),
}
NAMES: Final = {
    "Common Cause": SpecialCause.COMMON_CAUSE,
    "Above UCL": SpecialCause.ABOVE_UPPER_LIMIT,
    "Below LCL": SpecialCause.BELOW_LOWER_LIMIT,
    "7 Point Trend (Increasing)": SpecialCause.TREND_UP,
    "7 Point Trend (Decreasing)": SpecialCause.TREND_DOWN,
    "2 in 3 Above CL": SpecialCause.TWO_IN_THREE_ABOVE,
    "2 in 3 Below CL": SpecialCause.TWO_IN_THREE_BELOW,
    "7 Points Above CL": SpecialCause.RUN_ABOVE,
    "7 Points Below CL": SpecialCause.RUN_BELOW,
}


def _values(name: str) -> list[float]:
    return [float(row["value"]) for row in golden_rows(CASE) if row["series"] == name]


def _listed(value: int | list[int]) -> list[int]:
    return value if isinstance(value, list) else [value]


def _expected(block: str, name: str) -> dict[str, Any]:
    expected: dict[str, Any] = load_golden(CASE)["expected"][block][name]
    return expected


@pytest.fixture(params=SERIES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["screened", "unscreened"])
def pair(request: pytest.FixtureRequest, name: str) -> tuple[XmrChart, dict[str, Any]]:
    direction, target = SERIES[name]
    chart = xmr_chart(_values(name), direction=direction, target=target, screen=request.param == "screened")
    return chart, _expected(request.param, name)


def test_the_limits_are_those_of_making_data_count(pair: tuple[XmrChart, dict[str, Any]]) -> None:
    chart, expected = pair
    limits = (chart.mean, chart.lower_limit, chart.upper_limit)
    assert limits == pytest.approx((expected["mean"], expected["lpl"], expected["upl"]), rel=REL)


def test_every_point_has_its_special_cause_and_flags(pair: tuple[XmrChart, dict[str, Any]]) -> None:
    chart, expected = pair
    assert [point.special_cause for point in chart.points] == [NAMES[name] for name in expected["special_cause_type"]]
    assert [point.variation.value for point in chart.points] == expected["point_type"]
    assert [point.outside_limits for point in chart.points] == expected["outside_limits"]
    assert [point.relative_to_mean for point in chart.points] == expected["relative_to_mean"]
    assert [point.close_to_limits for point in chart.points] == expected["close_to_limits"]


def test_the_icons_are_those_of_making_data_count(pair: tuple[XmrChart, dict[str, Any]]) -> None:
    chart, expected = pair
    assert chart.variation.value == expected["latest_variation"]
    assert (chart.assurance and chart.assurance.value) == expected["assurance"]


def test_the_factor_of_qcc_gives_the_chart_of_qcc(name: str) -> None:
    expected = _expected("qcc_individuals", name)

    chart = xmr_chart(_values(name), direction="neutral", screen=False, factor=QCC_FACTOR)

    limits = (chart.mean, chart.lower_limit, chart.upper_limit)
    assert limits == pytest.approx((expected["center"], expected["lcl"], expected["ucl"]), rel=REL)
    assert chart.mean_moving_range * QCC_FACTOR / 3 == pytest.approx(expected["std_dev_mr"], rel=REL)
    beyond = [point.index + 1 for point in chart.points if point.outside_limits]
    assert beyond == _listed(expected["beyond_limits"])
    runs = [point.index + 1 for point in chart.points if point.run_length >= 7]
    assert runs == _listed(expected["violating_runs_of_7"])
