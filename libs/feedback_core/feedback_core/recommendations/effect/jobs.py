"""The worker's part of effects: read before and after, compare, keep what was found."""

from dataclasses import replace
from datetime import datetime, timedelta

from feedback_core.analyses.cuts import cut_of
from feedback_core.analyses.documents import from_document
from feedback_core.analyses.outcomes import keep_outcome, seed_of_request
from feedback_core.analyses.payloads import RunEffect
from feedback_core.analyses.use_cases import get_run, version_now
from feedback_core.db.session import Session
from feedback_core.jobs.runs import JobRun
from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Estimate
from feedback_core.kpis.calc.comparison import Comparison
from feedback_core.kpis.calc.periods import first_instant
from feedback_core.kpis.types import Figure, PeriodFigure, Withheld
from feedback_core.kpis.use_cases import Asked, compare_kpi, kpi_series, kpi_value, period_of
from feedback_core.recommendations.effect.assessment import Read, effect_of
from feedback_core.recommendations.effect.types import EffectParameters, Sides
from feedback_core.recommendations.effect.use_cases import settle_effect

LIBRARIES = ("numpy", "scipy", "statsmodels")
_STEPS = 2
_DAY = timedelta(days=1)


async def run_effect(run: JobRun[RunEffect]) -> None:
    """Make a run of an analysis of an effect.

    Raises:
        Invalid: what was asked for is not there any more, or makes too many periods.
    """
    run_id = run.payload.run_id
    async with run.snapshot() as session:
        analysis = await get_run(session, run.organisation_id, run_id)
        parameters = from_document(EffectParameters, analysis.parameters)
        as_of = cut_of(parameters.end, now=run.clock.now())
        asked = await settle_effect(session, run.organisation_id, analysis.survey_id, parameters)
        control = None
        if parameters.control:
            others = replace(parameters, where=parameters.control)
            control = await settle_effect(session, run.organisation_id, analysis.survey_id, others)
        read = await _read(run, session, parameters, asked, control, as_of=as_of)
        version = await version_now(session, run.organisation_id, analysis.survey_id, clock=run.clock)
    await run.progress(1, _STEPS, "steps")
    outcome = await run.calculate(effect_of, parameters, read, seed=seed_of_request(analysis), as_of=as_of)
    await run.progress(_STEPS, _STEPS, "steps")
    async with run.completion() as session:
        await keep_outcome(
            session, run, run_id, outcome, sentence=outcome.sentence, libraries=LIBRARIES, version=version
        )


async def _read(
    run: JobRun[RunEffect],
    session: Session,
    parameters: EffectParameters,
    asked: Asked,
    control: Asked | None,
    *,
    as_of: datetime,
) -> Read:
    at = first_instant(parameters.change_on, asked.selection.time_zone)
    series = await kpi_series(session, asked, parameters.bucket, clock=run.clock)
    begin = parameters.start or (series[0].start if series else at)
    return Read(
        asked=asked,
        treated=await _sides(session, asked, at),
        control=None if control is None else await _sides(session, control, at),
        series=series,
        control_series=await _series(run, session, parameters, control),
        before_days=(at - begin) / _DAY,
        after_days=(as_of - at) / _DAY,
    )


async def _series(
    run: JobRun[RunEffect], session: Session, parameters: EffectParameters, asked: Asked | None
) -> list[PeriodFigure]:
    return [] if asked is None else await kpi_series(session, asked, parameters.bucket, clock=run.clock)


async def _sides(session: Session, asked: Asked, at: datetime) -> Sides:
    """A group before and after; what may not be shown is not used either."""
    before, after = (
        period_of(asked, asked.selection.start, at),
        period_of(asked, at, asked.selection.end),
    )
    try:
        compared = await compare_kpi(session, after, before)
    except NotEstimable as reason:
        figures = (await kpi_value(session, before), await kpi_value(session, after))
        return Sides(_estimate(figures[0]), _estimate(figures[1]), None, reason.detail)
    sides = (_estimate(compared.second), _estimate(compared.first))
    if compared.comparison is None:
        when = "before" if isinstance(compared.second, Withheld) else "after"
        return Sides(*sides, None, f"Too few answered {when} the change for the figure to be shown.")
    return Sides(*sides, _change(compared.comparison, sides))


def _estimate(figure: Figure | Withheld) -> Estimate | None:
    return None if isinstance(figure, Withheld) else figure.estimate


def _change(comparison: Comparison, sides: tuple[Estimate | None, Estimate | None]) -> Estimate:
    n = comparison.n_first + comparison.n_second
    effective = sum(side.n_effective for side in sides if side is not None)
    return Estimate(comparison.difference, comparison.interval, None, n, effective, comparison.warnings)
