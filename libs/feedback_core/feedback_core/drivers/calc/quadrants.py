"""Importance against performance: where effort is worth most."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isclose

from feedback_core.drivers.types import Quadrant
from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Interval


@dataclass(frozen=True, slots=True)
class FeaturePosition:
    """A feature with its importance and its performance.

    Attributes:
        feature: its name.
        importance: share of all contributions, 0..1.
        importance_interval: ``None`` where none was asked for.
        performance: on a scale that all features share, e.g. 0..100 % of the scale.
        performance_interval: of that; ``None`` where there is none.
    """

    feature: str
    importance: float
    importance_interval: Interval | None
    performance: float
    performance_interval: Interval | None


@dataclass(frozen=True, slots=True)
class Placement:
    """The quadrant of a feature.

    Attributes:
        feature: its name.
        quadrant: by its importance and performance; on a line counts as above it.
        is_clear: whether both intervals are there and lie wholly on one side of their line.
    """

    feature: str
    quadrant: Quadrant
    is_clear: bool


@dataclass(frozen=True, slots=True)
class Quadrants:
    """All features between two lines.

    Attributes:
        importance_line: from here on important.
        performance_line: from here on performing well.
        placements: in the order of the features given.
    """

    importance_line: float
    performance_line: float
    placements: tuple[Placement, ...]


def importance_performance(
    positions: Sequence[FeaturePosition],
    *,
    importance_line: float | None = None,
    performance_line: float | None = None,
) -> Quadrants:
    """Place features by importance and performance; a line not given is the features' mean.

    Raises:
        NotEstimable: fewer than two features, where a mean separates nothing and no line is given.

    Source: Martilla & James (1977), J. Marketing 41(1):77.
    """
    if not positions or (len(positions) < 2 and (importance_line is None or performance_line is None)):
        raise NotEstimable("Importance against performance compares features; name at least two, or give both lines.")
    important = _mean([p.importance for p in positions]) if importance_line is None else importance_line
    well = _mean([p.performance for p in positions]) if performance_line is None else performance_line
    return Quadrants(important, well, tuple(_placed(position, important, well) for position in positions))


def _placed(position: FeaturePosition, important: float, well: float) -> Placement:
    matters, performs = _reaches(position.importance, important), _reaches(position.performance, well)
    if matters:
        quadrant = Quadrant.KEEP_UP if performs else Quadrant.CONCENTRATE_HERE
    else:
        quadrant = Quadrant.POSSIBLE_OVERKILL if performs else Quadrant.LOW_PRIORITY
    clear = _clear(position.importance_interval, important) and _clear(position.performance_interval, well)
    return Placement(position.feature, quadrant, is_clear=clear)


def _clear(interval: Interval | None, line: float) -> bool:
    return interval is not None and (interval.low > line or interval.high < line)


def _reaches(value: float, line: float) -> bool:
    # A mean of equal figures may lie a rounding above them.
    return value >= line or isclose(value, line, rel_tol=1e-12)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
