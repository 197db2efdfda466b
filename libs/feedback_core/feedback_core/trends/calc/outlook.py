"""The parts of an analysis that look at known changes, at the counts behind a share, and ahead."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from feedback_core.trends.calc.components import XMR_FROM, chart
from feedback_core.trends.calc.count_charts import ChartRules, Laney, p_chart, u_chart
from feedback_core.trends.calc.forecast import forecast_band
from feedback_core.trends.calc.run import Run
from feedback_core.trends.calc.seasonality import mstl
from feedback_core.trends.calc.xmr import rebased_xmr
from feedback_core.trends.types import (
    ChartPart,
    Component,
    CountChart,
    Direction,
    ForecastPeriod,
    KnownEvent,
    MultipleDecomposition,
    ReasonCode,
    TrendForecast,
    XmrChart,
)


@dataclass(frozen=True, slots=True)
class TrendOptions:
    """What a trend analysis may be told beside the series.

    Attributes:
        rebase: days from which the process is known to have changed for good; limits begin anew there.
        horizon: periods to forecast; 0: none.
        bounds: of the scale, to which a forecast is cut.
        waves: number the periods by their order, whatever lies between their dates.
        long_period: periods in a second, longer cycle: the year of a daily series.
        interruption: a known event whose effect is asked for.
        laney: whether charts of counts have Laney's limits.
    """

    rebase: tuple[date, ...] = ()
    horizon: int = 0
    bounds: tuple[float | None, float | None] = (None, None)
    waves: bool = False
    long_period: int | None = None
    interruption: KnownEvent | None = None
    laney: Laney = "auto"


def charts(
    run: Run, direction: Direction, target: float | None, rebase: tuple[date, ...]
) -> tuple[XmrChart | None, tuple[ChartPart, ...]]:
    """The control chart, or one for each part between known changes; the last part's then stands for the series."""
    starts = _part_starts(run, rebase)
    if not starts:
        return chart(run, direction, target), ()
    if not run.bears(Component.XMR, XMR_FROM, "A control chart"):
        return None, ()
    spread = run.grid.spread_out(run.values)
    found = run.attempt(Component.XMR, lambda: rebased_xmr(spread, starts, direction=direction, target=target))
    if found is None:
        return None, ()
    parts = [ChartPart(run.grid.starts[at], part) for at, part in zip((0, *starts), found, strict=True)]
    return found[-1], tuple(parts)


def count_chart(
    run: Run, direction: Direction, target: float | None, rebase: tuple[date, ...], laney: Laney = "auto"
) -> CountChart | None:
    """Chart of the counts behind a share, or of events per day, since the last known change.

    ``None`` for other figures, without a reason. ``target`` is one of the figure: of events per day there is none.
    """
    grid = run.grid
    events, sizes, share = (grid.counts, grid.sizes, True)
    if grid.exposures is not None:
        events, sizes, share = grid.values, grid.exposures, False
    if events is None:
        return None
    if run.adjusted:
        detail = "A chart of counts cannot take the season out; the control chart of season-adjusted values does."
        run.lack(Component.COUNT_CHART, ReasonCode.NOT_ESTIMABLE, detail)
        return None
    begin = (0, *_part_starts(run, rebase))[-1]
    counted, over = (grid.spread_out(values)[begin:] for values in (events, sizes))
    points = int(np.isfinite(counted).sum())
    if points < XMR_FROM:
        detail = f"A chart of counts needs at least {XMR_FROM} periods with a value; there are {points}."
        run.lack(Component.COUNT_CHART, ReasonCode.TOO_FEW_PERIODS, detail)
        return None

    def charted() -> CountChart:
        if share:
            return p_chart(counted, over, direction=direction, target=target, laney=laney, rules=ChartRules())
        return u_chart(counted, over, direction=direction, target=None, laney=laney, rules=ChartRules())

    found = run.attempt(Component.COUNT_CHART, charted)
    if found is None:
        return None
    return replace(found, points=tuple(replace(point, index=point.index + begin) for point in found.points))


def forecast(run: Run, options: TrendOptions) -> TrendForecast | None:
    """Band for the next periods, with the season where there is one."""
    if options.horizon == 0:
        return None
    period = run.period if run.adjusted else None
    grid = run.grid
    band = run.attempt(
        Component.FORECAST,
        lambda: forecast_band(
            grid.spread_out(grid.values),
            horizon=options.horizon,
            period=period,
            level=run.level,
            bounds=options.bounds,
        ),
    )
    if band is None:
        return None
    return TrendForecast(
        method=band.method,
        level=band.level,
        periods=tuple(
            ForecastPeriod(grid.start_after(point.step), point.value, point.low, point.high) for point in band.points
        ),
        clipped=band.clipped,
        warnings=band.warnings,
    )


def several_seasons(run: Run, long_period: int | None) -> MultipleDecomposition | None:
    """Two cycles at once, where the series has more than two of the longer one; ``None`` for shorter ones."""
    period, grid = run.period, run.grid
    if period is None or long_period is None or grid.size <= 2 * long_period:
        return None
    if grid.n < grid.size:
        detail = f"{grid.size - grid.n} of {grid.size} periods have no value; a decomposition needs every period."
        run.lack(Component.DECOMPOSITION, ReasonCode.GAPS, detail)
        return None
    return run.attempt(Component.DECOMPOSITION, lambda: mstl(grid.values, (period, long_period)))


def _part_starts(run: Run, rebase: tuple[date, ...]) -> tuple[int, ...]:
    """Positions at which parts begin; days outside the series change nothing."""
    positions = {run.grid.position_of(day) for day in rebase}
    return tuple(sorted(position for position in positions if 0 < position < run.grid.size))
