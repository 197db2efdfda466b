"""Distances between calibrated and base weights, each by the factor that it makes of a linear score."""

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from feedback_core.weighting.calc.trimming import impossible

Distance = Literal["linear", "raking", "logit"]
# A larger score has no exponential.
_LARGEST = 700.0


class Factor(Protocol):
    """A factor (g-weight) that never falls as the score u rises and is 1 at 0."""

    def value(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """Factor at each score."""

    def slope(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """Derivative of the factor."""

    def integral(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """An integral of the factor: what Newton's steps make smaller."""


@dataclass(frozen=True, slots=True)
class Linear:
    """1 + u, cut at the bounds: generalised regression."""

    lower: float
    upper: float

    def value(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """Factor at each score."""
        return np.clip(1 + u, self.lower, self.upper)

    def slope(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """Derivative of the factor: 0 where it is cut."""
        return ((1 + u > self.lower) & (1 + u < self.upper)).astype(float)

    def integral(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """Half the squared factor, continued in a straight line beyond the bounds."""
        factor = self.value(u)
        return factor**2 / 2 + factor * (1 + u - factor)


@dataclass(frozen=True, slots=True)
class Raking:
    """exp u, cut at the bounds: the weights of raking."""

    lower: float
    upper: float

    def value(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """Factor at each score."""
        return np.clip(np.exp(np.minimum(u, _LARGEST)), self.lower, self.upper)

    def slope(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """Derivative of the factor: 0 where it is cut."""
        free = np.exp(np.minimum(u, _LARGEST))
        return np.where((free > self.lower) & (free < self.upper), free, 0.0)

    def integral(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """The factor, continued in a straight line beyond the bounds."""
        factor = self.value(u)
        return factor + factor * (u - np.log(np.maximum(factor, np.finfo(float).tiny)))


@dataclass(frozen=True, slots=True)
class Logit:
    """Deville and Särndal's factor that nears the bounds and never reaches them."""

    lower: float
    upper: float

    def _parts(self, u: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """Steepness, and how far the factor is from the lower bound to the upper, 0..1."""
        steepness = (self.upper - self.lower) / ((self.upper - 1) * (1 - self.lower))
        away = np.log((self.upper - 1) / (1 - self.lower))
        return steepness, expit(steepness * u - away)

    def value(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """Factor at each score."""
        return self.lower + (self.upper - self.lower) * self._parts(u)[1]

    def slope(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """Derivative of the factor."""
        steepness, part = self._parts(u)
        return (self.upper - self.lower) * steepness * part * (1 - part)

    def integral(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """The lower bound's line and a soft hinge."""
        steepness, _ = self._parts(u)
        hinge = np.logaddexp(np.log((self.upper - 1) / (1 - self.lower)), steepness * u)
        return self.lower * u + (self.upper - self.lower) / steepness * hinge


def factor_of(distance: Distance, bounds: tuple[float, float] | None) -> Factor:
    """The factor of ``distance`` held between ``bounds``, which have 1 between them.

    Raises:
        BoundsImpossible: bounds that do not lie around 1, or no finite bounds for the logit distance.
    """
    lower, upper = bounds or (-np.inf, np.inf)
    if bounds is not None and not (np.isfinite(bounds).any() and lower < 1 < upper):
        raise impossible(f"The bounds of the g-weights must lie around 1, but are {lower:g} and {upper:g}.")
    if distance == "linear":
        return Linear(lower, upper)
    if distance == "raking":
        return Raking(max(lower, 0.0), upper)
    if not np.isfinite([lower, upper]).all():
        raise impossible("The logit distance needs a finite lower and a finite upper bound, such as 0.5 and 2.")
    return Logit(lower, upper)
