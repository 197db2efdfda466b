"""Intervals of one share against R package binom, and Newcombe's printed table."""

from math import sqrt
from sys import float_info

import pytest

from feedback_core.kpis.calc import ProportionMethod, proportion_estimate, proportion_interval
from feedback_core.kpis.calc.proportions import signed_root_deviance
from feedback_core.kpis.calc.quantiles import normal_quantile
from feedback_core.kpis.calc.roots import DEFAULT_TOLERANCE, uniroot
from tests.reference.goldens import golden_rows, load_golden

NAMES: dict[str, ProportionMethod] = {
    "agresti-coull": "agresti_coull",
    "asymptotic": "wald",
    "cloglog": "cloglog",
    "exact": "clopper_pearson",
    "logit": "logit",
    "probit": "probit",
    "prop.test": "wilson_cc",
    "wilson": "wilson",
    "jeffreys_equal_tailed": "jeffreys",
    "prop_test_no_correction": "wilson",
}


@pytest.mark.parametrize("name", NAMES)
def test_limits_equal_the_program(name: str) -> None:
    golden = load_golden("s02_proportion_ci")
    rows = golden_rows("s02_proportion_ci")
    assert golden["tolerance"]["default_abs"] == 1e-9
    assert len(rows) == len(golden["expected"]) == 9
    for row, expected in zip(rows, golden["expected"], strict=True):
        x, n = int(row["x"]), int(row["n"])
        interval = proportion_interval(x, n, level=float(row["conf"]), method=NAMES[name])
        assert [interval.low, interval.high] == pytest.approx(expected[name], abs=1e-9, rel=0)


def test_likelihood_ratio_limits_are_the_roots_that_the_program_stops_short_of() -> None:
    """R binom leaves uniroot at its default tolerance of 1.2e-4, so its figures are up to 3e-5 off the exact roots.

    The same search over our deviance, stopped as early, gives its figures to the stated 1e-6; run on, it gives ours.
    """
    edge = sqrt(float_info.epsilon)
    for expected in load_golden("s02_proportion_ci")["expected"]:
        x, n, p, limits = expected["x"], expected["n"], expected["x"] / expected["n"], expected["lrt"]
        exact = proportion_interval(x, n, method="likelihood_ratio")
        for side, ours, program in ((-1, exact.low, limits[0]), (1, exact.high, limits[1])):
            if p == (side + 1) / 2:
                assert ours == program == p
                continue

            def deviance(share: float, x: int = x, n: int = n, side: int = side) -> float:
                return signed_root_deviance(x, n, share) - side * normal_quantile(0.95)

            between = (edge, min(p, 1 - edge)) if side < 0 else (max(p, edge), 1 - edge)
            assert uniroot(deviance, *between) == pytest.approx(program, abs=1e-6, rel=0)
            assert uniroot(deviance, *between, tolerance=1e-15) == pytest.approx(ours, abs=1e-12, rel=0)
            assert ours == pytest.approx(program, abs=DEFAULT_TOLERANCE, rel=0)


def test_every_figure_of_the_golden_is_held_to() -> None:
    held = {*NAMES, "lrt", "x", "n", "p"}
    assert all(set(expected) == held for expected in load_golden("s02_proportion_ci")["expected"])


def test_the_estimate_is_the_share_with_wilson_limits() -> None:
    for expected in load_golden("s02_proportion_ci")["expected"]:
        estimate = proportion_estimate(expected["x"], expected["n"])
        assert estimate.interval is not None
        assert estimate.value == pytest.approx(expected["p"], abs=1e-9, rel=0)
        assert [estimate.interval.low, estimate.interval.high] == pytest.approx(expected["wilson"], abs=1e-9, rel=0)


def test_newcombes_printed_table_is_reproduced() -> None:
    for x, n, low, high in load_golden("s02_proportion_ci")["published"]["wilson"]:
        interval = proportion_interval(x, n)
        assert [interval.low, interval.high] == pytest.approx([low, high], abs=5e-5, rel=0)
