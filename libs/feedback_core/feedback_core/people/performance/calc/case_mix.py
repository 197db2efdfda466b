"""Figures of people or teams as they would be if all had the same mix of cases."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.kpis.calc.quantiles import student_quantile

METHOD = "case_mix_regression"

# Shares of the largest: a direction with less spread inside units than this has none; units closer than this are alike.
_NO_SPREAD = 1e-9
_ALIKE = 1e-6


@dataclass(frozen=True, slots=True)
class AdjustedUnit:
    """One unit, by the place of it in what was given.

    Attributes:
        n: answers.
        observed: mean score as answered.
        expected: what a typical unit would reach with this unit's cases; ``None``: its cases cannot be compared.
        adjusted: what this unit would reach with everybody's cases: observed - expected + overall; ``None``: likewise.
    """

    n: int
    observed: float
    expected: float | None
    adjusted: Estimate | None


@dataclass(frozen=True, slots=True)
class MixAdjustment:
    """All units, at the mix of cases of those that can be compared.

    Attributes:
        units: in the order of their codes.
        overall: mean score of all answers of the units that can be compared.
        explained: share of the spread inside units that the mix explains, 0..1.
        residual_variance: of a single answer, once unit and mix are known.
        degrees_of_freedom: of the residual variance.
    """

    units: tuple[AdjustedUnit, ...]
    overall: float
    explained: float
    residual_variance: float
    degrees_of_freedom: int

    @property
    def compared(self) -> tuple[int, ...]:
        """Places of the units that can be compared with each other."""
        return tuple(place for place, unit in enumerate(self.units) if unit.adjusted is not None)


def adjust_for_mix(
    units: ArrayLike, mix: ArrayLike, scores: ArrayLike, counts: ArrayLike, *, level: float = 0.95
) -> MixAdjustment:
    """Means of units at one mix of cases: least squares on unit and mix, each attribute by its categories.

    What a kind of case is worth is learnt inside units alone, so that a good unit with hard cases does not make hard
    cases look easy. With b the worth of the mix and x a unit's own mix, its adjusted mean is y - b(x - x0), x0 the mix
    of all units that can be compared. Units are comparable where the data say what their mixes differ by: where nobody
    has both kinds of cases, those who have the one cannot be held against those who have the other. The largest set of
    comparable units (by answers) is adjusted.

    Args:
        units: code 0..k-1 of the unit of each row, every code at least once, shape (rows,).
        mix: code of the category of each attribute, shape (rows, attributes).
        scores: of the answers of each row, shape (rows,).
        counts: how many gave it, at least 1, shape (rows,).
        level: of the intervals.

    Raises:
        NotEstimable: fewer than two units; no more answers than units and categories; inside every unit and kind of
            case all answers are alike.

    Source: Zaslavsky, Zaborski & Cleary (2000), Health Services Research 35:2; O'Malley et al. (2005), Health Services
    Research 40:2162 (CAHPS). Golden: none; statsmodels.
    """
    unit, y, n = np.asarray(units, dtype=np.int64), np.asarray(scores, dtype=float), np.asarray(counts, dtype=float)
    if unit.size == 0 or int(unit.max()) < 1:
        raise NotEstimable("One alone has no others to be compared with; it takes two or more.")
    design = _design(np.asarray(mix, dtype=np.int64).reshape(unit.size, -1), n)
    sizes = np.bincount(unit, weights=n).astype(np.float64)
    means = np.bincount(unit, weights=n * y) / sizes
    mixes = np.zeros((sizes.size, design.shape[1]))
    for place, column in enumerate(design.T):
        mixes[:, place] = np.bincount(unit, weights=n * column) / sizes
    inside_y, inside_x = y - means[unit], design - mixes[unit]
    moments = inside_x.T @ (inside_x * n[:, None])
    inverse, unseen, rank = _pseudo_inverse(moments)
    worth = inverse @ (inside_x.T @ (n * inside_y))
    freedom = round(float(n.sum())) - sizes.size - rank
    if freedom < 1:
        raise NotEstimable("There are no more answers than people and kinds of cases: name fewer attributes.")
    total = float(n @ inside_y**2)
    left = float(n @ (inside_y - inside_x @ worth) ** 2)
    if total == 0.0 or left <= total * _NO_SPREAD:
        raise NotEstimable("Inside every group all answers are alike, so their spread cannot be estimated.")
    variance = left / freedom
    compared = _comparable(mixes @ unseen, sizes)
    reference = sizes[compared] @ mixes[compared] / sizes[compared].sum()
    overall = float(sizes[compared] @ means[compared] / sizes[compared].sum())
    half = student_quantile(level, freedom)
    found = []
    for place in range(sizes.size):
        size, observed = round(float(sizes[place])), float(means[place])
        if not compared[place]:
            found.append(AdjustedUnit(size, observed, None, None))
            continue
        away = mixes[place] - reference
        expected = overall + float(worth @ away)
        error = (variance * (1.0 / size + float(away @ inverse @ away))) ** 0.5
        value = observed - expected + overall
        interval = Interval(value - half * error, value + half * error, level, METHOD)
        found.append(AdjustedUnit(size, observed, expected, Estimate(value, interval, error, size, float(size))))
    return MixAdjustment(tuple(found), overall, 1.0 - left / total, variance, freedom)


def codes_of(values: Sequence[str | None]) -> NDArray[np.int64]:
    """Values as codes in the order of the values; what is not known is a category of its own, the last."""
    known = {value: code for code, value in enumerate(sorted({value for value in values if value is not None}))}
    return np.array([len(known) if value is None else known[value] for value in values], dtype=np.int64)


def _design(mix: NDArray[np.int64], n: NDArray[np.float64]) -> NDArray[np.float64]:
    """A column for each category but the commonest of each attribute, shape (rows, columns)."""
    columns = []
    for attribute in mix.T:
        answers = np.bincount(attribute, weights=n)
        commonest = int(answers.argmax())
        columns += [attribute == code for code in np.flatnonzero(answers).tolist() if code != commonest]
    return np.array(columns, dtype=float).reshape(len(columns), mix.shape[0]).T


def _pseudo_inverse(
    moments: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
    """Inverse where there is spread, the directions without any (columns), and how many there are with it."""
    values, vectors = np.linalg.eigh(moments)
    seen = values > _NO_SPREAD * max(float(values.max(initial=0.0)), 1e-300)
    inverse = (vectors[:, seen] / values[seen]) @ vectors[:, seen].T
    return inverse, vectors[:, ~seen], int(seen.sum())


def _comparable(unseen: NDArray[np.float64], sizes: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Of the sets of units whose mixes differ by nothing that was never seen inside a unit, the one of most answers."""
    best = np.zeros(sizes.size, dtype=bool)
    for place in range(sizes.size):
        alike = (np.abs(unseen - unseen[place]) < _ALIKE).all(axis=1)
        if sizes[alike].sum() > sizes[best].sum():
            best = alike
    return best
