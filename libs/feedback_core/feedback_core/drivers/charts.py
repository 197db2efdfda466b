"""Charts of a drivers analysis: importance, importance against performance, and the effects of the model."""

from collections.abc import Iterator
from typing import Final

from feedback_core.charts import palette
from feedback_core.charts.document import percent
from feedback_core.charts.intervals import interval_chart
from feedback_core.charts.quadrants import Spot, quadrant_chart
from feedback_core.charts.types import Chart, Kind, Quantity, Row
from feedback_core.drivers.types import DriverFinding, DriversOutcome, DriversResult, Quadrant
from feedback_core.kit.estimates import Interval

CORNERS: Final = {
    Quadrant.LOW_PRIORITY: "low priority",
    Quadrant.CONCENTRATE_HERE: "concentrate here",
    Quadrant.POSSIBLE_OVERKILL: "possible overkill",
    Quadrant.KEEP_UP: "keep up",
}
"""In the order of the corners: bottom left, bottom right, top left, top right."""

CLEAR: Final = Kind("clearly in its quadrant", palette.FIGURE)
UNCLEAR: Final = Kind("an interval crosses a line", palette.ORDINARY, "square")
_IMPORTANCE = Quantity("Share of what the drivers explain", 0.0, 1.0)
_PERFORMANCE = Quantity("Performance", 0.0, 100.0, "% of the scale")
_NO_EFFECT = 1.0


def drivers_charts(outcome: DriversOutcome) -> tuple[Chart, ...]:
    """The importance of each driver; the quadrants and the odds ratios, where there are such."""
    return tuple(_charts(outcome.outcome.name, outcome.drivers))


def _charts(explained: str, found: DriversResult) -> Iterator[Chart]:
    yield interval_chart(
        "importance",
        title=f"What goes with {explained}: importance of each driver",
        sentence=found.sentence,
        quantity=_IMPORTANCE,
        rows=[_importance(driver) for driver in found.drivers],
        notes=_levels([driver.share_interval for driver in found.drivers]) or ["no intervals were asked for"],
    )
    placed = [driver for driver in found.drivers if driver.performance is not None and driver.quadrant is not None]
    if placed and found.importance_line is not None and found.performance_line is not None:
        yield quadrant_chart(
            "quadrants",
            title=f"Importance for {explained}, and performance",
            sentence=found.sentence,
            x=_IMPORTANCE,
            y=_PERFORMANCE,
            lines=(found.importance_line, found.performance_line),
            corners=(
                CORNERS[Quadrant.LOW_PRIORITY],
                CORNERS[Quadrant.CONCENTRATE_HERE],
                CORNERS[Quadrant.POSSIBLE_OVERKILL],
                CORNERS[Quadrant.KEEP_UP],
            ),
            spots=[_spot(driver) for driver in placed],
            kinds=(CLEAR, UNCLEAR),
            notes=[*_levels([driver.share_interval for driver in placed]), "dashed: where a figure counts as high"],
        )
    effects = [_effect(driver) for driver in found.drivers if driver.effect is not None]
    effects = [row for row in effects if row.value is not None]
    if effects and found.model is not None:
        yield interval_chart(
            "effects",
            title=f"Effect of each driver on {explained}, the others held fixed",
            sentence=found.model.sentence,
            quantity=Quantity("Odds ratio of a higher answer per point of the driver", low=0.0, places=2),
            rows=effects,
            reference=_NO_EFFECT,
            reference_name="no effect",
            notes=_levels([d.effect.odds_ratio_interval for d in found.drivers if d.effect is not None]),
        )


def _importance(driver: DriverFinding) -> Row:
    low, high = _limits(driver.share_interval) or (None, None)
    ranks = "" if driver.rank_low is None else f"rank {driver.rank_low} to {driver.rank_high}"
    if driver.rank_low is not None and driver.rank_low == driver.rank_high:
        ranks = f"rank {driver.rank_low}"
    return Row(driver.driver.name, driver.share, low, high, remark=ranks)


def _effect(driver: DriverFinding) -> Row:
    assert driver.effect is not None
    low, high = _limits(driver.effect.odds_ratio_interval) or (None, None)
    return Row(driver.driver.name, driver.effect.odds_ratio, low, high)


def _spot(driver: DriverFinding) -> Spot:
    assert driver.performance is not None
    return Spot(
        label=driver.driver.name,
        x=driver.share,
        y=driver.performance.value,
        x_limits=_limits(driver.share_interval),
        y_limits=_limits(driver.performance.interval),
        kind=(CLEAR if driver.quadrant_is_clear else UNCLEAR).name,
    )


def _limits(interval: Interval | None) -> tuple[float, float] | None:
    return None if interval is None else (interval.low, interval.high)


def _levels(intervals: list[Interval | None]) -> list[str]:
    levels = sorted({percent(interval.level) for interval in intervals if interval is not None})
    return [f"bars: {' and '.join(levels)} intervals"] if levels else []
