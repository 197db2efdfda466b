"""Logistic regression on counted patterns of attributes: exact maximum likelihood, and separation told in words."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.special import expit

from feedback_core.kit.errors import NotEstimable
from feedback_core.weighting.calc.model_matrix import ModelMatrix, distinct_patterns, solved, standardised
from feedback_core.weighting.calc.people import People

_MOST_ITERATIONS = 100
# Of a step in log-odds; the error left is its square.
_CONVERGED = 1e-8
# Odds beyond e^15 are rarer than any real answer: time to ask whether the likelihood has a maximum at all.
_SUSPICIOUS = 15.0
_MOST_HALVINGS = 30
# What the linear programme takes for nothing.
_ZERO = 1e-7


@dataclass(frozen=True, slots=True)
class Propensities:
    """Fitted probabilities.

    Attributes:
        log_odds: of each unit, shape (units,).
        probabilities: of each unit, strictly between 0 and 1.
        iterations: of Newton's method.
    """

    log_odds: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    iterations: int


def fit_propensities(who: People, ones: NDArray[np.float64], zeros: NDArray[np.float64]) -> Propensities:
    """Probability of a one by the dummies of every attribute and every number, all main effects.

    Args:
        who: units; their weights and counts are not used.
        ones: weight of the ones in each unit, shape (units,), none below 0.
        zeros: weight of the zeros.

    Raises:
        NotEstimable: there are only ones or only zeros, or the attributes tell the two apart perfectly for some people.

    Source: maximum likelihood by Newton's method (McCullagh & Nelder 1989); for separation, Albert & Anderson (1984),
    Biometrika 71:1. Golden: s12, s35.
    """
    if not (ones.sum() > 0 and zeros.sum() > 0):
        raise NotEstimable("There is only one kind of people here, so nothing can be told about the other.")
    rows, sizes = _with_constant(who)
    cells, numbers, pattern_of = distinct_patterns(rows, sizes, who.numbers)
    with_one, with_zero = (np.bincount(pattern_of, kind, cells.shape[1]).astype(float) for kind in (ones, zeros))
    _refuse_certain_levels(who, cells, with_one, with_zero)
    scaled, _, _ = standardised(numbers, with_one + with_zero, centred=True)
    matrix = ModelMatrix(cells, sizes, scaled)
    whole = float(ones.sum() + zeros.sum())
    log_odds, iterations, converged = _newton(matrix, with_one / whole, with_zero / whole)
    if not converged or np.abs(log_odds).max() > _SUSPICIOUS:
        _refuse_separation(who, matrix, with_one, with_zero)
        if not converged:
            raise NotEstimable("The propensity model did not converge; leave an attribute out or merge categories.")
    return Propensities(log_odds[pattern_of], expit(log_odds)[pattern_of], iterations)


def _with_constant(who: People) -> tuple[NDArray[np.int64], tuple[int, ...]]:
    """Codes and sizes; one attribute of a single category where there is none, for the constant."""
    if who.attributes:
        return who.codes, tuple(len(names) for names in who.levels)
    return np.zeros((1, who.numbers.shape[1]), dtype=np.int64), (1,)


def _newton(
    matrix: ModelMatrix, ones: NDArray[np.float64], zeros: NDArray[np.float64]
) -> tuple[NDArray[np.float64], int, bool]:
    """Log-odds of each pattern, iterations, and whether they settled."""
    n = ones + zeros
    log_odds = np.full(n.size, np.log(ones.sum() / zeros.sum()))
    deviance = _deviance(log_odds, ones, zeros)
    for iteration in range(1, _MOST_ITERATIONS + 1):
        fitted = expit(log_odds)
        gradient = matrix.sums((ones - n * fitted)[:, None])
        step = matrix.fitted(solved(matrix.crossed(n * fitted * (1 - fitted)), gradient))[:, 0]
        length = 1.0
        for _ in range(_MOST_HALVINGS):
            if _deviance(log_odds + length * step, ones, zeros) <= deviance * (1 + 1e-14):
                break
            length /= 2
        log_odds = log_odds + length * step
        deviance = _deviance(log_odds, ones, zeros)
        if np.abs(step).max() < _CONVERGED:
            return log_odds, iteration, True
    return log_odds, _MOST_ITERATIONS, False


def _deviance(log_odds: NDArray[np.float64], ones: NDArray[np.float64], zeros: NDArray[np.float64]) -> float:
    return float(ones @ np.logaddexp(0, -log_odds) + zeros @ np.logaddexp(0, log_odds))


def _refuse_certain_levels(
    who: People, cells: NDArray[np.int64], ones: NDArray[np.float64], zeros: NDArray[np.float64]
) -> None:
    """A category with ones only or zeros only has no finite odds."""
    for attribute, names, row in zip(who.attributes, who.levels, cells, strict=False):
        with_one, with_zero = (np.bincount(row, weights=kind, minlength=len(names)) for kind in (ones, zeros))
        for name, some, others in zip(names, with_one, with_zero, strict=True):
            if (some > 0) != (others > 0):
                raise NotEstimable(
                    f"Everyone of {attribute} {name!r} is of one kind, so their odds have no limit; "
                    "merge the category with a similar one or leave the attribute out."
                )


def _refuse_separation(who: People, matrix: ModelMatrix, ones: NDArray[np.float64], zeros: NDArray[np.float64]) -> None:
    """A linear programme: is there a direction in which every one rises or stays, and every zero falls or stays?"""
    columns = matrix.written_out()
    side = np.where(ones > 0, 1.0, -1.0)
    both = (ones > 0) & (zeros > 0)
    upwards = side[~both, None] * columns[~both]
    found = linprog(
        -upwards.sum(axis=0),
        A_ub=-upwards,
        b_ub=np.zeros(upwards.shape[0]),
        A_eq=columns[both] if both.any() else None,
        b_eq=np.zeros(int(both.sum())) if both.any() else None,
        bounds=[(-1, 1)] * columns.shape[1],
        method="highs",
    )
    if found.x is None or float(upwards.sum(axis=0) @ found.x) <= _ZERO:
        return
    named = [*(a for a, names in zip(who.attributes, who.levels, strict=True) for _ in names), *who.measures]
    if not who.attributes:
        named = ["", *named]
    guilty = sorted({name for name, slope in zip(named, found.x, strict=True) if abs(slope) > _ZERO and name})
    raise NotEstimable(
        f"{' and '.join(guilty)} together tell some people apart perfectly, so their odds have no limit; "
        "merge categories or leave one out."
    )
