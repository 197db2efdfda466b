"""Completed so far against what was expected by now, with control limits."""

import math
from collections.abc import Callable, Sequence
from datetime import date
from typing import Literal

from scipy.special import betainc, pdtr

from feedback_core.fieldwork.types.live import Ended, Lagged, Pace, Target

FALSE_ALARM = 0.0027
"""Of three standard deviations, as on any control chart."""


def pace(
    lagged: Sequence[Lagged],
    shares: Sequence[float],
    *,
    curve: Literal["earlier_waves", "plan"],
    reference: int = 0,
    false_alarm: float = FALSE_ALARM,
) -> Pace | None:
    """How the completes of whole days stand to a curve; ``None`` while nobody was asked a whole day ago.

    The limits are binomial. Where the curve was measured on earlier invitations, the error of measuring it is in them:
    with n invitations now and m then, the variance of the count is 1 + n / m times the binomial one.

    Args:
        lagged: invitations by age.
        shares: expected to have completed before day 0, 1, …; the last one holds for every later day.
        curve: where they come from.
        reference: invitations that they were measured on; 0: they are fixed.
        false_alarm: chance of lying outside, both sides together, if all goes as expected.

    Source: Montgomery (2013), Introduction to Statistical Quality Control, 7th ed., §7.2: charts of shares; Groves &
    Heeringa (2006), JRSS A 169:439: following a collection by its key indicators. Golden: none; laws.
    """
    old = [each for each in lagged if each.age > 0]
    n = sum(each.n for each in old)
    if not n:
        return None
    expected = sum(each.n * shares[min(each.age, len(shares) - 1)] for each in old)
    done = sum(each.n for each in old if each.ended is Ended.COMPLETED and each.lag < each.age)
    low, high = binomial_limits(n, expected / n, reference=reference, false_alarm=false_alarm)
    return Pace(done, expected, low, high, false_alarm, curve, n, reference)


def even_shares(rate: float, days: int) -> tuple[float, ...]:
    """The plan's response rate, reached evenly over the days of the collection."""
    return tuple(rate * day / days for day in range(days + 1)) if days > 0 else (rate,)


def binomial_limits(n: int, share: float, *, reference: int = 0, false_alarm: float = FALSE_ALARM) -> tuple[int, int]:
    """Fewest and most of n that chance explains, where a share of them is expected.

    Below the first lie at most half the false alarms, above the second likewise.
    """
    share = min(1.0, max(0.0, share))
    size = n if not reference else max(1, round(n / (1 + n / reference)))
    tail = false_alarm / 2
    low = _first(lambda k: _at_most(k, size, share) > tail, size)
    high = _first(lambda k: _at_most(k, size, share) >= 1 - tail, size)
    return math.floor(low * n / size), math.ceil(high * n / size)


def target_by_now(
    key: str,
    label: str,
    *,
    target: int,
    completed: int,
    starts_on: date | None = None,
    ends_on: date | None = None,
    today: date | None = None,
    false_alarm: float = FALSE_ALARM,
) -> Target:
    """A target, with what was to be there by now if answers came evenly from the first day to the last.

    The lower limit is that of a Poisson count: fewer come by chance with at most the whole chance of a false alarm,
    since too many are no alarm.

    Source: as `pace`. Golden: none; laws.
    """
    if starts_on is None or ends_on is None or today is None or today <= starts_on:
        return Target(key, label, target, completed)
    days = (ends_on - starts_on).days + 1
    expected = target * min(1.0, (today - starts_on).days / days)
    return Target(key, label, target, completed, expected, fewest(expected, target, false_alarm), false_alarm)


def fewest(expected: float, target: int, false_alarm: float) -> int:
    """The least of a Poisson count that chance explains, never above the target."""
    return min(target, _first(lambda k: float(pdtr(k, expected)) > false_alarm, math.ceil(expected) + 1))


def _at_most(k: int, n: int, share: float) -> float:
    if k >= n:
        return 1.0
    return float(betainc(n - k, k + 1, 1 - share))


def _first(holds: Callable[[int], bool], most: int) -> int:
    """The least k from 0 to ``most`` at which a condition holds that holds from there on."""
    low, high = 0, most
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low
