"""The odds of volunteers from a penalised model, its strength by cross-validation: many attributes, few people."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from feedback_core.kit.errors import NotEstimable
from feedback_core.weighting.calc.model_matrix import distinct_patterns
from feedback_core.weighting.calc.people import People
from feedback_core.weighting.calc.reference_propensity import stacked, weighted_by_odds
from feedback_core.weighting.calc.weighting import Weighting

_STRENGTHS = tuple(np.logspace(1, -5, 250).tolist())
# The path ends where a weaker penalty explains less than this more of the deviance.
_NOTHING_GAINED = 1e-5
_CONVERGED = 1e-9
_MOST_ITERATIONS = 100


@dataclass(frozen=True, slots=True)
class _Counted:
    """Weight of ones and zeros per pattern."""

    ones: NDArray[np.float64]
    zeros: NDArray[np.float64]

    def deviance(self, log_odds: NDArray[np.float64]) -> float:
        """Mean deviance of the counted."""
        whole = float(self.ones.sum() + self.zeros.sum())
        lost = self.ones @ np.logaddexp(0, -log_odds) + self.zeros @ np.logaddexp(0, log_odds)
        return 2 * float(lost) / whole


def quantile_groups(values: ArrayLike, others: ArrayLike, *, groups: int = 10) -> tuple[list[str], list[str]]:
    """Names of the quantile group of each of ``values`` and ``others``, limits taken over both: g0 the lowest.

    A number becomes an attribute so that the model need not be linear in it. Groups are open below and closed above;
    equal limits merge.

    Raises:
        NotEstimable: a value that is not finite, or nobody.
    """
    first, second = np.asarray(values, dtype=float), np.asarray(others, dtype=float)
    both = np.concatenate([first, second])
    if both.size == 0 or not np.isfinite(both).all():
        raise NotEstimable("Give a finite number for everyone, or leave those without one out.")
    limits = np.unique(np.quantile(both, np.arange(1, groups) / groups))
    digits = len(str(limits.size))
    names = [f"g{index:0{digits}}" for index in range(limits.size + 1)]
    here, there = (np.searchsorted(limits, each, side="left") for each in (first, second))
    return [names[index] for index in here], [names[index] for index in there]


def weight_to_reference_penalised(
    sample: People,
    reference: People,
    folds: NDArray[np.int64],
    *,
    strengths: Sequence[float] | None = None,
    balance_classes: bool = True,
    weight_trimming_mean_ratio: float | None = 20.0,
    weight_trimming_percentile: float | tuple[float, float] | None = None,
) -> Weighting:
    """As `weight_to_reference`, with a ridge penalty on the standardised columns.

    The strength is the largest whose cross-validated deviance is within a standard error of the least. The first
    attribute enters with all levels, the others without their first one, so the order of attributes matters a little.
    A category that tells sample and reference apart is no obstacle here.

    Args:
        sample: volunteers.
        reference: people of the population.
        folds: 0 … k - 1, k >= 2, drawn at random: the fold of each unit of the sample, then of the reference.
        strengths: penalties to try, the strongest first; 250 from 10 to 1e-5, evenly in logarithms, when absent.
        balance_classes: as for `weight_to_reference`.
        weight_trimming_mean_ratio: as for `trim_to_mean_ratio`.
        weight_trimming_percentile: as for `trim_to_percentiles`; then the ratio must be ``None``.

    Raises:
        NotEstimable: different attributes, or a fold without people of both kinds outside it.
        BoundsImpossible: as the two ways of trimming.

    Source: Hoerl & Kennard (1970), Technometrics 12:55; one standard error: Hastie, Tibshirani & Friedman (2009), 7.10;
    ``ipw`` of Python's balance 0.23. Golden: s12.
    """
    who, ones, zeros = stacked(sample, reference, balance_classes=balance_classes)
    if folds.shape != ones.shape:
        raise ValueError(f"folds: shape {folds.shape}, expected {ones.shape}")
    columns, pattern_of = _columns(who, ones + zeros)
    everyone = _counted(pattern_of, ones, zeros, len(columns))
    parts = []
    for fold in range(int(folds.max()) + 1):
        without = _counted(pattern_of, ones * (folds != fold), zeros * (folds != fold), len(columns))
        within = _counted(pattern_of, ones * (folds == fold), zeros * (folds == fold), len(columns))
        if not (without.ones.sum() > 0 and without.zeros.sum() > 0 and (within.ones + within.zeros).sum() > 0):
            raise NotEstimable("A fold is empty, or leaves only one kind of people; draw two or more folds, but fewer.")
        parts.append((without, within))
    odds, strength = _chosen(columns, everyone, parts, _STRENGTHS if strengths is None else strengths)
    told = f"The penalty of {strength:.3g} was chosen by {len(parts)} folds; other folds give slightly other weights."
    return weighted_by_odds(
        sample,
        reference,
        odds[pattern_of[: sample.weights.size]],
        trimming=(weight_trimming_mean_ratio, weight_trimming_percentile),
        warnings=[told],
    )


def _chosen(
    columns: NDArray[np.float64],
    everyone: _Counted,
    parts: list[tuple[_Counted, _Counted]],
    strengths: Sequence[float],
) -> tuple[NDArray[np.float64], float]:
    """Log-odds of each pattern under the chosen strength, and that strength."""
    whole = float(everyone.ones.sum() + everyone.zeros.sum())
    slopes = [np.zeros(columns.shape[1])] * (len(parts) + 1)
    unexplained = everyone.deviance(np.full(len(columns), np.log(everyone.ones.sum() / everyone.zeros.sum())))
    path: list[tuple[NDArray[np.float64], float, float, float]] = []
    before = -np.inf
    for strength in strengths:
        slopes[-1] = _ridge(columns, everyone, strength * whole, slopes[-1])
        odds = columns @ slopes[-1]
        explained = 1 - everyone.deviance(odds) / unexplained
        if explained - before < _NOTHING_GAINED and path:
            break
        before = explained
        lost = []
        for index, (without, within) in enumerate(parts):
            slopes[index] = _ridge(columns, without, strength * whole, slopes[index])
            lost.append(within.deviance(columns @ slopes[index]))
        path.append((odds, strength, float(np.mean(lost)), float(np.std(lost, ddof=1)) / len(parts) ** 0.5))
    best = min(path, key=lambda step: step[2])
    return next((odds, strength) for odds, strength, mean, _ in path if mean < best[2] + best[3] or mean == best[2])


def _ridge(
    columns: NDArray[np.float64], counted: _Counted, penalty: float, start: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Slopes that minimise half the deviance plus half ``penalty`` times their squares; the constant is free."""
    n, slopes = counted.ones + counted.zeros, start
    penalties = np.full(columns.shape[1], penalty)
    penalties[0] = 0.0
    for _ in range(_MOST_ITERATIONS):
        fitted = expit(columns @ slopes)
        gradient = columns.T @ (counted.ones - n * fitted) - penalties * slopes
        curvature = (columns * (n * fitted * (1 - fitted))[:, None]).T @ columns + np.diag(penalties)
        step = np.linalg.solve(curvature, gradient)
        slopes = slopes + step
        if np.abs(step).max() < _CONVERGED:
            return slopes
    raise NotEstimable("The penalised model did not converge; leave the weakest penalties out.")


def _columns(who: People, weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Constant and columns in their standard deviations per pattern, and the pattern of each unit."""
    cells, numbers, pattern_of = distinct_patterns(who.codes, [len(names) for names in who.levels], who.numbers)
    dummies = [
        np.eye(len(names))[row][:, 1 if index else 0 :]
        for index, (names, row) in enumerate(zip(who.levels, cells, strict=True))
    ]
    matrix = np.hstack([*dummies, numbers.T])
    mass = np.bincount(pattern_of, weights=weights, minlength=len(matrix))
    mean = mass @ matrix / mass.sum()
    spread = np.sqrt(mass @ (matrix - mean) ** 2 / mass.sum())
    return np.hstack([np.ones((len(matrix), 1)), matrix / np.where(spread > 0, spread, 1.0)]), pattern_of


def _counted(
    pattern_of: NDArray[np.int64], ones: NDArray[np.float64], zeros: NDArray[np.float64], patterns: int
) -> _Counted:
    return _Counted(
        np.bincount(pattern_of, weights=ones, minlength=patterns).astype(float),
        np.bincount(pattern_of, weights=zeros, minlength=patterns).astype(float),
    )
