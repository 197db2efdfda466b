"""Trimming to bounds."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from feedback_core.weighting.calc import (
    BoundsImpossible,
    trim_to_mean_ratio,
    trim_to_percentiles,
    trim_weights,
)

# R survey 4.1-1, trimWeights() on the raked apiclus1 (golden s08): schools and weights in cells of
# E:No, H:No, M:No, E:Yes, H:Yes, M:Yes.
COUNTS = [12, 3, 8, 132, 11, 17]
RAKED = [39.8392362469351, 67.1255292412626, 49.0690721641239, 29.870675492628, 50.3294011162406, 36.7910248643798]
ONCE_20_55 = [40.0413284009561, 55, 49.2711643181449, 30.072767646649, 50.5314932702616, 36.9931170184009]
STRICT_30_45 = [44.6834342587393, 45, 45, 30, 45, 41.635222876184]


@pytest.mark.parametrize(
    ("lower", "upper", "strict", "expected"), [(20, 55, False, ONCE_20_55), (30, 45, True, STRICT_30_45)]
)
def test_trimming_as_the_survey_package(lower: float, upper: float, strict: bool, expected: list[float]) -> None:
    trimmed = trim_weights(np.repeat(RAKED, COUNTS), lower=lower, upper=upper, strict=strict)

    assert trimmed.weights == pytest.approx(np.repeat(expected, COUNTS), rel=1e-7)


@settings(deadline=None)
@given(st.lists(st.floats(0.01, 100), min_size=2, max_size=20))
def test_strict_trimming_ends_inside_the_bounds_with_the_same_sum(weights: list[float]) -> None:
    mean = sum(weights) / len(weights)

    try:
        trimmed = trim_weights(weights, lower=mean / 3, upper=2 * mean, strict=True)
    except BoundsImpossible as refused:
        assume("Every weight is outside" not in refused.detail)
        raise

    assert trimmed.weights.min() >= mean / 3 * (1 - 1e-9)
    assert trimmed.weights.max() <= 2 * mean * (1 + 1e-9)
    assert trimmed.weights.sum() == pytest.approx(sum(weights))


def test_weights_inside_the_bounds_are_left_alone() -> None:
    trimmed = trim_weights([1.0, 2.0, 3.0], lower=1, upper=3, strict=True)

    assert (trimmed.weights.tolist(), trimmed.trimmed, trimmed.passes) == ([1.0, 2.0, 3.0], 0, 0)


@pytest.mark.parametrize(
    ("weights", "lower", "upper"),
    [
        ([1.0, 2.0], 3, 2),
        ([1.0, 2.0], 2, 4),
        ([1.0, 2.0], 0, 1.2),
        ([1.0, 9.0], 4, 6),
        ([], 0, 1),
        ([1.0, float("nan")], 0, 1),
    ],
)
def test_impossible_bounds_are_refused(weights: list[float], lower: float, upper: float) -> None:
    with pytest.raises(BoundsImpossible):
        trim_weights(weights, lower=lower, upper=upper, strict=True)


def test_trimming_to_the_mean_ratio_scales_back() -> None:
    trimmed = trim_to_mean_ratio([1.0, 1.0, 1.0, 9.0], 2)

    assert trimmed.weights == pytest.approx([12 / 9, 12 / 9, 12 / 9, 6 * 12 / 9])
    assert trimmed.trimmed == 1
    counted = trim_to_mean_ratio([1.0, 9.0], 2, counts=[3, 1])
    assert counted.weights == pytest.approx(trimmed.weights[[0, 3]])


def test_trimming_to_percentiles_as_balance_documents() -> None:
    # Of 1 … 100, 1 % becomes 1.1 %: from 3 to 98; (0, 5 %) becomes 5.5 %: to 94.
    weights = np.arange(1.0, 101)
    both, upper = trim_to_percentiles(weights, 0.01), trim_to_percentiles(weights, (0.0, 0.05))

    assert both.weights / both.weights[49] * 50 == pytest.approx(np.clip(weights, 3, 98))
    assert upper.weights / upper.weights[49] * 50 == pytest.approx(np.clip(weights, None, 94))
    assert both.weights.sum() == pytest.approx(weights.sum())
    assert (both.trimmed, upper.trimmed) == (4, 6)


@given(
    st.lists(st.tuples(st.integers(1, 50), st.integers(1, 5)), min_size=1, max_size=12),
    st.floats(0.01, 0.4),
)
def test_counted_weights_are_trimmed_as_one_by_one(cells: list[tuple[int, int]], share: float) -> None:
    weights, counts = np.array([w for w, _ in cells], dtype=float), np.array([n for _, n in cells])

    counted = trim_to_percentiles(weights, share, counts=counts)
    each = trim_to_percentiles(np.repeat(weights, counts), share)

    assert np.repeat(counted.weights, counts) == pytest.approx(each.weights, rel=1e-12)
    assert counted.trimmed == each.trimmed


def test_equal_weights_are_left_alone() -> None:
    assert trim_to_percentiles([2.0, 2.0, 2.0], 0.1).trimmed == 0
    assert trim_to_mean_ratio([2.0, 2.0, 2.0], 1.5).trimmed == 0


def test_trimming_that_leaves_nothing_is_refused() -> None:
    with pytest.raises(BoundsImpossible, match="no weight between"):
        trim_to_percentiles([1.0, 2.0], 0.5)
    with pytest.raises(BoundsImpossible, match="at least 0"):
        trim_to_percentiles([1.0, 2.0], (-0.1, 0.1))
    with pytest.raises(BoundsImpossible, match="above 1"):
        trim_to_mean_ratio([1.0, 2.0], 1.0)
    with pytest.raises(BoundsImpossible, match="finite"):
        trim_to_mean_ratio([1.0, float("inf")], 2.0)
