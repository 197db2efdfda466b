"""How many answers per group it takes to see a difference between two groups."""

import math
from dataclasses import dataclass
from typing import Literal

from scipy.special import nctdtr, ndtri, stdtrit

from feedback_core.kit.errors import NotEstimable
from feedback_core.planning.calc.bisection import rising_zero
from feedback_core.planning.calc.sample_size import SampleSize, rounded_up

Sides = Literal[1, 2]


@dataclass(frozen=True, slots=True)
class TwoSampleSize:
    """Answers needed in each of two groups."""

    first: SampleSize
    second: SampleSize


def sample_size_to_compare_proportions(
    first: float, second: float, *, power: float = 0.8, level: float = 0.95, ratio: float = 1.0, sides: Sides = 2
) -> TwoSampleSize:
    """Answers with which the pooled z test finds the difference of two shares with probability ``power``.

    Args:
        first: share expected in the first group, 0..1.
        second: share expected in the second group, 0..1.
        power: probability of finding the difference, above 1 - level and below 1.
        level: 1 - the error allowed where there is no difference.
        ratio: answers of the second group per answer of the first.
        sides: of the test.

    Raises:
        NotEstimable: the shares are equal or out of range, or ``ratio`` is not above 0.
        ValueError: ``power`` or ``level`` is out of range.

    Source: Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, 3rd ed., ch. 4; as R's
    ``power.prop.test``. Golden: none; statsmodels.
    """
    if not (0.0 <= first <= 1.0 and 0.0 <= second <= 1.0):
        raise NotEstimable("A share lies between 0 and 1.")
    _require_difference(first - second, ratio)
    alpha, beta = _quantiles(power, level, sides)
    pooled = (first + ratio * second) / (1.0 + ratio)
    null = math.sqrt(pooled * (1.0 - pooled) * (1.0 + 1.0 / ratio))
    alternative = math.sqrt(first * (1.0 - first) + second * (1.0 - second) / ratio)
    return _sizes(((alpha * null + beta * alternative) / (first - second)) ** 2, ratio)


def sample_size_to_compare_means(
    difference: float,
    *,
    sd_first: float,
    sd_second: float | None = None,
    power: float = 0.8,
    level: float = 0.95,
    ratio: float = 1.0,
    sides: Sides = 2,
) -> TwoSampleSize:
    """Answers with which the z test finds a ``difference`` of two means with probability ``power``.

    For two Net Promoter Scores give difference and standard deviations in points (75 to 85 is usual).

    Args:
        difference: of the means, not 0, in the units of the answers.
        sd_first: standard deviation of answers in the first group.
        sd_second: in the second group; as in the first when absent.
        power: probability of finding the difference, above 1 - level and below 1.
        level: 1 - the error allowed where there is no difference.
        ratio: answers of the second group per answer of the first.
        sides: of the test.

    Raises:
        NotEstimable: no difference, a standard deviation that is not above 0, or ``ratio`` is not above 0.
        ValueError: ``power`` or ``level`` is out of range.

    Source: Cochran (1977), section 4.13. Golden: none; statsmodels.
    """
    _require_difference(difference, ratio)
    other = sd_first if sd_second is None else sd_second
    _require_spread(sd_first, other)
    alpha, beta = _quantiles(power, level, sides)
    return _sizes((alpha + beta) ** 2 * (sd_first**2 + other**2 / ratio) / difference**2, ratio)


def sample_size_for_t_test(
    difference: float, *, sd: float, power: float = 0.8, level: float = 0.95, ratio: float = 1.0, sides: Sides = 2
) -> TwoSampleSize:
    """Answers with which Student's t test finds a ``difference`` of two means; for groups of less than about 50.

    Arguments and raises as `sample_size_to_compare_means`, with one standard deviation for both groups. The power is
    that of the non-central t distribution, as in R's ``power.t.test``.

    Source: Cohen (1988), Statistical Power Analysis, ch. 2. Golden: none; statsmodels.
    """
    _require_difference(difference, ratio)
    _require_spread(sd)
    _quantiles(power, level, sides)

    def spare_power(n: float) -> float:
        df = n * (1.0 + ratio) - 2.0
        shift = abs(difference) / sd * math.sqrt(n * ratio / (1.0 + ratio))
        return 1.0 - float(nctdtr(df, shift, -float(stdtrit(df, (1.0 - level) / sides)))) - power

    low = max(2.0, 2.0 / ratio)
    if spare_power(low) >= 0.0:
        return _sizes(low, ratio)
    high = 2.0 * low
    while spare_power(high) < 0.0:
        low, high = high, 2.0 * high
    return _sizes(rising_zero(spare_power, low, high), ratio)


def _quantiles(power: float, level: float, sides: Sides) -> tuple[float, float]:
    if not 0.0 < level < 1.0:
        raise ValueError(f"level must lie strictly between 0 and 1, not {level}")
    if not 1.0 - level < power < 1.0:
        raise ValueError(f"power must lie above 1 - level and below 1, not {power}")
    return -float(ndtri((1.0 - level) / sides)), float(ndtri(power))


def _require_difference(difference: float, ratio: float) -> None:
    if difference == 0.0 or not math.isfinite(difference):
        raise NotEstimable("No sample is large enough to find a difference of 0; say the smallest one that matters.")
    if not 0.0 < ratio < math.inf:
        raise NotEstimable("The second group needs answers too: the ratio of the groups must be above 0.")


def _require_spread(*deviations: float) -> None:
    if not all(0.0 < sd < math.inf for sd in deviations):
        raise NotEstimable("A standard deviation must be above 0; take it from an earlier survey.")


def _sizes(n: float, ratio: float) -> TwoSampleSize:
    return TwoSampleSize(rounded_up(n), rounded_up(n * ratio))
