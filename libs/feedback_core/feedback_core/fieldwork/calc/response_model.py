"""A logistic model of who responds, fitted on counted patterns, with what a sample adds to its spread."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, xlog1py, xlogy

from feedback_core.fieldwork.calc.response_patterns import ResponsePatterns
from feedback_core.kit.errors import NotEstimable

# As R's glm: so that the two stop at the same iteration.
_TOLERANCE = 1e-8
_MAX_ITERATIONS = 25
# A propensity nearer to 0 or 1 than this is on its way there without end.
_CERTAIN = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class ResponseModel:
    """Response propensities by pattern.

    Attributes:
        coefficients: intercept first, then every category but the first of each variable, shape (p,).
        covariance: of the coefficients, shape (p, p).
        propensities: shape (patterns,).
        gradients: of the propensities by the coefficients, shape (patterns, p).
    """

    coefficients: NDArray[np.float64]
    covariance: NDArray[np.float64]
    propensities: NDArray[np.float64]
    gradients: NDArray[np.float64]


def response_model(patterns: ResponsePatterns) -> ResponseModel:
    """Main-effects logit of response on the variables, weighted by the design weights over their mean.

    Raises:
        NotEstimable: everybody or nobody responded, in all or in a category; fewer responses (or non-responses) than
            coefficients; a variable with one category, or one that others determine; propensities that run to 0 or 1.

    Source: McCullagh & Nelder (1989), Generalized Linear Models, ch. 4; weights as in Harrell (2001), section 9.9.
    """
    _refuse_one_category(patterns)
    _refuse_few(patterns)
    _refuse_certain_categories(patterns)
    design = _design_matrix(patterns)
    _refuse_collinear(patterns, design)
    prior = patterns.weights * patterns.n / patterns.mass.sum()
    coefficients, covariance = _fitted(design, patterns, prior)
    propensities = expit(design @ coefficients)
    if min(propensities.min(), 1 - propensities.max()) < _CERTAIN:
        raise NotEstimable(_SEPARATED)
    gradients = (propensities * (1 - propensities))[:, None] * design
    return ResponseModel(coefficients, covariance, propensities, gradients)


def coefficient_names(patterns: ResponsePatterns) -> tuple[tuple[str, str], ...]:
    """Variable and category behind each coefficient after the intercept."""
    return tuple(
        (variable, category)
        for variable, categories in zip(patterns.variables, patterns.categories, strict=True)
        for category in categories[1:]
    )


_SEPARATED = (
    "Some combination of categories responded always or never, so the response model has no finite solution; "
    "merge small categories."
)


def _design_matrix(patterns: ResponsePatterns) -> NDArray[np.float64]:
    dummies = [
        (codes[:, None] == np.arange(1, len(categories))).astype(float)
        for codes, categories in zip(patterns.codes, patterns.categories, strict=True)
    ]
    return np.hstack([np.ones((patterns.invited.size, 1)), *dummies])


def _fitted(
    design: NDArray[np.float64], patterns: ResponsePatterns, prior: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coefficients and their covariance by iteratively reweighted least squares, from R's starting values."""
    n, heard = patterns.invited, patterns.responded
    share = heard / n
    start = (prior + 0.5) / (prior + 1)
    working = (2 * share - 1) * (np.log(start / (1 - start)) + 1 / start)
    weight = n * prior * start * (1 - start)
    deviance = float(-2 * (prior * n * np.log(start)).sum())
    for _ in range(_MAX_ITERATIONS):
        information = design.T @ (weight[:, None] * design)
        try:
            coefficients = np.linalg.solve(information, design.T @ (weight * working))
        except np.linalg.LinAlgError:
            break
        linear = design @ coefficients
        fitted = expit(linear)
        before, deviance = deviance, float(-2 * (prior * (xlogy(heard, fitted) + xlog1py(n - heard, -fitted))).sum())
        if not np.isfinite(deviance):
            break
        if abs(deviance - before) / (abs(deviance) + 0.1) < _TOLERANCE:
            covariance = np.linalg.inv(information)
            return np.asarray(coefficients, dtype=np.float64), np.asarray(covariance, dtype=np.float64)
        variance = np.maximum(fitted * (1 - fitted), np.finfo(float).eps)
        working = linear + (share - fitted) / variance
        weight = n * prior * variance
    raise NotEstimable(_SEPARATED)


def _refuse_one_category(patterns: ResponsePatterns) -> None:
    for variable, categories in zip(patterns.variables, patterns.categories, strict=True):
        if len(categories) < 2:
            raise NotEstimable(f"All invited have the same {variable}; leave it out, it cannot explain response.")


def _refuse_few(patterns: ResponsePatterns) -> None:
    heard, coefficients = patterns.n_responded, 1 + len(coefficient_names(patterns))
    silent = patterns.n - heard
    if not heard or not silent:
        raise NotEstimable(f"{'Everybody' if heard else 'Nobody'} responded, so response does not vary.")
    if min(heard, silent) < coefficients:
        fewer = "responded" if heard <= silent else "did not respond"
        raise NotEstimable(
            f"Only {min(heard, silent)} {fewer}; {coefficients} coefficients need at least as many. "
            "Leave variables out or merge categories."
        )


def _refuse_certain_categories(patterns: ResponsePatterns) -> None:
    for variable, categories, codes in zip(patterns.variables, patterns.categories, patterns.codes, strict=True):
        invited = np.bincount(codes, weights=patterns.invited, minlength=len(categories))
        heard = np.bincount(codes, weights=patterns.responded, minlength=len(categories))
        for category, asked, answered in zip(categories, invited, heard, strict=True):
            if answered in {0, asked}:
                how = "None" if not answered else "All"
                raise NotEstimable(
                    f"{how} of the {asked:,.0f} invited with {variable} {category} responded, so the response model "
                    "has no finite solution; merge that category with a similar one."
                )


def _refuse_collinear(patterns: ResponsePatterns, design: NDArray[np.float64]) -> None:
    width = 1
    for variable, categories in zip(patterns.variables, patterns.categories, strict=True):
        width += len(categories) - 1
        if np.linalg.matrix_rank(design[:, :width]) < width:
            raise NotEstimable(
                f"The other variables before it determine categories of {variable}; leave {variable} out, or merge "
                "its categories."
            )
