"""Difference of two independent Net Promoter Scores."""

import math
from typing import Literal

from feedback_core.kit.estimates import Interval
from feedback_core.kpis.calc.comparison import Comparison, is_beyond_sampling_error
from feedback_core.kpis.calc.counts import small_sample_warnings
from feedback_core.kpis.calc.nps import (
    POINTS,
    NpsCounts,
    nps_points,
    nps_variance,
    preferred_method,
    score_limits,
)
from feedback_core.kpis.calc.quantiles import normal_quantile, two_sided_normal_p
from feedback_core.kpis.calc.roots import crossing

WIDEST = 2.0 * POINTS

NpsDifferenceMethod = Literal["auto", "wald", "hybrid_score"]


def compare_nps(
    first: NpsCounts, second: NpsCounts, *, level: float = 0.95, method: NpsDifferenceMethod = "auto"
) -> Comparison:
    """First minus second in points, -200..200 where the interval is cut, for groups that share no respondents.

    ``wald`` is the two-sample z test with the variances of both groups. ``hybrid_score`` builds the interval of
    the difference from the score limits of each (so it needs no spread within the groups and always holds the
    difference), and its p-value is that of the widest interval that still leaves out zero. ``auto`` takes
    ``hybrid_score`` when a group has n < 30 or an empty class, else ``wald``. The effect size is the difference over
    the pooled standard deviation of answers coded +1, 0, -1.

    Raises:
        NotEstimable: nobody answered in one of the groups.
        ValueError: ``wald`` was asked for and neither group has any spread.

    Source: Rocks (2016), The American Statistician 70:365 (wald, golden s01); Zou & Donner (2008), Statistics in
    Medicine 27:1693 (hybrid).
    """
    difference = (nps_points(first) - nps_points(second)) / POINTS
    if method == "auto":
        small = "score" in {preferred_method(first), preferred_method(second)}
        method = "hybrid_score" if small else "wald"
    if method == "wald":
        low, high, statistic = _wald(first, second, difference, level)
    else:
        low, high = _hybrid_limits(first, second, difference, normal_quantile(level))
        statistic = _hybrid_statistic(first, second, difference)
    interval = Interval(max(POINTS * low, -WIDEST), min(POINTS * high, WIDEST), level, method)
    p_value = two_sided_normal_p(statistic)
    return Comparison(
        difference=POINTS * difference,
        interval=interval,
        test="z_unpooled" if method == "wald" else method,
        statistic=statistic,
        p_value=p_value,
        df=None,
        effect_size=_standardised(first, second, difference),
        effect_size_name="standardised_difference",
        n_first=first.n,
        n_second=second.n,
        beyond_sampling_error=is_beyond_sampling_error(p_value, interval),
        warnings=small_sample_warnings(min(first.n, second.n)),
    )


def _wald(first: NpsCounts, second: NpsCounts, difference: float, level: float) -> tuple[float, float, float]:
    error = math.sqrt(nps_variance(first) / first.n + nps_variance(second) / second.n)
    if error == 0.0:
        raise ValueError("without spread in either group the z test does not exist; take hybrid_score")
    half = normal_quantile(level) * error
    return difference - half, difference + half, difference / error


def _hybrid_limits(first: NpsCounts, second: NpsCounts, difference: float, z: float) -> tuple[float, float]:
    score_first = nps_points(first) / POINTS
    score_second = nps_points(second) / POINTS
    low_first, high_first = score_limits(first, z)
    low_second, high_second = score_limits(second, z)
    return (
        difference - math.hypot(score_first - low_first, high_second - score_second),
        difference + math.hypot(high_first - score_first, score_second - low_second),
    )


def _hybrid_statistic(first: NpsCounts, second: NpsCounts, difference: float) -> float:
    """The signed normal quantile at which the hybrid interval just reaches zero."""
    if difference == 0.0:
        return 0.0
    if difference < 0.0:
        return -_hybrid_statistic(second, first, -difference)

    def lower(z: float) -> float:
        return _hybrid_limits(first, second, difference, z)[0]

    reach = 1.0
    while lower(reach) > 0.0:
        reach *= 2.0
    return crossing(lower, positive_at=0.0, beyond=reach)


def _standardised(first: NpsCounts, second: NpsCounts, difference: float) -> float | None:
    pooled = (first.n * nps_variance(first) + second.n * nps_variance(second)) / (first.n + second.n)
    return difference / math.sqrt(pooled) if pooled > 0.0 else None
