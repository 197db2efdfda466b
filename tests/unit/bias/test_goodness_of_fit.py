"""Goodness of fit and standardised differences against the frame."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from feedback_core.bias.calc import (
    design_based_fit,
    goodness_of_fit,
    mean_difference,
    share_differences,
    standardised_difference,
)
from feedback_core.kit.errors import NotEstimable
from feedback_core.weighting.calc import Design

COUNTS_AND_PARTS = st.integers(2, 6).flatmap(
    lambda k: st.tuples(
        st.lists(st.integers(0, 500), min_size=k, max_size=k).filter(any),
        st.lists(st.integers(1, 500), min_size=k, max_size=k),
    )
)


def test_school_types_against_the_frame() -> None:
    # R 4.2.2, chisq.test of apiclus1's school types against the population's (golden s14).
    fit = goodness_of_fit([144, 14, 25], [4421 / 6194, 755 / 6194, 1018 / 6194])

    assert fit.statistic == pytest.approx(5.32106003364734, rel=1e-8)
    assert (fit.degrees_of_freedom, fit.n) == (2, 183)
    assert fit.p_value == pytest.approx(0.0699111578334609, rel=1e-8)
    assert fit.standardised_residuals == pytest.approx(
        [2.18865690893994, -1.8768016986053, -1.01260768697314], rel=1e-8
    )
    assert fit.gaps == pytest.approx([7.31299988884007, -4.53894214566891, -2.77405774317116], rel=1e-8)
    assert fit.cohen_w == pytest.approx(0.170519297397562, rel=1e-8)
    assert fit.likelihood_ratio == pytest.approx(5.80604210924342, rel=1e-8)
    assert fit.dissimilarity == pytest.approx(0.0731299988884007, rel=1e-8)
    assert fit.warnings == ()


@settings(deadline=None)
@given(COUNTS_AND_PARTS)
def test_its_figures_hold_together(table: tuple[list[int], list[int]]) -> None:
    counts, parts = table
    fit = goodness_of_fit(counts, [part / sum(parts) for part in parts])

    assert sum(fit.expected) == pytest.approx(sum(counts))
    assert sum(fit.gaps) == pytest.approx(0, abs=1e-9)
    assert 0 <= fit.p_value <= 1
    assert 0 <= fit.dissimilarity <= 1
    assert fit.cohen_w**2 * fit.n == pytest.approx(fit.statistic)
    assert all(map(math.isfinite, [*fit.standardised_residuals, fit.likelihood_ratio, fit.statistic]))
    assert bool(fit.warnings) == any(expected < 5 for expected in fit.expected)


@settings(deadline=None)
@given(st.integers(1, 300), st.integers(1, 300), st.floats(0.01, 0.99))
def test_with_two_categories_the_design_based_test_is_that_of_one_share(yes: int, no: int, share: float) -> None:
    n, heard = yes + no, yes / (yes + no)
    assume(n > 2)

    fit = design_based_fit(np.repeat([0, 1], [yes, no]), [share, 1 - share], Design(np.ones(n)))

    assert fit.degrees_of_freedom == pytest.approx(1)
    squared = (heard - share) ** 2 / (heard * (1 - heard) / (n - 1))
    assert fit.statistic / fit.scale == pytest.approx(squared, rel=1e-6, abs=1e-9)


def test_counted_rows_of_a_domain_are_tested_as_their_respondents() -> None:
    rows = Design(np.array([1.0, 2.0, 1.0, 3.0]), counts=np.array([4, 2, 5, 9]))
    inside = rows.within(np.array([True, True, True, False]))
    each = np.repeat([0, 0, 1], [4, 2, 5])
    alone = Design(np.repeat([1.0, 2.0, 1.0, 3.0], [4, 2, 5, 9])).within(np.repeat([True, False], [11, 9]))

    counted = design_based_fit(np.array([0, 0, 1, 1]), [0.6, 0.4], inside)

    assert counted.statistic == pytest.approx((8 - 7.8) ** 2 / 7.8 + (5 - 5.2) ** 2 / 5.2)
    of_each = design_based_fit(np.concatenate([each, np.ones(9, dtype=np.int64)]), [0.6, 0.4], alone)
    assert counted.p_value == pytest.approx(of_each.p_value)


@pytest.mark.parametrize(
    ("counts", "shares"), [([0, 0], [0.5, 0.5]), ([5], [1.0]), ([5, 5], [1.0, 0.0]), ([5, 5], [math.nan, 0.5])]
)
def test_it_refuses_in_words(counts: list[int], shares: list[float]) -> None:
    with pytest.raises(NotEstimable, match=r"[a-z]{4}"):
        goodness_of_fit(counts, shares)


def test_a_sample_without_spread_has_no_design_based_test() -> None:
    with pytest.raises(NotEstimable, match="no spread"):
        design_based_fit(np.zeros(5, dtype=np.int64), [0.5, 0.5], Design(np.ones(5)))


def test_differences_in_standard_deviations_of_the_frame() -> None:
    # Python balance 0.23.0, sim_data_01 (golden s11): 268, 644 and 88 of 1,000 against 4551, 4551 and 898 of 10,000.
    differences = share_differences([0.268, 0.644, 0.088], [0.4551, 0.4551, 0.0898], frame_size=10_000)

    assert differences == pytest.approx([0.3756991824312029, 0.37931360535143904, 0.006295702614353255], rel=1e-7)


def test_every_attribute_counts_once() -> None:
    assert mean_difference([[0.1, 0.3], [0.4, 0.4, 0.4, 0.4]]) == pytest.approx(0.3)


def test_a_frame_that_does_not_vary_is_refused() -> None:
    with pytest.raises(NotEstimable, match="vary"):
        standardised_difference(1.0, 2.0, 0.0)
    with pytest.raises(NotEstimable, match="vary"):
        share_differences([0.5], [1.0])
    with pytest.raises(NotEstimable, match="no attribute"):
        mean_difference([])
