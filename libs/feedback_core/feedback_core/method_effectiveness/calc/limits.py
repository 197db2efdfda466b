"""Figures of one method with their limits, and the difference of two figures from the limits of both."""

import math

from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.kpis.calc.counts import small_sample_warnings
from feedback_core.kpis.calc.proportions import proportion_interval
from feedback_core.method_effectiveness.types import ItemSums


def item_nonresponse(sums: ItemSums, *, level: float) -> Estimate | None:
    """Share of the questions put that were left without an answer; ``None``: nobody was asked anything.

    Questions of one respondent go together: the limits are Wilson's for as many independent questions as would be as
    precise, by the linearised variance of the ratio over respondents. Where nothing, or everything, was left out, each
    respondent counts as one question.

    Source: Cochran (1977), Sampling Techniques, ch. 6; Dean & Pagano (2015), Survey Research Methods 9:193.
    """
    if not sums.asked:
        return None
    rate = sums.missing / sums.asked
    effective, error = float(min(sums.n, sums.asked)), None
    if sums.n > 1:
        squares = sums.missing_squared - 2 * rate * sums.missing_asked + rate**2 * sums.asked_squared
        variance = max(squares, 0.0) * sums.n / (sums.n - 1) / sums.asked**2
        if variance > 0 and 0 < rate < 1:
            effective = min(rate * (1 - rate) / variance, float(sums.asked))
            error = math.sqrt(variance)
    interval = proportion_interval(rate * effective, effective, level=level)
    return Estimate(
        rate,
        Interval(max(interval.low, 0.0), min(interval.high, 1.0), level, "wilson_by_respondents"),
        error,
        sums.asked,
        effective,
        small_sample_warnings(sums.n),
    )


def price(amount: int, rate: Estimate, contacted: int, *, per_response: float = 1.0) -> Estimate | None:
    """What one response costs, from the share of those contacted who gave one; ``None``: nobody did.

    What is uncertain is how many respond: its limits are those of the rate, turned round. Contacts and cost are fixed.

    Args:
        amount: spent in all.
        rate: share that responded.
        contacted: of how many.
        per_response: how many such responses make one that counts: the design effect of the weights.
    """
    if rate.interval is None or not rate.value > 0 or not rate.interval.low > 0:
        return None
    of_all = amount * per_response / contacted
    return Estimate(
        of_all / rate.value,
        Interval(of_all / rate.interval.high, of_all / rate.interval.low, rate.interval.level, "wilson_inverted"),
        None,
        round(rate.value * contacted),
        rate.value * contacted / per_response,
        rate.warnings,
    )


def difference(first: Estimate, second: Estimate) -> Estimate | None:
    """First minus second, two independent figures, with limits recovered from theirs; ``None``: one has no limits.

    Of two shares with Wilson's limits it is Newcombe's interval.

    Source: Zou & Donner (2008), Statistics in Medicine 27:1693 (MOVER); Newcombe (1998), ibid. 17:873, method 10.
    """
    a, b = first.interval, second.interval
    if a is None or b is None:
        return None
    value = first.value - second.value
    return Estimate(
        value,
        Interval(
            value - math.hypot(first.value - a.low, b.high - second.value),
            value + math.hypot(a.high - first.value, second.value - b.low),
            a.level,
            "mover",
        ),
        None,
        first.n + second.n,
        first.n_effective + second.n_effective,
        tuple(dict.fromkeys((*first.warnings, *second.warnings))),
    )


def simultaneous(level: float, comparisons: int) -> float:
    """The level at which each of so many intervals is made, so that all hold together at ``level`` (Bonferroni)."""
    return 1.0 - (1.0 - level) / max(comparisons, 1)


def excludes_zero(interval: Interval | None) -> bool:
    """Whether a difference is beyond chance."""
    return interval is not None and (interval.low > 0 or interval.high < 0)
