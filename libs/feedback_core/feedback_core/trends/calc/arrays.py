"""What the calculations share: arrays of floats where NaN marks a gap, and when a series counts as constant."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from feedback_core.kit.errors import NotEstimable

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

RELATIVE_NOISE: Final = 1e-12  # differences below this share of the size of the values are rounding
ABSOLUTE_NOISE: Final = 1e-100  # squares of smaller spreads underflow


def as_series(values: Sequence[float] | FloatArray) -> FloatArray:
    """A one-dimensional array of finite floats.

    Raises:
        ValueError: not one-dimensional, or a value is not finite.
    """
    series = np.asarray(values, dtype=np.float64)
    if series.ndim != 1 or not np.isfinite(series).all():
        raise ValueError("a series is a flat list of finite numbers")
    return series


def as_grid(values: Sequence[float | None] | FloatArray) -> FloatArray:
    """A one-dimensional array in which ``None`` or NaN marks a period without a value.

    Raises:
        ValueError: not one-dimensional, or a value is infinite.
    """
    grid = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    if grid.ndim != 1 or np.isinf(grid).any():
        raise ValueError("a series is a flat list of finite numbers and gaps")
    return grid


def as_positions(positions: Sequence[int] | IntArray | None, n: int) -> IntArray:
    """Strictly rising whole positions of ``n`` values, 0..n-1 when not given.

    Raises:
        ValueError: another number of positions than values, or positions that do not rise.
    """
    result = np.arange(n, dtype=np.int64) if positions is None else np.asarray(positions, dtype=np.int64)
    if result.shape != (n,) or (np.diff(result) <= 0).any():
        raise ValueError("positions must rise strictly, one per value")
    return result


def varies(values: FloatArray) -> bool:
    """Whether the values differ by more than rounding."""
    if values.size == 0:
        return False
    spread = float(values.max() - values.min())
    return spread > max(RELATIVE_NOISE * float(np.abs(values).max()), ABSOLUTE_NOISE)


def need(n: int, least: int, what: str) -> None:
    """Refuse too few values.

    Raises:
        NotEstimable: ``n`` is below ``least``.
    """
    if n < least:
        raise NotEstimable(f"{what} needs at least {least} values; there are {n}.")


def need_variation(values: FloatArray, what: str) -> None:
    """Refuse a constant series.

    Raises:
        NotEstimable: all values are the same, up to rounding.
    """
    if not varies(values):
        raise NotEstimable(f"{what} needs values that differ; all {values.size} are the same.")


def distinct_levels(values: FloatArray) -> FloatArray:
    """The values with differences below rounding removed, so that equal figures tie."""
    scale = float(np.abs(values).max()) if values.size else 0.0
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    fresh = np.concatenate(([True], np.diff(ordered) > RELATIVE_NOISE * scale))
    result = np.empty_like(values)
    result[order] = ordered[np.flatnonzero(fresh)[np.cumsum(fresh) - 1]]
    return result
