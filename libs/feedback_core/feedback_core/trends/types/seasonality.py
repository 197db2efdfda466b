"""Vocabulary of what repeats every cycle."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decomposition:
    """A series as trend + season + remainder, each as long as the series.

    Attributes:
        strength_trend: 0..1, what the trend explains of trend + remainder (Wang, Smith & Hyndman 2006).
        strength_seasonal: 0..1, what the season explains of season + remainder.
    """

    trend: tuple[float, ...]
    seasonal: tuple[float, ...]
    remainder: tuple[float, ...]
    strength_trend: float
    strength_seasonal: float


@dataclass(frozen=True, slots=True)
class MultipleDecomposition:
    """A series as trend + several seasons + remainder, each as long as the series.

    Attributes:
        periods: of the seasons, rising.
        seasonal: one season per period, in their order.
        strength_trend: 0..1, what the trend explains of trend + remainder.
        strength_seasonal: 0..1, what each season explains of season + remainder.
    """

    periods: tuple[int, ...]
    trend: tuple[float, ...]
    seasonal: tuple[tuple[float, ...], ...]
    remainder: tuple[float, ...]
    strength_trend: float
    strength_seasonal: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ClassicalDecomposition:
    """Additive decomposition by centred moving averages.

    Attributes:
        figure: one seasonal effect per season, in the order of the series' first cycle; they sum to 0.
        trend: as long as the series; ``None`` for half a cycle at each end.
    """

    figure: tuple[float, ...]
    trend: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Seasonality:
    """Is there a pattern that repeats every cycle, and how large is it?

    Attributes:
        period: periods in a cycle.
        p_value: F test of season effects beside the better of a straight line and one change of level.
        effects: season effects in the order of the first cycle, summing to 0, in the units of the series.
        decomposition: STL; ``None`` where periods are missing (said in ``not_estimated``).
    """

    period: int
    p_value: float
    effects: tuple[float, ...]
    decomposition: Decomposition | None
