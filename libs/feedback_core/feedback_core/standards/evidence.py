"""What a verdict is made from, read at one instant: the figure of the period, its course, benchmarks, whose it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Invalid
from feedback_core.kpis.calc.periods import first_instant
from feedback_core.kpis.types import Bucket, Figure, PeriodFigure, Withheld
from feedback_core.kpis.use_cases import Asked, kpi_answers_by_day, kpi_series, kpi_value, period_of
from feedback_core.organisations.types import Organisation
from feedback_core.service.parts import links_of
from feedback_core.service.types import ServiceLinks
from feedback_core.standards import reference_queries
from feedback_core.standards.metrics import faults_of, settle_metric
from feedback_core.standards.types import Benchmark, Standard
from feedback_core.standards.validity import part_in_which_it_holds


@dataclass(frozen=True, slots=True)
class JudgedPeriod:
    """How a standard is to be judged: on which answers, how sure, and in which steps its course is looked at.

    Attributes:
        weighting: key of a weighting scheme of the survey; ``None``: unweighted.
    """

    start: datetime | None
    end: datetime | None
    bucket: Bucket = Bucket.MONTH
    level: float = 0.95
    weighting: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Of one standard.

    Attributes:
        asked: the question of its metric about the period; ``None``: it cannot be asked any more.
        unfit: why it cannot be asked, or not be judged; ``None`` where it can.
        figure: of the period.
        begun: first instant of the period, or of the first day with an answer.
        series: up to the end of the period, from the first answer on.
        benchmarks: that stand beside it.
        links: where it belongs.
    """

    standard: Standard
    period: JudgedPeriod
    asked: Asked | None
    unfit: str | None
    figure: Figure | Withheld | None
    begun: datetime | None
    series: Sequence[PeriodFigure]
    benchmarks: Sequence[Benchmark]
    links: ServiceLinks


async def read_evidence(
    session: Session, organisation: Organisation, standard: Standard, period: JudgedPeriod, *, clock: Clock
) -> Evidence:
    """Read what a standard is to be judged by.

    A metric that cannot be asked any more, since its KPI or the survey has changed, is told as ``unfit``: the standard
    was fine when it was agreed.

    Raises:
        Invalid: the weighting names no scheme of the survey or does not go with the KPI, or there are too many periods.
    """
    organisation_id, details = organisation.organisation_id, standard.details
    start, end = part_in_which_it_holds(details, period.start, period.end, organisation.time_zone)
    judged = replace(period, start=start, end=end)
    benchmarks = await reference_queries.benchmarks_of(session, organisation_id, standard.key)
    links = await links_of_standards(session, organisation_id, [standard])
    nothing = Evidence(standard, judged, None, None, None, None, (), benchmarks, links[standard.key])
    try:
        asked = await settle_metric(
            session, organisation_id, details.metric, level=period.level, weighting=period.weighting
        )
    except Invalid as changed:
        if any(fault.pointer == "/query/weighting" for fault in changed.faults):
            raise
        return replace(nothing, unfit=changed.detail)
    faults = faults_of(details, asked.target)
    if faults:
        return replace(nothing, unfit=faults[0].detail)
    asked = period_of(asked, start, end)
    figure = await kpi_value(session, asked)
    return replace(
        nothing,
        asked=asked,
        figure=figure,
        begun=start if _is_given(period.start, start) else await _first_day(session, asked),
        series=await kpi_series(session, period_of(asked, None, end), period.bucket, clock=clock),
    )


async def read_weighted_if_possible(
    session: Session, organisation: Organisation, standard: Standard, period: JudgedPeriod, *, clock: Clock
) -> Evidence:
    """The same, unweighted where its metric is none that can be weighted: the verdict says whether it is.

    Raises:
        Invalid: there are too many periods.
    """
    try:
        return await read_evidence(session, organisation, standard, period, clock=clock)
    except Invalid as refused:
        if period.weighting is None or all(fault.code != "not_applicable" for fault in refused.faults):
            raise
        return await read_evidence(session, organisation, standard, replace(period, weighting=None), clock=clock)


async def links_of_standards(
    session: Session, organisation_id: UUID, standards: Sequence[Standard]
) -> Mapping[str, ServiceLinks]:
    """Feature, process, offers and touchpoints of standards, by the standards' keys."""
    features = {each.details.feature for each in standards if each.details.feature}
    processes = {each.details.process for each in standards if each.details.process}
    by_feature, by_process = await links_of(session, organisation_id, features, processes)
    found = {}
    for each in standards:
        links = by_feature.get(each.details.feature or "", ServiceLinks())
        own = by_process.get(each.details.process or "")
        found[each.key] = replace(links, process=own) if own else links
    return found


def _is_given(asked_for: datetime | None, judged: datetime | None) -> bool:
    return asked_for is not None and asked_for == judged


async def _first_day(session: Session, asked: Asked) -> datetime | None:
    days = await kpi_answers_by_day(session, asked)
    return first_instant(min(days), asked.selection.time_zone) if days else None
