"""Change points: several by PELT, of the mean or of mean and variance, and Pettitt's rank test for one."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from scipy import stats

from feedback_core.kit.errors import NotEstimable
from feedback_core.trends.calc.arrays import FloatArray, as_series, need, need_variation
from feedback_core.trends.calc.segmentation import (
    PenaltyName,
    normal_cost,
    optimal_changes,
    penalty_of,
    squared_error_cost,
)
from feedback_core.trends.types import Pettitt, Segmentation

NORMAL_MAD: Final = 0.6744897501960817  # median absolute deviation of a standard normal
PENALTY_FACTOR: Final = 3.0  # of log n: 2 is sensitive, 5 strict
VARIANCE_FLOOR: Final = 1e-11  # of a segment, in squared units of the values; R's changepoint has the same


def pelt(
    values: Sequence[float] | FloatArray,
    *,
    penalty: float | PenaltyName | None = None,
    min_segment: int = 5,
    scale: float | None = None,
) -> Segmentation:
    """Change points of the mean that save more squared error than they cost, found exactly.

    The cost of a segment is its squared error around its mean, in units of ``scale`` squared.

    Args:
        values: shape (n,), in time order, gaps left out.
        penalty: of one change point, a number or its name; 3 log n when not given. Autocorrelated series need 5 log n.
            ``mbic`` adds the log of each segment's length to the costs, so that short segments are cheaper.
        min_segment: least values in a segment.
        scale: standard deviation without the changes; ``difference_scale(values)`` when not given. A standard deviation
            of the whole series grows with the changes it should find.

    Raises:
        NotEstimable: fewer than ``2 * min_segment`` values, or all the same.
        ValueError: a ``min_segment`` below 1, a negative penalty, or a scale that is not above 0.

    Source: Killick, Fearnhead & Eckley (2012), JASA 107:1590. Golden: s20.
    """
    series = as_series(values)
    need(series.size, 2 * min_segment, "A search for change points")
    need_variation(series, "A search for change points")
    unit = difference_scale(series) if scale is None else scale
    price = _price(PENALTY_FACTOR * math.log(series.size) if penalty is None else penalty, series.size, 1)
    _check(min_segment, price, unit)
    modified = penalty == "mbic"
    cost = squared_error_cost((series - series.mean()) / unit, log_length=modified)
    changes = optimal_changes(series.size, cost, price, min_segment, prune=not modified)
    return Segmentation(change_points=changes, means=_means(series, changes), penalty=price)


def pelt_mean_variance(
    values: Sequence[float] | FloatArray,
    *,
    penalty: float | PenaltyName = "mbic",
    min_segment: int = 5,
    variance_floor: float = VARIANCE_FLOOR,
) -> Segmentation:
    """Change points of mean, variance or both: the cheapest segmentation under normal errors, found exactly.

    A segment of equal values has no variance and would cost minus infinity: it has ``variance_floor``. Rounded figures
    make such segments by chance; let the floor be the variance of their rounding (a twelfth of the squared step) then,
    and ``min_segment`` at least 5.

    Args:
        values: shape (n,), in time order, gaps left out.
        penalty: of one change point, a number or its name; ``mbic`` is 4 log n with the log of each segment's length
            added to the costs.
        min_segment: least values in a segment, at least 2.
        variance_floor: least variance of a segment, in squared units of the values, above 0.

    Raises:
        NotEstimable: fewer than ``2 * min_segment`` values, or all the same.
        ValueError: a ``min_segment`` below 2, a negative penalty, or a floor that is not above 0.

    Source: Killick, Fearnhead & Eckley (2012), JASA 107:1590; Zhang & Siegmund (2007), Biometrics 63:22. Golden: s20.
    """
    series = as_series(values)
    need(series.size, 2 * min_segment, "A search for changes of mean and variance")
    need_variation(series, "A search for changes of mean and variance")
    price = _price(penalty, series.size, 2)
    _check(min_segment - 1, price, variance_floor)
    cost = normal_cost(series - series.mean(), variance_floor=variance_floor, log_length=penalty == "mbic")
    changes = optimal_changes(series.size, cost, price, min_segment, prune=False)
    bounds = [0, *changes, series.size]
    return Segmentation(
        change_points=changes,
        means=_means(series, changes),
        penalty=price,
        variances=tuple(float(series[a:b].var()) for a, b in pairwise(bounds)),
    )


def difference_scale(values: FloatArray) -> float:
    """Standard deviation from the differences of neighbours, so that a few changes of level do not inflate it.

    The median absolute difference over sqrt(2) x .6745; where more than half of the differences are 0, the root mean
    square difference over sqrt(2).

    Raises:
        NotEstimable: all values are the same.
    """
    differences = np.diff(values)
    robust = float(np.median(np.abs(differences - np.median(differences)))) / (math.sqrt(2) * NORMAL_MAD)
    plain = math.sqrt(float((differences**2).mean()) / 2) if differences.size else 0.0
    scale = robust if robust > 1e-9 * plain else plain
    if scale == 0.0:
        raise NotEstimable("All values are the same.")
    return scale


def pettitt(values: Sequence[float] | FloatArray) -> Pettitt:
    """Rank test for one change of location.

    Args:
        values: shape (n,), in time order, gaps left out.

    Raises:
        NotEstimable: fewer than 3 values, or all the same.

    Source: Pettitt (1979), Applied Statistics 28:126; p-value approximate, cut at 1. Golden: s17, s20.
    """
    series = as_series(values)
    need(series.size, 3, "Pettitt's test")
    need_variation(series, "Pettitt's test")
    n = series.size
    u = np.abs(2 * np.cumsum(stats.rankdata(series)) - np.arange(1, n + 1) * (n + 1.0))
    k = float(u.max())
    p_value = min(1.0, 2 * math.exp(-6 * k * k / (n**3 + n**2)))
    return Pettitt(k=k, index=int(np.argmax(u)) + 1, p_value=p_value)


def _price(penalty: float | PenaltyName, n: int, parameters: int) -> float:
    return penalty_of(penalty, n, parameters) if isinstance(penalty, str) else float(penalty)


def _check(min_segment: int, penalty: float, scale: float) -> None:
    if min_segment < 1 or not penalty >= 0.0 or not scale > 0.0:
        raise ValueError("min_segment is too small, or the penalty is negative, or the scale is not above 0")


def _means(series: FloatArray, changes: tuple[int, ...]) -> tuple[float, ...]:
    bounds = [0, *changes, series.size]
    return tuple(float(series[a:b].mean()) for a, b in pairwise(bounds))
