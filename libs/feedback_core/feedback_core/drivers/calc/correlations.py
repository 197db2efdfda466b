"""Means, spreads and correlations of an outcome and its drivers, and what is wrong with them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from feedback_core.drivers.calc.patterns import AnswerPatterns, FloatArray, checked, refuse_collinear, standardised
from feedback_core.kit.errors import NotEstimable

# Chatterjee & Hadi (2012), Regression Analysis by Example, 5th ed.; conventions.
VIF_LOOK = 5.0
VIF_ACT = 10.0
# Kept back for rounding when a given matrix is held to be one of correlations.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Correlations:
    """How drivers go together with each other and with the outcome.

    Attributes:
        drivers: names of the columns.
        among: correlations of the drivers, shape (p, p).
        with_outcome: correlations of the drivers with the outcome, shape (p,).
        n: respondents.
    """

    drivers: tuple[str, ...]
    among: FloatArray
    with_outcome: FloatArray
    n: int

    @property
    def r_squared(self) -> float:
        """Share of the outcome's variance that all drivers together explain."""
        return float(np.clip(self.with_outcome @ np.linalg.solve(self.among, self.with_outcome), 0.0, 1.0))

    @property
    def variance_inflation(self) -> tuple[float, ...]:
        """Variance inflation factor of each driver: 1 / (1 - R² of the driver on all others)."""
        return tuple(np.diag(np.linalg.inv(self.among)).tolist())


def correlations_of(patterns: AnswerPatterns) -> Correlations:
    """Weighted Pearson correlations of the drivers' columns and the outcome.

    Raises:
        NotEstimable: nobody answered, no driver, a constant or exactly collinear one (named), a constant outcome.
    """
    given = checked(patterns)
    if not given.drivers:
        raise NotEstimable("There is no driver; name at least one.")
    mass = given.mass
    scale = standardised(given.columns, mass, given.labels)
    outcome = standardised_outcome(given)
    total = mass.sum()
    among = (scale.columns * mass[:, None]).T @ scale.columns / total
    return Correlations(given.labels, among, scale.columns.T @ (mass * outcome) / total, given.n)


def correlations_given(drivers: Sequence[str], among: ArrayLike, with_outcome: ArrayLike, *, n: int) -> Correlations:
    """Correlations that were calculated elsewhere.

    Args:
        drivers: names.
        among: shape (p, p), symmetric with ones on the diagonal.
        with_outcome: shape (p,).
        n: respondents.

    Raises:
        NotEstimable: drivers that follow from each other (named); or correlations that no answers can have together,
            as pairwise ones may be.
        ValueError: shapes that do not fit, or a matrix that is not one of correlations.
    """
    matrix, vector = np.asarray(among, dtype=float), np.asarray(with_outcome, dtype=float)
    p = len(drivers)
    if matrix.shape != (p, p) or vector.shape != (p,):
        raise ValueError(f"correlations: shapes {matrix.shape} and {vector.shape}, expected ({p}, {p}) and ({p},)")
    if p == 0:
        raise NotEstimable("There is no driver; name at least one.")
    if not (np.allclose(matrix, matrix.T) and np.allclose(np.diag(matrix), 1)):
        raise ValueError("correlations: not symmetric with ones on the diagonal")
    if np.linalg.eigvalsh(np.block([[matrix, vector[:, None]], [vector[None, :], np.ones((1, 1))]]))[0] < -_ROUNDING:
        raise NotEstimable(
            "No answers can have these correlations together; calculate them all from the same respondents, those who "
            "answered every question."
        )
    refuse_collinear(matrix, drivers)
    return Correlations(tuple(drivers), matrix, vector, n)


def standardised_outcome(patterns: AnswerPatterns) -> FloatArray:
    """The outcome with mean 0 and standard deviation 1 over the mass.

    Raises:
        NotEstimable: everybody gave the same answer.
    """
    mass = patterns.mass
    centred = patterns.outcome - mass @ patterns.outcome / mass.sum()
    deviation = float(np.sqrt(mass @ centred**2 / mass.sum()))
    if deviation <= 1e-12 * float(np.abs(patterns.outcome).max()):
        raise NotEstimable("Everybody gave the same answer to the outcome, so there is nothing to explain.")
    scaled: FloatArray = centred / deviation
    return scaled


def collinearity_warnings(correlations: Correlations) -> tuple[str, ...]:
    """What to tell of drivers that go together so closely that their effects can hardly be told apart."""
    warnings = []
    for name, factor in zip(correlations.drivers, correlations.variance_inflation, strict=True):
        if factor >= VIF_ACT:
            warnings.append(
                f"{name} is almost a combination of the other drivers (variance inflation {factor:.0f}): its own "
                "coefficient means little; join it with its like, or leave one out."
            )
        elif factor >= VIF_LOOK:
            warnings.append(
                f"{name} overlaps with the other drivers (variance inflation {factor:.1f}): its own coefficient is "
                "imprecise."
            )
    return tuple(warnings)
