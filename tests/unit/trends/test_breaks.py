"""Several breaks: Bai-Perron and changes of mean and variance against trying every segmentation, dates, refusals."""

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_core.kit.errors import NotEstimable
from feedback_core.trends.calc import bai_perron, pelt, pelt_mean_variance
from feedback_core.trends.calc.bai_perron import _argmax_probability, _quantile
from feedback_core.trends.calc.segmentation import PenaltyName, penalty_of
from tests.unit.trends.builders import all_finite, noise

values = st.floats(-100, 100).map(lambda value: round(value, 1))
STEPS = noise(60, seed=4) + np.repeat([0.0, 3.0, 1.0], 20)
SPREADS = np.concatenate([noise(40, seed=1, sd=1.0), noise(40, seed=2, sd=6.0)])


def _segmentations(n: int, min_segment: int, count: int | None = None) -> list[list[int]]:
    counts = range(n // min_segment) if count is None else [count]
    every = ([0, *c, n] for k in counts for c in itertools.combinations(range(1, n), k))
    return [b for b in every if all(j - i >= min_segment for i, j in itertools.pairwise(b))]


def _cost(series: list[float], bounds: list[int], of: Callable[[np.ndarray], float]) -> float:
    return sum(of(np.array(series[a:b])) for a, b in itertools.pairwise(bounds))


def _squares(segment: np.ndarray) -> float:
    return float(((segment - segment.mean()) ** 2).sum())


@settings(max_examples=40, deadline=None)
@given(st.lists(values, min_size=9, max_size=12).filter(lambda v: len(set(v)) > 6), st.integers(2, 3))
def test_bai_perron_is_as_good_as_trying_every_segmentation(series: list[float], h: int) -> None:
    try:
        found = bai_perron(series, h=h, breaks=2)
    except NotEstimable:
        return
    n = len(series)
    for m, rss in enumerate(found.rss_by_m):
        tried = min(_cost(series, bounds, _squares) for bounds in _segmentations(n, h, m))
        assert rss == pytest.approx(tried, rel=1e-6, abs=1e-6)
    chosen = [0, *(point.index for point in found.breaks), n]
    assert _cost(series, chosen, _squares) == pytest.approx(found.rss_by_m[len(found.breaks)], rel=1e-6, abs=1e-6)
    assert int(np.argmin(found.bic_by_m)) == len(found.breaks)


@settings(max_examples=40, deadline=None)
@given(st.lists(values, min_size=6, max_size=10).filter(lambda v: len(set(v)) > 4), st.sampled_from(["mbic", 3.0]))
def test_mean_and_variance_are_as_good_as_trying_every_segmentation(series: list[float], penalty: PenaltyName) -> None:
    found = pelt_mean_variance(series, penalty=penalty, min_segment=2, variance_floor=0.01)

    def cost(segment: np.ndarray) -> float:
        fit = segment.size * (math.log(2 * math.pi) + math.log(max(float(segment.var()), 0.01)) + 1)
        return fit + (math.log(segment.size) if penalty == "mbic" else 0.0)

    def total(bounds: list[int]) -> float:
        return _cost(series, bounds, cost) + found.penalty * (len(bounds) - 2)

    tried = min(total(bounds) for bounds in _segmentations(len(series), 2))
    assert total([0, *found.change_points, len(series)]) == pytest.approx(tried, abs=1e-6)


def test_a_change_of_spread_alone_is_found_where_a_change_of_mean_is_not() -> None:
    found = pelt_mean_variance(SPREADS)

    assert len(found.change_points) == 1
    assert abs(found.change_points[0] - 40) <= 3
    assert found.variances[1] > 10 * found.variances[0]
    assert pelt(SPREADS, scale=float(SPREADS.std())).change_points == ()


def test_equal_neighbours_do_not_become_a_segment_with_a_floor_of_their_rounding() -> None:
    rounded = np.round(noise(60, seed=3, sd=2.0))

    assert pelt_mean_variance(rounded, min_segment=2).change_points != ()
    assert pelt_mean_variance(rounded, variance_floor=1 / 12).change_points == ()


def test_named_penalties_are_those_of_changepoint() -> None:
    assert penalty_of("mbic", 100, 1) == pytest.approx(3 * math.log(100))
    assert penalty_of("mbic", 100, 2) == pytest.approx(4 * math.log(100))
    assert penalty_of("bic", 100, 1) == penalty_of("sic", 100, 1) == pytest.approx(2 * math.log(100))
    assert penalty_of("aic", 100, 1) == 4.0
    assert penalty_of("hannan_quinn", 100, 1) == pytest.approx(4 * math.log(math.log(100)))
    assert pelt(STEPS, penalty="bic").penalty == pytest.approx(2 * math.log(60))


def test_planted_breaks_lie_within_their_dating_intervals() -> None:
    found = bai_perron(STEPS)

    assert len(found.breaks) == 2
    for point, truth in zip(found.breaks, (20, 40), strict=True):
        assert point.low is not None
        assert point.high is not None
        assert point.low <= truth <= point.high
        assert point.low < point.index < point.high
    assert found.means == pytest.approx((0.0, 3.0, 1.0), abs=0.6)


def test_the_distribution_of_a_date_is_symmetric_with_bais_quantiles_where_variances_are_equal() -> None:
    assert _argmax_probability(0.0, 1.0) == pytest.approx(0.5)
    assert _argmax_probability(3.0, 1.0) == pytest.approx(1 - _argmax_probability(-3.0, 1.0))
    assert _quantile(0.975, 1.0, 1.0) == pytest.approx(11.03, abs=0.01)
    assert _quantile(0.95, 1.0, 1.0) == pytest.approx(7.69, abs=0.01)
    assert _quantile(0.025, 1.0, -1.0) == pytest.approx(-11.03, abs=0.01)


@given(st.floats(0.05, 20), st.floats(0.01, 50))
def test_the_other_way_round_a_date_errs_the_other_way(phi: float, x: float) -> None:
    """Reading the series backwards swaps the variances and scales by them."""
    backwards = 1 - _argmax_probability(-x / phi, 1 / phi)
    assert _argmax_probability(x, phi) == pytest.approx(backwards, abs=1e-9)


def test_a_common_variance_and_a_wider_level_widen_the_dates() -> None:
    narrow, wide = bai_perron(STEPS, level=0.8), bai_perron(STEPS, level=0.99)
    common = bai_perron(STEPS, het_err=False)

    for inner, outer in zip(narrow.breaks, wide.breaks, strict=True):
        assert None not in (inner.low, inner.high, outer.low, outer.high)
        assert (outer.low or 0) <= (inner.low or 0) <= (inner.high or 0) <= (outer.high or 0)
    for point in common.breaks:
        assert point.low is not None
        assert point.high is not None
        assert point.index - point.low == point.high - point.index


def test_a_side_without_any_variance_has_no_dating_interval() -> None:
    still = np.concatenate([np.full(20, 5.0), 9.0 + noise(20, seed=2, sd=0.5)])

    found = bai_perron(still, breaks=1)

    assert [(point.index, point.low, point.high) for point in found.breaks] == [(20, None, None)]


@pytest.mark.parametrize("series", [[], [1.0], [1.0, 2.0, 3.0], [3.0] * 30])
def test_too_few_or_equal_values_are_refused(series: list[float]) -> None:
    with pytest.raises(NotEstimable):
        bai_perron(series, h=5)
    with pytest.raises(NotEstimable):
        pelt_mean_variance(series)


def test_what_cannot_be_weighed_or_fitted_in_is_refused_in_words() -> None:
    with pytest.raises(NotEstimable, match="without any error"):
        bai_perron([1.0] * 10 + [2.0] * 10, breaks=1)
    with pytest.raises(NotEstimable, match="need 30 values; there are 20"):
        bai_perron(noise(20).tolist(), h=10, breaks=2)


@pytest.mark.parametrize("options", [{"min_segment": 1}, {"penalty": -1.0}, {"variance_floor": 0.0}])
def test_options_without_sense_are_errors(options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="min_segment"):
        pelt_mean_variance(STEPS, **options)  # type: ignore[arg-type]


@settings(deadline=None)
@given(st.lists(st.floats(-1e9, 1e9), min_size=10, max_size=40))
def test_every_figure_is_finite(series: list[float]) -> None:
    for calculate in (bai_perron, pelt_mean_variance):
        try:
            found: object = calculate(series)
        except NotEstimable:
            continue
        assert all_finite(found)
