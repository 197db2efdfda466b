"""Whether a change worked, from its effect and what would matter; and when that could be told, if not yet."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import ndtri

from feedback_core.kit.estimates import Estimate
from feedback_core.planning.calc import sample_size_to_compare_means
from feedback_core.recommendations.effect.types import EffectVerdict, Wanted


def verdict_of(effect: Estimate, *, wanted: Wanted, smallest: float, significant: bool | None = None) -> EffectVerdict:
    """What an effect with its interval bears.

    Effective, where the whole interval lies on the wanted side of zero. Not effective, where it lies on the other side,
    or ends short of the smallest change that would matter. Otherwise both are possible. Never from the point alone.

    Args:
        effect: change of the figure.
        wanted: which way is better.
        smallest: change that would matter, above 0, in the same units.
        significant: of a test that decides whether there is an effect at all; ``None``: the interval does.

    Raises:
        ValueError: ``smallest`` is not above 0.
    """
    if smallest <= 0.0:
        raise ValueError("the smallest change that matters must be above 0")
    if effect.interval is None:
        return EffectVerdict.CANNOT_BE_TOLD
    sign = 1.0 if wanted == "higher" else -1.0
    low, high = sorted((sign * effect.interval.low, sign * effect.interval.high))
    if high < smallest:
        better = low > 0.0 and significant is not False
        return EffectVerdict.EFFECTIVE if better else EffectVerdict.NOT_EFFECTIVE
    if low > 0.0 and significant is not False:
        return EffectVerdict.EFFECTIVE
    return EffectVerdict.CANNOT_BE_TOLD


@dataclass(frozen=True, slots=True)
class Pace:
    """One group, for how long it would take.

    Attributes:
        sd: standard deviation of its answers, in units of the figure.
        before: its variance of the figure before the change, which no waiting makes smaller.
        per_day: effective answers per day since the change.
    """

    sd: float
    before: float
    per_day: float


def when_it_can_be_told(
    groups: Sequence[Pace], *, smallest: float, power: float = 0.8, level: float = 0.95, days_so_far: float = 0.0
) -> int | None:
    """Days after the change from which a change that matters would be found; ``None``: never, at this pace.

    First the days from which a change of the ``smallest`` size is found with probability ``power``. Where these have
    passed, those from which the interval is so narrow that it leaves out either no change or one that matters.

    Args:
        groups: those whom the change is for and, where there are such, those whom it is not for.
        smallest: change that would matter, above 0.
        power: probability of finding it.
        level: of the interval.
        days_so_far: since the change.

    Raises:
        ValueError: ``smallest`` is not above 0, or ``power`` or ``level`` are out of range.

    Source: Cochran (1977), section 4.13, as `feedback_core.planning.calc.sample_size_to_compare_means`. Golden: none;
    simulation.
    """
    if smallest <= 0.0:
        raise ValueError("the smallest change that matters must be above 0")
    # Two groups of n answers with a standard deviation of 1 differ with a variance of 2 / n.
    powered = 2.0 / sample_size_to_compare_means(smallest, sd_first=1.0, power=power, level=level).first.exact
    certain = (smallest / 2.0 / float(ndtri(0.5 + level / 2))) ** 2
    for variance in (powered, certain):
        days = _days(groups, variance)
        if days is None:
            return None
        if days > days_so_far:
            return math.ceil(days)
    return math.ceil(days_so_far) + 1


def _days(groups: Sequence[Pace], variance: float) -> float | None:
    """Days after which the variance of the effect has come down to this; ``None``: it never does."""
    left = variance - sum(group.before for group in groups)
    if left <= 0.0 or any(group.per_day <= 0.0 for group in groups):
        return None
    return sum(group.sd**2 / group.per_day for group in groups) / left
