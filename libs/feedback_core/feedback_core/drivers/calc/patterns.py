"""Distinct patterns of answers and how many respondents gave each: all that driver models need, at any number."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from feedback_core.kit.errors import NotEstimable
from feedback_core.weighting.calc import kish_design_effect

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Spread below this share of the size of the values is rounding.
_CONSTANT = 1e-12
# Eigenvalues of a correlation matrix sum to its size; below this one column follows from the others.
_COLLINEAR = 1e-10
# Of the null direction of a correlation matrix: smaller parts are rounding.
_TAKES_PART = 1e-3


@dataclass(frozen=True, slots=True)
class Driver:
    """What may move the outcome: a number, or a category written as dummy columns.

    Attributes:
        name: key of the driver.
        labels: names of its columns.
        columns: shape (patterns, columns).
    """

    name: str
    labels: tuple[str, ...]
    columns: FloatArray


@dataclass(frozen=True, slots=True)
class AnswerPatterns:
    """Distinct patterns of answers.

    Attributes:
        outcome: answer to be explained, shape (patterns,).
        drivers: what may explain it; may be empty.
        counts: respondents with each pattern, shape (patterns,).
        weights: sampling weight of a respondent of each pattern, > 0, shape (patterns,); all alike when absent.
    """

    outcome: FloatArray
    drivers: tuple[Driver, ...]
    counts: FloatArray
    weights: FloatArray | None = None

    @property
    def n(self) -> int:
        """Respondents."""
        return round(float(self.counts.sum()))

    @property
    def n_effective(self) -> float:
        """Kish effective n; ``n`` without weights."""
        return float(self.n) if self.weights is None else kish_design_effect(self.weights, self.counts).effective_n

    @property
    def columns(self) -> FloatArray:
        """Columns of all drivers side by side, shape (patterns, columns)."""
        return np.column_stack([np.zeros((self.outcome.size, 0)), *(driver.columns for driver in self.drivers)])

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of ``columns``."""
        return tuple(label for driver in self.drivers for label in driver.labels)

    @property
    def mass(self) -> FloatArray:
        """Weight of each pattern: its respondents times their weight, the mean weight of a respondent being 1."""
        if self.weights is None:
            return self.counts
        weighted = self.counts * self.weights
        scaled: FloatArray = weighted * (self.counts.sum() / weighted.sum())
        return scaled


def numeric_driver(name: str, values: ArrayLike) -> Driver:
    """A driver with one slope, such as a rating; ``values`` has shape (patterns,)."""
    return Driver(name, (name,), np.asarray(values, dtype=float).reshape(-1, 1))


def categorical_driver(name: str, codes: ArrayLike, levels: Sequence[str]) -> Driver:
    """A driver of unordered categories: a dummy for each but the first, the reference (treatment contrasts).

    Args:
        name: key of the driver.
        codes: category of each pattern, an index into ``levels``, shape (patterns,).
        levels: names of the categories; columns are called name and level together, as R does: ``InflHigh``.

    Raises:
        NotEstimable: fewer than two levels.
        ValueError: a code outside ``levels``.
    """
    each = np.asarray(codes, dtype=np.int64)
    if len(levels) < 2:
        raise NotEstimable(f"{name} has fewer than two categories, so it cannot explain anything; leave it out.")
    if each.size and (each.min() < 0 or each.max() >= len(levels)):
        raise ValueError(f"{name}: a code lies outside its {len(levels)} categories")
    dummies = (each[:, None] == np.arange(1, len(levels))).astype(float)
    return Driver(name, tuple(f"{name}{level}" for level in levels[1:]), dummies)


def checked(patterns: AnswerPatterns) -> AnswerPatterns:
    """The patterns that somebody gave.

    Raises:
        NotEstimable: nobody answered, an answer that is not a finite number, or a weight that is not above 0.
        ValueError: shapes that do not fit together.
    """
    m = patterns.outcome.size
    given = [patterns.counts, *([] if patterns.weights is None else [patterns.weights])]
    if any(each.shape != (m,) for each in given) or any(driver.columns.shape[0] != m for driver in patterns.drivers):
        raise ValueError("outcome, drivers, counts and weights must have one row per pattern")
    if not (np.isfinite(patterns.counts).all() and (patterns.counts >= 0).all()):
        raise NotEstimable("A count is not a number from 0; give the respondents of each pattern.")
    found = _without_empty(patterns)
    if found.outcome.size == 0:
        raise NotEstimable("Nobody answered, so there is nothing to explain.")
    if not (np.isfinite(found.outcome).all() and np.isfinite(found.columns).all()):
        raise NotEstimable("An answer is not a finite number; leave respondents with missing answers out.")
    if found.weights is not None and not (np.isfinite(found.weights).all() and (found.weights > 0).all()):
        raise NotEstimable("A weight is not a finite number above 0; leave out whom the weights leave out.")
    return found


def _without_empty(patterns: AnswerPatterns) -> AnswerPatterns:
    there = patterns.counts > 0
    if there.all():
        return patterns
    return AnswerPatterns(
        patterns.outcome[there],
        tuple(replace(driver, columns=driver.columns[there]) for driver in patterns.drivers),
        patterns.counts[there],
        None if patterns.weights is None else patterns.weights[there],
    )


@dataclass(frozen=True, slots=True)
class Standardised:
    """Columns with mean 0 and standard deviation 1 (over the mass), and the way back.

    Attributes:
        columns: shape (patterns, columns).
        means: of the columns as given.
        deviations: of the columns as given, divisor total mass.
    """

    columns: FloatArray
    means: FloatArray
    deviations: FloatArray


def standardised(columns: FloatArray, mass: FloatArray, labels: Sequence[str]) -> Standardised:
    """``columns``, shape (patterns, columns), centred and scaled.

    Raises:
        NotEstimable: columns that do not vary, or follow from others; they are named.
    """
    means = mass @ columns / mass.sum()
    centred = columns - means
    deviations = np.sqrt(mass @ centred**2 / mass.sum())
    flat = deviations <= _CONSTANT * np.abs(columns).max(axis=0, initial=0.0)
    if flat.any():
        named = _listed([label for label, is_flat in zip(labels, flat, strict=True) if is_flat])
        raise NotEstimable(f"Everybody gave the same answer to {named}, so it cannot explain anything; leave it out.")
    scaled = centred / deviations
    refuse_collinear((scaled * mass[:, None]).T @ scaled / mass.sum(), labels)
    return Standardised(scaled, means, deviations)


def refuse_collinear(correlations: FloatArray, labels: Sequence[str]) -> None:
    """Refuse columns of which one follows from the others.

    Raises:
        NotEstimable: the columns that are tied together are named.
    """
    if not labels:
        return
    values, vectors = np.linalg.eigh(correlations)
    tied = values < _COLLINEAR
    if tied.any():
        part = np.abs(vectors[:, tied]).max(axis=1) > _TAKES_PART
        named = _listed([label for label, takes in zip(labels, part, strict=True) if takes])
        raise NotEstimable(f"Of {named}, one follows exactly from the others; leave one of them out.")


def _listed(labels: Sequence[str]) -> str:
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"
