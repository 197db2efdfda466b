"""Intervals of a weighted share: R's figures, laws of every method, none and all, refusals."""

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc import proportion_interval
from feedback_core.weighting.calc import (
    DesignProportionMethod,
    Linearised,
    design_proportion_interval,
    weighted_proportion,
)
from tests.unit.weighting.schools import stratified_column, stratified_design

METHODS: tuple[DesignProportionMethod, ...] = get_args(DesignProportionMethod)
SHARES = st.builds(
    lambda p, effect, n, df: Linearised(p, (effect * p * (1 - p) / n) ** 0.5, min(df, n - 1), n, n / 1.2),
    st.floats(0.001, 0.999),
    st.floats(0.2, 8),
    st.integers(3, 5000),
    st.integers(1, 5000),
)


@pytest.mark.parametrize(
    ("method", "expected", "tolerance"),
    [
        # R 4.2.2, survey 4.1-1: svyciprop(~I(sch.wide == "Yes"), dstrat, method = ...) (golden s06).
        ("logit", (0.774539654351568, 0.870814854544508), 1e-7),
        ("likelihood", (0.776411853428491, 0.872415866051528), 1e-5),
        ("asin", (0.77741790823432, 0.873178834149903), 1e-7),
        ("beta", (0.774171328597313, 0.873431592620735), 1e-7),
        ("mean", (0.779938180972881, 0.875957841858766), 1e-7),
        ("xlogit", (0.774539654746768, 0.870814854943599), 1e-7),
    ],
)
def test_the_share_of_schools_that_met_their_target(
    method: DesignProportionMethod, expected: tuple[float, float], tolerance: float
) -> None:
    share = weighted_proportion(stratified_column(1), stratified_design())
    interval = design_proportion_interval(share, method=method)

    assert (interval.low, interval.high) == pytest.approx(expected, abs=tolerance)
    assert interval.method == method


@settings(deadline=None)
@given(SHARES, st.sampled_from(METHODS), st.floats(0.5, 0.99))
def test_every_interval_holds_the_share_inside_the_scale_and_grows_with_the_level(
    share: Linearised, method: DesignProportionMethod, level: float
) -> None:
    narrow = design_proportion_interval(share, level=level, method=method)
    wide = design_proportion_interval(share, level=(1 + level) / 2, method=method)

    assert narrow.low <= share.value <= narrow.high
    assert wide.low <= narrow.low
    assert narrow.high <= wide.high
    if method != "mean":
        assert 0 <= wide.low <= wide.high <= 1


@settings(deadline=None)
@given(SHARES, st.sampled_from(METHODS))
def test_the_share_of_the_others_has_the_mirrored_interval(share: Linearised, method: DesignProportionMethod) -> None:
    others = Linearised(1 - share.value, share.standard_error, share.degrees_of_freedom, share.n, share.n_effective)
    one, other = (design_proportion_interval(each, method=method) for each in (share, others))

    assert (one.low, one.high) == pytest.approx((1 - other.high, 1 - other.low), abs=1e-9)


@pytest.mark.parametrize(("method", "plain"), [("beta", "clopper_pearson"), ("wilson", "wilson")])
def test_independent_answers_of_equal_weight_get_the_plain_interval(method: DesignProportionMethod, plain: str) -> None:
    interval = design_proportion_interval(Linearised(0.3, (0.3 * 0.7 / 40) ** 0.5, 39, 40, 40.0), method=method)
    expected = proportion_interval(12, 40, method="wilson" if plain == "wilson" else "clopper_pearson")

    assert (interval.low, interval.high) == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize("method", METHODS)
def test_none_and_all_get_the_exact_limits_of_the_effective_number(method: DesignProportionMethod) -> None:
    none = design_proportion_interval(Linearised(0.0, 0.0, 49, 50, 25.0), method=method)
    every = design_proportion_interval(Linearised(1.0 - 1e-16, 0.0, 49, 50, 25.0), method=method)
    clustered = design_proportion_interval(Linearised(0.0, 0.0, 4, 50, 25.0), method=method)

    assert (none.low, none.high) == pytest.approx((0.0, 1 - 0.025 ** (1 / 25)))
    assert (every.low, every.high) == pytest.approx((0.025 ** (1 / 25), 1.0))
    assert clustered.high > none.high
    assert none.method == "beta_effective_n"


def test_a_share_that_the_design_fixes_has_no_interval() -> None:
    with pytest.raises(NotEstimable, match="fixes"):
        design_proportion_interval(Linearised(0.7, 0.0, 197, 200, 190.0))


def test_without_a_degree_of_freedom_there_is_no_interval() -> None:
    with pytest.raises(NotEstimable, match="clusters than strata"):
        design_proportion_interval(Linearised(0.7, 0.1, 0, 1, 1.0))


@pytest.mark.parametrize(("value", "level"), [(1.2, 0.95), (-0.1, 0.95), (0.5, 1.0)])
def test_what_is_no_share_or_no_level_is_a_mistake_of_the_caller(value: float, level: float) -> None:
    with pytest.raises(ValueError, match=r"share|level"):
        design_proportion_interval(Linearised(value, 0.1, 10, 11, 11.0), level=level)
