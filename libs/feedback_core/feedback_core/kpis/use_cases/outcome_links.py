"""The link from satisfaction to what customers then did, where the data have it. Reads only; run it in a snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.errors import Fault, Invalid, NotEstimable
from feedback_core.kpis.axes import axis_of
from feedback_core.kpis.calc.outcome_link_wording import cannot_tell, sentence_of
from feedback_core.kpis.calc.outcome_links import odds_ratio, trend_in_shares
from feedback_core.kpis.calc.proportion_differences import Share
from feedback_core.kpis.calc.proportions import proportion_interval
from feedback_core.kpis.calc.scales import top_box_values
from feedback_core.kpis.types import Selection
from feedback_core.kpis.types.cross_tabs import Axis, CrossTable
from feedback_core.kpis.types.outcome_links import OddsRatio, OutcomeGroup, OutcomeLink, TrendInShares
from feedback_core.kpis.use_cases.asking import attributes_of, check_where
from feedback_core.kpis.use_cases.cross_tabs import CrossTabQuestion, joint_counts, names_of, shown_table
from feedback_core.organisations.use_cases import check_time_zone, get_organisation
from feedback_core.surveys.types import Questionnaire, QuestionType
from feedback_core.surveys.use_cases import published_survey

_COUNTS, _OTHER = "counts", "other"
_ORDERED: Final = frozenset(
    {QuestionType.NPS, QuestionType.CES, QuestionType.CSAT, QuestionType.RATING, QuestionType.MATRIX}
)


@dataclass(frozen=True, slots=True)
class OutcomeLinkQuestion:
    """What is asked, as given.

    Attributes:
        satisfaction: name of a question on a scale, or ``question.row``.
        outcome: name of an attribute, or of a question with few answers.
        counts: values of it that count: ``yes``, ``renewed``.
        time_zone: IANA name; the organisation's if ``None``.
        where: attribute (or ``method``) to the values allowed.
        level: of intervals and tests.
    """

    satisfaction: str
    outcome: str
    counts: tuple[str, ...]
    start: datetime | None = None
    end: datetime | None = None
    time_zone: str | None = None
    where: Mapping[str, tuple[str, ...]] | None = None
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class OutcomeLinkFound:
    """The link, and what it is of; ``recorded``: the outcome is an attribute, not something that respondents said."""

    satisfaction: Axis
    outcome: Axis
    counts: tuple[str, ...]
    recorded: bool
    time_zone: str
    link: OutcomeLink


async def outcome_link(
    session: Session, organisation_id: UUID, survey_id: UUID, question: OutcomeLinkQuestion
) -> OutcomeLinkFound:
    """How often the outcome came, by how satisfied customers were; groups of too few are withheld as in a cross-tab.

    Raises:
        NotFound: no such survey.
        Conflict: the survey was never published.
        Invalid: a parameter names something that is not there or contradicts another, or there are too many responses;
            the pointer says which.
    """
    survey = await published_survey(session, organisation_id, survey_id)
    organisation = await get_organisation(session, organisation_id)
    attributes = attributes_of(survey.questionnaire)
    rows = axis_of(survey.questionnaire, attributes, question.satisfaction, "/query/satisfaction")
    columns = axis_of(survey.questionnaire, attributes, question.outcome, "/query/outcome")
    zone = check_time_zone(question.time_zone, "/query/tz") if question.time_zone else organisation.time_zone
    where = question.where or {}
    check_where(where, attributes, "/query/where")
    best = _best(survey.questionnaire, rows)
    _check(question, rows, columns)
    joint, responses = await joint_counts(
        session, organisation, survey_id, rows, columns, Selection(question.start, question.end, zone)
    )
    collapsed = [replace(one, column=_COUNTS if one.column in question.counts else _OTHER) for one in joint]
    crossed = CrossTabQuestion("", "", where=where, level=question.level)
    names = names_of(rows, joint, "row"), [_COUNTS, _OTHER]
    table = shown_table(collapsed, responses, (rows, columns), names, crossed, organisation, None)
    recorded = columns.question is None
    link = _link(table, question, rows, best, recorded=recorded)
    return OutcomeLinkFound(rows, columns, question.counts, recorded, zone, link)


def _check(question: OutcomeLinkQuestion, rows: Axis, columns: Axis) -> None:
    if question.start and question.end and question.start >= question.end:
        raise Invalid([Fault("/query/to", "empty_period", "The period must end after it begins.")])
    if (rows.question, rows.name) == (columns.question, columns.name):
        raise Invalid([Fault("/query/outcome", "same_axis", "Hold it against something else than itself.")])
    known = list(dict.fromkeys(columns.categories.values()))
    unknown = [value for value in question.counts if known and value not in known]
    if unknown:
        detail = f"{columns.name} has no value {unknown[0]}; it has: {', '.join(known)}."
        raise Invalid([Fault("/query/counts", "unknown_value", detail)])
    if known and set(known) <= set(question.counts):
        raise Invalid([Fault("/query/counts", "counts_all", "Every value counts, so there is nothing to tell apart.")])


def _best(questionnaire: Questionnaire, rows: Axis) -> tuple[str, ...]:
    """The answers of the satisfaction question that count as best.

    Raises:
        Invalid: its answers have no order.
    """
    found = next((each for each in questionnaire.questions if each.key == rows.question), None)
    if found is None or found.type not in _ORDERED or found.answer_scale is None:
        detail = "Satisfaction is a question whose answers have an order: nps, ces, csat, rating, or a row of a matrix."
        raise Invalid([Fault("/query/satisfaction", "not_ordered", detail)])
    if found.type is QuestionType.NPS:
        return ("promoters",)
    scale = found.answer_scale
    return tuple(str(value) for value in top_box_values(scale.min, scale.max))


def _link(
    table: CrossTable, question: OutcomeLinkQuestion, rows: Axis, best: tuple[str, ...], *, recorded: bool
) -> OutcomeLink:
    groups = _groups(table, question.level)
    known = {group.answer: Share(group.counted, group.n) for group in groups if group.n and group.counted is not None}
    tested: TrendInShares | str
    try:
        tested = trend_in_shares(list(known.values()), level=question.level)
    except NotEstimable as reason:
        tested = reason.detail
    ratio = None if isinstance(tested, str) else _ratio(known, best, question.level)
    outcome = f"{question.outcome} {' or '.join(question.counts)}"
    return OutcomeLink(
        groups=groups,
        n=table.n,
        left_out=table.left_out,
        trend=None if isinstance(tested, str) else tested,
        odds_ratio=ratio,
        not_testable=tested if isinstance(tested, str) else None,
        sentence=sentence_of(rows.name, outcome, groups, tested, ratio),
        cannot_tell=cannot_tell(recorded=recorded),
    )


def _groups(table: CrossTable, level: float) -> tuple[OutcomeGroup, ...]:
    cells = {(cell.row, cell.column): cell for cell in table.cells}
    found = []
    for line in table.rows:
        cell = cells[line.category, _COUNTS]
        if line.withheld or cell.withheld or line.n is None or cell.n is None:
            found.append(OutcomeGroup(line.category, withheld=True))
        elif line.n == 0:
            found.append(OutcomeGroup(line.category, withheld=False, n=0, counted=0))
        else:
            interval = proportion_interval(cell.n, line.n, level=level)
            found.append(OutcomeGroup(line.category, False, line.n, cell.n, cell.n / line.n, interval))  # noqa: FBT003
    return tuple(found)


def _ratio(known: Mapping[str, Share], best: tuple[str, ...], level: float) -> OddsRatio | None:
    first = [share for answer, share in known.items() if answer in best]
    second = [share for answer, share in known.items() if answer not in best]
    if not first or not second:
        return None
    sides = [Share(sum(s.successes for s in side), sum(s.n for s in side)) for side in (first, second)]
    return odds_ratio(sides[0], sides[1], best=[answer for answer in known if answer in best], level=level)
