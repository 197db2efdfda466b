"""Ratio of the totals of two numeric questions: refunds per order, hours per case."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.kpis.calc.comparison import Comparison, is_beyond_sampling_error
from feedback_core.kpis.calc.counts import small_sample_warnings
from feedback_core.kpis.calc.means import ENOUGH_FOR_T
from feedback_core.kpis.calc.quantiles import normal_quantile, student_quantile, two_sided_normal_p
from feedback_core.kpis.types import PairSums


@dataclass(frozen=True, slots=True)
class _Ratio:
    n: int
    value: float
    squared_error: float


def ratio_estimate(pairs: Mapping[tuple[float, float], int], *, level: float = 0.95) -> Estimate:
    """Total of the numerators over total of the denominators, with its linearised standard error and a t interval.

    Args:
        pairs: (numerator, denominator) of one respondent -> how many gave it.
        level: coverage of the interval.

    Raises:
        NotEstimable: nobody answered both, or the denominators sum to zero.

    Source: Cochran (1977), Sampling Techniques, 3rd ed., 6.3-6.4.
    """
    return ratio_of_sums(sums_of(pairs), level=level)


def ratio_of_sums(sums: PairSums, *, level: float = 0.95) -> Estimate:
    """The same from exact sums: no digit is lost where squares of large numbers nearly cancel.

    Raises and source: as `ratio_estimate`.
    """
    ratio = _ratio(sums)
    warnings = small_sample_warnings(ratio.n, below=ENOUGH_FOR_T)
    if ratio.squared_error == 0:
        told = "The answers show no spread about the ratio, so there is no interval."
        return Estimate(ratio.value, None, None, ratio.n, float(ratio.n), (*warnings, told))
    error = math.sqrt(ratio.squared_error)
    half = student_quantile(level, ratio.n - 1) * error
    interval = Interval(ratio.value - half, ratio.value + half, level, "linearised_t")
    return Estimate(ratio.value, interval, error, ratio.n, float(ratio.n), warnings)


def compare_ratios(
    first: Mapping[tuple[float, float], int], second: Mapping[tuple[float, float], int], *, level: float = 0.95
) -> Comparison:
    """First ratio minus second for groups that share no respondents; effect: the first over the second, minus 1.

    Raises:
        NotEstimable: as `ratio_estimate`, in one of the groups.

    Source: as `ratio_estimate`; the errors of independent groups add in squares.
    """
    return compare_ratios_of_sums(sums_of(first), sums_of(second), level=level)


def compare_ratios_of_sums(first: PairSums, second: PairSums, *, level: float = 0.95) -> Comparison:
    """The same from exact sums. Raises and source: as `compare_ratios`."""
    a, b = _ratio(first), _ratio(second)
    difference, squared = a.value - b.value, a.squared_error + b.squared_error
    warnings = small_sample_warnings(min(a.n, b.n), below=ENOUGH_FOR_T)
    interval = statistic = p_value = None
    if squared > 0:
        half = normal_quantile(level) * math.sqrt(squared)
        interval = Interval(difference - half, difference + half, level, "linearised_z")
        statistic = difference / math.sqrt(squared)
        p_value = two_sided_normal_p(statistic)
    else:
        warnings += ("The answers show no spread about the ratios, so the difference cannot be tested.",)
    return Comparison(
        difference=difference,
        interval=interval,
        test="z_unpooled",
        statistic=statistic,
        p_value=p_value,
        df=None,
        effect_size=a.value / b.value - 1 if b.value else None,
        effect_size_name="relative_difference",
        n_first=a.n,
        n_second=b.n,
        beyond_sampling_error=is_beyond_sampling_error(p_value, interval),
        warnings=warnings,
    )


def sums_of(pairs: Mapping[tuple[float, float], int]) -> PairSums:
    """Exact sums of (numerator, denominator) of one respondent -> how many gave it."""
    exact = [(Fraction(above), Fraction(below), n) for (above, below), n in pairs.items()]
    return PairSums(
        n=sum(pairs.values()),
        above=_sum(y * n for y, _, n in exact),
        below=_sum(x * n for _, x, n in exact),
        above_squared=_sum(y * y * n for y, _, n in exact),
        product=_sum(y * x * n for y, x, n in exact),
        below_squared=_sum(x * x * n for _, x, n in exact),
    )


def _sum(terms: Iterable[Fraction]) -> Fraction:
    return sum(terms, start=Fraction(0))


def _ratio(sums: PairSums) -> _Ratio:
    n = sums.n
    if n == 0:
        raise NotEstimable("Nobody answered both questions, so there is no ratio.")
    if sums.below == 0:
        raise NotEstimable("The denominators sum to zero, so the ratio does not exist.")
    ratio = sums.above / sums.below
    if n == 1:
        return _Ratio(n, float(ratio), 0.0)
    squares = sums.above_squared - 2 * ratio * sums.product + ratio**2 * sums.below_squared
    return _Ratio(n, float(ratio), float(n * squares / ((n - 1) * sums.below**2)))
