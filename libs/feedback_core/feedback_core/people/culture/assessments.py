"""Assessments of the culture: dated, by dimension, each judged from evidence that is frozen with it."""

from collections.abc import Sequence
from datetime import date
from typing import assert_never
from uuid import UUID

from feedback_core.analyses.kpi_questions import settle_in_body
from feedback_core.analyses.use_cases import get_run
from feedback_core.db.session import Session
from feedback_core.kit.cursors import InvalidCursor, decode_cursor, page_of
from feedback_core.kit.errors import Fault, Invalid, NotFound
from feedback_core.kit.ids import new_id
from feedback_core.kpis.types import Figure, Withheld
from feedback_core.kpis.use_cases import KpiQuestion, kpi_value
from feedback_core.people.culture import queries
from feedback_core.people.culture.calc import courses_of
from feedback_core.people.culture.types import (
    MOST_SHOWN,
    AssessedDimension,
    Assessment,
    DimensionCourse,
    EvidenceKind,
    FrozenEvidence,
    JudgedDimension,
    KpiLink,
    NoteLink,
    RunLink,
)
from feedback_core.people.performance.replies import Writing
from feedback_core.recommendations.evidence.types import EvidenceLink, EvidenceMissing
from feedback_core.recommendations.evidence.writing import refuse_people_gone, settle_links
from feedback_core.surveys.use_cases import get_survey


async def assess_culture(
    session: Session,
    organisation_id: UUID,
    title: str,
    as_of: date,
    dimensions: Sequence[JudgedDimension],
    *,
    writing: Writing,
) -> Assessment:
    """Keep an assessment; its figures are read and frozen now, and it is never changed.

    Raises:
        EvidenceMissing: a dimension is judged from nothing.
        Invalid: a dimension comes twice, a link leads nowhere, or to a figure that may not be shown.
        NotFound: no such run, survey or note here.
        Conflict: a survey was never published.
        PersonLeft: who writes has left.
    """
    await refuse_people_gone(session, organisation_id, {"/on_behalf_of": writing.by.name})
    _check(dimensions)
    judged = []
    for place, dimension in enumerate(dimensions):
        under = f"/dimensions/{place}/evidence"
        evidence = [
            await _frozen(session, organisation_id, link, under, number)
            for number, link in enumerate(dimension.evidence)
        ]
        judged.append(
            AssessedDimension(dimension.key, dimension.label, dimension.level, dimension.statement, tuple(evidence))
        )
    made = Assessment(new_id(), as_of, title, tuple(judged), writing.by.name, writing.by.key_name, writing.clock.now())
    await queries.add_assessment(session, organisation_id, made)
    return made


async def get_assessment(session: Session, organisation_id: UUID, assessment_id: UUID) -> Assessment:
    """An assessment.

    Raises:
        NotFound: no such assessment here.
    """
    found = await queries.assessment_by_id(session, organisation_id, assessment_id)
    if found is None:
        raise NotFound("assessment", assessment_id)
    return found


async def list_assessments(
    session: Session, organisation_id: UUID, *, cursor: str | None, limit: int
) -> tuple[list[Assessment], str | None]:
    """A page of assessments, those of the latest day first, and the cursor of the next one.

    Raises:
        InvalidCursor: the cursor belongs to another query.
    """
    query = {"list": "culture_assessments", "organisation": organisation_id}
    before = _position(decode_cursor(cursor, query, parts=2)) if cursor else None
    found = await queries.assessments_before(session, organisation_id, before=before, limit=limit + 1)
    return page_of(found, limit, query, at=lambda each: (each.as_of.isoformat(), each.id))


async def course_of_culture(session: Session, organisation_id: UUID) -> list[DimensionCourse]:
    """Every dimension over time, from the latest assessments."""
    return courses_of(await queries.assessments_before(session, organisation_id, before=None, limit=MOST_SHOWN))


def _check(dimensions: Sequence[JudgedDimension]) -> None:
    seen: set[str] = set()
    for place, dimension in enumerate(dimensions):
        if dimension.key in seen:
            raise Invalid([Fault(f"/dimensions/{place}/key", "named_twice", f"{dimension.key} is judged twice.")])
        seen.add(dimension.key)
        if not dimension.evidence:
            detail = "Link at least one figure, finding or note: without evidence it is an opinion."
            raise EvidenceMissing([Fault(f"/dimensions/{place}/evidence", EvidenceMissing.code, detail)])


async def _frozen(
    session: Session, organisation_id: UUID, link: RunLink | KpiLink | NoteLink, under: str, number: int
) -> FrozenEvidence:
    match link:
        case RunLink():
            return await _of_run(session, organisation_id, link, under, number)
        case KpiLink():
            return await _of_kpi(session, organisation_id, link, f"{under}/{number}")
        case NoteLink():
            found = await queries.kinds_of_notes(session, organisation_id, [link.note_id])
            if link.note_id not in found:
                raise NotFound("note", link.note_id)
            kind, seen_on = found[link.note_id]
            return FrozenEvidence(
                EvidenceKind.NOTE, link.statement, note_id=link.note_id, note_kind=kind, observed_on=seen_on
            )
        case _:
            assert_never(link)


async def _of_run(session: Session, organisation_id: UUID, link: RunLink, under: str, number: int) -> FrozenEvidence:
    run = await get_run(session, organisation_id, link.run_id)
    wanted = EvidenceLink(link.run_id, link.pointer, link.value, link.statement)
    try:
        (piece,) = settle_links([wanted], [run], under=under)
    except Invalid as refused:
        # It was settled as the only one; here it is one of several.
        at = [
            Fault(fault.pointer.replace(f"{under}/0", f"{under}/{number}", 1), fault.code, fault.detail)
            for fault in refused.faults
        ]
        raise Invalid(at) from refused
    return FrozenEvidence(
        EvidenceKind.RUN,
        piece.statement,
        piece.value,
        piece.low,
        piece.high,
        piece.n,
        kpi=piece.kpi,
        survey_id=run.survey_id,
        run_id=run.id,
        pointer=link.pointer,
    )


async def _of_kpi(session: Session, organisation_id: UUID, link: KpiLink, pointer: str) -> FrozenEvidence:
    survey = await get_survey(session, organisation_id, link.survey_id)
    question = KpiQuestion(
        kpi=link.kpi,
        survey=str(link.survey_id),
        question=link.question,
        item=link.item,
        choice=link.choice,
        where=link.where,
    )
    try:
        asked = await settle_in_body(session, organisation_id, question, link.start, link.end)
    except Invalid as refused:
        raise Invalid([fault.under(pointer) for fault in refused.faults]) from refused
    figure = await kpi_value(session, asked)
    if isinstance(figure, Withheld) or figure.estimate is None:
        raise Invalid([Fault(pointer, "figure_withheld", _why_not(figure))])
    estimate, definition = figure.estimate, asked.target.definition
    limits = estimate.interval
    return FrozenEvidence(
        EvidenceKind.KPI,
        link.statement or f"{definition.name}: {estimate.value:.3g} (n = {estimate.n:,})",
        estimate.value,
        limits.low if limits else None,
        limits.high if limits else None,
        estimate.n,
        kpi=definition.key,
        survey_id=link.survey_id,
        audience=survey.settings.audience.value,
    )


def _why_not(figure: Figure | Withheld) -> str:
    if isinstance(figure, Withheld):
        return "The figure is withheld: too few answered, or others could be told from it."
    return figure.not_estimable or "There is no figure."


def _position(parts: tuple[str, ...]) -> tuple[date, UUID]:
    try:
        return date.fromisoformat(parts[0]), UUID(parts[1])
    except ValueError as error:
        raise InvalidCursor from error
