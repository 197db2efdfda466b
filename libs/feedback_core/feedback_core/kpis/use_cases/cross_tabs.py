"""Two attributes or questions crossed. Reads only; run it in a snapshot."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from feedback_core.db.session import Session
from feedback_core.kit.errors import Fault, Invalid
from feedback_core.kpis.axes import axis_of
from feedback_core.kpis.calc.cross_tables import cross_table, unweighted_figures, withheld_table
from feedback_core.kpis.calc.multiplicity import AdjustmentMethod
from feedback_core.kpis.calc.suppression import suppress_groups
from feedback_core.kpis.queries.counts import read_counts
from feedback_core.kpis.queries.joint_answers import CHOSEN, NOT_CHOSEN, JointQuery, joint_answers
from feedback_core.kpis.types import RESPONSES, UNANSWERED, WHOLE, Selection
from feedback_core.kpis.types.cross_tabs import Axis, CrossTable, CrossTabStatistic, JointCount
from feedback_core.kpis.use_cases.asking import attributes_of, check_where, count_query, scheme_named
from feedback_core.kpis.use_cases.responses import CellCount, ResponsesByAttributes, complete_counts, complete_responses
from feedback_core.organisations.types import Organisation
from feedback_core.organisations.use_cases import check_time_zone, get_organisation
from feedback_core.surveys.audience import strict_for
from feedback_core.surveys.use_cases import published_survey
from feedback_core.weighting.schemes import WeightingScheme

MOST_RESPONSES = 200_000
"""That a request reads to cross two questions."""

MOST_CELLS = 400


@dataclass(frozen=True, slots=True)
class CrossTabQuestion:
    """What is to be crossed, as given.

    Attributes:
        rows: name of an attribute, ``method``, a question, or ``question.item``.
        columns: the same.
        time_zone: IANA name; the organisation's if ``None``.
        where: attribute (or ``method``) to the values allowed.
        weighting: key of a weighting scheme of the survey.
        statistic: of the test; Pearson's for plain counts and F for weighted ones if ``None``.
        adjustment: of the p-values of residuals.
        level: of intervals and tests.
    """

    rows: str
    columns: str
    start: datetime | None = None
    end: datetime | None = None
    time_zone: str | None = None
    where: Mapping[str, tuple[str, ...]] | None = None
    weighting: str | None = None
    statistic: CrossTabStatistic | None = None
    adjustment: AdjustmentMethod = "BH"
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class CrossTabFound:
    """The table, and what it is of."""

    rows: Axis
    columns: Axis
    time_zone: str
    scheme: WeightingScheme | None
    table: CrossTable


async def cross_tab(
    session: Session, organisation_id: UUID, survey_id: UUID, question: CrossTabQuestion
) -> CrossTabFound:
    """The complete responses selected, crossed: from the cells where one side is an attribute, else from responses.

    Raises:
        NotFound: no such survey.
        Conflict: the survey was never published.
        Invalid: a parameter names something that is not there or contradicts another, or there are too many responses
            or cells; the pointer says which.
        NotEstimable: weights that nobody can be given.
    """
    survey = await published_survey(session, organisation_id, survey_id)
    organisation = strict_for(await get_organisation(session, organisation_id), survey.settings)
    attributes = attributes_of(survey.questionnaire)
    rows = axis_of(survey.questionnaire, attributes, question.rows, "/query/rows")
    columns = axis_of(survey.questionnaire, attributes, question.columns, "/query/columns")
    zone = check_time_zone(question.time_zone, "/query/tz") if question.time_zone else organisation.time_zone
    where = question.where or {}
    check_where(where, attributes, "/query/where")
    scheme = await scheme_named(session, organisation_id, survey_id, question.weighting)
    _check(question, rows, columns, weighted=scheme is not None)
    selection = Selection(question.start, question.end, zone)
    joint, responses = await joint_counts(session, organisation, survey_id, rows, columns, selection)
    names = names_of(rows, joint, "row"), names_of(columns, joint, "column")
    if len(names[0]) * len(names[1]) > MOST_CELLS:
        detail = f"{len(names[0])} × {len(names[1])} cells are more than the {MOST_CELLS} of a table: cross less."
        raise Invalid([Fault("/query/columns", "too_many_cells", detail)])
    table = shown_table(joint, responses, (rows, columns), names, question, organisation, scheme)
    return CrossTabFound(rows, columns, zone, scheme, table)


def _check(question: CrossTabQuestion, rows: Axis, columns: Axis, *, weighted: bool) -> None:
    if question.start and question.end and question.start >= question.end:
        raise Invalid([Fault("/query/to", "empty_period", "The period must end after it begins.")])
    if (rows.question, rows.name) == (columns.question, columns.name):
        raise Invalid([Fault("/query/columns", "same_axis", "Cross it with something else than itself.")])
    if weighted and question.statistic == "Pearson":
        detail = "Pearson's test takes every answer as one: of weighted tables ask for F, or another of Rao and Scott."
        raise Invalid([Fault("/query/statistic", "not_applicable", detail)])


async def joint_counts(
    session: Session, organisation: Organisation, survey_id: UUID, rows: Axis, columns: Axis, selection: Selection
) -> tuple[list[JointCount], ResponsesByAttributes]:
    """Everybody of the period by both categories; and all complete responses by their attributes."""
    responses = await complete_responses(session, organisation, survey_id, selection)
    if rows.question is None or columns.question is None:
        if rows.question is None and columns.question is None:
            return _crossed(responses, rows, columns), responses
        asked = rows if rows.question is not None else columns
        assert asked.question is not None
        items = [WHOLE] if asked.item is None else [WHOLE, asked.item]
        cells = await complete_counts(session, count_query(organisation, survey_id, asked.question, items, selection))
        return _answers(cells, asked, rows, columns), responses
    counted = await read_counts(session, count_query(organisation, survey_id, RESPONSES, [WHOLE], selection))
    number = sum(row.n for row in counted)
    if number > MOST_RESPONSES:
        detail = (
            f"To cross two questions, every response is read, and {number} are more than {MOST_RESPONSES}: narrow "
            "from and to, or cross a question with an attribute."
        )
        raise Invalid([Fault("/query/from", "too_many_responses", detail)])
    query = JointQuery(organisation.organisation_id, survey_id, rows, columns, selection.start, selection.end)
    return await joint_answers(session, query), responses


def _crossed(responses: ResponsesByAttributes, rows: Axis, columns: Axis) -> list[JointCount]:
    return [
        JointCount(attributes, attributes[rows.name], attributes[columns.name], n)
        for attributes, n in responses
        if rows.name in attributes and columns.name in attributes
    ]


def _answers(cells: Sequence[CellCount], asked: Axis, rows: Axis, columns: Axis) -> list[JointCount]:
    """A question crossed with an attribute, from its cells."""
    by = columns if asked is rows else rows
    found = []
    for attributes, category, n in _categories(cells, asked):
        if by.name in attributes:
            row, column = (category, attributes[by.name]) if asked is rows else (attributes[by.name], category)
            found.append(JointCount(attributes, row, column, n))
    return found


def _categories(cells: Sequence[CellCount], asked: Axis) -> list[tuple[Mapping[str, str], str, int]]:
    if CHOSEN not in asked.categories:
        item = asked.item or WHOLE
        return [
            (cell.attributes, asked.categories[cell.value], cell.n)
            for cell in cells
            if cell.item == item and cell.value in asked.categories
        ]
    # Of several choices it is counted who answered, and who chose this one: the others did not.
    left: dict[int, int] = defaultdict(int)
    chosen: dict[int, int] = defaultdict(int)
    known = {cell.cell: cell.attributes for cell in cells}
    for cell in cells:
        if cell.item == asked.item:
            chosen[cell.cell] += cell.n
        elif cell.value != UNANSWERED:
            left[cell.cell] += cell.n
    both = [(known[cell], CHOSEN, n) for cell, n in chosen.items()]
    return both + [(known[cell], NOT_CHOSEN, n - chosen[cell]) for cell, n in left.items() if n > chosen[cell]]


def names_of(axis: Axis, joint: Sequence[JointCount], side: str) -> list[str]:
    """Categories in the order of the questionnaire, then others that earlier versions had (or methods)."""
    found = sorted({getattr(one, side) for one in joint})
    return list(dict.fromkeys([*axis.categories.values(), *found]))


def shown_table(
    joint: list[JointCount],
    responses: ResponsesByAttributes,
    axes: tuple[Axis, Axis],
    names: tuple[list[str], list[str]],
    question: CrossTabQuestion,
    organisation: Organisation,
    scheme: WeightingScheme | None,
) -> CrossTable:
    """The table of those who are selected, without what would tell of too few."""
    where = question.where or {}

    def inside(attributes: Mapping[str, str]) -> bool:
        return all(attributes.get(attribute) in values for attribute, values in where.items())

    counts = _counts([one for one in joint if inside(one.attributes)], names)
    n, minimum = int(counts.sum()), organisation.minimum_cell_size
    if _gives_away(n, sum(one.n for one in joint) - n, minimum):
        return withheld_table(names)
    figures, unweighable = unweighted_figures(counts, level=question.level), 0
    statistic = question.statistic
    if statistic is None or statistic == "Pearson":
        statistic = None if scheme is None else "F"
    if n and statistic is not None:
        # Slow to import, and most tables are plain.
        from feedback_core.kpis.calc.weighted_cross_tables import weighted_figures

        figures, unweighable = weighted_figures(
            joint,
            names,
            scheme=scheme,
            inside=inside if where else None,
            statistic=statistic,
            level=question.level,
        )
    left_out = sum(found for attributes, found in responses if inside(attributes)) - n + unweighable
    return cross_table(
        figures, *axes, names, minimum=minimum, left_out=left_out, adjustment=question.adjustment, level=question.level
    )


def _gives_away(n: int, rest: int, minimum: int) -> bool:
    """Whether too few are in the table, or the few that ``where`` leaves out would follow from the whole."""
    suppressed = suppress_groups([("table", n), ("rest", rest)], minimum=minimum)
    return bool(suppressed.hidden) or suppressed.total_hidden


def _counts(joint: Sequence[JointCount], names: tuple[list[str], list[str]]) -> NDArray[np.int64]:
    rows, columns = ({name: code for code, name in enumerate(side)} for side in names)
    counts = np.zeros((len(rows), len(columns)), dtype=np.int64)
    for one in joint:
        counts[rows[one.row], columns[one.column]] += one.n
    return counts
