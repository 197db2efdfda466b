"""What can be asked of a KPI: its value, its series, a breakdown, a comparison. Reads only; run it in a snapshot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Fault, Invalid
from feedback_core.kpis.calc.comparison import Comparison
from feedback_core.kpis.calc.figures import compare_figures, figure_of
from feedback_core.kpis.calc.periods import bucket_start, buckets_between, day_of, first_instant, next_bucket
from feedback_core.kpis.calc.suppression import suppress_groups
from feedback_core.kpis.calc.tally import tally, tally_by_group
from feedback_core.kpis.queries.cells import read_cells
from feedback_core.kpis.queries.counts import read_counts
from feedback_core.kpis.types import (
    AnswerCounts,
    Bucket,
    CellAnswers,
    Figure,
    GroupFigure,
    PeriodFigure,
    Selection,
    Withheld,
)
from feedback_core.kpis.use_cases.asking import (
    METHOD,
    Asked,
    everybody,
    known_attribute,
    minimum_of,
    minimum_of_groups,
    query_of,
)
from feedback_core.kpis.use_cases.suspects import suspects_in, tell_suspects_apart
from feedback_core.kpis.use_cases.weighted import (
    compare_weighted,
    selected,
    weigh_groups,
    weigh_series,
    weigh_value,
)

MOST_PERIODS = 1_000
_NO_COUNTS = AnswerCounts({}, {})


async def kpi_value(session: Session, asked: Asked) -> Figure | Withheld:
    """The figure of everybody selected.

    It is withheld where too few answered, and where the few that ``where`` leaves out would follow from the whole.
    """
    counts = tally(asked.target, await read_counts(session, query_of(asked)))
    figure = figure_of(asked.target, counts, level=asked.level)
    parts, left_out = [(0, figure.answered)], 0
    if asked.selection.where:
        whole = figure_of(asked.target, tally(asked.target, await read_counts(session, query_of(everybody(asked)))))
        parts.append((1, whole.answered - figure.answered))
        left_out = suspects_in(whole) - suspects_in(figure)
    if not _may_be_shown(asked, parts):
        return Withheld()
    shown = tell_suspects_apart(asked, {None: figure}, left_out=left_out)[None]
    return shown if isinstance(shown, Withheld) else await weigh_value(session, asked, shown)


async def kpi_series(session: Session, asked: Asked, bucket: Bucket, *, clock: Clock) -> list[PeriodFigure]:
    """The figure of each period, from the first to the last one with responses, or of what was asked for.

    Raises:
        Invalid: that would be more periods than one answer holds.
    """
    rows = await read_counts(session, replace(query_of(asked), by_bucket=bucket))
    counts = tally_by_group(asked.target, rows)
    starts = _starts(asked.selection, [day for day in counts if isinstance(day, date)], bucket, clock)
    figures = {start: figure_of(asked.target, counts.get(start, _NO_COUNTS), level=asked.level) for start in starts}
    hidden = suppress_groups(
        [(start, figure.answered) for start, figure in figures.items()], minimum=minimum_of(asked)
    ).hidden
    told = tell_suspects_apart(asked, figures)
    shown = await weigh_series(
        session, asked, bucket, {start: Withheld() if start in hidden else told[start] for start in starts}
    )
    return [_period(asked.selection, start, bucket, shown[start], clock) for start in starts]


async def kpi_breakdown(session: Session, asked: Asked, by: str) -> list[GroupFigure]:
    """The figure of each group of an attribute: every declared value, and ``None`` where it is not known.

    Raises:
        Invalid: the survey does not declare the attribute.
    """
    known = known_attribute(asked.attributes, by, "/query/by")
    rows = await read_counts(session, replace(query_of(asked), by=by))
    counts = tally_by_group(asked.target, rows)
    found = [group for group in counts if isinstance(group, str) and group not in known]
    groups: list[str | None] = [*known, *found]
    if by == METHOD:
        groups = [*found]
    if None in counts:
        groups.append(None)
    figures = {g: figure_of(asked.target, counts.get(g, _NO_COUNTS), level=asked.level) for g in groups}
    hidden = suppress_groups(
        [(group, figure.answered) for group, figure in figures.items()], minimum=minimum_of_groups(asked)
    ).hidden
    told = tell_suspects_apart(asked, figures)
    shown = await weigh_groups(
        session, asked, by, {group: Withheld() if group in hidden else told[group] for group in groups}
    )
    return [GroupFigure(group, figure) for group, figure in shown.items()]


@dataclass(frozen=True, slots=True)
class KpiCells:
    """A figure, and the answers behind it by respondent cell. For calculation only: small cells are not withheld."""

    figure: Figure
    cells: Sequence[CellAnswers]


async def kpi_cells(session: Session, asked: Asked) -> KpiCells:
    """The figure of everybody selected, with the answers that count in it by respondent cell.

    Raises:
        ValueError: the KPI is no mean of scores.
    """
    from feedback_core.kpis.calc.cell_counts import answers_by_cell, unpack  # slow to import

    read = await read_cells(session, query_of(everybody(asked)))
    counts = unpack(read, read.columns, belongs=selected(asked))
    figure = figure_of(asked.target, tally(asked.target, [kind for kind in counts.kinds if kind.n]), level=asked.level)
    return KpiCells(figure, answers_by_cell(asked.target, counts))


async def kpi_answers_by_day(session: Session, asked: Asked) -> dict[date, Mapping[str, int]]:
    """Answers that count in the figure, by day in the time zone asked for and value. For calculation only, as cells."""
    rows = await read_counts(session, replace(query_of(asked), by_bucket=Bucket.DAY))
    standings = asked.target.definition.standings
    by_day = {day: counts.counting(standings) for day, counts in tally_by_group(asked.target, rows).items()}
    return {day: counting for day, counting in by_day.items() if isinstance(day, date) and counting}


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
    if first.scheme is not None:
        return KpiComparison(*figures, await compare_weighted(session, first, second, (figures[0], figures[1])))
    return KpiComparison(*figures, compare_figures(first.target, figures[0], figures[1], level=first.level))


def _may_be_shown(asked: Asked, parts: Sequence[tuple[int, int]]) -> bool:
    suppression = suppress_groups(parts, minimum=minimum_of(asked))
    return not suppression.hidden and not suppression.total_hidden


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
