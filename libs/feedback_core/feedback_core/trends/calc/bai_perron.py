"""Several breaks of the mean by least squares, their number by BIC, and how precisely the data date them."""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from scipy.optimize import brentq
from scipy.special import log_ndtr

from feedback_core.kit.errors import NotEstimable
from feedback_core.trends.calc.arrays import FloatArray, IntArray, as_series, need_variation
from feedback_core.trends.calc.segmentation import squared_error_cost
from feedback_core.trends.calc.step_models import PERFECT
from feedback_core.trends.types import BaiPerron, BreakDate


def bai_perron(
    values: Sequence[float] | FloatArray,
    *,
    h: float = 0.15,
    breaks: int | None = None,
    level: float = 0.95,
    het_err: bool = True,
) -> BaiPerron:
    """Segments of constant mean for each number of breaks; the number with the least BIC, each break with an interval.

    Intervals rest on independent errors; positive autocorrelation makes breaks of chance and intervals too short.

    Args:
        values: shape (n,), in time order, gaps left out.
        h: least values in a segment, below 1 as a share of n; at least 2 values.
        breaks: most breaks looked at; ``ceil(n / h) - 2`` (and at least 1) when not given.
        level: of the intervals of the dates.
        het_err: let segments differ in variance in these intervals; else they share one.

    Raises:
        NotEstimable: too few values for ``breaks`` breaks, all the same, or segments that fit without any error.
        ValueError: a ``level`` outside 0..1, or fewer than 1 break asked for.

    Source: Bai & Perron (1998), Econometrica 66:47, (2003), J. Applied Econometrics 18:1; intervals of Bai (1997),
    Review of Economics and Statistics 79:551. Golden: s20.
    """
    series = as_series(values)
    n = series.size
    if not 0.0 < level < 1.0 or (breaks is not None and breaks < 1):
        raise ValueError("level must lie between 0 and 1, and breaks be at least 1")
    least = max(2, math.floor(n * h) if h < 1 else int(h))
    most = max(1, math.ceil(n / least) - 2) if breaks is None else breaks
    if n < (most + 1) * least:
        needed = (most + 1) * least
        raise NotEstimable(
            f"{most} break(s) between segments of at least {least} values need {needed} values; there are {n}."
        )
    need_variation(series, "A search for breaks")
    rss, places = _best_breaks(series - series.mean(), least, most)
    if min(rss) <= PERFECT * rss[0]:
        raise NotEstimable("Segments fit the series without any error, so BIC has nothing to weigh.")
    bic = [
        n * (math.log(left) + 1 - math.log(n) + math.log(2 * math.pi)) + 2 * (m + 1) * math.log(n)
        for m, left in enumerate(rss)
    ]
    chosen = places[int(np.argmin(bic))]
    bounds = [0, *chosen, n]
    segments = [series[a:b] for a, b in pairwise(bounds)]
    pooled = sum(float(segment.var()) * segment.size for segment in segments) / n
    dates = [
        _dated(index, left, right, None if het_err else pooled, level)
        for index, left, right in zip(chosen, segments, segments[1:], strict=False)
    ]
    return BaiPerron(
        min_segment=least,
        breaks=tuple(dates),
        means=tuple(float(segment.mean()) for segment in segments),
        rss_by_m=tuple(rss),
        bic_by_m=tuple(bic),
        level=level,
    )


def _best_breaks(series: FloatArray, least: int, most: int) -> tuple[list[float], list[list[int]]]:
    """Residual sum of squares and breaks of the best segmentation with 0, 1, ... ``most`` breaks."""
    n = series.size
    cost = squared_error_cost(series)
    best = np.full(n + 1, np.inf)
    for end in range(least, n + 1):
        best[end] = cost(np.zeros(1, dtype=np.int64), end)[0]
    rss, places = [float(best[n])], [list[int]()]
    last_breaks: list[IntArray] = []
    for m in range(1, most + 1):
        further = np.full(n + 1, np.inf)
        last = np.zeros(n + 1, dtype=np.int64)
        for end in range((m + 1) * least, n + 1):
            starts = np.arange(m * least, end - least + 1)
            reached = best[starts] + cost(starts, end)
            choice = int(np.argmin(reached))
            further[end], last[end] = reached[choice], starts[choice]
        best = further
        last_breaks.append(last)
        rss.append(float(best[n]))
        places.append(_traced(last_breaks, n))
    return rss, places


def _traced(last_breaks: list[IntArray], n: int) -> list[int]:
    found = [n]
    for last in reversed(last_breaks):
        found.append(int(last[found[-1]]))
    return found[:0:-1]


def _dated(index: int, before: FloatArray, after: FloatArray, common: float | None, level: float) -> BreakDate:
    """The break with its interval; none where a side has no variance to compare its jump with."""
    first = float(before.var()) if common is None else common
    second = float(after.var()) if common is None else common
    jump = float(after.mean() - before.mean())
    if min(first, second) <= PERFECT * jump**2:
        return BreakDate(index, None, None)
    tail = (1 - level) / 2
    phi = second / first
    if not tail <= _argmax_probability(0.0, phi) <= 1 - tail:
        return BreakDate(index, None, None)
    scale = jump**2 / first
    upper = _quantile(1 - tail, phi, 1.0) / scale
    lower = _quantile(tail, phi, -1.0) / scale
    # The estimate lies so far from the true date, so the date lies as far on the other side of the estimate.
    return BreakDate(index, index - math.ceil(upper), index - math.floor(lower))


def _quantile(probability: float, phi: float, side: float) -> float:
    """Where the distribution of the error of a break's date reaches ``probability``, above 0 (``side`` 1) or below."""
    end = side
    while (_argmax_probability(end, phi) - probability) * side < 0:
        end *= 2
    inner = min(0.0, end), max(0.0, end)
    return float(brentq(lambda x: _argmax_probability(x, phi) - probability, *inner, xtol=1e-10))


def _argmax_probability(x: float, phi: float) -> float:
    """Distribution of the place where a Brownian motion with drift on both sides is largest.

    The errors after the break have ``phi`` times the variance of those before it; the regressor is a constant.

    Source: Bai (1997), Review of Economics and Statistics 79:551, appendix B.
    """
    size, root, ratio = abs(x), math.sqrt(abs(x)), 1 / phi
    density = root / math.sqrt(2 * math.pi)
    if x < 0:
        first = density * math.exp(-size / 8)
        second = phi * (phi + 2) / (phi + 1)
        second *= math.exp(ratio * (1 + ratio) * size / 2 + float(log_ndtr(-(0.5 + ratio) * root)))
        third = size / 2 - 2 + (phi + 2) ** 2 / (phi + 1)
        return third * math.exp(float(log_ndtr(-root / 2))) - first - second
    first = math.sqrt(ratio) * density * math.exp(-ratio * size / 8)
    second = ratio * (2 * phi + 1) / (phi + 1)
    second *= math.exp((phi + 1) * size / 2 + float(log_ndtr(-(phi + 0.5) / math.sqrt(phi) * root)))
    third = (2 * phi + 1) ** 2 / ((phi + 1) * phi) - 2 + ratio * size / 2
    return 1 + first + second - third * math.exp(float(log_ndtr(-math.sqrt(ratio) * root / 2)))
