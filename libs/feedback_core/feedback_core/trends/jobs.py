"""The worker's part of trends: read the series, analyse it, keep what was found."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

from feedback_core.analyses.cuts import cut_of
from feedback_core.analyses.documents import from_document
from feedback_core.analyses.outcomes import keep_outcome, seed_of_request
from feedback_core.analyses.payloads import RunTrend
from feedback_core.analyses.use_cases import get_run, version_now
from feedback_core.jobs.runs import JobRun
from feedback_core.kpis.types import WHOLE, Bucket, Measure, PeriodFigure, Target, Withheld
from feedback_core.kpis.use_cases import Asked, kpi_series
from feedback_core.kpis.wording import SHARE, bounds_of, title_of, unit_of
from feedback_core.trends.calc import TrendOptions, Wording, analyse_trend
from feedback_core.trends.types import Direction, PeriodValue, SeriesPoint, TrendOutcome, TrendParameters
from feedback_core.trends.use_cases import settle_trend

PERIODS_IN_CYCLE = {Bucket.DAY: 7, Bucket.WEEK: 52, Bucket.MONTH: 12, Bucket.QUARTER: 4}
"""Seasons are looked for within a week of days, and within a year of longer periods."""

DAYS_IN_YEAR = 365  # the longer cycle of days
LIBRARIES = ("numpy", "scipy", "statsmodels")
_STEPS = 2


async def run_trend(run: JobRun[RunTrend]) -> None:
    """Make a run of a trend analysis.

    Raises:
        NotEstimable: no complete period has a value that may be shown.
        Invalid: what was asked for is not there any more, or makes too many periods.
    """
    run_id = run.payload.run_id
    async with run.snapshot() as session:
        analysis = await get_run(session, run.organisation_id, run_id)
        parameters = from_document(TrendParameters, analysis.parameters)
        as_of = cut_of(parameters.end, now=run.clock.now())
        asked = await settle_trend(session, run.organisation_id, analysis.survey_id, parameters)
        series = await kpi_series(session, asked, parameters.bucket, clock=run.clock)
        version = await version_now(session, run.organisation_id, analysis.survey_id, clock=run.clock)
    await run.progress(1, _STEPS, "steps")
    outcome = await run.calculate(trend_of, asked, parameters, series, seed=seed_of_request(analysis), as_of=as_of)
    await run.progress(_STEPS, _STEPS, "steps")
    async with run.completion() as session:
        await keep_outcome(
            session, run, run_id, outcome, sentence=outcome.trend.sentence, libraries=LIBRARIES, version=version
        )


def trend_of(
    asked: Asked, parameters: TrendParameters, series: Sequence[PeriodFigure], *, seed: int, as_of: datetime
) -> TrendOutcome:
    """The analysis of a KPI's series; periods that are withheld are gaps.

    Raises:
        NotEstimable: no complete period has a value that may be shown.
    """
    target = asked.target
    points = _points(asked, series)
    found = analyse_trend(
        [value for point, value in points if not parameters.waves or value.n or point.withheld],
        period=PERIODS_IN_CYCLE.get(parameters.bucket),
        direction=_direction(target.definition.higher_is_better),
        target=parameters.target,
        level=parameters.level,
        rng=np.random.default_rng(seed),
        wording=Wording(title_of(target), unit_of(target), is_share=bounds_of(target) == SHARE),
        options=TrendOptions(
            rebase=parameters.rebase,
            horizon=parameters.horizon,
            bounds=bounds_of(target),
            waves=parameters.waves,
            long_period=DAYS_IN_YEAR if parameters.bucket is Bucket.DAY else None,
            interruption=parameters.interruption,
            laney=parameters.laney,
        ),
    )
    return TrendOutcome(
        kpi=target.definition.key,
        question=target.question_key or None,
        item=None if target.item == WHOLE else target.item,
        choice=target.choice,
        unit=target.definition.unit,
        time_zone=asked.selection.time_zone,
        bucket=parameters.bucket,
        target=parameters.target,
        as_of=as_of,
        seed=seed,
        series=tuple(point for point, _ in points),
        trend=found,
        definition_version=target.definition.version,
        weighting=asked.scheme.key if asked.scheme else None,
        weighting_version=asked.scheme.version if asked.scheme else None,
        subject=title_of(target),
        bounds=bounds_of(target),
    )


def _points(asked: Asked, series: Sequence[PeriodFigure]) -> list[tuple[SeriesPoint, PeriodValue]]:
    """Each period as it is kept, and as it is analysed."""
    # Counting began somewhere within the first period: its figure is no rate, so a part of it is no whole.
    begun = asked.target.definition.measure is Measure.COUNT and asked.selection.start is None
    return [
        _point(asked.target, period, complete=period.complete and not (begun and i == 0))
        for i, period in enumerate(series)
    ]


def _point(target: Target, period: PeriodFigure, *, complete: bool) -> tuple[SeriesPoint, PeriodValue]:
    start, figure = period.starts_on, period.figure
    if isinstance(figure, Withheld):
        point = SeriesPoint(start, None, None, None, None, complete, withheld=True)
        return point, PeriodValue(start, None, complete=complete)
    estimate = figure.estimate
    if estimate is None:
        point = SeriesPoint(start, None, None, None, 0, complete, withheld=False)
        return point, PeriodValue(start, None, complete=complete)
    low, high = (estimate.interval.low, estimate.interval.high) if estimate.interval else (None, None)
    point = SeriesPoint(start, estimate.value, low, high, estimate.n, complete, withheld=False)
    # A weighted share is no count of answers over a number of them.
    share = target.definition.measure in {Measure.TOP_BOX, Measure.SHARE} and figure.weighting is None
    count = next(iter(figure.distribution.values())) if share else None
    days = (period.end - period.start) / timedelta(days=1) if target.definition.measure is Measure.COUNT else None
    # A day on which clocks change is a day.
    exposure = None if days is None else max(1.0, round(days))
    return point, PeriodValue(start, estimate.value, estimate.standard_error, estimate.n, complete, count, exposure)


def _direction(higher_is_better: bool | None) -> Direction:
    if higher_is_better is None:
        return "neutral"
    return "higher_is_better" if higher_is_better else "lower_is_better"
