"""Vocabulary of control charts of counts: shares with known denominators, and events per exposure."""

from dataclasses import dataclass
from enum import StrEnum

from feedback_core.trends.types.xmr import Assurance, Variation


class CountChartKind(StrEnum):
    """Which limits a chart of counts has; a prime marks Laney's, which allow for variation between periods."""

    P = "p"
    P_PRIME = "p_prime"
    U = "u"
    U_PRIME = "u_prime"


@dataclass(frozen=True, slots=True)
class CountPoint:
    """One period of a chart of counts.

    Attributes:
        index: position in the series, gaps counted.
        value: events per size.
        size: answers, or units of exposure.
        lower_limit: at least 0.
        upper_limit: of a share, at most 1.
        beyond_limits: outside its own limits.
        in_violating_run: from the point on at which a run on one side of the centre has reached the run length.
        variation: what that means, given which direction is good.
    """

    index: int
    value: float
    size: float
    lower_limit: float
    upper_limit: float
    beyond_limits: bool
    in_violating_run: bool
    variation: Variation


@dataclass(frozen=True, slots=True)
class RunRules:
    """Anhoej's two rules on the runs about the centre line; their bounds follow the number of points.

    Attributes:
        useful: points that are not on the centre line.
        longest_run: points of the longest run on one side.
        longest_run_max: more than this is a signal.
        crossings: how often the series crosses the centre line.
        crossings_min: fewer than this is a signal.
        signal: either rule is met.
    """

    useful: int
    longest_run: int
    longest_run_max: int
    crossings: int
    crossings_min: int
    signal: bool


@dataclass(frozen=True, slots=True)
class CountChart:
    """Control chart of counts.

    Attributes:
        kind: which limits.
        centre: all events over all sizes of the baseline.
        sigma_z: what Laney's limits multiply the sampling error by; ``None`` without.
        points: periods with a size above 0, in time order.
        run_length: from which a run on one side counts.
        runs: Anhoej's rules; ``None`` where every point is on the centre line.
        variation: of the latest point.
        assurance: against the target, by the latest limits; ``None`` without one or with a neutral direction.
        warnings: what a reader must be told, a sentence each: why these limits, and what weakens them.
    """

    kind: CountChartKind
    centre: float
    sigma_z: float | None
    points: tuple[CountPoint, ...]
    run_length: int
    runs: RunRules | None
    variation: Variation
    assurance: Assurance | None
    warnings: tuple[str, ...]

    @property
    def beyond_limits(self) -> tuple[int, ...]:
        """Positions of the points outside their limits."""
        return tuple(point.index for point in self.points if point.beyond_limits)

    @property
    def violating_runs(self) -> tuple[int, ...]:
        """Positions of the points that lengthen a run of at least the run length."""
        return tuple(point.index for point in self.points if point.in_violating_run)
