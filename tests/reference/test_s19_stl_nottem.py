"""Golden s19: STL in two settings, strengths, and classical decomposition against R."""

from typing import Any

import pytest

from feedback_core.trends.calc import classical_decomposition, stl
from feedback_core.trends.types import Decomposition
from tests.reference.goldens import golden_rows, load_golden

CASE = "s19_stl_nottem"
SERIES = ["nottem", "AirPassengers_log"]
STRENGTH_ABS = 1e-8


@pytest.fixture(params=SERIES)
def series(request: pytest.FixtureRequest) -> tuple[list[float], dict[str, Any]]:
    values = [float(row["y"]) for row in golden_rows(CASE) if row["series"] == request.param]
    return values, load_golden(CASE)["expected"][request.param]


def _same(found: Decomposition, expected: dict[str, Any], values: list[float]) -> None:
    tolerance = 1e-8 * (max(values) - min(values))
    assert list(found.seasonal) == pytest.approx(expected["seasonal"], rel=0, abs=tolerance)
    assert list(found.trend) == pytest.approx(expected["trend"], rel=0, abs=tolerance)
    assert list(found.remainder) == pytest.approx(expected["remainder"], rel=0, abs=tolerance)
    assert found.strength_trend == pytest.approx(expected["strength_trend"], abs=STRENGTH_ABS)
    assert found.strength_seasonal == pytest.approx(expected["strength_seasonal"], abs=STRENGTH_ABS)


def test_stl_with_linear_seasons_is_that_of_r(series: tuple[list[float], dict[str, Any]]) -> None:
    values, expected = series

    found = stl(values, 12, seasonal=13, trend=23, low_pass=13, inner_iterations=2)

    _same(found, expected["s13_t23_l13"], values)


def test_stl_with_constant_seasons_is_that_of_r(series: tuple[list[float], dict[str, Any]]) -> None:
    values, expected = series

    found = stl(values, 12, seasonal=7, trend=23, low_pass=13, seasonal_degree=0, inner_iterations=5)

    _same(found, expected["s7_deg0"], values)


def test_the_classical_decomposition_is_that_of_r(series: tuple[list[float], dict[str, Any]]) -> None:
    values, expected = series
    tolerance = 1e-8 * (max(values) - min(values))

    found = classical_decomposition(values, 12)

    assert list(found.figure) == pytest.approx(expected["classical_additive"]["figure"], rel=0, abs=tolerance)
    trend = expected["classical_additive"]["trend"]
    assert [value is None for value in found.trend] == [value is None for value in trend]
    known = [value for value in found.trend if value is not None]
    assert known == pytest.approx([value for value in trend if value is not None], rel=0, abs=tolerance)
