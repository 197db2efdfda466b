"""Reliability of scales: worked figures, laws, refusals."""

import numpy as np
import pytest
from numpy.typing import NDArray

from feedback_core.kit.errors import NotEstimable
from feedback_core.responses.quality.calc import FactorMethod, one_factor_model, scale_reliability

NAN = float("nan")
METHODS: tuple[FactorMethod, ...] = ("minres", "ml")


def scale(n: int = 200, loadings: tuple[float, ...] = (0.9, 0.7, 0.6, 0.5, 0.8)) -> NDArray[np.float64]:
    rng = np.random.default_rng(11)
    weights = np.array(loadings)
    own = rng.normal(size=(n, weights.size))
    return np.asarray(rng.normal(size=(n, 1)) * weights + own * np.sqrt(1 - weights**2))


def with_correlations(correlation: NDArray[np.float64], n: int = 50) -> NDArray[np.float64]:
    """Answers whose correlations are exactly these."""
    rng = np.random.default_rng(3)
    raw = rng.normal(size=(n, correlation.shape[0]))
    white = np.linalg.qr(raw - raw.mean(axis=0))[0]
    return np.asarray(white @ np.linalg.cholesky(correlation).T)


# R's attitude data, the first five columns and ten rows; psych 2.2.9 alpha() of all of it is golden s31.
FIRST_ROWS = [
    [43, 51, 30, 39, 61],
    [63, 64, 51, 54, 63],
    [71, 70, 68, 69, 76],
    [61, 63, 45, 47, 54],
    [81, 78, 56, 66, 71],
    [43, 55, 49, 44, 54],
    [58, 67, 42, 56, 66],
    [71, 75, 50, 55, 70],
    [72, 82, 72, 67, 71],
    [67, 61, 45, 47, 62],
]


def test_alpha_is_one_minus_error_over_variance_of_sums() -> None:
    # Hoyt (1941): the same figure from the mean squares of respondents and of the remainder.
    grid = np.array(FIRST_ROWS, dtype=float)
    n, k = grid.shape
    rows, columns = np.mean(grid, axis=1, keepdims=True), np.mean(grid, axis=0)
    between = k * ((rows - grid.mean()) ** 2).sum() / (n - 1)
    within = ((grid - rows - columns + grid.mean()) ** 2).sum() / ((n - 1) * (k - 1))
    result = scale_reliability(FIRST_ROWS)
    assert result.alpha == pytest.approx(1 - within / between, rel=1e-12)
    assert result.interval is not None
    assert result.interval.low < result.alpha < result.interval.high < 1
    rest = grid[:, 1:].sum(axis=1)
    assert result.item_rest_correlations[0] == pytest.approx(np.corrcoef(grid[:, 0], rest)[0, 1], rel=1e-12)
    assert result.alpha_if_dropped[0] == pytest.approx(scale_reliability(grid[:, 1:]).alpha, rel=1e-12)


def test_lambda6_is_by_the_squared_multiple_correlations() -> None:
    grid = scale()
    correlation = np.corrcoef(grid, rowvar=False)
    left = []
    for item in range(5):
        others = np.delete(grid - grid.mean(axis=0), item, axis=1)
        own = grid[:, item] - grid[:, item].mean()
        residual = own - others @ np.linalg.lstsq(others, own, rcond=None)[0]
        left.append((residual @ residual) / (own @ own))
    assert scale_reliability(grid).lambda6 == pytest.approx(1 - sum(left) / correlation.sum(), rel=1e-10)


def test_two_items_are_spearman_and_brown() -> None:
    grid = scale()[:, :2]
    result = scale_reliability(grid)
    r = float(np.corrcoef(grid[:, 0], grid[:, 1])[0, 1])
    assert result.standardised_alpha == pytest.approx(2 * r / (1 + r), rel=1e-12)
    assert result.average_correlation == pytest.approx(r, rel=1e-12)
    assert result.alpha_if_dropped == (None, None)


def test_the_unit_of_all_items_does_not_matter() -> None:
    here, there = scale_reliability(scale()), scale_reliability(5 - 0.01 * scale())
    assert there.alpha == pytest.approx(here.alpha, rel=1e-10)
    assert there.interval is not None
    assert here.interval is not None
    assert there.interval.low == pytest.approx(here.interval.low, rel=1e-10)


def test_one_item_asked_thrice_is_wholly_reliable_and_has_no_interval() -> None:
    once = scale()[:, 0]
    result = scale_reliability(np.column_stack([once, once, once]))
    assert result.alpha == pytest.approx(1)
    assert (result.interval, result.lambda6) == (None, None)


def test_a_reversed_item_and_missing_answers_are_told() -> None:
    grid = scale(25)
    grid[:, 2] *= -1
    grid[4, 0] = NAN
    result = scale_reliability(grid)
    assert result.n == 24
    assert len(result.warnings) == 3
    assert any("item 3" in warning for warning in result.warnings)


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        (np.ones((5, 1)), "at least 2 items"),
        ([[1, 2], [2, 3]], "three respondents"),
        ([[1, 2], [2, NAN], [3, NAN]], "three respondents"),
        ([[1, 2], [2, 2], [3, 2]], "item 2"),
        ([[1, 5], [2, 4], [3, 3]], "cancel out"),
    ],
)
def test_alpha_is_refused_in_words(answers: list[list[float]], why: str) -> None:
    with pytest.raises(NotEstimable, match=why):
        scale_reliability(answers)


def test_a_level_is_a_probability() -> None:
    with pytest.raises(ValueError, match="level"):
        scale_reliability(scale(), level=1.0)


@pytest.mark.parametrize("method", METHODS)
def test_loadings_that_fit_exactly_are_found(method: FactorMethod) -> None:
    loadings = np.array([0.9, 0.7, 0.6, 0.5])
    correlation = np.outer(loadings, loadings)
    np.fill_diagonal(correlation, 1)
    grid = with_correlations(correlation)
    model = one_factor_model(grid, method=method)
    unit = grid.std(axis=0) if method == "ml" else np.ones(4)
    assert model.loadings == pytest.approx((loadings * unit).tolist(), rel=1e-5)
    assert model.residual_variances == pytest.approx(((1 - loadings**2) * unit**2).tolist(), rel=1e-4)
    if method == "ml":
        assert model.chi_square == pytest.approx(0, abs=1e-6)
        assert model.degrees_of_freedom == 2
        assert model.p_value == pytest.approx(1)


def test_equal_loadings_make_omega_alpha() -> None:
    correlation = np.full((5, 5), 0.36) + 0.64 * np.eye(5)
    grid = with_correlations(correlation)
    for method in METHODS:
        assert one_factor_model(grid, method=method).omega == pytest.approx(scale_reliability(grid).alpha, rel=1e-5)


def test_three_items_fit_always_and_have_no_test() -> None:
    model = one_factor_model(scale()[:, :3], method="ml")
    assert (model.degrees_of_freedom, model.p_value) == (0, None)
    assert one_factor_model(scale()[:, :3], method="minres").chi_square is None


def test_a_reversed_item_is_told_and_turned_for_minres() -> None:
    grid = scale()
    turned = grid * np.array([1, 1, -1, 1, 1])
    straight, reverse = (one_factor_model(each, method="minres") for each in (grid, turned))
    assert reverse.omega == pytest.approx(straight.omega, rel=1e-6)
    assert "item 3" in reverse.warnings[0]
    assert not straight.warnings


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("answers", "why"),
    [(scale()[:, :2], "at least 3 items"), ([[1, 2, 3], [2, 2, 2]], "three respondents"), (np.ones((9, 3)), "item 1")],
)
def test_omega_is_refused_in_words(method: FactorMethod, answers: NDArray[np.float64], why: str) -> None:
    with pytest.raises(NotEstimable, match=why):
        one_factor_model(answers, method=method)


def test_items_that_determine_each_other_have_no_likelihood() -> None:
    grid = scale()
    with pytest.raises(NotEstimable, match="follows from the others"):
        one_factor_model(np.column_stack([grid, grid.sum(axis=1)]), method="ml")


def test_an_item_explained_wholly_is_refused_or_told() -> None:
    # Correlations of one factor would need a loading of 1.2 on the first item.
    correlation = np.array([[1, 0.72, 0.6], [0.72, 1, 0.3], [0.6, 0.3, 1]])
    grid = with_correlations(correlation)
    with pytest.raises(NotEstimable, match="Heywood"):
        one_factor_model(grid, method="ml")
    assert "Heywood" in one_factor_model(grid, method="minres").warnings[0]
