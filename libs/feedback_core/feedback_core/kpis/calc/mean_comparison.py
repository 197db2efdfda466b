"""Difference of the means of two independent groups, from counts by value."""

import math
from collections.abc import Mapping

from feedback_core.kit.estimates import Interval
from feedback_core.kpis.calc.comparison import Comparison, is_beyond_sampling_error
from feedback_core.kpis.calc.counts import small_sample_warnings
from feedback_core.kpis.calc.means import ENOUGH_FOR_T, Moments, moments, no_spread_warning
from feedback_core.kpis.calc.quantiles import student_quantile, two_sided_student_p


def compare_means(
    first: Mapping[int, int] | Mapping[float, int],
    second: Mapping[int, int] | Mapping[float, int],
    *,
    level: float = 0.95,
) -> Comparison:
    """First minus second in units of the scale, by Welch's t, for groups that share no respondents; effect: Cohen's d.

    One answer in a group, or no spread in either, leaves the difference without interval and test, with a warning.
    No spread in one of them leaves the test to the other, and warns.

    Raises:
        NotEstimable: nobody answered in one of the groups.
        ValueError: a value is not finite, or a count is negative.

    Source: Welch (1947), Biometrika 34:28; degrees of freedom by Satterthwaite.
    """
    a, b = moments(first), moments(second)
    warnings = tuple(
        f"{group} group: {no_spread_warning(of)}" for group, of in (("First", a), ("Second", b)) if not of.has_spread
    )
    squared_error = a.squared_error + b.squared_error
    testable = min(a.n, b.n) > 1 and squared_error > 0.0
    interval = statistic = p_value = df = None
    if testable:
        error = math.sqrt(squared_error)
        df = _satterthwaite(a, b)
        statistic = (a.mean - b.mean) / error
        half = student_quantile(level, df) * error
        interval = Interval(a.mean - b.mean - half, a.mean - b.mean + half, level, "welch")
        p_value = two_sided_student_p(statistic, df)
        warnings += small_sample_warnings(min(a.n, b.n), below=ENOUGH_FOR_T)
    return Comparison(
        difference=a.mean - b.mean,
        interval=interval,
        test="welch",
        statistic=statistic,
        p_value=p_value,
        df=df,
        effect_size=cohens_d(a, b) if testable else None,
        effect_size_name="cohens_d",
        n_first=a.n,
        n_second=b.n,
        beyond_sampling_error=is_beyond_sampling_error(p_value, interval),
        warnings=warnings,
    )


def cohens_d(first: Moments, second: Moments) -> float | None:
    """Difference of means over the pooled standard deviation; ``None`` when nothing has spread.

    Source: Cohen (1988), Statistical Power Analysis, ch. 2.
    """
    df = first.n + second.n - 2
    squares = (first.n - 1) * (first.variance or 0.0) + (second.n - 1) * (second.variance or 0.0)
    return (first.mean - second.mean) / math.sqrt(squares / df) if squares > 0.0 else None


def hedges_g(first: Moments, second: Moments) -> float | None:
    """Cohen's d with its bias at small n removed exactly, by the gamma functions; ``None`` when nothing has spread.

    Source: Hedges (1981), Journal of Educational Statistics 6:107.
    """
    d = cohens_d(first, second)
    if d is None:
        return None
    df = first.n + second.n - 2
    if df == 1:
        return 0.0
    return d * math.exp(math.lgamma(df / 2.0) - math.lgamma((df - 1) / 2.0)) / math.sqrt(df / 2.0)


def _satterthwaite(a: Moments, b: Moments) -> float:
    in_a, in_b = a.squared_error, b.squared_error
    whole = in_a + in_b
    # Shares of the whole, so that the squares of very small variances do not vanish.
    return 1.0 / ((in_a / whole) ** 2 / (a.n - 1) + (in_b / whole) ** 2 / (b.n - 1))
