"""Vocabulary of monotonic trends: tests and slopes."""

from dataclasses import dataclass
from enum import StrEnum

from feedback_core.kit.estimates import Interval


class TrendMethod(StrEnum):
    """Which form of the Mann-Kendall test gave a p-value."""

    NORMAL = "mann_kendall"
    EXACT = "mann_kendall_exact"
    HAMED_RAO = "hamed_rao"
    YUE_WANG = "yue_wang"
    SEASONAL = "seasonal"
    SEASONAL_DEPENDENT = "seasonal_dependent"
    HAMED_RAO_DESEASONALISED = "hamed_rao_deseasonalised"


@dataclass(frozen=True, slots=True)
class TrendTest:
    """A Mann-Kendall test: is there a monotonic trend?

    Attributes:
        method: which form.
        n: values used.
        s: Kendall's S, pairs that rise minus pairs that fall (within seasons in the seasonal forms).
        variance: of S under no trend, ties and (where the method has it) autocorrelation included.
        variance_factor: what autocorrelation multiplied the variance by; 1 where it was not corrected.
        z: standardised S; with continuity correction unless switched off.
        p_value: two-sided.
        tau_a: S over the number of pairs.
        tau_b: S over the pairs corrected for ties.
    """

    method: TrendMethod
    n: int
    s: int
    variance: float
    variance_factor: float
    z: float
    p_value: float
    tau_a: float
    tau_b: float


@dataclass(frozen=True, slots=True)
class CoxStuart:
    """Cox-Stuart test on the outer thirds of the series; ``z`` has no sign."""

    z: float
    p_value: float


@dataclass(frozen=True, slots=True)
class SenSlope:
    """Theil-Sen slope, the median of all pairwise slopes.

    Attributes:
        slope: units per step of the positions (per cycle in the seasonal form).
        interval: of ``slope``; ``None`` where there are too few pairs for the level.
        intercept: of the line at position 0.
        n_pairs: pairwise slopes behind it.
    """

    slope: float
    interval: Interval | None
    intercept: float
    n_pairs: int


@dataclass(frozen=True, slots=True)
class SamplingNoise:
    """Cochran's Q of the periods; a large p-value says that sampling error alone explains their differences."""

    q: float
    df: int
    p_value: float
