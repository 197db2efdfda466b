"""Golden s18: seasonal Mann-Kendall, its form for dependent seasons and the seasonal slope against R's trend."""

from typing import Any

import pytest

from feedback_core.trends.calc import seasonal_mann_kendall, seasonal_scores, seasonal_sen
from tests.reference.goldens import golden_rows, load_golden

CASE = "s18_seasonal_mann_kendall"
SERIES = ["nottem", "UKDriverDeaths", "co2_1959_1975"]
REL = 1e-8
KENDALL_REL = 1e-4


@pytest.fixture(params=SERIES)
def series(request: pytest.FixtureRequest) -> tuple[list[float], dict[str, Any]]:
    rows = [row for row in golden_rows(CASE) if row["series"] == request.param]
    assert [row["season"] for row in rows[:2]] == ["1", "2"]
    return [float(row["y"]) for row in rows], load_golden(CASE)["expected"][request.param]


def test_the_seasonal_test_is_that_of_r(series: tuple[list[float], dict[str, Any]]) -> None:
    values, expected = series

    corrected = seasonal_mann_kendall(values, 12)
    plain = seasonal_mann_kendall(values, 12, continuity=False)

    assert (corrected.n, corrected.s) == (expected["n"], expected["S"])
    assert corrected.variance == pytest.approx(expected["varS"], rel=REL)
    assert corrected.z == pytest.approx(expected["z_continuity"], rel=REL)
    assert corrected.p_value == pytest.approx(expected["p_continuity"], rel=REL)
    assert plain.z == pytest.approx(expected["z_no_continuity"], rel=REL)
    assert plain.p_value == pytest.approx(expected["p_no_continuity"], rel=REL)
    assert corrected.tau_b == pytest.approx(expected["tau_kendall_pkg"], rel=KENDALL_REL)
    assert plain.p_value == pytest.approx(expected["p_kendall_pkg"], rel=KENDALL_REL, abs=1e-16)


def test_every_season_has_the_score_and_variance_of_r(series: tuple[list[float], dict[str, Any]]) -> None:
    values, expected = series

    scores, variances = seasonal_scores(values, 12)

    assert list(scores) == expected["S_by_season"]
    assert list(variances) == pytest.approx(expected["varS_by_season"], rel=REL)


def test_the_test_for_dependent_seasons_is_that_of_r(series: tuple[list[float], dict[str, Any]]) -> None:
    values, expected = series

    found = seasonal_mann_kendall(values, 12, dependent=True)

    assert found.z == pytest.approx(expected["correlated_hirsch_slack_z"], rel=REL)
    assert found.p_value == pytest.approx(expected["correlated_hirsch_slack_p"], rel=REL)


def test_the_seasonal_slope_is_that_of_r(series: tuple[list[float], dict[str, Any]]) -> None:
    values, expected = series

    assert seasonal_sen(values, 12).slope == pytest.approx(expected["seasonal_sen_slope_per_year"], rel=REL)
