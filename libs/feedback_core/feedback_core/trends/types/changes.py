"""Vocabulary of changes of level."""

from dataclasses import dataclass

from feedback_core.kit.estimates import Estimate


@dataclass(frozen=True, slots=True)
class Pettitt:
    """Pettitt's test for one change of location.

    Attributes:
        k: the statistic, max abs U.
        index: values before the change (the first, where several tie).
        p_value: two-sided approximation, at most 1.
    """

    k: float
    index: int
    p_value: float


@dataclass(frozen=True, slots=True)
class Segmentation:
    """Change points of the mean and the mean of each segment.

    Attributes:
        change_points: values before each change, so also the 0-based index where the new segment starts.
        means: one more than change points, in the units of the series that went in.
        penalty: what each change point had to save in squared error.
    """

    change_points: tuple[int, ...]
    means: tuple[float, ...]
    penalty: float


@dataclass(frozen=True, slots=True)
class SingleChange:
    """The most likely single change of level.

    Attributes:
        index: values before the change.
        index_low: earliest index that the data bear, at the level of the interval.
        index_high: latest.
        before: level before, season effects removed where seasons were given.
        after: level after.
        difference: ``after - before``, the search for the position included in its interval.
        sup_f: largest F statistic over all positions; ``None`` when two levels fit without error.
        p_value: of "there is no change", by resampling the largest F.
        autocorrelation: lag 1, of the errors, corrected for its small-sample bias, 0..0.95.
    """

    index: int
    index_low: int
    index_high: int
    before: float
    after: float
    difference: Estimate
    sup_f: float | None
    p_value: float
    autocorrelation: float
