"""Likelihood of a cumulative link model over patterns of answers, and its maximum by Newton's method.

Category j is chosen with probability F(eta_j) - F(eta_{j-1}), where eta_j = theta_j - x'beta + z'delta_j: thresholds,
drivers with one slope, and drivers z whose slope differs by threshold (delta of the first threshold is 0).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from scipy.special import expit, logit, ndtr, ndtri

from feedback_core.drivers.calc.patterns import FloatArray, IntArray
from feedback_core.kit.errors import NotEstimable

Link = Literal["logit", "probit"]

# Patterns whose design is held in memory at once.
_CHUNK: Final = 1 << 15
_MOST_STEPS: Final = 100
_MOST_HALVINGS: Final = 60
# Half of Newton's decrement is what a step still gains in log-likelihood; below it the last step is exact to rounding.
_SETTLED: Final = 1e-9
_SUFFICIENT: Final = 1e-4
# Smallest information (of a standardised parameter) of an estimate that is finite: separated ones are far below it.
_FLAT: Final = 1e-6


@dataclass(frozen=True, slots=True)
class _Curve:
    """A symmetric distribution: its cumulative function, density, slope of the density, and quantiles."""

    cumulative: Callable[[FloatArray], FloatArray]
    density: Callable[[FloatArray], FloatArray]
    slope: Callable[[FloatArray], FloatArray]
    quantile: Callable[[FloatArray], FloatArray]


def _logistic_density(x: FloatArray) -> FloatArray:
    density: FloatArray = expit(x) * expit(-x)
    return density


def _logistic_slope(x: FloatArray) -> FloatArray:
    slope: FloatArray = _logistic_density(x) * (expit(-x) - expit(x))
    return slope


def _normal_density(x: FloatArray) -> FloatArray:
    density: FloatArray = np.exp(-0.5 * x**2) / np.sqrt(2 * np.pi)
    return density


def _normal_slope(x: FloatArray) -> FloatArray:
    slope: FloatArray = -np.where(np.isfinite(x), x, 0.0) * _normal_density(x)
    return slope


_CURVES: Final[Mapping[Link, _Curve]] = {
    "logit": _Curve(expit, _logistic_density, _logistic_slope, logit),
    "probit": _Curve(ndtr, _normal_density, _normal_slope, ndtri),
}


@dataclass(frozen=True, slots=True)
class CumulativeModel:
    """Answers and standardised drivers of a cumulative link model.

    Attributes:
        codes: category of each pattern, 0 … categories - 1, each chosen by somebody, shape (patterns,).
        columns: drivers with one slope, shape (patterns, slopes).
        nominal: drivers whose slope differs by threshold, shape (patterns, nominal); a part of ``columns``.
        mass: weight of each pattern, shape (patterns,).
        categories: how many there are, at least 2.
        link: curve F.
    """

    codes: IntArray
    columns: FloatArray
    nominal: FloatArray
    mass: FloatArray
    categories: int
    link: Link

    @property
    def thresholds(self) -> int:
        """How many thresholds there are."""
        return self.categories - 1

    @property
    def size(self) -> int:
        """How many parameters there are: thresholds, slopes, differences of slopes threshold by threshold."""
        return int(self.thresholds + self.columns.shape[1] + (self.thresholds - 1) * self.nominal.shape[1])

    def null_parameters(self) -> FloatArray:
        """The maximum without drivers: thresholds at the cumulative shares, all slopes 0."""
        shares = np.bincount(self.codes, weights=self.mass, minlength=self.categories) / self.mass.sum()
        # From both ends, so that a rare category at either keeps its share.
        below, above = np.cumsum(shares)[:-1], np.cumsum(shares[::-1])[::-1][1:]
        quantile = _CURVES[self.link].quantile
        start = np.zeros(self.size)
        start[: self.thresholds] = np.where(below < 0.5, quantile(below), -quantile(above))
        return start


@dataclass(frozen=True, slots=True)
class Maximum:
    """Where the likelihood is largest.

    Attributes:
        parameters: shape (size,): thresholds, slopes, differences of slopes.
        log_likelihood: there.
        information: minus the second derivative there, shape (size, size).
        steps: of Newton's method.
    """

    parameters: FloatArray
    log_likelihood: float
    information: FloatArray
    steps: int


def maximise(model: CumulativeModel, start: FloatArray | None = None) -> Maximum:
    """Maximum likelihood; the log-likelihood is concave, so there is no other.

    Raises:
        NotEstimable: it has no maximum within reach.

    Source: McCullagh (1980), J. Royal Statistical Society B 42:109; concavity: Pratt (1981), JASA 76:103.
    """
    at = model.null_parameters() if start is None else start
    value, gradient, information = _derivatives(model, at)
    for steps in range(1, _MOST_STEPS + 1):
        step = np.asarray(np.linalg.lstsq(information, gradient, rcond=None)[0], dtype=np.float64)
        gain = float(gradient @ step)
        if gain < _SETTLED:
            at = at + step
            value, _, information = _derivatives(model, at)
            return Maximum(at, value, information, steps)
        at, value, gradient, information = _line_search(model, at, value, step, gain)
    raise _not_converged()


def covariance_of(maximum: Maximum) -> FloatArray:
    """Inverse of the information.

    Raises:
        NotEstimable: the likelihood keeps rising in some direction: an answer to a driver decides the outcome.
    """
    values, vectors = np.linalg.eigh(maximum.information)
    if values[0] < _FLAT:
        raise NotEstimable(
            "A driver separates the answers: with one of its values only one side of the scale was ever chosen, so its "
            "effect has no upper limit. Merge rare values or categories, or leave the driver out."
        )
    covariance: FloatArray = (vectors / values) @ vectors.T
    return covariance


def score_products(model: CumulativeModel, parameters: FloatArray, squared: FloatArray) -> FloatArray:
    """Sum over patterns of ``squared`` times the outer product of a respondent's score, shape (size, size)."""
    total = np.zeros((model.size, model.size))
    for part in _parts(model, parameters):
        total[np.ix_(part.own, part.own)] += (part.score * squared[part.rows, None]).T @ part.score
    return total


def scores_of(model: CumulativeModel, parameters: FloatArray) -> FloatArray:
    """Derivative of each pattern's log-probability by the parameters, shape (patterns, size)."""
    scores = np.zeros((model.codes.size, model.size))
    for part in _parts(model, parameters):
        scores[np.ix_(part.rows, part.own)] = part.score
    return scores


def category_probabilities(predictors: FloatArray, link: Link) -> FloatArray:
    """Probability of each category, shape (rows, thresholds + 1), from eta of each threshold (rows, thresholds)."""
    edge = np.full((predictors.shape[0], 1), np.inf)
    return _between(np.hstack([predictors, edge]), np.hstack([-edge, predictors]), _CURVES[link])


def _line_search(
    model: CumulativeModel, at: FloatArray, value: float, step: FloatArray, gain: float
) -> tuple[FloatArray, float, FloatArray, FloatArray]:
    """The longest of the step, its half, quarter, … that gains enough."""
    length = 1.0
    for _ in range(_MOST_HALVINGS):
        reached = at + length * step
        found = _derivatives(model, reached)
        if found[0] >= value + _SUFFICIENT * length * gain - _rounding(value):
            return reached, *found
        length /= 2
    raise _not_converged()


def _rounding(value: float) -> float:
    return 1e-13 * abs(value)


def _derivatives(model: CumulativeModel, parameters: FloatArray) -> tuple[float, FloatArray, FloatArray]:
    """Log-likelihood, its gradient and minus its second derivative; minus infinity where an answer is impossible."""
    value, gradient, information = 0.0, np.zeros(model.size), np.zeros((model.size, model.size))
    for part in _parts(model, parameters):
        if not (part.probability > 0).all():
            return -np.inf, gradient, information
        mass = model.mass[part.rows]
        value += float(mass @ np.log(part.probability))
        gradient[part.own] += mass @ part.score
        information[np.ix_(part.own, part.own)] += part.information(mass)
    return value, gradient, information


def _parts(model: CumulativeModel, parameters: FloatArray) -> "Iterator[_Part]":
    for code in range(model.categories):
        rows = np.flatnonzero(model.codes == code)
        for first in range(0, rows.size, _CHUNK):
            yield _Part(model, parameters, code, rows[first : first + _CHUNK])


class _Part:
    """Patterns with the same answer: their probability and its derivatives, by the few parameters that it has.

    Attributes:
        rows: which patterns, shape (rows,).
        own: which parameters: of the thresholds below and above the answer, and the slopes.
        probability: of the answer, shape (rows,).
        score: derivative of its logarithm by the own parameters, shape (rows, own).
    """

    def __init__(self, model: CumulativeModel, parameters: FloatArray, code: int, rows: IntArray) -> None:
        curve = _CURVES[model.link]
        edges = [threshold for threshold in (code - 1, code) if 0 <= threshold < model.thresholds]
        self.rows = rows
        self.own = _parameters_of(model, edges)
        self._upper = _design(model, rows, code, edges)
        self._lower = _design(model, rows, code - 1, edges)
        values = parameters[self.own]
        above = self._upper @ values if code in edges else np.full(rows.size, np.inf)
        below = self._lower @ values if code - 1 in edges else np.full(rows.size, -np.inf)
        self.probability = _between(above, below, curve)
        with np.errstate(divide="ignore", invalid="ignore"):
            self._slopes = curve.slope(above) / self.probability, curve.slope(below) / self.probability
            high, low = curve.density(above) / self.probability, curve.density(below) / self.probability
            self.score: FloatArray = high[:, None] * self._upper - low[:, None] * self._lower

    def information(self, mass: FloatArray) -> FloatArray:
        """Minus the second derivative of the log-likelihood of these patterns, shape (own, own)."""
        total: FloatArray = (self.score * mass[:, None]).T @ self.score
        total -= (self._upper * (mass * self._slopes[0])[:, None]).T @ self._upper
        total += (self._lower * (mass * self._slopes[1])[:, None]).T @ self._lower
        return total


def _parameters_of(model: CumulativeModel, edges: Sequence[int]) -> IntArray:
    """Parameters that eta of these thresholds has: thresholds, slopes, differences of slopes."""
    slopes, nominal = model.columns.shape[1], model.nominal.shape[1]
    own = [*edges, *range(model.thresholds, model.thresholds + slopes)]
    for threshold in edges:
        if threshold > 0:
            first = model.thresholds + slopes + (threshold - 1) * nominal
            own += range(first, first + nominal)
    return np.array(own, dtype=np.int64)


def _design(model: CumulativeModel, rows: IntArray, threshold: int, edges: Sequence[int]) -> FloatArray:
    """Eta of one threshold as a linear function of the parameters of all ``edges``; zeros where it is none of them."""
    slopes, nominal = model.columns.shape[1], model.nominal.shape[1]
    differing = [edge for edge in edges if edge > 0]
    design = np.zeros((rows.size, len(edges) + slopes + len(differing) * nominal))
    if threshold in edges:
        design[:, edges.index(threshold)] = 1.0
        design[:, len(edges) : len(edges) + slopes] = -model.columns[rows]
    if threshold in differing:
        first = len(edges) + slopes + differing.index(threshold) * nominal
        design[:, first : first + nominal] = model.nominal[rows]
    return design


def _between(above: FloatArray, below: FloatArray, curve: _Curve) -> FloatArray:
    """F(above) - F(below), taken on the side where both are small."""
    mirrored = below > 0
    high, low = np.where(mirrored, -below, above), np.where(mirrored, -above, below)
    between: FloatArray = curve.cumulative(high) - curve.cumulative(low)
    return between


def _not_converged() -> NotEstimable:
    return NotEstimable(
        "The ordinal model did not settle on an estimate; merge categories that hardly anybody chose, "
        "or leave out a driver."
    )
