"""Net Promoter Score from counts of answers on the 0-10 scale."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.kpis.calc.counts import small_sample_warnings, total_of
from feedback_core.kpis.calc.quantiles import normal_quantile
from feedback_core.kpis.calc.roots import crossing

POINTS = 100.0
LOWEST_PASSIVE = 7
LOWEST_PROMOTER = 9
HIGHEST = 10
ENOUGH_FOR_ADJUSTED_WALD = 30

# Pseudo-answers of the adjusted Wald interval: Rocks (2016), The American Statistician 70:365.
PSEUDO_POLAR = 0.75
PSEUDO_TOTAL = 3.0

NpsMethod = Literal["auto", "adjusted_wald", "score"]


@dataclass(frozen=True, slots=True)
class NpsCounts:
    """Answers by group: promoters 9-10, passives 7-8, detractors 0-6."""

    promoters: int
    passives: int
    detractors: int

    def __post_init__(self) -> None:
        if min(self.promoters, self.passives, self.detractors) < 0:
            raise ValueError(f"counts cannot be negative: {self}")

    @property
    def n(self) -> int:
        """Answers in all three groups."""
        return self.promoters + self.passives + self.detractors

    @property
    def has_empty_group(self) -> bool:
        """Whether nobody is a promoter, or nobody passive, or nobody a detractor."""
        return 0 in {self.promoters, self.passives, self.detractors}

    @classmethod
    def of(cls, counts: Mapping[int, int]) -> "NpsCounts":
        """Group counts by score.

        Raises:
            ValueError: a score outside 0-10, or a negative count.
        """
        total_of(counts)
        off_scale = [score for score, n in counts.items() if n and not 0 <= score <= HIGHEST]
        if off_scale:
            raise ValueError(f"scores off the 0-10 scale: {sorted(off_scale)}")
        detractors = sum(n for score, n in counts.items() if score < LOWEST_PASSIVE)
        promoters = sum(n for score, n in counts.items() if score >= LOWEST_PROMOTER)
        return cls(promoters, sum(counts.values()) - promoters - detractors, detractors)


def net_promoter_score(counts: NpsCounts, *, level: float = 0.95, method: NpsMethod = "auto") -> Estimate:
    """Score in points, -100..100, with limits cut at the ends of the scale.

    ``auto`` takes the adjusted Wald interval, and the score interval when n < 30 or one of the three groups is empty.
    The adjusted Wald interval is centred on a score shrunk towards 0; the score itself stays raw. ``standard_error`` is
    the plug-in one, ``None`` when it is 0 because all answers fall into one group.

    Raises:
        NotEstimable: nobody answered.

    Source: Rocks (2016), The American Statistician 70:365. Golden: s01.
    """
    score = nps_points(counts)
    if method == "auto":
        method = preferred_method(counts)
    interval = nps_score_interval(counts, level=level) if method == "score" else _cut(counts, level)
    spread = nps_variance(counts)
    return Estimate(
        value=score,
        interval=interval,
        standard_error=POINTS * math.sqrt(spread / counts.n) if spread > 0.0 else None,
        n=counts.n,
        n_effective=float(counts.n),
        warnings=small_sample_warnings(counts.n),
    )


def preferred_method(counts: NpsCounts) -> Literal["adjusted_wald", "score"]:
    """The interval that keeps its coverage for these counts: score when n < 30 or a group is empty."""
    return "score" if counts.n < ENOUGH_FOR_ADJUSTED_WALD or counts.has_empty_group else "adjusted_wald"


def nps_points(counts: NpsCounts) -> float:
    """The score alone, -100..100.

    Raises:
        NotEstimable: nobody answered.
    """
    _require_answers(counts)
    return POINTS * (counts.promoters - counts.detractors) / counts.n


def nps_variance(counts: NpsCounts) -> float:
    """Trinomial variance of one answer coded +1, 0, -1: p + d - (p - d)^2, divided by n and not n - 1; 0..1.

    Raises:
        NotEstimable: nobody answered.
    """
    _require_answers(counts)
    n = counts.n
    # Whole numbers to the end, so that equal answers give exactly 0.
    return (n * (counts.promoters + counts.detractors) - (counts.promoters - counts.detractors) ** 2) / n**2


def nps_wald_interval(counts: NpsCounts, *, level: float = 0.95) -> Interval:
    """Plain Wald limits in points, not cut: for comparison with other programs only, never to be shown.

    They leave the scale, and have zero width when all answers fall into one group, which claims certainty.

    Raises:
        NotEstimable: nobody answered.
    """
    centre = nps_points(counts)
    half = POINTS * normal_quantile(level) * math.sqrt(nps_variance(counts) / counts.n)
    return Interval(centre - half, centre + half, level, "wald")


def nps_adjusted_wald_interval(counts: NpsCounts, *, level: float = 0.95) -> Interval:
    """Wald limits in points after adding (3/4, 3/2, 3/4) pseudo-answers; not cut, so they may pass +-100.

    Raises:
        NotEstimable: nobody answered.

    Source: Rocks (2016), The American Statistician 70:365.
    """
    _require_answers(counts)
    n = counts.n + PSEUDO_TOTAL
    centre = (counts.promoters - counts.detractors) / n
    spread = (counts.promoters + counts.detractors + 2.0 * PSEUDO_POLAR) / n - centre**2
    half = normal_quantile(level) * math.sqrt(spread / n)
    return Interval(POINTS * (centre - half), POINTS * (centre + half), level, "adjusted_wald")


def nps_score_interval(counts: NpsCounts, *, level: float = 0.95) -> Interval:
    """Score limits in points: those scores that a score test with the constrained variance does not reject.

    The lower limit is exactly -100 if all are detractors, the upper exactly 100 if all are promoters.

    Raises:
        NotEstimable: nobody answered.

    Source: Tango (1998), Statistics in Medicine 17:891; May & Johnson (1997), Statistics in Medicine 16:2127.
    """
    _require_answers(counts)
    low, high = score_limits(counts, normal_quantile(level))
    return Interval(POINTS * low, POINTS * high, level, "score")


def score_limits(counts: NpsCounts, z: float) -> tuple[float, float]:
    """Score limits on the scale -1..1 for a normal quantile ``z``, which may be larger than any level can express."""
    low = _lower_score_limit(counts.promoters, counts.detractors, counts.n, z)
    high = -_lower_score_limit(counts.detractors, counts.promoters, counts.n, z)
    return low, high


def _lower_score_limit(promoters: int, detractors: int, n: int, z: float) -> float:
    if detractors == n:
        return -1.0
    surplus = promoters - detractors

    def excess(x: float) -> float:
        return (surplus - n * x) - z * math.sqrt(n * _constrained_variance(promoters, detractors, n, x))

    return crossing(excess, positive_at=-1.0, beyond=surplus / n)


def _constrained_variance(promoters: int, detractors: int, n: int, x: float) -> float:
    """Variance of one answer under the likeliest shares whose score is ``x``; 0 at both ends of the scale."""
    a = 2.0 * n
    b = (2 * n - promoters + detractors) * x - (promoters + detractors)
    c = -detractors * x * (1.0 - x)
    root = math.sqrt(max(b * b - 4.0 * a * c, 0.0))
    # The larger root of a q^2 + b q + c, written so that nothing cancels.
    share = -2.0 * c / (root + b) if b > 0.0 else (root - b) / (2.0 * a)
    return max(2.0 * share + x * (1.0 - x), 0.0)


def _cut(counts: NpsCounts, level: float) -> Interval:
    raw = nps_adjusted_wald_interval(counts, level=level)
    return Interval(max(raw.low, -POINTS), min(raw.high, POINTS), raw.level, raw.method)


def _require_answers(counts: NpsCounts) -> None:
    if counts.n == 0:
        raise NotEstimable("Nobody answered: a Net Promoter Score takes at least one answer.")
