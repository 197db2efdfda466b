"""Invited people counted by their categories: all that a model of who responds has to read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.grouping import grouped


@dataclass(frozen=True, slots=True, eq=False)
class ResponsePatterns:
    """Invited people of equal categories, design weight and stratum, counted.

    Attributes:
        variables: names, in order.
        categories: of each variable, in order; the first is the model's reference.
        codes: category of each pattern, an index into ``categories``, shape (variables, patterns).
        invited: people, shape (patterns,).
        responded: those of them who did, shape (patterns,).
        weights: people of the population that one invited stands for, shape (patterns,).
        strata: code of the stratum of the draw, shape (patterns,).
    """

    variables: tuple[str, ...]
    categories: tuple[tuple[str, ...], ...]
    codes: NDArray[np.int64]
    invited: NDArray[np.int64]
    responded: NDArray[np.int64]
    weights: NDArray[np.float64]
    strata: NDArray[np.int64]

    @property
    def n(self) -> int:
        """Invited in all."""
        return int(self.invited.sum())

    @property
    def n_responded(self) -> int:
        """Responses in all."""
        return int(self.responded.sum())

    @property
    def mass(self) -> NDArray[np.float64]:
        """People of the population behind each pattern, shape (patterns,)."""
        mass: NDArray[np.float64] = self.invited * self.weights
        return mass

    def only(self, variable: str) -> "ResponsePatterns":
        """The same people described by one variable."""
        index = self.variables.index(variable)
        return ResponsePatterns(
            (variable,),
            (self.categories[index],),
            self.codes[[index]],
            self.invited,
            self.responded,
            self.weights,
            self.strata,
        )


def response_patterns(
    responded: ArrayLike,
    variables: Mapping[str, Sequence[str | None]],
    *,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    counts: ArrayLike | None = None,
) -> ResponsePatterns:
    """Patterns of invited people, one entry per person (or, with ``counts``, per group of equal people).

    Args:
        responded: 0 or 1 of each person, shape (n,); with ``counts``, how many of the group did.
        variables: name to the category of each person, shape (n,).
        weights: design weight of each person, people of the population per invited; 1 when absent: the invited then
            are the whole population, and nothing is left to sampling.
        strata: stratum of the draw of each person. When absent, people of equal weight are a stratum, or all are one
            where there are more than 20 different weights.
        counts: people in each group; 1 when absent.

    Raises:
        NotEstimable: nobody invited, no variable, a category that is not known, more responses than invited, or a
            weight that is not above 0.
    """
    answered = np.asarray(responded, dtype=np.int64)
    people = np.ones(answered.size, dtype=np.int64) if counts is None else np.asarray(counts, dtype=np.int64)
    weight = np.ones(answered.size) if weights is None else np.asarray(weights, dtype=float)
    _refuse_malformed(answered, people, weight, variables)
    columns = [_coded(name, values, answered.size) for name, values in variables.items()]
    distinct_weights, weight_code = np.unique(weight, return_inverse=True)
    stratum = _strata(strata, weight_code, distinct_weights.size)
    codes = np.vstack([*(codes for _, codes in columns), weight_code, stratum])
    sizes = [len(categories) for categories, _ in columns]
    cells, cell_of = grouped(codes, [*sizes, distinct_weights.size, int(stratum.max()) + 1])
    width = cells.shape[1]
    invited = np.bincount(cell_of, weights=people, minlength=width).astype(np.int64)
    heard = np.bincount(cell_of, weights=answered, minlength=width).astype(np.int64)
    kept = invited > 0
    return ResponsePatterns(
        tuple(variables),
        tuple(categories for categories, _ in columns),
        cells[: len(sizes), kept],
        invited[kept],
        heard[kept],
        distinct_weights[cells[-2, kept]],
        cells[-1, kept],
    )


def _refuse_malformed(
    answered: NDArray[np.int64],
    people: NDArray[np.int64],
    weight: NDArray[np.float64],
    variables: Mapping[str, Sequence[str | None]],
) -> None:
    if people.shape != answered.shape or weight.shape != answered.shape:
        raise ValueError(f"counts {people.shape} and weights {weight.shape}, expected {answered.shape}")
    if not people.sum():
        raise NotEstimable("Nobody was invited, so there is no response to describe.")
    if not variables:
        raise NotEstimable("Give at least one variable that is known for all invited, whether they responded or not.")
    if (answered < 0).any() or (answered > people).any():
        raise NotEstimable("Somewhere more people responded than were invited, or fewer than none.")
    if not (np.isfinite(weight).all() and (weight > 0).all()):
        raise NotEstimable("A design weight is not a finite number above 0.")


def _coded(name: str, values: Sequence[str | None], n: int) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    if len(values) != n:
        raise ValueError(f"{name}: {len(values)} values, expected {n}")
    present = set(values)
    if None in present:
        unknown = sum(value is None for value in values)
        raise NotEstimable(
            f"The {name} of {unknown:,} invited is not known; give them a category of their own, or leave them out."
        )
    categories = tuple(sorted(value for value in present if value is not None))
    index: dict[str | None, int] = {category: code for code, category in enumerate(categories)}
    return categories, np.fromiter(map(index.__getitem__, values), dtype=np.int64, count=n)


def _strata(given: ArrayLike | None, weight_code: NDArray[np.int64], distinct: int) -> NDArray[np.int64]:
    if given is not None:
        codes: NDArray[np.int64] = np.unique(np.asarray(given), return_inverse=True)[1]
        return codes
    return weight_code if distinct <= 20 else np.zeros_like(weight_code)
