"""The weighted estimate in place of the unweighted one, in figures whose counts were read and judged already."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from feedback_core.db.session import Session
from feedback_core.kit.errors import DomainError, Invalid, NotEstimable
from feedback_core.kpis.calc.comparison import Comparison
from feedback_core.kpis.queries.cells import read_cells
from feedback_core.kpis.types import Bucket, Figure, PackedCells, PackedCounts, Target, Withheld
from feedback_core.kpis.use_cases.asking import Asked, everybody, minimum_of_groups, query_of
from feedback_core.kpis.use_cases.sampled import Sampled, read_samples
from feedback_core.weighting.schemes import SchemeKind, WeightingScheme

if TYPE_CHECKING:
    from feedback_core.kpis.calc.weighted import Inside, WeightedAnswers

Group = TypeVar("Group", str, None)
Weigh = Callable[[Figure], Figure]


async def weigh_value(session: Session, asked: Asked, figure: Figure) -> Figure:
    """The figure, weighted to the frame of the period; unchanged where nothing is to be weighted."""
    if asked.scheme is None:
        return figure
    return _weigher(asked, asked.scheme, await _read(session, asked))(figure, selected(asked))


async def weigh_series(
    session: Session, asked: Asked, bucket: Bucket, figures: Mapping[date, Figure | Withheld]
) -> dict[date, Figure | Withheld]:
    """Each period weighted by itself, so that a change of who answers does not look like a change of what they say."""
    if asked.scheme is None:
        return dict(figures)
    read = await _read(session, asked, bucket)
    periods: dict[date | None, list[PackedCounts]] = defaultdict(list)
    for column in _cells(read).columns:
        periods[column.group].append(column)
    scheme, inside = asked.scheme, selected(asked)
    return {
        start: figure if isinstance(figure, Withheld) else _weigher(asked, scheme, read, periods[start])(figure, inside)
        for start, figure in figures.items()
    }


async def weigh_groups(
    session: Session, asked: Asked, by: str, figures: Mapping[str | None, Figure | Withheld]
) -> dict[str | None, Figure | Withheld]:
    """Each group under the weights of everybody."""
    if asked.scheme is None:
        return dict(figures)
    weigh = _weigher(asked, asked.scheme, await _read(session, asked))
    return {
        group: figure if isinstance(figure, Withheld) else weigh(figure, _member(asked, by, group))
        for group, figure in figures.items()
    }


async def compare_weighted(session: Session, first: Asked, second: Asked, figures: tuple[Figure, Figure]) -> Comparison:
    """How two weighted figures differ: as parts of one sample if they are of one period, else as two samples.

    Raises:
        NotEstimable: one side has no estimate.
    """
    from feedback_core.kpis.calc.weighted import compare_in_sample, compare_samples  # as in `_weigher`

    estimates = (figures[0].estimate, figures[1].estimate)
    if estimates[0] is None or estimates[1] is None:
        raise NotEstimable(next(figure.not_estimable for figure in figures if figure.not_estimable) or "No estimate.")
    insides = (selected(first), selected(second))
    same = replace(first.selection, where={}) == replace(second.selection, where={})
    if not same or insides[0] is None or insides[1] is None or first.scheme is None:
        return compare_samples(estimates[0], estimates[1], level=first.level)
    answers = _weighted_answers(first, first.scheme, await _read(session, first))
    return compare_in_sample(answers, insides[0], insides[1], level=first.level)


async def compare_weighted_groups(
    session: Session, asked: Asked, by: str, pairs: Sequence[tuple[str, str]]
) -> list[Comparison]:
    """How groups of one weighted sample differ, pair by pair.

    Raises:
        NotEstimable: a group without answers that could be weighted.
        MarginsUnusable: the respondents do not fit the frame of the scheme.
    """
    from feedback_core.kpis.calc.weighted import compare_in_sample  # as in `_weigher`

    assert asked.scheme is not None
    answers = _weighted_answers(asked, asked.scheme, await _read(session, asked))
    members = {group: _member(asked, by, group) for pair in pairs for group in pair}
    return [compare_in_sample(answers, members[a], members[b], level=asked.level) for a, b in pairs]


def compare_samples_weighted(_: Target, first: Figure, second: Figure, *, level: float) -> Comparison:
    """How weighted figures of different respondents differ, first minus second."""
    from feedback_core.kpis.calc.weighted import compare_samples  # as in `_weigher`

    assert first.estimate is not None
    assert second.estimate is not None
    return compare_samples(first.estimate, second.estimate, level=level)


def _member(asked: Asked, by: str, group: str | None) -> "Inside":
    is_selected = selected(asked)
    return lambda cell: cell.get(by) == group and (is_selected is None or is_selected(cell))


def _weigher(
    asked: Asked, scheme: WeightingScheme, read: PackedCells | Sampled, columns: Sequence[PackedCounts] | None = None
) -> Callable[[Figure, "Inside | None"], Figure]:
    """What puts the weighted estimate into a figure of the respondents ``inside``."""
    # Slow to import, and most figures are unweighted.
    from feedback_core.kpis.calc.weighted import how_weighted, weighted_estimate, without_others

    try:
        answers, why_not = _weighted_answers(asked, scheme, read, columns), ""
    except (Invalid, NotEstimable) as refused:
        answers, why_not = None, _told(refused)

    def weigh(figure: Figure, inside: "Inside | None") -> Figure:
        if answers is None:
            return replace(figure, estimate=None, not_estimable=why_not)
        how = how_weighted(answers, figure.estimate)
        if scheme.kind is SchemeKind.DESIGN and inside is None:
            how = without_others(how, figure, answers)
        try:
            estimate = weighted_estimate(answers, inside=inside, level=asked.level)
        except NotEstimable as refused:
            return replace(figure, estimate=None, not_estimable=refused.detail, weighting=how)
        if estimate.n_effective < minimum_of_groups(asked):
            told = "Weighted, the answers are worth fewer than may be shown."
            return replace(figure, estimate=None, not_estimable=told, weighting=how)
        return replace(figure, estimate=estimate, not_estimable=None, weighting=how)

    return weigh


def _weighted_answers(
    asked: Asked, scheme: WeightingScheme, read: PackedCells | Sampled, columns: Sequence[PackedCounts] | None = None
) -> "WeightedAnswers":
    """The answers of some of the columns that were read, or of all."""
    from feedback_core.kpis.calc.cell_counts import scored_cells, unpack  # as in `_weigher`
    from feedback_core.kpis.calc.weighted import weight_cells

    cells = _cells(read)
    answers = scored_cells(asked.target, unpack(cells, cells.columns if columns is None else columns))
    if isinstance(read, Sampled):
        from feedback_core.kpis.calc.sampled import weight_sampled

        return weight_sampled(asked.target, scheme, answers, read.units, read.strata)
    return weight_cells(asked.target, scheme, answers)


async def _read(session: Session, asked: Asked, bucket: Bucket | None = None) -> PackedCells | Sampled:
    """Everybody's answers, by respondent cell; by sampled unit where their samples weight them."""
    query = replace(query_of(everybody(asked)), by_bucket=bucket)
    assert asked.scheme is not None
    if asked.scheme.kind is SchemeKind.DESIGN:
        return await read_samples(session, query)
    return await read_cells(session, query)


def _cells(read: PackedCells | Sampled) -> PackedCells:
    return read.cells if isinstance(read, Sampled) else read


def selected(asked: Asked) -> "Inside | None":
    """Whether the respondents of a cell are among those asked about; ``None``: all are."""
    where = asked.selection.where
    if not where:
        return None
    return lambda cell: all(cell.get(attribute) in values for attribute, values in where.items())


def _told(refused: DomainError) -> str:
    return " ".join(dict.fromkeys([fault.detail for fault in refused.faults] or [refused.detail]))
