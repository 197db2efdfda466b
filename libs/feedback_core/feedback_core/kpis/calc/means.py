"""Mean of answers on a numeric scale, from counts by value."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.kpis.calc.counts import small_sample_warnings, total_of
from feedback_core.kpis.calc.quantiles import student_quantile

ENOUGH_FOR_T = 15


@dataclass(frozen=True, slots=True)
class Moments:
    """What a mean and its interval are made of.

    Attributes:
        n: answers.
        mean: their mean.
        variance: divided by n - 1; ``None`` for one answer.
    """

    n: int
    mean: float
    variance: float | None

    @property
    def has_spread(self) -> bool:
        """Whether the variance is known and positive, as every interval and test needs."""
        return self.variance is not None and self.variance > 0.0

    @property
    def squared_error(self) -> float:
        """Squared standard error of the mean; 0.0 without spread."""
        return (self.variance or 0.0) / self.n


def moments(counts: Mapping[int, int] | Mapping[float, int]) -> Moments:
    """Mean and variance of a table value -> n, summed without rounding error.

    Raises:
        NotEstimable: nobody answered.
        ValueError: a value is not finite, or a count is negative.
    """
    n = total_of(counts)
    if n == 0:
        raise NotEstimable("Nobody answered: a mean takes at least one answer.")
    answered = [(float(value), count) for value, count in counts.items() if count]
    if len(answered) == 1:
        return Moments(n, answered[0][0], 0.0 if n > 1 else None)
    mean = math.fsum(value * count for value, count in answered) / n
    squares = math.fsum(count * (value - mean) ** 2 for value, count in answered)
    return Moments(n, mean, squares / (n - 1))


def mean_estimate(counts: Mapping[int, int] | Mapping[float, int], *, level: float = 0.95) -> Estimate:
    """Mean of a table value -> n, in units of the scale, with a t interval on n - 1 degrees of freedom.

    One answer, or all answers alike, give the value without interval and standard error, and a warning: they say
    nothing about the spread, and a zero width would claim certainty. Limits are not cut at the ends of the scale.

    Raises:
        NotEstimable: nobody answered.
        ValueError: a value is not finite, or a count is negative.
    """
    of = moments(counts)
    if not of.has_spread:
        return Estimate(of.mean, None, None, of.n, float(of.n), (no_spread_warning(of),))
    error = math.sqrt(of.squared_error)
    half = student_quantile(level, of.n - 1) * error
    return Estimate(
        value=of.mean,
        interval=Interval(of.mean - half, of.mean + half, level, "t"),
        standard_error=error,
        n=of.n,
        n_effective=float(of.n),
        warnings=small_sample_warnings(of.n, below=ENOUGH_FOR_T),
    )


def no_spread_warning(of: Moments) -> str:
    """Why there is no interval, for the reader."""
    if of.n == 1:
        return "One answer has no spread to estimate: there is no interval."
    return f"All {of.n} answers are the same, so the spread cannot be estimated: there is no interval."
