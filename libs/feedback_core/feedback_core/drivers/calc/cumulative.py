"""Likelihood of a cumulative link model over patterns of answers, and its maximum by Newton's method.

Category j is chosen with probability F(eta_j) - F(eta_{j-1}), where eta_j = theta_j - x'beta + z'delta_j: thresholds,
drivers with one slope, and drivers z whose slope differs by threshold (delta of the first threshold is 0).
"""

from collections.abc import Callable, Iterator, Mapping
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
    """A symmetric distribution: its two tails, density and slope of the density from ``x`` and the tails, quantiles."""

    tail: Callable[[FloatArray], FloatArray]
    density: Callable[[FloatArray, FloatArray, FloatArray], FloatArray]
    slope: Callable[[FloatArray, FloatArray, FloatArray, FloatArray], FloatArray]
    quantile: Callable[[FloatArray], FloatArray]


def _logistic_density(_: FloatArray, below: FloatArray, above: FloatArray) -> FloatArray:
    return below * above


def _logistic_slope(_: FloatArray, below: FloatArray, above: FloatArray, density: FloatArray) -> FloatArray:
    return density * (above - below)


def _normal_density(x: FloatArray, _: FloatArray, __: FloatArray) -> FloatArray:
    density: FloatArray = np.exp(-0.5 * x**2) / np.sqrt(2 * np.pi)
    return density


def _normal_slope(x: FloatArray, _: FloatArray, __: FloatArray, density: FloatArray) -> FloatArray:
    return -x * density


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
        times = squared[part.rows]
        high, low = part.upper.pull, part.lower.pull
        part.add_products(total, times * high**2, -times * high * low, times * low**2)
    return total


def scores_of(model: CumulativeModel, parameters: FloatArray) -> FloatArray:
    """Derivative of each pattern's log-probability by the parameters, shape (patterns, size)."""
    scores = np.zeros((model.codes.size, model.size))
    for part in _parts(model, parameters):
        for edge, sign in ((part.upper, 1), (part.lower, -1)):
            own = np.ix_(part.rows, edge.own)
            scores[own] += sign * edge.pull[:, None] * part.design[:, : edge.own.size]
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
        upper, lower = part.upper, part.lower
        gradient[upper.own] += (mass * upper.pull) @ part.design[:, : upper.own.size]
        gradient[lower.own] -= (mass * lower.pull) @ part.design[:, : lower.own.size]
        part.add_products(
            information,
            mass * (upper.pull**2 - upper.bend),
            -mass * upper.pull * lower.pull,
            mass * (lower.pull**2 + lower.bend),
        )
    return value, gradient, information


def _parts(model: CumulativeModel, parameters: FloatArray) -> "Iterator[_Part]":
    for code in range(model.categories):
        rows = np.flatnonzero(model.codes == code)
        for first in range(0, rows.size, _CHUNK):
            yield _part(model, parameters, code, rows[first : first + _CHUNK])


@dataclass(frozen=True, slots=True)
class _Edge:
    """A threshold beside an answer.

    Attributes:
        own: the parameters of its eta, in the order of the columns of the design; none beyond the ends of the scale.
        pull: density at eta over the probability of the answer, shape (rows,).
        bend: slope of the density there over the probability, shape (rows,).
    """

    own: IntArray
    pull: FloatArray
    bend: FloatArray


@dataclass(frozen=True, slots=True)
class _Part:
    """Patterns with the same answer: its probability, and what the thresholds above and below it do to that.

    Attributes:
        rows: which patterns, shape (rows,).
        design: derivative of an eta by its parameters (threshold, slopes, differences), shape (rows, parameters).
        probability: of the answer, shape (rows,).
    """

    rows: IntArray
    design: FloatArray
    probability: FloatArray
    upper: _Edge
    lower: _Edge

    def add_products(self, total: FloatArray, above: FloatArray, across: FloatArray, below: FloatArray) -> None:
        """Add the sums of products of the two etas' derivatives, each pair weighted row by row, shape (size, size)."""
        upper, lower = self.upper.own, self.lower.own
        high, low = self.design[:, : upper.size], self.design[:, : lower.size]
        total[np.ix_(upper, upper)] += (high * above[:, None]).T @ high
        total[np.ix_(lower, lower)] += (low * below[:, None]).T @ low
        between = (high * across[:, None]).T @ low
        total[np.ix_(upper, lower)] += between
        total[np.ix_(lower, upper)] += between.T


def _part(model: CumulativeModel, parameters: FloatArray, code: int, rows: IntArray) -> _Part:
    curve = _CURVES[model.link]
    columns = model.columns[rows]
    design = np.hstack([np.ones((rows.size, 1)), -columns, model.nominal[rows]])
    own = [_parameters_of(model, threshold) for threshold in (code, code - 1)]
    etas = [
        design[:, : each.size] @ parameters[each] if each.size else np.full(rows.size, end)
        for each, end in zip(own, (np.inf, -np.inf), strict=True)
    ]
    tails = [(curve.tail(eta), curve.tail(-eta)) for eta in etas]
    probability = _difference(etas[1], *tails)
    edges = []
    for each, eta, (below, above) in zip(own, etas, tails, strict=True):
        if not each.size:
            nothing = np.zeros(rows.size)
            edges.append(_Edge(each, nothing, nothing))
            continue
        density = curve.density(eta, below, above)
        with np.errstate(divide="ignore", invalid="ignore"):
            edges.append(_Edge(each, density / probability, curve.slope(eta, below, above, density) / probability))
    return _Part(rows, design, probability, *edges)


def _parameters_of(model: CumulativeModel, threshold: int) -> IntArray:
    """Parameters that eta of a threshold has: itself, slopes, differences of slopes; none beyond the ends."""
    if not 0 <= threshold < model.thresholds:
        return np.zeros(0, dtype=np.int64)
    slopes, nominal = model.columns.shape[1], model.nominal.shape[1]
    own = [threshold, *range(model.thresholds, model.thresholds + slopes)]
    if threshold > 0:
        first = model.thresholds + slopes + (threshold - 1) * nominal
        own += range(first, first + nominal)
    return np.array(own, dtype=np.int64)


def _between(above: FloatArray, below: FloatArray, curve: _Curve) -> FloatArray:
    """F(above) - F(below)."""
    return _difference(below, (curve.tail(above), curve.tail(-above)), (curve.tail(below), curve.tail(-below)))


def _difference(
    below: FloatArray, upper: tuple[FloatArray, FloatArray], lower: tuple[FloatArray, FloatArray]
) -> FloatArray:
    """F(above) - F(below) from the tails (F(x), F(-x)) of both, taken on the side where both are small."""
    difference: FloatArray = np.where(below > 0, lower[1] - upper[1], upper[0] - lower[0])
    return difference


def _not_converged() -> NotEstimable:
    return NotEstimable(
        "The ordinal model did not settle on an estimate; merge categories that hardly anybody chose, "
        "or leave out a driver."
    )
