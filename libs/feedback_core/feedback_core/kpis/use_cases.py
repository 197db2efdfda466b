"""What can be asked of a KPI: its value, its series, a breakdown, a comparison. Reads only; run it in a snapshot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Fault, Invalid
from feedback_core.kpis.calc.comparison import Comparison
from feedback_core.kpis.calc.figures import compare_figures, figure_of
from feedback_core.kpis.calc.periods import bucket_start, buckets_between, day_of, first_instant, next_bucket
from feedback_core.kpis.calc.suppression import suppress_groups
from feedback_core.kpis.calc.tally import tally, tally_by_group
from feedback_core.kpis.definitions import definition_of, target_of
from feedback_core.kpis.queries.counts import CountQuery, read_cells, read_counts
from feedback_core.kpis.types import (
    WHOLE,
    AnswerCounts,
    Bucket,
    CellAnswers,
    CountRow,
    Figure,
    GroupFigure,
    Measure,
    PeriodFigure,
    Selection,
    Target,
    Withheld,
)
from feedback_core.organisations.types import Organisation
from feedback_core.organisations.use_cases import check_time_zone, get_organisation
from feedback_core.surveys.types import Questionnaire
from feedback_core.surveys.use_cases import published_survey, survey_id_of

METHOD = "method"
"""How a response was collected: can be broken down by like any attribute."""

MOST_PERIODS = 1_000
_NO_COUNTS = AnswerCounts({}, {})


@dataclass(frozen=True, slots=True)
class KpiQuestion:
    """What a caller asks about, as given.

    Attributes:
        survey: id or key.
        question: key; may be left out where the survey has only one of the KPI's type.
        item: row of a matrix, or choice of a ranking.
        choice: whose share is asked for.
        time_zone: IANA name; the organisation's if ``None``.
        level: coverage of the intervals.
    """

    kpi: str
    survey: str
    question: str | None = None
    item: str | None = None
    choice: str | None = None
    time_zone: str | None = None
    where: Mapping[str, tuple[str, ...]] | None = None
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to a KPI, settled: every name in it is known to be good."""

    organisation: Organisation
    target: Target
    selection: Selection
    level: float
    attributes: Mapping[str, Sequence[str]]


async def settle(session: Session, organisation_id: UUID, question: KpiQuestion) -> Asked:
    """Check what is asked against the published survey; it is about all time until ``period_of`` narrows it.

    Raises:
        NotFound: no such KPI or survey.
        Conflict: the survey was never published.
        Invalid: a parameter names something that is not there; the pointer says which.
    """
    definition = definition_of(question.kpi)
    survey_id = await survey_id_of(session, organisation_id, question.survey)
    survey = await published_survey(session, organisation_id, survey_id)
    target = target_of(
        definition,
        survey_id,
        survey.questionnaire,
        question=question.question,
        item=question.item,
        choice=question.choice,
    )
    organisation = await get_organisation(session, organisation_id)
    time_zone = organisation.time_zone
    if question.time_zone is not None:
        time_zone = check_time_zone(question.time_zone, "/query/tz")
    attributes = _attributes(survey.questionnaire)
    where = question.where or {}
    _check_where(where, attributes)
    selection = Selection(None, None, time_zone, where)
    return Asked(organisation, target, selection, question.level, attributes)


async def kpi_value(session: Session, asked: Asked) -> Figure | Withheld:
    """The figure of everybody selected.

    It is withheld where too few answered, and where the few that ``where`` leaves out would follow from the whole.
    """
    counts = tally(asked.target, await read_counts(session, _query(asked)))
    figure = figure_of(asked.target, counts, level=asked.level)
    if not asked.selection.where:
        return figure if _may_be_shown(asked, [(0, figure.answered)]) else Withheld()
    everybody = _everybody(asked)
    whole = figure_of(asked.target, tally(asked.target, await read_counts(session, _query(everybody))))
    rest = whole.answered - figure.answered
    return figure if _may_be_shown(asked, [(0, figure.answered), (1, rest)]) else Withheld()


async def kpi_series(session: Session, asked: Asked, bucket: Bucket, *, clock: Clock) -> list[PeriodFigure]:
    """The figure of each period, from the first to the last one with responses, or of what was asked for.

    Raises:
        Invalid: that would be more periods than one answer holds.
    """
    rows = await read_counts(session, replace(_query(asked), by_bucket=bucket))
    counts = tally_by_group(asked.target, rows)
    starts = _starts(asked.selection, [day for day in counts if isinstance(day, date)], bucket, clock)
    figures = {start: figure_of(asked.target, counts.get(start, _NO_COUNTS), level=asked.level) for start in starts}
    hidden = suppress_groups(
        [(start, figure.answered) for start, figure in figures.items()], minimum=_minimum(asked)
    ).hidden
    shown = {start: Withheld() if start in hidden else figure for start, figure in figures.items()}
    return [_period(asked.selection, start, bucket, shown[start], clock) for start in starts]


async def kpi_breakdown(session: Session, asked: Asked, by: str) -> list[GroupFigure]:
    """The figure of each group of an attribute: every declared value, and ``None`` where it is not known.

    Raises:
        Invalid: the survey does not declare the attribute.
    """
    known = _known_attribute(asked.attributes, by, "/query/by")
    rows = await read_counts(session, replace(_query(asked), by=by))
    counts = tally_by_group(asked.target, rows)
    found = [group for group in counts if isinstance(group, str) and group not in known]
    groups: list[str | None] = [*known, *found]
    if by == METHOD:
        groups = [*found]
    if None in counts:
        groups.append(None)
    figures = {g: figure_of(asked.target, counts.get(g, _NO_COUNTS), level=asked.level) for g in groups}
    hidden = suppress_groups(
        [(group, figure.answered) for group, figure in figures.items()], minimum=asked.organisation.minimum_cell_size
    ).hidden
    return [GroupFigure(group, Withheld() if group in hidden else figures[group]) for group in groups]


@dataclass(frozen=True, slots=True)
class KpiCells:
    """A figure, and the answers behind it by respondent cell. For calculation only: small cells are not withheld."""

    figure: Figure
    cells: Sequence[CellAnswers]


async def kpi_cells(session: Session, asked: Asked) -> KpiCells:
    """The figure of everybody selected, with the answers that count in it by respondent cell."""
    rows = await read_cells(session, _query(asked))
    described = {str(row.cell_id): row.attributes for row in rows}
    counted = [CountRow(str(row.cell_id), row.standing, row.item, row.value, row.n) for row in rows]
    by_cell = {cell: counts.counting() for cell, counts in tally_by_group(asked.target, counted).items()}
    cells = [CellAnswers(described[str(cell)], counting) for cell, counting in by_cell.items() if counting]
    return KpiCells(figure_of(asked.target, tally(asked.target, counted), level=asked.level), cells)


async def kpi_answers_by_day(session: Session, asked: Asked) -> dict[date, Mapping[str, int]]:
    """Answers that count in the figure, by day in the time zone asked for and value. For calculation only, as cells."""
    rows = await read_counts(session, replace(_query(asked), by_bucket=Bucket.DAY))
    by_day = tally_by_group(asked.target, rows)
    return {day: counts.counting() for day, counts in by_day.items() if isinstance(day, date) and counts.counting()}


@dataclass(frozen=True, slots=True)
class KpiComparison:
    """Two figures and how the first differs from the second; ``None`` where one of them is withheld."""

    first: Figure | Withheld
    second: Figure | Withheld
    comparison: Comparison | None


async def compare_kpi(session: Session, first: Asked, second: Asked) -> KpiComparison:
    """The first figure against the second: two periods, or two groups, of one KPI.

    Raises:
        NotEstimable: one side has no answers, or the KPI is a plain count.
    """
    figures = (await kpi_value(session, first), await kpi_value(session, second))
    if isinstance(figures[0], Withheld) or isinstance(figures[1], Withheld):
        return KpiComparison(*figures, None)
    comparison = compare_figures(first.target, figures[0], figures[1], level=first.level)
    return KpiComparison(*figures, comparison)


def group_of(asked: Asked, by: str, group: str) -> Asked:
    """The same question about one group of an attribute.

    Raises:
        Invalid: the attribute or the group is not declared.
    """
    where = {**asked.selection.where, by: (group,)}
    _check_where({by: (group,)}, asked.attributes)
    return replace(asked, selection=replace(asked.selection, where=where))


def period_of(asked: Asked, start: datetime | None, end: datetime | None) -> Asked:
    """The same question about another period.

    Raises:
        Invalid: it ends before it begins.
    """
    if start and end and start >= end:
        raise Invalid([Fault("/query/to", "empty_period", "The period must end after it begins.")])
    return replace(asked, selection=replace(asked.selection, start=start, end=end))


def _everybody(asked: Asked) -> Asked:
    return replace(asked, selection=replace(asked.selection, where={}))


def _may_be_shown(asked: Asked, parts: Sequence[tuple[int, int]]) -> bool:
    suppression = suppress_groups(parts, minimum=_minimum(asked))
    return not suppression.hidden and not suppression.total_hidden


def _minimum(asked: Asked) -> int:
    """Smallest n that may be shown; how many answered at all says nothing of what they said."""
    counts_everybody = asked.target.definition.measure is Measure.COUNT and not asked.selection.where
    return 1 if counts_everybody else asked.organisation.minimum_cell_size


def _query(asked: Asked) -> CountQuery:
    """Cells for the days that lie in the selection as a whole, in the organisation's time zone; rows for the rest."""
    target, selection, zone = asked.target, asked.selection, asked.organisation.time_zone
    first_day = last_day = None
    if selection.start is not None:
        first_day = day_of(selection.start, zone)
        first_day += timedelta(days=first_instant(first_day, zone) < selection.start)
    if selection.end is not None:
        last_day = day_of(selection.end, zone)
    whole = zone == selection.time_zone and not (first_day and last_day and first_day >= last_day)
    return CountQuery(
        organisation_id=asked.organisation.organisation_id,
        survey_id=target.survey_id,
        question_key=target.question_key,
        items=[WHOLE, *{target.item, target.choice or WHOLE} - {WHOLE}],
        start=selection.start,
        end=selection.end,
        time_zone=selection.time_zone,
        first_day=first_day,
        last_day=last_day,
        day_start=first_instant(first_day, zone) if first_day else None,
        day_end=first_instant(last_day, zone) if last_day else None,
        whole_days=whole,
        where=selection.where,
    )


def _starts(selection: Selection, found: Sequence[date], bucket: Bucket, clock: Clock) -> list[date]:
    zone = selection.time_zone
    first = day_of(selection.start, zone) if selection.start else min(found, default=None)
    last = day_of(selection.end - timedelta(microseconds=1), zone) if selection.end else max(found, default=None)
    if first is None or last is None:
        return []
    last = min(last, max([day_of(clock.now(), zone), *found]))
    starts = []
    for start in buckets_between(first, last, bucket):
        starts.append(start)
        if len(starts) > MOST_PERIODS:
            detail = f"That is more than {MOST_PERIODS} periods: ask for a shorter time or a longer bucket."
            raise Invalid([Fault("/query/bucket", "too_many_periods", detail)])
    return starts


def _period(selection: Selection, start: date, bucket: Bucket, figure: Figure | Withheld, clock: Clock) -> PeriodFigure:
    begins = first_instant(start, selection.time_zone)
    ends = first_instant(next_bucket(start, bucket), selection.time_zone)
    complete = (
        (selection.start is None or selection.start <= begins)
        and (selection.end is None or ends <= selection.end)
        and ends <= clock.now()
    )
    return PeriodFigure(bucket_start(start, bucket), begins, ends, complete, figure)


def _attributes(questionnaire: Questionnaire) -> dict[str, Sequence[str]]:
    return {attribute.key: [value.key for value in attribute.values] for attribute in questionnaire.attributes}


def _check_where(where: Mapping[str, tuple[str, ...]], attributes: Mapping[str, Sequence[str]]) -> None:
    for attribute, values in where.items():
        known = _known_attribute(attributes, attribute, "/query/where")
        unknown = [value for value in values if attribute != METHOD and value not in known]
        if unknown:
            detail = f"{attribute} has no value {unknown[0]}; it has: {', '.join(known)}."
            raise Invalid([Fault("/query/where", "unknown_value", detail)])


def _known_attribute(attributes: Mapping[str, Sequence[str]], name: str, pointer: str) -> Sequence[str]:
    if name == METHOD:
        return ()
    if name not in attributes:
        known = ", ".join([*attributes, METHOD])
        raise Invalid([Fault(pointer, "unknown_attribute", f"The survey declares: {known}.")])
    return attributes[name]
