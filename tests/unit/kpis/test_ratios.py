"""Ratios of totals, against a regression without intercept and by their laws."""

import math
from fractions import Fraction

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc.ratios import compare_ratios, ratio_estimate, ratio_of_sums, sums_of
from feedback_core.kpis.types import NO_PAIRS

PAIRS = st.dictionaries(
    st.tuples(st.integers(0, 9).map(float), st.integers(1, 9).map(float)), st.integers(1, 9), min_size=2, max_size=8
)


@given(PAIRS)
def test_the_error_is_that_of_a_weighted_regression(pairs: dict[tuple[float, float], int]) -> None:
    # A ratio is the slope of y on x weighted by 1/x; its robust (HC1) error is the linearised one.
    y = np.array([pair[0] for pair, n in pairs.items() for _ in range(n)])
    x = np.array([pair[1] for pair, n in pairs.items() for _ in range(n)])

    estimate = ratio_estimate(pairs)

    fitted = sm.WLS(y, x, weights=1 / x).fit(cov_type="HC1")
    assert estimate.value == pytest.approx(fitted.params[0])
    assert (estimate.standard_error or 0.0) == pytest.approx(fitted.bse[0], abs=1e-7)


def test_without_a_denominator_there_is_no_ratio() -> None:
    for pairs in ({}, {(1.0, 0.0): 5}):
        with pytest.raises(NotEstimable):
            ratio_estimate(pairs)


def test_equal_ratios_do_not_differ() -> None:
    pairs = {(0.0, 2.0): 20, (1.0, 2.0): 20}

    assert compare_ratios(pairs, pairs).beyond_sampling_error is False
    assert compare_ratios({(2.0, 2.0): 20, (1.0, 2.0): 20}, pairs).beyond_sampling_error
    assert compare_ratios({(1.0, 2.0): 3}, {(1.0, 2.0): 3}).p_value is None


def test_sums_lose_no_digit_where_their_squares_nearly_cancel() -> None:
    # Amounts in the billions of which only the cents differ: in floats, the squares cancel to noise.
    pairs = {(1e9 + 0.25 * number, 1e9): 3 for number in range(8)}
    sums = sums_of(pairs)

    estimate = ratio_of_sums(sums)

    n, ratio = 24, sum(Fraction(y) for y, _ in pairs) / sum(Fraction(x) for _, x in pairs)
    squares = 3 * sum((Fraction(y) - ratio * Fraction(x)) ** 2 for y, x in pairs)
    expected = math.sqrt(Fraction(n, n - 1) * squares / (3 * sum(Fraction(x) for _, x in pairs)) ** 2)
    assert estimate.standard_error == pytest.approx(expected, rel=1e-14)
    assert estimate == ratio_estimate(pairs)
    assert sums + NO_PAIRS == sums
