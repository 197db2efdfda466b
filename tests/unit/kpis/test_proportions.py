"""Intervals of one share: worked figures, laws that every method obeys, and independent slow solutions."""

from math import comb
from typing import get_args

import mpmath  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc import ProportionMethod, proportion_estimate, proportion_interval

METHODS: tuple[ProportionMethod, ...] = get_args(ProportionMethod)
# Agresti-Coull adds answers as the level rises, so at tiny n its outer end may turn back inwards, off the scale.
NESTED = [method for method in METHODS if method != "agresti_coull"]
SHARES = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
LEVELS = st.floats(0.8, 0.999)


def limits(x: float, n: float, method: ProportionMethod, level: float = 0.95) -> tuple[float, float]:
    interval = proportion_interval(x, n, level=level, method=method)
    return interval.low, interval.high


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        # R package binom 1.1.1.1: binom.confint(7, 10, methods = ...); Jeffreys by qbeta(c(.025, .975), 7.5, 3.5).
        ("wilson", (0.396778147461145, 0.892208732593699)),
        ("wilson_cc", (0.353670723511169, 0.919052175790006)),
        ("agresti_coull", (0.39232529797727, 0.896661582077575)),
        ("clopper_pearson", (0.347547149940003, 0.933260488822266)),
        ("jeffreys", (0.394181681851329, 0.907305406061847)),
        ("logit", (0.376318072654878, 0.900231684428323)),
        ("probit", (0.384957137708888, 0.910086526740248)),
        ("cloglog", (0.328716593279735, 0.891949041224844)),
        ("wald", (0.415974234910675, 0.984025765089325)),
    ],
)
def test_worked_figures(method: ProportionMethod, expected: tuple[float, float]) -> None:
    assert limits(7, 10, method) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("method", [method for method in METHODS if method not in {"wald", "agresti_coull"}])
def test_none_and_all_end_exactly_at_the_end_of_the_scale_with_width(method: ProportionMethod) -> None:
    low, high = limits(0, 20, method)
    assert low == 0.0
    assert 0.05 < high < 0.25
    low, high = limits(20, 20, method)
    assert 0.75 < low < 0.95
    assert high == 1.0


def test_an_estimate_is_cut_to_the_scale_where_the_method_leaves_it() -> None:
    raw = proportion_interval(0, 20, method="agresti_coull")
    cut = proportion_estimate(0, 20, method="agresti_coull").interval
    assert raw.low < 0
    assert cut is not None
    assert (cut.low, cut.high) == (0.0, raw.high)


def test_an_estimate_carries_its_plug_in_error_unless_that_claims_certainty() -> None:
    assert proportion_estimate(30, 100).standard_error == pytest.approx((0.3 * 0.7 / 100) ** 0.5)
    assert proportion_estimate(0, 100).standard_error is None
    assert proportion_estimate(1, 1).warnings == ("Only 1 answer: read the interval before the figure.",)
    assert proportion_estimate(30, 100).warnings == ()


def test_nobody_answered_is_refused() -> None:
    with pytest.raises(NotEstimable):
        proportion_estimate(0, 0)


@pytest.mark.parametrize(("x", "n"), [(-1, 5), (6, 5)])
def test_what_is_no_share_is_refused(x: int, n: int) -> None:
    with pytest.raises(ValueError, match="not a share"):
        proportion_interval(x, n)


@settings(deadline=None)
@given(SHARES, LEVELS, st.sampled_from(METHODS))
def test_limits_hold_the_share(share: tuple[int, int], level: float, method: ProportionMethod) -> None:
    x, n = share
    low, high = limits(x, n, method, level)
    assert low <= x / n + 1e-15
    assert high >= x / n - 1e-15


@settings(deadline=None)
@given(SHARES, LEVELS, st.sampled_from(sorted(set(METHODS) - {"cloglog"})))
def test_counting_failures_mirrors_the_limits(share: tuple[int, int], level: float, method: ProportionMethod) -> None:
    x, n = share
    low, high = limits(x, n, method, level)
    assert limits(n - x, n, method, level) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@settings(deadline=None)
@given(SHARES, LEVELS, LEVELS, st.sampled_from(NESTED))
def test_more_confidence_never_narrows(
    share: tuple[int, int], one: float, other: float, method: ProportionMethod
) -> None:
    inner, outer = (limits(*share, method, level) for level in sorted((one, other)))
    assert outer[0] <= inner[0] + 1e-12
    assert inner[1] <= outer[1] + 1e-12


@settings(deadline=None)
@given(SHARES, LEVELS)
def test_wilson_limits_solve_the_score_equation(share: tuple[int, int], level: float) -> None:
    x, n = share
    z_squared = float(2 * mpmath.erfinv(mpmath.mpf(level)) ** 2)
    for limit in limits(x, n, "wilson", level):
        assert (x / n - limit) ** 2 == pytest.approx(z_squared * limit * (1 - limit) / n, rel=1e-7, abs=1e-15)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_clopper_pearson_leaves_a_fortieth_of_the_binomial_on_each_side(share: tuple[int, int]) -> None:
    x, n = share
    low, high = limits(x, n, "clopper_pearson")
    if x > 0:
        assert sum(comb(n, k) * low**k * (1 - low) ** (n - k) for k in range(x, n + 1)) == pytest.approx(0.025)
    if x < n:
        assert sum(comb(n, k) * high**k * (1 - high) ** (n - k) for k in range(x + 1)) == pytest.approx(0.025)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_jeffreys_leaves_a_fortieth_of_the_beta_on_each_side(share: tuple[int, int]) -> None:
    x, n = share
    low, high = limits(x, n, "jeffreys")
    below = [float(mpmath.betainc(x + 0.5, n - x + 0.5, 0, limit, regularized=True)) for limit in (low, high)]
    if x > 0:
        assert below[0] == pytest.approx(0.025, abs=1e-10)
    if x < n:
        assert below[1] == pytest.approx(0.975, abs=1e-10)


@settings(deadline=None)
@given(SHARES)
def test_likelihood_ratio_limits_lose_exactly_half_the_squared_quantile(share: tuple[int, int]) -> None:
    x, n = share
    p = mpmath.mpf(x) / n

    def log_likelihood(q: mpmath.mpf) -> mpmath.mpf:
        return (x * mpmath.log(q) if x else 0) + ((n - x) * mpmath.log(1 - q) if x < n else 0)

    for limit in limits(x, n, "likelihood_ratio"):
        if limit not in {0.0, 1.0}:
            lost = 2 * (log_likelihood(p) - log_likelihood(mpmath.mpf(limit)))
            assert float(lost) == pytest.approx(3.841458820694124, rel=1e-9)


@settings(deadline=None)
@given(SHARES, st.floats(1.1, 5))
def test_an_effective_n_below_n_widens(share: tuple[int, int], design_effect: float) -> None:
    x, n = share
    low, high = limits(x, n, "wilson")
    effective_low, effective_high = limits(x / design_effect, n / design_effect, "wilson")
    assert effective_high - effective_low > high - low
