"""Speeders: completion times far below the median."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from feedback_core.kit.errors import NotEstimable
from feedback_core.responses.quality.calc.answers import optional


@dataclass(frozen=True, slots=True)
class CompletionSpeed:
    """Completion times of one questionnaire on one kind of device.

    Attributes:
        seconds: of each respondent, NaN where unknown.
        median_seconds: of the known ones.
    """

    seconds: NDArray[np.float64]
    median_seconds: float

    @property
    def relative_speed_index(self) -> tuple[float | None, ...]:
        """Median / seconds: 2 is twice as fast as the median. ``None`` where the time is unknown or 0."""
        known = self.seconds > 0.0
        return optional(np.where(known, self.median_seconds / np.where(known, self.seconds, 1.0), np.nan))

    def below_share_of_median(self, share: float = 1 / 3) -> NDArray[np.bool_]:
        """Whether each respondent took less than ``share`` of the median; ``False`` where the time is unknown."""
        return np.asarray(self.seconds < share * self.median_seconds)

    def at_least_times_as_fast(self, factor: float = 2.0) -> NDArray[np.bool_]:
        """Whether each respondent was at least ``factor`` times as fast as the median; ``False`` where unknown."""
        return np.asarray(factor * self.seconds <= self.median_seconds)


def completion_speed(seconds: ArrayLike) -> CompletionSpeed:
    """How fast each respondent was beside the median of all, to be called per questionnaire, device and length.

    Args:
        seconds: to complete the questionnaire, shape (n,), NaN where unknown.

    Raises:
        NotEstimable: no time is known, one is negative or infinite, or the median is 0.

    Source: Roßmann (2010), for the index; Greszki, Meyer & Schoen (2015), Public Opinion Quarterly 79:471, for the
    cuts, which are conventions. Golden: s30.
    """
    times = np.asarray(seconds, dtype=float)
    known = times[~np.isnan(times)]
    if known.size == 0:
        raise NotEstimable("No completion time is known, so there are no speeders to find.")
    if np.isinf(known).any() or (known < 0.0).any():
        raise NotEstimable("A completion time is negative or infinite; mark it as unknown.")
    median = float(np.median(known))
    if median == 0.0:
        raise NotEstimable("Half of the completion times are 0 seconds, so they were not measured.")
    return CompletionSpeed(times, median)
