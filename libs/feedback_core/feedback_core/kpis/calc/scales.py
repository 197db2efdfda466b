"""What counts as satisfied on a rating scale, and the built-in figures that rest on it."""

from collections.abc import Mapping

from feedback_core.kit.estimates import Estimate
from feedback_core.kpis.calc.counts import total_of
from feedback_core.kpis.calc.means import mean_estimate
from feedback_core.kpis.calc.proportion_differences import Share
from feedback_core.kpis.calc.proportions import proportion_estimate

MOST_BOXES = 2


def top_box_values(minimum: int, maximum: int, *, high_is_good: bool = True) -> tuple[int, ...]:
    """The values that count as satisfied: the best two, so far as they lie beyond the middle of the scale; ascending.

    1-5 gives 4 and 5, 1-7 gives 6 and 7, 1-10 gives 9 and 10, 1-4 gives 3 and 4 (its better half); 1-3 gives 3 alone,
    since 2 is its neutral middle, and 1-2 gives 2. With ``high_is_good=False`` the same from the low end.

    Raises:
        ValueError: ``minimum`` is not below ``maximum``.
    """
    if minimum >= maximum:
        raise ValueError(f"a scale runs upwards, not from {minimum} to {maximum}")
    twice_middle = minimum + maximum
    if high_is_good:
        return tuple(value for value in range(maximum - MOST_BOXES + 1, maximum + 1) if 2 * value > twice_middle)
    return tuple(value for value in range(minimum, minimum + MOST_BOXES) if 2 * value < twice_middle)


def top_box_share(counts: Mapping[int, int], *, minimum: int, maximum: int, high_is_good: bool = True) -> Share:
    """Answers in the top boxes, of all answers on the scale.

    Raises:
        NotEstimable: nobody answered.
        ValueError: an answer lies off the scale.
    """
    boxes = top_box_values(minimum, maximum, high_is_good=high_is_good)
    _require_on_scale(counts, minimum, maximum)
    return Share(sum(counts.get(value, 0) for value in boxes), total_of(counts))


def customer_satisfaction(
    counts: Mapping[int, int], *, minimum: int, maximum: int, high_is_good: bool = True, level: float = 0.95
) -> Estimate:
    """CSAT: share of answers in the top boxes, 0..1, with a Wilson interval.

    Raises:
        NotEstimable: nobody answered.
        ValueError: an answer lies off the scale.
    """
    share = top_box_share(counts, minimum=minimum, maximum=maximum, high_is_good=high_is_good)
    return proportion_estimate(share.successes, share.n, level=level)


def customer_effort(counts: Mapping[int, int], *, minimum: int, maximum: int, level: float = 0.95) -> Estimate:
    """CES: mean of the answers in units of their scale, with a t interval.

    The figure is not turned round: high is easy unless the question says otherwise, and its definition carries which.
    The share of easy answers is ``top_box_share`` with that polarity.

    Raises:
        NotEstimable: nobody answered.
        ValueError: an answer lies off the scale.
    """
    _require_on_scale(counts, minimum, maximum)
    return mean_estimate(counts, level=level)


def _require_on_scale(counts: Mapping[int, int], minimum: int, maximum: int) -> None:
    off_scale = sorted(value for value, n in counts.items() if n and not minimum <= value <= maximum)
    if off_scale:
        raise ValueError(f"answers off the {minimum}-{maximum} scale: {off_scale}")
