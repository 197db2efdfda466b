"""Vocabulary of control charts, after Making Data Count."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Direction = Literal["higher_is_better", "lower_is_better", "neutral"]


class SpecialCause(StrEnum):
    """Which Making Data Count rule a point meets; the first that holds, in this order."""

    ABOVE_UPPER_LIMIT = "above_upper_limit"
    BELOW_LOWER_LIMIT = "below_lower_limit"
    TREND_UP = "seven_point_trend_up"
    TREND_DOWN = "seven_point_trend_down"
    TWO_IN_THREE_ABOVE = "two_in_three_above"
    TWO_IN_THREE_BELOW = "two_in_three_below"
    RUN_ABOVE = "seven_points_above"
    RUN_BELOW = "seven_points_below"
    COMMON_CAUSE = "common_cause"


class Variation(StrEnum):
    """What a point means, given which direction is good."""

    COMMON_CAUSE = "common_cause"
    IMPROVEMENT = "special_cause_improvement"
    CONCERN = "special_cause_concern"
    NEUTRAL_HIGH = "special_cause_neutral_high"
    NEUTRAL_LOW = "special_cause_neutral_low"


class Assurance(StrEnum):
    """Will the process, left as it is, meet the target?"""

    CONSISTENT_PASS = "consistent_pass"  # noqa: S105 - the name of a verdict, not a password
    CONSISTENT_FAIL = "consistent_fail"
    INCONSISTENT = "inconsistent"


@dataclass(frozen=True, slots=True)
class XmrPoint:
    """One point of an XmR chart.

    Attributes:
        index: position in the series, gaps counted.
        value: the point.
        special_cause: the rule it meets.
        variation: what that means.
        outside_limits: beyond a process limit.
        relative_to_mean: 1 above, -1 below, 0 on the mean.
        close_to_limits: within the limits, beyond two thirds of the way to one.
        run_length: points on this side of the mean up to and including this one; 0 on the mean.
    """

    index: int
    value: float
    special_cause: SpecialCause
    variation: Variation
    outside_limits: bool
    relative_to_mean: int
    close_to_limits: bool
    run_length: int


@dataclass(frozen=True, slots=True)
class XmrChart:
    """Individuals chart.

    Attributes:
        mean: centre line.
        lower_limit: lower process limit, not clipped to the scale.
        upper_limit: upper process limit, not clipped to the scale.
        mean_moving_range: after screening, where screened.
        screened_ranges: moving ranges left out of the limits.
        points: the points that have a value, in time order.
        variation: of the latest point.
        assurance: against the target; ``None`` without one or with a neutral direction.
    """

    mean: float
    lower_limit: float
    upper_limit: float
    mean_moving_range: float
    screened_ranges: int
    points: tuple[XmrPoint, ...]
    variation: Variation
    assurance: Assurance | None

    @property
    def signals(self) -> tuple[XmrPoint, ...]:
        """Points that are not common cause."""
        return tuple(point for point in self.points if point.special_cause is not SpecialCause.COMMON_CAUSE)
