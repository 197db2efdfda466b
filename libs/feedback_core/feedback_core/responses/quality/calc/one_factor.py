"""Omega: reliability of a scale under a model of one factor, fitted by minimum residuals or maximum likelihood."""

import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import least_squares
from scipy.special import chdtrc
from statsmodels.multivariate.factor import Factor
from statsmodels.tools.sm_exceptions import ConvergenceWarning, EstimationWarning

from feedback_core.kit.errors import NotEstimable
from feedback_core.responses.quality.calc.reliability import (
    AnswerMoments,
    complete_answers,
    correlations,
    require_scale,
)

FactorMethod = Literal["minres", "ml"]

# Two loadings cannot be told from one correlation.
_LEAST_ITEMS = 3
# Least part of an item that its factor leaves unexplained, as in R's psych.
_LEAST_UNIQUENESS = 0.005
_WORST_CONDITION = 1e12
_HEYWOOD = (
    "The best fit of one factor leaves an item no variance of its own (a Heywood case): look at the correlations, ask "
    "more respondents, or leave an item out."
)


@dataclass(frozen=True, slots=True)
class OneFactorModel:
    """Items as one common factor and an unrelated remainder of each.

    Attributes:
        method: ``minres``: of the correlations; ``ml``: of the covariances by n, in the units of the answers.
        n: respondents who answered all items.
        omega: share of the variance of the items' sum that is due to the factor (omega total).
        loadings: of each item on the factor, their sum not negative.
        residual_variances: of each item.
        chi_square: of the model against any covariances; ``None`` for ``minres``.
        degrees_of_freedom: of ``chi_square``; ``None`` with it.
        p_value: of ``chi_square``; ``None`` with it, and with three items, which any such model fits.
        warnings: what a reader must be told, a sentence each.
    """

    method: FactorMethod
    n: int
    omega: float
    loadings: tuple[float, ...]
    residual_variances: tuple[float, ...]
    chi_square: float | None = None
    degrees_of_freedom: int | None = None
    p_value: float | None = None
    warnings: tuple[str, ...] = ()


def one_factor_model(answers: ArrayLike, *, method: FactorMethod = "ml") -> OneFactorModel:
    """Fit one factor to the items of a scale, from respondents who answered all of them.

    ``minres`` is omega total of the standardised items, 1 - sum of uniquenesses / sum of correlations, as R's psych
    has it: items that load against the others are turned round for it. ``ml`` is the confirmatory model of R's lavaan,
    (sum of loadings)² / ((sum of loadings)² + sum of residual variances).

    Args:
        answers: shape (respondents, items), reversed items turned round, NaN where missing.
        method: of fitting.

    Raises:
        NotEstimable: fewer than three items; fewer than three complete respondents; an item without spread; with
            ``ml`` also items that determine each other, or a fit that leaves an item no variance of its own.

    Source: McDonald (1999), Test Theory, ch. 6; Harman & Jones (1966), Psychometrika 31:351, for minres; Lawley &
    Maxwell (1971), Factor Analysis as a Statistical Method, ch. 2, for maximum likelihood. Golden: s31.
    """
    grid = complete_answers(answers, items=_LEAST_ITEMS)
    moments = AnswerMoments(grid.shape[0], grid.mean(axis=0), np.cov(grid, rowvar=False))
    return one_factor_of_moments(moments, method=method)


def one_factor_of_moments(moments: AnswerMoments, *, method: FactorMethod = "ml") -> OneFactorModel:
    """``one_factor_model`` of answers of which only the moments are known.

    Raises:
        NotEstimable: as ``one_factor_model``.
    """
    require_scale(moments, items=_LEAST_ITEMS)
    correlation = correlations(moments.covariance)
    start = _minimum_residuals(correlation)
    if method == "minres":
        return _minres_model(moments.n, correlation, start)
    return _ml_model(moments, correlation, start)


def _minres_model(n: int, correlation: NDArray[np.float64], loadings: NDArray[np.float64]) -> OneFactorModel:
    uniqueness = 1.0 - loadings**2
    signs = np.where(loadings < 0.0, -1.0, 1.0)
    return OneFactorModel(
        method="minres",
        n=n,
        omega=float(1.0 - uniqueness.sum() / (signs @ correlation @ signs)),
        loadings=tuple(loadings.tolist()),
        residual_variances=tuple(uniqueness.tolist()),
        warnings=_warnings(loadings, at_limit=bool((uniqueness < _LEAST_UNIQUENESS * 1.01).any())),
    )


def _ml_model(moments: AnswerMoments, correlation: NDArray[np.float64], start: NDArray[np.float64]) -> OneFactorModel:
    n, k = moments.n, correlation.shape[0]
    if np.linalg.cond(correlation) > _WORST_CONDITION:
        raise NotEstimable("One item follows from the others, so no likelihood can be computed; leave that item out.")
    loadings, uniqueness = _maximum_likelihood(correlation, start)
    fitted = np.outer(loadings, loadings) + np.diag(uniqueness)
    discrepancy = np.linalg.slogdet(fitted)[1] - np.linalg.slogdet(correlation)[1]
    chi_square = n * float(discrepancy + np.trace(np.linalg.solve(fitted, correlation)) - k)
    df = k * (k - 3) // 2
    deviations = np.sqrt(np.diag(moments.covariance) * (n - 1) / n)
    raw, residual = loadings * deviations, uniqueness * deviations**2
    common = float(raw.sum()) ** 2
    return OneFactorModel(
        method="ml",
        n=n,
        omega=common / (common + float(residual.sum())),
        loadings=tuple(raw.tolist()),
        residual_variances=tuple(residual.tolist()),
        chi_square=max(chi_square, 0.0),
        degrees_of_freedom=df,
        p_value=float(chdtrc(df, max(chi_square, 0.0))) if df else None,
        warnings=_warnings(raw, at_limit=False),
    )


def _minimum_residuals(correlation: NDArray[np.float64]) -> NDArray[np.float64]:
    """Loadings with the least sum of squared residual correlations; each item keeps some variance of its own."""
    pairs = np.tril_indices_from(correlation, -1)
    limit = (1.0 - _LEAST_UNIQUENESS) ** 0.5

    def residuals(loadings: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(correlation[pairs] - loadings[pairs[0]] * loadings[pairs[1]])

    values, vectors = np.linalg.eigh(correlation)
    start = np.clip(vectors[:, -1] * values[-1] ** 0.5, -0.95 * limit, 0.95 * limit)
    fit = least_squares(residuals, start, bounds=(-limit, limit), xtol=1e-14, ftol=1e-14, gtol=1e-14)
    return _turned(np.asarray(fit.x, dtype=float))


def _maximum_likelihood(
    correlation: NDArray[np.float64], start: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    model = Factor(corr=correlation, n_factor=1, method="ml")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ConvergenceWarning)
            warnings.simplefilter("error", EstimationWarning)
            model.fit(start=(start[:, None], 1.0 - start**2))
    except (ConvergenceWarning, EstimationWarning) as refused:
        raise NotEstimable(_HEYWOOD) from refused
    uniqueness = np.asarray(model.uniqueness, dtype=float)
    if uniqueness.min() < _LEAST_UNIQUENESS / 50:
        raise NotEstimable(_HEYWOOD)
    return _turned(np.asarray(model.loadings, dtype=float)[:, 0]), uniqueness


def _turned(loadings: NDArray[np.float64]) -> NDArray[np.float64]:
    """A factor and its opposite fit alike; the one with the positive sum is taken."""
    return -loadings if loadings.sum() < 0.0 else loadings


def _warnings(loadings: NDArray[np.float64], *, at_limit: bool) -> tuple[str, ...]:
    said = []
    against = [str(item) for item, loading in enumerate(loadings.tolist(), start=1) if loading < 0.0]
    if against:
        said.append(f"Against the factor loads item {', '.join(against)}: turn it round, or leave it out.")
    if at_limit:
        said.append("The factor explains an item almost wholly (a Heywood case); the loadings are not to be trusted.")
    return tuple(said)
