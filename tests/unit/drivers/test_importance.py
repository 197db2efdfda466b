"""Linear regression, relative importance, its resamples, and quadrants: laws, slow solutions, refusals."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.drivers.calc import (
    AnswerPatterns,
    Correlations,
    FeaturePosition,
    ImportanceMethod,
    bootstrap_importance,
    collinearity_warnings,
    correlations_given,
    correlations_of,
    fit_linear,
    importance_performance,
    numeric_driver,
    relative_importance,
)
from feedback_core.drivers.types import Quadrant
from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Interval
from tests.unit.drivers.builders import answers, grouped, weighted


def of(method: ImportanceMethod, correlations: Correlations) -> list[float]:
    return list(relative_importance(correlations, method=method).raw)


@st.composite
def correlations(draw: st.DrawFn) -> Correlations:
    p = draw(st.integers(1, 5))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    loads = rng.normal(size=(p + 1, p + 3))
    matrix = np.asarray(np.corrcoef(loads))
    return correlations_given([f"d{i}" for i in range(p)], matrix[:p, :p], matrix[:p, p], n=100)


@given(correlations())
def test_contributions_sum_to_what_is_explained(found: Correlations) -> None:
    for method in ("lmg", "johnson", "genizi", "pratt", "car"):
        assert sum(of(method, found)) == pytest.approx(found.r_squared, abs=1e-9)
    assert min(of("lmg", found) + of("johnson", found)) >= -1e-12


@given(correlations())
def test_lmg_is_the_mean_gain_over_all_orders(found: Correlations) -> None:
    p = len(found.drivers)
    gains = np.zeros(p)
    orders = list(permutations(range(p)))
    for order in orders:
        before = 0.0
        for entered, driver in enumerate(order, start=1):
            inside = list(order[:entered])
            r = found.with_outcome[inside]
            explained = float(r @ np.linalg.solve(found.among[np.ix_(inside, inside)], r))
            gains[driver] += explained - before
            before = explained

    assert of("lmg", found) == pytest.approx((gains / len(orders)).tolist(), abs=1e-9)


@given(correlations())
def test_last_is_the_loss_when_the_driver_is_left_out(found: Correlations) -> None:
    losses = []
    for driver in range(len(found.drivers)):
        others = [i for i in range(len(found.drivers)) if i != driver]
        r = found.with_outcome[others]
        losses.append(found.r_squared - float(r @ np.linalg.solve(found.among[np.ix_(others, others)], r)))

    assert of("last", found) == pytest.approx(losses, abs=1e-8)


@pytest.mark.parametrize("method", ["lmg", "johnson", "genizi", "pratt", "car", "first", "last", "betasq"])
def test_unrelated_drivers_contribute_their_squared_correlations(method: ImportanceMethod) -> None:
    found = correlations_given(["a", "b"], np.eye(2), [0.3, -0.5], n=50)

    assert of(method, found) == pytest.approx([0.09, 0.25])


def test_fifteen_drivers_are_quick_and_sixteen_refused() -> None:
    rng = np.random.default_rng(5)
    matrix = np.asarray(np.corrcoef(rng.normal(size=(17, 60))))
    names = [f"d{i}" for i in range(16)]

    fifteen = correlations_given(names[:15], matrix[:15, :15], matrix[:15, 16], n=60)
    assert sum(of("lmg", fifteen)) == pytest.approx(fifteen.r_squared, rel=1e-9)

    sixteen = correlations_given(names, matrix[:16, :16], matrix[:16, 16], n=60)
    with pytest.raises(NotEstimable, match="Johnson"):
        of("lmg", sixteen)
    assert len(of("johnson", sixteen)) == 16


def test_nothing_explained_is_nothing_divided() -> None:
    found = relative_importance(correlations_given(["a", "b"], np.eye(2), [0, 0], n=9))

    assert (found.raw, found.rescaled, found.r_squared) == ((0, 0), None, 0)


def test_weights_make_the_correlations_of_a_population_with_that_many_of_each() -> None:
    rows = weighted(answers(300))
    repeated = replace(rows, counts=rows.weights, weights=None)  # type: ignore[arg-type]

    found, same = correlations_of(grouped(rows)), correlations_of(repeated)

    assert found.among == pytest.approx(same.among)
    assert found.with_outcome == pytest.approx(same.with_outcome)
    assert found.n == 300


def test_weighted_least_squares_has_the_sandwich_of_white() -> None:
    rows = weighted(answers(300))
    slow = sm.WLS(rows.outcome, sm.add_constant(rows.columns), weights=rows.weights).fit(cov_type="HC0")

    fit = fit_linear(grouped(rows))

    every = [fit.intercept, *fit.coefficients]
    assert [value.estimate for value in every] == pytest.approx(slow.params.tolist(), rel=1e-8)
    errors = slow.bse * np.sqrt(300 / 299)
    assert [value.standard_error for value in every] == pytest.approx(errors.tolist(), rel=1e-8)
    assert fit.r_squared == pytest.approx(slow.rsquared, rel=1e-8)


def test_least_squares_of_counted_answers_is_that_of_statsmodels() -> None:
    rows = answers(200)
    slow = sm.OLS(rows.outcome, sm.add_constant(rows.columns)).fit()

    fit = fit_linear(grouped(rows), level=0.9)

    every = [fit.intercept, *fit.coefficients]
    assert [value.standard_error for value in every] == pytest.approx(slow.bse.tolist(), rel=1e-9)
    assert [value.p_value for value in every] == pytest.approx(slow.pvalues.tolist(), rel=1e-6)
    assert [value.interval.low for value in every] == pytest.approx(slow.conf_int(0.1)[:, 0].tolist(), rel=1e-9)
    assert fit.adjusted_r_squared == pytest.approx(slow.rsquared_adj, rel=1e-9)
    assert fit.residual_deviation == pytest.approx(slow.mse_resid**0.5, rel=1e-9)
    assert fit.degrees_of_freedom == 197


def test_intervals_hold_the_estimate_and_follow_from_the_seed() -> None:
    rows = grouped(answers(400))

    first, again, other = (
        bootstrap_importance(rows, rng=np.random.default_rng(seed), resamples=200) for seed in (1, 1, 2)
    )

    assert first == again
    assert first != other
    assert (first.resamples, first.failed) == (200, 0)
    for rank in first.ranks:
        assert rank.share_interval.low < rank.share < rank.share_interval.high
        assert rank.raw_interval.low < rank.raw < rank.raw_interval.high
    assert sum(rank.share for rank in first.ranks) == pytest.approx(1)


def test_a_stronger_driver_ranks_first_and_equal_ones_share_a_rank() -> None:
    rows = grouped(answers(3000, slopes=(1.5, 0.4, 0.4)))

    found = bootstrap_importance(rows, rng=np.random.default_rng(7), resamples=200)

    assert found.ranks[0].driver == "d0"
    assert [rank.rank for rank in found.ranks] == [1, 2, 2]
    assert (found.ranks[0].rank_low, found.ranks[0].rank_high) == (1, 1)


def test_resampling_counts_is_resampling_respondents() -> None:
    rows = answers(300)

    together = bootstrap_importance(grouped(rows), rng=np.random.default_rng(1), resamples=2000)
    one_by_one = bootstrap_importance(rows, rng=np.random.default_rng(2), resamples=2000)

    for left, right in zip(together.ranks, one_by_one.ranks, strict=True):
        assert left.share_interval.low == pytest.approx(right.share_interval.low, abs=0.03)
        assert left.share_interval.high == pytest.approx(right.share_interval.high, abs=0.03)


def test_lmg_can_be_resampled_too() -> None:
    rows = grouped(answers(200))

    found = bootstrap_importance(rows, rng=np.random.default_rng(1), method="lmg", resamples=100)

    assert [rank.raw for rank in found.ranks] == pytest.approx(sorted(of("lmg", correlations_of(rows)), reverse=True))


def test_resamples_that_mostly_fail_are_refused() -> None:
    rare = AnswerPatterns(
        np.array([1.0, 2, 3, 4, 5, 6]), (numeric_driver("rare", [0, 0, 0, 0, 0, 1]),), np.array([9.0, 9, 9, 9, 9, 1])
    )

    with pytest.raises(NotEstimable, match="resamples"):
        bootstrap_importance(rare, rng=np.random.default_rng(1), resamples=200)
    with pytest.raises(ValueError, match="at least 100"):
        bootstrap_importance(rare, rng=np.random.default_rng(1), resamples=10)


def test_drivers_that_explain_nothing_have_no_importance() -> None:
    square = AnswerPatterns(np.array([1.0, 1, 2, 2]), (numeric_driver("a", [1, 2, 1, 2]),), np.ones(4))

    with pytest.raises(NotEstimable, match="explain nothing"):
        bootstrap_importance(square, rng=np.random.default_rng(1))


def test_overlap_between_drivers_is_told_in_words() -> None:
    matrix = np.array([[1, 0.9, 0], [0.9, 1, 0], [0, 0, 1.0]])
    near = correlations_given(["a", "b", "c"], matrix, [0.5, 0.5, 0.1], n=99)
    nearer = correlations_given(["a", "b"], [[1, 0.99], [0.99, 1]], [0.5, 0.5], n=99)

    assert [warning.split()[0] for warning in collinearity_warnings(near)] == ["a", "b"]
    assert "leave one out" in collinearity_warnings(nearer)[0]
    assert collinearity_warnings(correlations_given(["a", "b"], np.eye(2), [0.5, 0.5], n=99)) == ()


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (replace(answers(50), drivers=()), "no driver"),
        (replace(answers(50), outcome=np.ones(50)), "same answer to the outcome"),
        (replace(answers(50), counts=np.zeros(50)), "Nobody answered"),
        (replace(answers(50), drivers=(numeric_driver("wait", np.zeros(50)),)), "same answer to wait"),
        (
            replace(
                answers(50),
                drivers=(
                    *answers(50).drivers,
                    numeric_driver("sum", answers(50).columns.sum(axis=1)),
                ),
            ),
            "Of d0, d1 and sum, one follows",
        ),
    ],
)
def test_what_cannot_be_correlated_is_refused_in_words(rows: AnswerPatterns, says: str) -> None:
    with pytest.raises(NotEstimable, match=says):
        correlations_of(rows)
    with pytest.raises(NotEstimable, match=says):
        fit_linear(rows)


def test_regression_needs_more_respondents_than_coefficients_and_some_error() -> None:
    rows = answers(3)
    with pytest.raises(NotEstimable, match="at least 4 respondents; there are 3"):
        fit_linear(rows)
    many = answers(50)
    with pytest.raises(NotEstimable, match="without error"):
        fit_linear(replace(many, outcome=many.columns.sum(axis=1)))


def test_correlations_that_no_answers_can_have_are_refused() -> None:
    impossible = [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]
    with pytest.raises(NotEstimable, match="No answers can have"):
        correlations_given(["a", "b", "c"], impossible, [0.1, 0.1, 0.1], n=30)
    with pytest.raises(NotEstimable, match="a and b, one follows"):
        correlations_given(["a", "b"], [[1, 1], [1, 1]], [0.1, 0.1], n=30)
    with pytest.raises(ValueError, match="symmetric"):
        correlations_given(["a", "b"], [[1, 0.5], [0.1, 1]], [0.1, 0.1], n=30)
    with pytest.raises(ValueError, match="shapes"):
        correlations_given(["a"], [[1, 0.5], [0.5, 1]], [0.1, 0.1], n=30)
    with pytest.raises(NotEstimable, match="no driver"):
        correlations_given([], np.zeros((0, 0)), [], n=30)
    with pytest.raises(ValueError, match="unknown method"):
        relative_importance(correlations_given(["a"], [[1]], [0.1], n=30), method="guess")  # type: ignore[arg-type]


def position(name: str, importance: float, performance: float, *, half: float = 0.01) -> FeaturePosition:
    return FeaturePosition(
        name,
        importance,
        Interval(importance - half, importance + half, 0.95, "bootstrap_percentile"),
        performance,
        Interval(performance - 100 * half, performance + 100 * half, 0.95, "t"),
    )


def test_every_quadrant_has_its_features() -> None:
    found = importance_performance(
        [position("wait", 0.4, 40), position("staff", 0.35, 80), position("web", 0.15, 45), position("decor", 0.1, 85)]
    )

    assert (found.importance_line, found.performance_line) == pytest.approx((0.25, 62.5))
    assert [placement.quadrant for placement in found.placements] == [
        Quadrant.CONCENTRATE_HERE,
        Quadrant.KEEP_UP,
        Quadrant.LOW_PRIORITY,
        Quadrant.POSSIBLE_OVERKILL,
    ]
    assert all(placement.is_clear for placement in found.placements)


def test_a_feature_whose_interval_crosses_a_line_is_not_clear() -> None:
    crossing = importance_performance([position("wait", 0.4, 40, half=0.2), position("staff", 0.6, 80, half=0.02)])
    unknown = importance_performance(
        [FeaturePosition("a", 0.4, None, 4, None), FeaturePosition("b", 0.6, None, 5, None)]
    )

    assert [placement.is_clear for placement in crossing.placements] == [False, True]
    assert not any(placement.is_clear for placement in unknown.placements)


def test_lines_can_be_given_and_equal_features_stand_on_the_line() -> None:
    given_lines = importance_performance([position("wait", 0.4, 40)], importance_line=0.5, performance_line=30)
    alike = importance_performance([position(name, 0.1, 0.7) for name in "abc"])

    assert given_lines.placements[0].quadrant is Quadrant.POSSIBLE_OVERKILL
    assert {placement.quadrant for placement in alike.placements} == {Quadrant.KEEP_UP}
    with pytest.raises(NotEstimable, match="at least two"):
        importance_performance([position("wait", 0.4, 40)])
