"""Golden s17: Mann-Kendall, Theil-Sen, Pettitt and Cox-Stuart against R's trend and Kendall packages."""

from typing import Any

import pytest

from feedback_core.trends.calc import cox_stuart, mann_kendall, pettitt, theil_sen
from tests.reference.goldens import golden_rows, load_golden

CASE = "s17_mann_kendall"
SERIES = ["LakeHuron", "Nile", "nps_ties", "short10"]
REL = 1e-8
KENDALL_REL = 1e-5


@pytest.fixture(params=SERIES)
def series(request: pytest.FixtureRequest) -> tuple[list[float], dict[str, Any]]:
    values = [float(row["y"]) for row in golden_rows(CASE) if row["series"] == request.param]
    return values, load_golden(CASE)["expected"][request.param]


def test_the_score_its_variance_and_p_values_are_those_of_r(series: tuple[list[float], dict[str, Any]]) -> None:
    values, expected = series

    corrected = mann_kendall(values)
    plain = mann_kendall(values, continuity=False)

    assert corrected.n == expected["n"]
    assert corrected.s == expected["S"] == expected["kendall_pkg_S"]
    assert corrected.variance == pytest.approx(expected["varS"], rel=REL)
    assert corrected.variance == pytest.approx(expected["kendall_pkg_varS"], rel=KENDALL_REL)
    assert corrected.tau_b == pytest.approx(expected["tau_b"], rel=REL)
    assert corrected.tau_b == pytest.approx(expected["kendall_pkg_tau"], rel=KENDALL_REL)
    assert corrected.z == pytest.approx(expected["z_continuity"], rel=REL)
    assert corrected.p_value == pytest.approx(expected["p_continuity"], rel=REL)
    assert corrected.p_value == pytest.approx(expected["kendall_pkg_p"], rel=KENDALL_REL)
    assert plain.z == pytest.approx(expected["z_no_continuity"], rel=REL)
    assert plain.p_value == pytest.approx(expected["p_no_continuity"], rel=REL)


def test_the_slope_and_its_interval_are_those_of_r(series: tuple[list[float], dict[str, Any]]) -> None:
    values, expected = series

    found = theil_sen(values)

    assert found.slope == pytest.approx(expected["sens_slope"], rel=REL)
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == pytest.approx(expected["sens_ci95"], rel=REL)


def test_pettitts_change_is_that_of_r(series: tuple[list[float], dict[str, Any]]) -> None:
    values, expected = series

    found = pettitt(values)

    assert (found.k, found.index) == (expected["pettitt_K"], expected["pettitt_change_index"])
    assert found.p_value == pytest.approx(expected["pettitt_p"], rel=REL)


def test_cox_stuart_is_that_of_r(series: tuple[list[float], dict[str, Any]]) -> None:
    values, expected = series

    found = cox_stuart(values)

    assert found.z == pytest.approx(expected["cox_stuart_z"], rel=REL)
    assert found.p_value == pytest.approx(expected["cox_stuart_p"], rel=REL)
