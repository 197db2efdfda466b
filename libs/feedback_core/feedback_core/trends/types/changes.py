"""Vocabulary of changes of level."""

from dataclasses import dataclass
from enum import StrEnum

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
    """Change points and the level of each segment.

    Attributes:
        change_points: values before each change, so also the 0-based index where the new segment starts.
        means: one more than change points, in the units of the series that went in.
        penalty: what each change point had to save in cost.
        variances: of the segments (maximum likelihood), where changes of variance count, too; else empty.
    """

    change_points: tuple[int, ...]
    means: tuple[float, ...]
    penalty: float
    variances: tuple[float, ...] = ()


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


@dataclass(frozen=True, slots=True)
class BreakDate:
    """One break of a segmentation, with the interval of its date.

    Attributes:
        index: values before the break.
        low: lower limit of ``index``; below 1 where the data do not bound it, ``None`` where it cannot be estimated.
        high: upper limit; above n where the data do not bound it, ``None`` where it cannot be estimated.
    """

    index: int
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class BaiPerron:
    """Segments of constant mean that leave the least squared error, their number by BIC.

    Attributes:
        min_segment: least values in a segment.
        breaks: in time order; empty where no break pays.
        means: one more than breaks.
        rss_by_m: residual sum of squares with 0, 1, 2, ... breaks.
        bic_by_m: Bayesian information criterion with 0, 1, 2, ... breaks.
        level: of the intervals.
    """

    min_segment: int
    breaks: tuple[BreakDate, ...]
    means: tuple[float, ...]
    rss_by_m: tuple[float, ...]
    bic_by_m: tuple[float, ...]
    level: float


class StabilityMethod(StrEnum):
    """Which fluctuation of the series a test of a constant mean looks at."""

    OLS_CUSUM = "ols_cusum"
    REC_CUSUM = "rec_cusum"
    SUP_F = "supF"


@dataclass(frozen=True, slots=True)
class StabilityTest:
    """A test of "the mean never changed".

    Attributes:
        method: which one.
        statistic: its statistic.
        p_value: asymptotic; 0 stands for less than 1e-16.
        index: values before the most likely change, for ``supF``; ``None`` for the others, which date nothing.
    """

    method: StabilityMethod
    statistic: float
    p_value: float
    index: int | None = None
