"""A whole trend analysis of one series: the methods it can bear, and what it cannot."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from feedback_core.trends.calc import components
from feedback_core.trends.calc.arrays import varies
from feedback_core.trends.calc.interruption import interruption, why_not
from feedback_core.trends.calc.mann_kendall import lag_one
from feedback_core.trends.calc.outlook import TrendOptions, charts, count_chart, forecast, several_seasons
from feedback_core.trends.calc.periods import place
from feedback_core.trends.calc.run import Run
from feedback_core.trends.calc.sentence import Wording, caution, say
from feedback_core.trends.calc.shape import find_shape
from feedback_core.trends.types import Direction, PeriodValue, TrendResult

XMR_SETTLED_FROM: Final = 20


def analyse_trend(
    series: Sequence[PeriodValue],
    *,
    period: int | None,
    direction: Direction,
    target: float | None,
    level: float = 0.95,
    rng: np.random.Generator,
    wording: Wording | None = None,
    options: TrendOptions | None = None,
) -> TrendResult:
    """Trend, slope, season, control chart and changes of level of one series, with one sentence on them.

    Needs, in periods with a value: 5 for a test without equal values and 10 otherwise, 10 for a change of level, 12 for
    a control chart (20 until its limits are settled), two whole cycles for anything seasonal. A part the series cannot
    bear is ``None`` and says why in ``not_estimated``. Incomplete periods are left out; gaps stay gaps: they are never
    filled, no moving range or autocorrelation reaches across them, and STL, which needs every period, is refused.

    Args:
        series: periods in any order; those between others that are not listed are gaps.
        period: periods in a cycle (12 for months), at least 2; ``None`` where no season is to be looked for.
        direction: which way is good.
        target: for the assurance icon of the control chart.
        level: of every interval and test.
        rng: source of the resamples behind the change of level.
        wording: what the sentence calls the figure and its unit.
        options: known changes, forecast and waves; see ``TrendOptions``. Waves have no season.

    Raises:
        NotEstimable: no complete period has a value, or the dates have no common step.
        ValueError: two entries for the same period, a period below 2, a negative horizon, or a level outside 0..1.
    """
    if not 0.0 < level < 1.0 or (period is not None and period < 2):
        raise ValueError("level must lie between 0 and 1, and period be at least 2")
    asked = options or TrendOptions()
    grid = place(series, waves=asked.waves)
    run = Run(grid, None if asked.waves else period, level)
    run.season = components.season(run)
    if grid.n >= components.EXACT_FROM and varies(run.values):
        run.autocorrelation, run.autocorrelated = lag_one(run.values, grid.positions, level=level)
    test = components.trend_test(run)
    slope = components.slope(run, test)
    weighted, noise = components.precision(run)
    chart, parts = charts(run, direction, target, asked.rebase)
    counted = count_chart(run, direction, target, asked.rebase, asked.laney)
    change = components.level_change(run, rng)
    points = components.change_points(run)
    finding = find_shape(run, test, slope, change, direction)
    settled = (grid.n if not parts or chart is None else len(chart.points)) >= XMR_SETTLED_FROM
    ahead, several = forecast(run, asked), several_seasons(run, asked.long_period)
    words = wording or Wording()
    said, interrupted = say(run, finding, test, slope, change, words), None
    if asked.interruption is not None:
        interrupted = interruption(run, asked.interruption, direction, words)
        said += f" {interrupted.sentence}" if interrupted else why_not(run, asked.interruption)
    return TrendResult(
        first=grid.starts[0],
        last=grid.starts[-1],
        step=grid.step,
        n_periods=grid.size,
        n_values=grid.n,
        answers=grid.answers,
        missing=grid.missing,
        left_out=grid.left_out,
        level=level,
        shape=finding.shape,
        improvement=finding.improvement,
        autocorrelation=run.autocorrelation,
        autocorrelated=run.autocorrelated,
        season_adjusted=run.adjusted,
        test=test,
        slope=slope,
        weighted_slope=weighted,
        sampling_noise=noise,
        seasonality=run.season,
        several_seasons=several,
        xmr=chart,
        xmr_settled=settled,
        xmr_parts=parts,
        count_chart=counted,
        forecast=ahead,
        change=change,
        change_points=points,
        sentence=said,
        not_estimated=tuple(run.reasons),
        warnings=caution(run, finding, noise, points, settled=settled or chart is None),
        interruption=interrupted,
    )
