"""Reviews: figures of a person or team frozen as of then, what was said, and what they replied."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from pydantic import TypeAdapter

from feedback_core.db.session import Session
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import Fault, Invalid, NotFound
from feedback_core.kit.ids import new_id
from feedback_core.kit.sealing import Seal
from feedback_core.people.access import Entitlement
from feedback_core.people.performance import queries
from feedback_core.people.performance.replies import Writing, shown_reply
from feedback_core.people.performance.standings import AskedPeriod, measure_everybody, performance_of
from feedback_core.people.performance.types import Performance, Reply, Review, Subject, SubjectKind, UnitStanding
from feedback_core.people.staff import queries as staff_queries
from feedback_core.people.subjects_named import check_there, refuse_unseen
from feedback_core.people.tables import performance_review
from feedback_core.recommendations.evidence.writing import refuse_people_gone

_STANDING = TypeAdapter(UnitStanding)


async def write_review(
    session: Session,
    organisation_id: UUID,
    subject: Subject,
    measures: Sequence[str],
    period: AskedPeriod,
    summary: str,
    *,
    writing: Writing,
) -> Review:
    """Keep a review, with what each measure says of them now.

    Raises:
        Invalid: a measure is not there, or is not of people or teams as the subject is; or the period is empty.
        Conflict: the survey of a measure is not there to be asked any more.
        PersonLeft: who writes has left.
    """
    await refuse_people_gone(session, organisation_id, {"/on_behalf_of": writing.by.name})
    reference = await _reference(session, organisation_id, subject)
    figures = [
        await _frozen(session, organisation_id, subject, reference, key, period, f"/measures/{place}", writing)
        for place, key in enumerate(dict.fromkeys(measures))
    ]
    review_id, now = new_id(), writing.clock.now()
    await queries.add_review(
        session,
        organisation_id,
        subject,
        id=review_id,
        starts_at=period.start,
        ends_at=period.end,
        figures=figures,
        sealed=writing.sealed(summary),
        written_by=writing.by.name,
        key_name=writing.by.key_name,
        created_at=now,
    )
    return await _review(session, organisation_id, review_id, writing.seal)


async def get_review(
    session: Session, organisation_id: UUID, review_id: UUID, *, entitled: Entitlement, seal: Seal
) -> Review:
    """A review with the replies to it.

    Raises:
        NotFound: no such review here, or of somebody whom the caller may not see.
    """
    found = await _review(session, organisation_id, review_id, seal)
    refuse_unseen(entitled, found.subject, "performance review", review_id)
    return found


async def list_reviews(
    session: Session,
    organisation_id: UUID,
    *,
    entitled: Entitlement,
    staff_id: UUID | None,
    team_id: UUID | None,
    seal: Seal,
    cursor: str | None,
    limit: int,
) -> tuple[list[Review], str | None]:
    """A page of the reviews that the caller may see, the latest first, and the cursor of the next one.

    Raises:
        NotFound: no such person or team here.
        InvalidCursor: the cursor belongs to another query.
    """
    await check_there(session, organisation_id, staff_id=staff_id, team_id=team_id)
    query = {"list": "performance_reviews", "organisation": organisation_id, "staff": staff_id, "team": team_id}
    before = id_in_cursor(cursor, query)
    found = await queries.about_before(
        session,
        organisation_id,
        performance_review,
        entitled,
        staff_id=staff_id,
        team_id=team_id,
        before=before,
        limit=limit + 1,
    )
    page, following = page_of(found, limit, query, at=lambda each: each.row.id)
    replies = await queries.replies_to_reviews(session, organisation_id, [each.row.id for each in page])
    return [_shown(each, replies.get(each.row.id, ()), seal) for each in page], following


async def _review(session: Session, organisation_id: UUID, review_id: UUID, seal: Seal) -> Review:
    found = await queries.review_by_id(session, organisation_id, review_id)
    if found is None:
        raise NotFound("performance review", review_id)
    replies = await queries.replies_to_reviews(session, organisation_id, [review_id])
    return _shown(found, replies.get(review_id, ()), seal)


async def _reference(session: Session, organisation_id: UUID, subject: Subject) -> str:
    if subject.kind is SubjectKind.PERSON:
        member = await staff_queries.staff_by_id(session, organisation_id, subject.id)
        assert member is not None  # held by whoever named them
        return member.reference
    team = await staff_queries.team_by_id(session, organisation_id, subject.id)
    assert team is not None
    return team.details.reference


async def _frozen(
    session: Session,
    organisation_id: UUID,
    subject: Subject,
    reference: str,
    key: str,
    period: AskedPeriod,
    pointer: str,
    writing: Writing,
) -> Mapping[str, object]:
    try:
        measured = await measure_everybody(session, organisation_id, key, period)
    except NotFound as unknown:
        raise Invalid([Fault(pointer, "unknown_measure", unknown.detail)]) from unknown
    if measured.measure.details.of is not subject.kind:
        detail = f"The measure {key} is of each {measured.measure.details.of}, and this is a {subject.kind}."
        raise Invalid([Fault(pointer, "other_subject", detail)])
    units = measured.standings.units
    # Whose reference is no value of the attribute has no figure, as who has too few answers.
    found = next((unit for unit in units if unit.reference == reference), UnitStanding(reference, withheld=True))
    of_them = performance_of(measured, period, (found,), {})
    return {**_head(of_them), "as_of": writing.clock.now().isoformat(), **_STANDING.dump_python(found, mode="json")}


def _head(found: Performance) -> dict[str, object]:
    standings = found.standings
    return {
        "measure": found.measure.key,
        "measure_version": found.measure.version,
        "standard": found.measure.details.standard,
        "standard_version": found.standard_version,
        "kpi": found.kpi,
        "unit": found.unit,
        "case_mix": list(found.measure.details.case_mix),
        "minimum_n": found.minimum_n,
        "level": found.level,
        "overall": standings.overall,
        "differ": standings.differ,
        "explained": standings.explained,
        "no_order": standings.no_order,
        "warnings": list(standings.warnings),
    }


def _shown(stored: queries.StoredText, replies: Sequence[queries.StoredText], seal: Seal) -> Review:
    row = stored.row
    said: tuple[Reply, ...] = tuple(shown_reply(each, seal) for each in replies)
    return Review(
        id=row.id,
        subject=stored.subject,
        start=row.starts_at,
        end=row.ends_at,
        figures=tuple(row.figures),
        summary=None if row.sealed is None else seal.open(bytes(row.sealed)).decode(),
        written_by=row.written_by,
        key_name=row.key_name,
        created_at=row.created_at,
        replies=said,
    )
