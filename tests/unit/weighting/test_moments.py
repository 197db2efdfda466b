"""Several means, variances and design effects: simple random samples, R's figures, refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_core.kit.errors import NotEstimable
from feedback_core.weighting.calc import (
    Design,
    mean_design_effect,
    total_design_effect,
    weighted_mean,
    weighted_means,
    weighted_variance,
)
from tests.unit.weighting.schools import clustered

SCORES = st.lists(st.integers(0, 10), min_size=2, max_size=30).filter(lambda scores: len(set(scores)) > 1)


def test_design_effects_of_schools_drawn_by_district() -> None:
    # R 4.2.2, survey 4.1-1: deff(svymean(~factor(stype), dclus1, deff = TRUE)) (golden s05).
    types, design = clustered()
    effects = [mean_design_effect(types == kind, design) for kind in range(3)]

    assert effects == pytest.approx([2.40114506876045, 1.90802483952695, 1.39772718074124], rel=1e-9)


@settings(deadline=None)
@given(SCORES)
def test_a_simple_random_sample_has_design_effect_one(scores: list[int]) -> None:
    n = len(scores)
    endless = Design(np.full(n, 2.0))
    finite = Design(np.full(n, 2.0), population=np.full(n, 2.0 * n))

    assert mean_design_effect(scores, endless, replace=True) == pytest.approx(1)
    assert mean_design_effect(scores, finite) == pytest.approx(1)


@settings(deadline=None)
@given(SCORES)
def test_with_equal_weights_the_variance_is_the_sample_s(scores: list[int]) -> None:
    variance = weighted_variance(scores, Design(np.full(len(scores), 3.0)))
    gaps = (np.array(scores) - np.mean(scores)) ** 2 * len(scores) / (len(scores) - 1)

    assert variance.value == pytest.approx(np.var(scores, ddof=1))
    assert variance.standard_error == pytest.approx(gaps.std(ddof=1) / len(scores) ** 0.5, abs=1e-9)


def test_means_come_with_the_covariance_of_a_simple_random_sample() -> None:
    scores = np.array([[1.0, 4.0], [3.0, 1.0], [8.0, 2.0], [2.0, 2.0]])
    design = Design(np.ones(4))
    means = weighted_means(scores, design)

    assert means.covariance == pytest.approx(np.cov(scores.T) / 4)
    assert means.figures == tuple(weighted_mean(column, design) for column in scores.T)


def test_a_total_varies_with_the_number_of_people_as_well() -> None:
    clusters = np.array([0, 0, 0, 1, 2])
    design = Design(np.full(5, 4.0), clusters=clusters)
    scores = [5.0, 5.0, 5.0, 5.0, 6.0]
    assert total_design_effect(scores, design) > 10 * mean_design_effect(scores, design)


def test_answers_all_alike_have_variance_zero_and_no_design_effect() -> None:
    design = Design(np.array([1.0, 2.0, 4.0]))
    alike = [0.1, 0.1, 0.1]

    variance = weighted_variance(alike, design)
    assert (variance.value, variance.standard_error) == (0, 0)
    with pytest.raises(NotEstimable, match="no spread"):
        mean_design_effect(alike, design)


def test_weights_that_sum_to_the_respondents_need_a_comparison_with_replacement() -> None:
    design = Design(np.array([0.5, 1.5, 1.0]))
    with pytest.raises(NotEstimable, match="weights sum to no more"):
        mean_design_effect([1.0, 2.0, 4.0], design)
    assert mean_design_effect([1.0, 2.0, 4.0], design, replace=True) > 0


def test_one_respondent_of_a_domain_has_no_variance() -> None:
    design = Design(np.ones(3)).within(np.array([True, False, False]))
    with pytest.raises(NotEstimable, match="at least two"):
        weighted_variance([1.0, 2.0, 3.0], design)
