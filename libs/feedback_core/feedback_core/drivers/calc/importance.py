"""How much each driver contributes to the explained share of variance, from correlations."""

from collections.abc import Callable, Mapping
from itertools import combinations
from math import comb
from typing import Final

import numpy as np

from feedback_core.drivers.calc.correlations import Correlations
from feedback_core.drivers.calc.patterns import FloatArray, IntArray
from feedback_core.drivers.types import MOST_DRIVERS_OF_LMG, ImportanceMethod, RelativeImportance
from feedback_core.kit.errors import NotEstimable

# Less than this in sum explains nothing, up to rounding.
_NOTHING: Final = 1e-14


def relative_importance(correlations: Correlations, *, method: ImportanceMethod = "johnson") -> RelativeImportance:
    """Contribution of each driver to R².

    Args:
        correlations: of drivers and outcome, weighted if need be.
        method: ``johnson``, relative weights; ``lmg``, the mean gain in R² over all orders of entry (Shapley value);
            ``first``, R² of the driver alone; ``last``, gain when it enters last; ``betasq``, squared standardised
            coefficient; ``pratt``, that coefficient times the correlation; ``genizi``, equal to johnson; ``car``,
            squared correlation with the decorrelated driver.

    Raises:
        NotEstimable: ``lmg`` of more than 15 drivers.
        ValueError: an unknown method.

    Source: Johnson (2000), Multivariate Behavioral Research 35:1; Lindeman, Merenda & Gold (1980); Grömping (2007),
    American Statistician 61:139; Pratt (1987); Genizi (1993), Statistica Sinica 3:407; Zuber & Strimmer (2011),
    Statistical Applications in Genetics 10:34. Golden: s25.
    """
    raw = contributions(correlations.among, correlations.with_outcome, method)
    total = float(raw.sum())
    return RelativeImportance(
        method=method,
        drivers=correlations.drivers,
        raw=tuple(raw.tolist()),
        rescaled=tuple((raw / total).tolist()) if total > _NOTHING else None,
        r_squared=correlations.r_squared,
    )


def contributions(among: FloatArray, with_outcome: FloatArray, method: ImportanceMethod) -> FloatArray:
    """Contribution of each driver, shape (…, p), from correlations (…, p, p) and (…, p).

    Raises:
        NotEstimable: ``lmg`` of more than 15 drivers.
        ValueError: an unknown method.
    """
    if method not in _METHODS:
        raise ValueError(f"unknown method {method!r}; there are {', '.join(_METHODS)}")
    return _METHODS[method](among, with_outcome)


def subset_r_squared(among: FloatArray, with_outcome: FloatArray) -> FloatArray:
    """R² of every subset of the drivers, shape (…, 2^p); bit j of the index says whether driver j is in.

    Raises:
        NotEstimable: more than 15 drivers.
    """
    p = with_outcome.shape[-1]
    if p > MOST_DRIVERS_OF_LMG:
        raise NotEstimable(
            f"LMG needs every subset of the drivers, at most {MOST_DRIVERS_OF_LMG} of them; there are {p}. "
            "Use Johnson's relative weights, which come close."
        )
    found = np.zeros((*with_outcome.shape[:-1], 1 << p))
    for size in range(1, p + 1):
        members = np.array(list(combinations(range(p), size)), dtype=np.int64)
        matrices = among[..., members[:, :, None], members[:, None, :]]
        vectors = with_outcome[..., members]
        solved = np.linalg.solve(matrices, vectors[..., None])[..., 0]
        found[..., (1 << members).sum(axis=1)] = (vectors * solved).sum(axis=-1)
    return found


def _lmg(among: FloatArray, with_outcome: FloatArray) -> FloatArray:
    p = with_outcome.shape[-1]
    explained = subset_r_squared(among, with_outcome)
    subsets = np.arange(1 << p)
    sizes = _bits(subsets)
    shares = []
    for driver in range(p):
        without = subsets[subsets & (1 << driver) == 0]
        # A subset of s comes before the driver in s! (p - s - 1)! of the p! orders.
        chance = np.array([1 / (p * comb(p - 1, int(size))) for size in sizes[without]])
        shares.append((explained[..., without | (1 << driver)] - explained[..., without]) @ chance)
    return np.stack(shares, axis=-1)


def _bits(numbers: IntArray) -> IntArray:
    return np.array([int(number).bit_count() for number in numbers], dtype=np.int64)


def _standardised_slopes(among: FloatArray, with_outcome: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.solve(among, with_outcome[..., None])[..., 0], dtype=np.float64)


def _first(_: FloatArray, with_outcome: FloatArray) -> FloatArray:
    return with_outcome**2


def _last(among: FloatArray, with_outcome: FloatArray) -> FloatArray:
    inflation = np.diagonal(np.linalg.inv(among), axis1=-2, axis2=-1)
    last: FloatArray = _standardised_slopes(among, with_outcome) ** 2 / inflation
    return last


def _betasq(among: FloatArray, with_outcome: FloatArray) -> FloatArray:
    return _standardised_slopes(among, with_outcome) ** 2


def _pratt(among: FloatArray, with_outcome: FloatArray) -> FloatArray:
    return _standardised_slopes(among, with_outcome) * with_outcome


def _johnson(among: FloatArray, with_outcome: FloatArray) -> FloatArray:
    values, vectors = np.linalg.eigh(among)
    roots = np.sqrt(np.maximum(values, 0.0))
    turned = np.swapaxes(vectors, -1, -2)
    loadings = (vectors * roots[..., None, :]) @ turned
    weights = _decorrelated(among, with_outcome)
    raw: FloatArray = (loadings**2 @ (weights**2)[..., None])[..., 0]
    return raw


def _car(among: FloatArray, with_outcome: FloatArray) -> FloatArray:
    return _decorrelated(among, with_outcome) ** 2


def _decorrelated(among: FloatArray, with_outcome: FloatArray) -> FloatArray:
    """Correlations of the outcome with the orthogonal variables nearest to the drivers: among^(-1/2) with_outcome."""
    values, vectors = np.linalg.eigh(among)
    inner = np.swapaxes(vectors, -1, -2) @ with_outcome[..., None]
    turned: FloatArray = (vectors @ (inner / np.sqrt(values)[..., None]))[..., 0]
    return turned


_METHODS: Final[Mapping[ImportanceMethod, Callable[[FloatArray, FloatArray], FloatArray]]] = {
    "johnson": _johnson,
    "lmg": _lmg,
    "first": _first,
    "last": _last,
    "betasq": _betasq,
    "pratt": _pratt,
    "genizi": _johnson,
    "car": _car,
}
