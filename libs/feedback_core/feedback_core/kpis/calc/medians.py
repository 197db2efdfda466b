"""Median of numeric answers, from counts by value: for durations and other numbers with long tails."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, bdtrik

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.kpis.calc.comparison import Comparison, is_beyond_sampling_error
from feedback_core.kpis.calc.counts import small_sample_warnings, total_of
from feedback_core.kpis.calc.quantiles import normal_quantile, two_sided_normal_p, upper_tail

ENOUGH_FOR_MEDIAN = 15


@dataclass(frozen=True, slots=True)
class _Ordered:
    """Answers in order: distinct values, and how many are at or below each."""

    values: NDArray[np.float64]
    up_to: NDArray[np.int64]

    @property
    def n(self) -> int:
        return int(self.up_to[-1])

    def at(self, rank: int) -> float:
        """The answer of that rank, from 1."""
        return float(self.values[int(np.searchsorted(self.up_to, rank))])

    @property
    def median(self) -> float:
        return (self.at((self.n + 1) // 2) + self.at(self.n // 2 + 1)) / 2


def median_estimate(counts: Mapping[float, int], *, level: float = 0.95) -> Estimate:
    """Median of a table value -> n, with the distribution-free interval between two of the ordered answers.

    The interval is exact: its coverage is at least ``level`` whatever the distribution. The standard error is that of
    Bonett and Price.

    Raises:
        NotEstimable: nobody answered.
        ValueError: a value is not finite, or a count is negative.

    Source: Conover (1999), Practical Nonparametric Statistics, 3.2; Bonett & Price (2002), Psychological Methods 7:370.
    """
    ordered = _ordered(counts)
    n = ordered.n
    rank = _lower_rank(n, level)
    if rank < 1:
        told = f"{n} answers are too few for an interval of a median at {level:.0%}; it takes {_least(level)}."
        return Estimate(ordered.median, None, None, n, float(n), (told,))
    interval = Interval(ordered.at(rank), ordered.at(n - rank + 1), level, "order_statistics")
    warnings = small_sample_warnings(n, below=ENOUGH_FOR_MEDIAN)
    return Estimate(ordered.median, interval, math.sqrt(_squared_error(ordered)), n, float(n), warnings)


def compare_medians(first: Mapping[float, int], second: Mapping[float, int], *, level: float = 0.95) -> Comparison:
    """First median minus second, by Bonett and Price; effect: probability that an answer of the first is the larger.

    Raises:
        NotEstimable: nobody answered in one of the groups.
        ValueError: a value is not finite, or a count is negative.

    Source: Bonett & Price (2002), Psychological Methods 7:370.
    """
    a, b = _ordered(first), _ordered(second)
    difference = a.median - b.median
    warnings = small_sample_warnings(min(a.n, b.n), below=ENOUGH_FOR_MEDIAN)
    squared = _squared_error(a) + _squared_error(b)
    interval = statistic = p_value = None
    if squared > 0:
        error = math.sqrt(squared)
        half = normal_quantile(level) * error
        interval = Interval(difference - half, difference + half, level, "bonett_price")
        statistic = difference / error
        p_value = two_sided_normal_p(statistic)
    else:
        warnings += ("The answers around the medians show no spread, so the difference cannot be tested.",)
    return Comparison(
        difference=difference,
        interval=interval,
        test="bonett_price",
        statistic=statistic,
        p_value=p_value,
        df=None,
        effect_size=_superiority(a, b),
        effect_size_name="probability_of_superiority",
        n_first=a.n,
        n_second=b.n,
        beyond_sampling_error=is_beyond_sampling_error(p_value, interval),
        warnings=warnings,
    )


def _ordered(counts: Mapping[float, int]) -> _Ordered:
    if total_of(counts) == 0:
        raise NotEstimable("Nobody answered: a median takes at least one answer.")
    answered = sorted((value, n) for value, n in counts.items() if n)
    return _Ordered(np.array([value for value, _ in answered]), np.cumsum([n for _, n in answered]))


def _lower_rank(n: int, level: float) -> int:
    """Largest rank j with P(fewer than j of n lie below the median) at most the tail; 0 if there is none."""
    tail = upper_tail(level)
    if bdtr(0, n, 0.5) > tail:
        return 0
    rank = int(bdtrik(tail, n, 0.5)) + 1
    while bdtr(rank - 1, n, 0.5) > tail:
        rank -= 1
    while bdtr(rank, n, 0.5) <= tail:
        rank += 1
    return rank


def _least(level: float) -> int:
    return math.ceil(1 - math.log2(1 - level))


def _squared_error(ordered: _Ordered) -> float:
    """Of the median: from the answers about sqrt(n) ranks on each side of it."""
    n = ordered.n
    rank = max(round((n + 1) / 2 - math.sqrt(n)), 1)
    outside = 2 * float(bdtr(rank - 1, n, 0.5))
    if not 0 < outside < 1:
        return 0.0
    return ((ordered.at(n - rank + 1) - ordered.at(rank)) / (2 * normal_quantile(1 - outside))) ** 2


def _superiority(a: _Ordered, b: _Ordered) -> float:
    """P(an answer of ``a`` exceeds one of ``b``) + half of P(they are equal)."""
    own = np.diff(a.up_to, prepend=0)
    below = np.concatenate([[0], b.up_to])
    less = below[np.searchsorted(b.values, a.values, side="left")]
    at_most = below[np.searchsorted(b.values, a.values, side="right")]
    return float(own @ (less + at_most)) / 2 / a.n / b.n
