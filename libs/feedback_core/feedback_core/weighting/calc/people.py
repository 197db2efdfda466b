"""People with attributes and numbers, as propensity models and comparisons with a file of the frame take them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from feedback_core.kit.errors import NotEstimable


@dataclass(frozen=True, slots=True)
class People:
    """Units: people, or groups of people alike in every attribute, number and weight.

    Attributes:
        attributes: keys of the categorical attributes.
        levels: categories of each, in the order of the codes.
        codes: shape (attributes, units).
        measures: keys of the numbers.
        numbers: shape (measures, units).
        weights: design weight of a person of each unit, shape (units,).
        counts: people in each unit, shape (units,).
    """

    attributes: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    codes: NDArray[np.int64]
    measures: tuple[str, ...]
    numbers: NDArray[np.float64]
    weights: NDArray[np.float64]
    counts: NDArray[np.float64]


def people(
    categories: Mapping[str, Sequence[str]],
    numbers: Mapping[str, ArrayLike] | None = None,
    *,
    levels: Mapping[str, Sequence[str]] | None = None,
    weights: ArrayLike | None = None,
    counts: ArrayLike | None = None,
) -> People:
    """`People` from columns: ``categories`` by attribute, ``numbers`` by measure, each with an entry per unit.

    Args:
        categories: a missing category must be given a name of its own, or the person be left out.
        numbers: finite.
        levels: categories of an attribute in their order; those that occur, sorted, when absent.
        weights: design weight of a person of each unit; 1 when absent.
        counts: people in each unit; 1 when absent.

    Raises:
        NotEstimable: nobody, no attribute, a number that is not finite, a weight or count that is not above 0, or a
            category that ``levels`` does not name.
        ValueError: columns of different lengths.
    """
    measured = {key: np.asarray(column, dtype=float) for key, column in (numbers or {}).items()}
    lengths = {len(column) for column in categories.values()} | {column.size for column in measured.values()}
    if not lengths:
        raise NotEstimable("Give at least one attribute or number that is known of everyone.")
    if len(lengths) > 1:
        raise ValueError("columns must be of one length")
    units = lengths.pop()
    if units == 0:
        raise NotEstimable("There is nobody in this group.")
    for key, column in measured.items():
        if not np.isfinite(column).all():
            raise NotEstimable(
                f"The {key} of someone is not a finite number; leave them out, or group it and name the unknown."
            )
    coded = {key: _coded(key, column, (levels or {}).get(key)) for key, column in categories.items()}
    return People(
        attributes=tuple(coded),
        levels=tuple(names for names, _ in coded.values()),
        codes=np.array([row for _, row in coded.values()], dtype=np.int64).reshape(len(coded), units),
        measures=tuple(measured),
        numbers=np.array(list(measured.values()), dtype=float).reshape(len(measured), units),
        weights=_positive(weights, units, "weight"),
        counts=_positive(counts, units, "count"),
    )


def _coded(
    attribute: str, column: Sequence[str], levels: Sequence[str] | None
) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    present, index = np.unique(np.asarray(column, dtype=str), return_inverse=True)
    names = tuple(str(name) for name in present) if levels is None else tuple(levels)
    code_of = {name: code for code, name in enumerate(names)}
    unnamed = [str(name) for name in present if str(name) not in code_of]
    if unnamed:
        raise NotEstimable(
            f"Someone's {attribute} is {unnamed[0]!r}, which is not among its levels; name or recode it."
        )
    return names, np.array([code_of[str(name)] for name in present], dtype=np.int64)[index]


def _positive(given: ArrayLike | None, units: int, what: str) -> NDArray[np.float64]:
    values = np.ones(units) if given is None else np.asarray(given, dtype=float)
    if values.shape != (units,):
        raise ValueError(f"{what}s: shape {values.shape}, expected ({units},)")
    if not (np.isfinite(values) & (values > 0)).all():
        raise NotEstimable(f"A {what} is not a finite number above 0; leave such people out.")
    return values
