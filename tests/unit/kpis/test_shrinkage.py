"""Shrinkage of means, scores and shares: laws, likelihoods maximised by brute force, refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import betabinom, multivariate_normal

from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc import (
    HeterogeneityMethod,
    NpsCounts,
    Share,
    moments,
    pooled_within_variance,
    shrink_by,
    shrink_group_means,
    shrink_means,
    shrink_nps,
    shrink_ratings,
    shrink_shares,
)

MEANS = [4.5, 3.5, 4.0, 3.67, 4.33, 3.6, 4.2]
VARIANCES = [0.08, 0.18, 0.14, 0.1, 0.03, 0.004, 0.02]
METHODS: tuple[HeterogeneityMethod, ...] = ("DL", "PM", "REML")
RATINGS = [{5: 6, 4: 2, 1: 1}, {3: 4, 2: 4, 5: 1}, {4: 9, 3: 3}, {1: 1, 5: 3}, {4: 1}]


def restricted_log_likelihood(tau2: float) -> float:
    """By the density of contrasts, which know nothing of the common mean."""
    contrasts = np.linalg.svd(np.ones((1, len(MEANS))))[2][1:]
    covariance = contrasts @ np.diag(np.array(VARIANCES) + tau2) @ contrasts.T
    return float(multivariate_normal(cov=covariance).logpdf(contrasts @ MEANS))


def test_reml_has_the_highest_likelihood_of_contrasts() -> None:
    tau2 = shrink_means(MEANS, VARIANCES, method="REML").tau2
    best = restricted_log_likelihood(tau2)
    assert all(restricted_log_likelihood(other) <= best for other in np.linspace(0, 1, 400))
    assert best - restricted_log_likelihood(tau2 * 1.001) < 1e-5


def test_raw_ratings_have_the_highest_restricted_likelihood() -> None:
    values = np.array([value for counts in RATINGS for value, n in counts.items() for _ in range(n)], dtype=float)
    group = np.repeat(np.arange(len(RATINGS)), [sum(counts.values()) for counts in RATINGS])
    contrasts = np.linalg.svd(np.ones((1, values.size)))[2][1:]
    same = (group[:, None] == group).astype(float)

    def deviance(logs: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
        covariance = contrasts @ (np.exp(logs[0]) * same + np.exp(logs[1]) * np.eye(values.size)) @ contrasts.T
        return -float(multivariate_normal(cov=covariance).logpdf(contrasts @ values))

    slow = minimize(deviance, [-1.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10})
    result = shrink_ratings(RATINGS)
    assert (result.tau2, result.sigma2) == pytest.approx(np.exp(slow.x).tolist(), rel=1e-5)
    assert result.intraclass_correlation == pytest.approx(result.tau2 / (result.tau2 + result.sigma2))


@pytest.mark.parametrize("method", METHODS)
def test_the_units_do_not_matter(method: HeterogeneityMethod) -> None:
    here = shrink_means(MEANS, VARIANCES, method=method)
    there = shrink_means([50 + 1e6 * mean for mean in MEANS], [1e12 * v for v in VARIANCES], method=method)
    # Paule and Mandel's is found to 1.2e-4 of its own units.
    near = 1e-4 if method == "PM" else 1e-9
    assert there.tau2 == pytest.approx(1e12 * here.tau2, rel=near)
    assert [g.shrunk for g in there.groups] == pytest.approx([50 + 1e6 * g.shrunk for g in here.groups], rel=near)


def test_paule_and_mandel_make_q_its_expectation() -> None:
    result = shrink_means(MEANS, VARIANCES, method="PM")
    weights = 1 / (result.tau2 + np.array(VARIANCES))
    assert weights @ (np.array(MEANS) - result.mu) ** 2 == pytest.approx(len(MEANS) - 1, rel=1e-4)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(0.01, 3)), min_size=2, max_size=9), st.sampled_from(METHODS))
def test_groups_move_towards_the_common_mean_the_more_the_less_is_known(
    groups: list[tuple[float, float]], method: HeterogeneityMethod
) -> None:
    result = shrink_means([mean for mean, _ in groups], [v for _, v in groups], method=method)
    assert result.tau2 >= 0
    assert 0 <= result.i2 <= 100
    for (mean, variance), group in zip(groups, result.groups, strict=True):
        assert group.shrunk - result.mu == pytest.approx(group.reliability * (mean - result.mu), abs=1e-9)
        assert 0 <= group.reliability <= 1
        assert group.reliability == pytest.approx(result.tau2 / (result.tau2 + variance))
        assert group.interval().low < group.shrunk < group.interval().high


def test_equal_means_are_no_difference_and_all_become_one() -> None:
    for method in METHODS:
        result = shrink_means([4.0, 4.01, 3.99], [0.5, 0.2, 0.3], method=method)
        assert result.tau2 == 0
        assert {round(group.shrunk, 12) for group in result.groups} == {round(result.mu, 12)}
        assert result.warnings
        assert result.groups[0].standard_error == pytest.approx(result.se_mu)


def test_ratings_that_differ_by_chance_only_become_one() -> None:
    result = shrink_ratings([{5: 6, 4: 3, 1: 1}, {5: 12, 4: 6, 1: 2}, {5: 3, 4: 2}])
    assert (result.tau2, result.intraclass_correlation) == (0, 0)
    assert [group.shrunk for group in result.groups] == pytest.approx([result.mu] * 3)
    assert result.mu == pytest.approx(moments({5: 21, 4: 11, 1: 3}).mean)
    assert result.sigma2 == pytest.approx(moments({5: 21, 4: 11, 1: 3}).variance)
    assert result.warnings


def test_probability_above_a_target() -> None:
    group = shrink_by([3.0, 5.0], [1.0, 1.0], tau2=1.0).groups[0]
    assert group.probability_above(group.shrunk) == pytest.approx(0.5)
    assert group.probability_above(group.interval(0.9).low) == pytest.approx(0.95)


def test_scores_are_points_with_pooled_variance() -> None:
    groups = [NpsCounts(30, 10, 10), NpsCounts(5, 10, 25), NpsCounts(1, 0, 0)]
    result = shrink_nps(groups, method="DL")
    assert [group.raw for group in result.groups] == pytest.approx([40, -50, 100])
    tables = [moments({100: g.promoters, 0: g.passives, -100: g.detractors}) for g in groups]
    pooled = pooled_within_variance(tables)
    assert result.groups[2].reliability == pytest.approx(result.tau2 / (result.tau2 + pooled))


@pytest.mark.parametrize(
    ("means", "variances", "why"),
    [
        ([4.0], [0.1], "One group"),
        ([], [], "One group"),
        ([4.0, 3.0], [0.1, 0.0], "pooled"),
        ([4.0, 3.0], [0.1, float("inf")], "pooled"),
        ([4.0, float("nan")], [0.1, 0.1], "not a finite"),
    ],
)
def test_means_are_refused_in_words(means: list[float], variances: list[float], why: str) -> None:
    with pytest.raises(NotEstimable, match=why):
        shrink_means(means, variances)


@pytest.mark.parametrize(
    ("groups", "why"),
    [
        ([{4: 1}, {5: 1}], "two answers"),
        ([{4: 3}, {5: 2}], "alike"),
        ([{4: 3, 5: 1}, {}], "Nobody"),
        ([{4: 3, 5: 1}], "One group"),
    ],
)
def test_ratings_are_refused_in_words(groups: list[dict[int, int]], why: str) -> None:
    with pytest.raises(NotEstimable, match=why):
        shrink_ratings(groups)


def test_own_variances_need_spread_in_every_group() -> None:
    with pytest.raises(NotEstimable, match="pool"):
        shrink_group_means([moments({4: 3, 5: 1}), moments({5: 4})], within="own")


def test_a_negative_variance_between_is_no_variance() -> None:
    with pytest.raises(ValueError, match="not below 0"):
        shrink_by([1.0, 2.0], [1.0, 1.0], tau2=-0.1)


SHARES = [Share(18, 20), Share(3, 12), Share(40, 80), Share(9, 30), Share(2, 2), Share(55, 70)]


def test_shares_have_the_highest_beta_binomial_likelihood() -> None:
    x, n = [share.successes for share in SHARES], [share.n for share in SHARES]

    def deviance(logs: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
        return -float(np.sum(betabinom.logpmf(x, n, *np.exp(logs))))

    slow = minimize(deviance, [0.5, 0.5], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12})
    alpha, beta = np.exp(slow.x)
    result = shrink_shares(SHARES)
    assert result.strength == pytest.approx(alpha + beta, rel=1e-5)
    assert result.mean == pytest.approx(alpha / (alpha + beta), rel=1e-5)
    assert result.overdispersion == pytest.approx(1 / (alpha + beta + 1), rel=1e-5)
    for share, group in zip(SHARES, result.groups, strict=True):
        assert group.shrunk == pytest.approx((alpha + share.successes) / (alpha + beta + share.n), rel=1e-5)
        assert group.shrunk == pytest.approx(result.mean + group.reliability * (group.raw - result.mean))
        assert group.interval(0.9).low < group.shrunk < group.interval(0.9).high
        assert group.probability_above(group.interval(0.9).low) == pytest.approx(0.95)


def test_shares_that_differ_by_chance_only_become_one() -> None:
    result = shrink_shares([Share(10, 20), Share(21, 40), Share(49, 100)])
    assert result.strength is None
    assert {group.shrunk for group in result.groups} == {0.5}
    assert result.warnings


def test_exchanging_what_counts_mirrors_the_shares() -> None:
    mirrored = shrink_shares([Share(share.failures, share.n) for share in SHARES])
    assert [1 - group.shrunk for group in mirrored.groups] == pytest.approx(
        [group.shrunk for group in shrink_shares(SHARES).groups], rel=1e-9
    )


@pytest.mark.parametrize(
    ("groups", "why"),
    [
        ([Share(3, 9)], "One group"),
        ([Share(1, 1), Share(0, 1)], "two answers"),
        ([Share(0, 9), Share(0, 4)], "None or all"),
        ([Share(0, 9), Share(4, 4)], "either none or all"),
    ],
)
def test_shares_are_refused_in_words(groups: list[Share], why: str) -> None:
    with pytest.raises(NotEstimable, match=why):
        shrink_shares(groups)
