"""SQL of closing open responses, each once, and of erasing them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, delete, exists, or_, select, update

from feedback_core.db.session import Session
from feedback_core.responses.open_responses.queries.answering import opened, this
from feedback_core.responses.open_responses.tables import open_response
from feedback_core.responses.open_responses.types import OpenResponse, OpenState
from feedback_core.responses.submission_keys.tables import submission_key
from feedback_core.responses.tables import response
from feedback_core.responses.types import Receipt
from feedback_core.surveys.types import Confidentiality, ResponseStatus

_OPEN = open_response.c.state == OpenState.OPEN.value


async def hold_with_siblings(
    session: Session, organisation_id: UUID, survey_id: UUID, open_id: UUID
) -> OpenResponse | None:
    """An open response, kept from others with all that are open of the same respondent, in one order for everybody."""
    own = select(open_response.c.respondent_ref).where(*this(organisation_id, survey_id, open_id)).scalar_subquery()
    rows = await session.execute(
        select(open_response)
        .where(
            open_response.c.organisation_id == organisation_id,
            open_response.c.survey_id == survey_id,
            or_(open_response.c.id == open_id, and_(open_response.c.respondent_ref == own, _OPEN)),
        )
        .order_by(open_response.c.id)
        .with_for_update()
    )
    return next((opened(row) for row in rows if row.id == open_id), None)


async def save_closed(
    session: Session,
    organisation_id: UUID,
    open_id: UUID,
    state: OpenState,
    *,
    response_id: UUID | None,
    at: datetime,
) -> None:
    """It is closed; who answered is kept with the response, if at all."""
    await session.execute(
        update(open_response)
        .where(open_response.c.organisation_id == organisation_id, open_response.c.id == open_id)
        .values(
            state=state.value,
            response_id=response_id,
            closed_at=at,
            identity=None,
            revision=open_response.c.revision + 1,
        )
    )


async def supersede_siblings(
    session: Session, organisation_id: UUID, closed: OpenResponse, *, answered_before: datetime | None, at: datetime
) -> frozenset[UUID]:
    """Close what else is open of the respondent, and say which; nobody is waited for.

    One that was opened publicly closes others of its kind only: anybody could have said that it is this respondent.

    Args:
        session: bound to the organisation.
        organisation_id: whose they are.
        closed: the one that was closed.
        answered_before: only those in which nothing was said since; ``None``: all.
        at: the time of it.
    """
    if closed.respondent_ref is None:
        return frozenset()
    siblings = select(open_response.c.id).where(
        open_response.c.organisation_id == organisation_id,
        open_response.c.survey_id == closed.survey_id,
        open_response.c.respondent_ref == closed.respondent_ref,
        open_response.c.id != closed.id,
        _OPEN,
    )
    if closed.opened_publicly:
        siblings = siblings.where(open_response.c.opened_publicly)
    if answered_before is not None:
        siblings = siblings.where(open_response.c.updated_at <= answered_before)
    found = (await session.execute(siblings.with_for_update(skip_locked=True))).scalars().all()
    if found:
        await session.execute(
            update(open_response)
            .where(open_response.c.organisation_id == organisation_id, open_response.c.id.in_(found))
            .values(
                state=OpenState.SUPERSEDED.value,
                closed_at=at,
                identity=None,
                revision=open_response.c.revision + 1,
            )
        )
    return frozenset(found)


async def organisations_with_overdue(system: Session, now: datetime) -> list[UUID]:
    """Organisations, across tenants, with open responses whose time has run out."""
    found = await system.execute(
        select(open_response.c.organisation_id)
        .where(_OPEN, open_response.c.closes_at <= now)
        .distinct()
        .order_by(open_response.c.organisation_id)
    )
    return list(found.scalars())


async def hold_overdue(session: Session, organisation_id: UUID, now: datetime, *, limit: int) -> list[OpenResponse]:
    """The first open responses whose time has run out, kept from others; what others hold just now is passed over."""
    rows = await session.execute(
        select(open_response)
        .where(open_response.c.organisation_id == organisation_id, _OPEN, open_response.c.closes_at <= now)
        .order_by(open_response.c.closes_at, open_response.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [opened(row) for row in rows]


async def has_answered_since(session: Session, organisation_id: UUID, overdue: OpenResponse) -> bool:
    """Whether the same respondent has ended another response since this one was opened.

    What came with a submission key does not end what was opened with an API key: anybody could have said it.
    """
    if overdue.respondent_ref is None:
        return False
    ended = select(response.c.id).where(
        response.c.organisation_id == organisation_id,
        response.c.survey_id == overdue.survey_id,
        response.c.respondent_ref == overdue.respondent_ref,
        response.c.received_at >= overdue.opened_at,
        response.c.status != ResponseStatus.PARTIAL.value,
    )
    if not overdue.opened_publicly:
        of_key = and_(
            submission_key.c.organisation_id == organisation_id,
            submission_key.c.survey_id == overdue.survey_id,
            submission_key.c.id == response.c.sent_by,
        )
        ended = ended.where(~exists().where(of_key))
    return (await session.execute(ended.limit(1))).first() is not None


async def receipt_of(session: Session, organisation_id: UUID, response_id: UUID) -> Receipt:
    """The receipt of a response that is there."""
    row = (
        await session.execute(
            select(
                response.c.id,
                response.c.status,
                response.c.confidentiality,
                response.c.submitted_at,
                response.c.received_at,
            ).where(response.c.organisation_id == organisation_id, response.c.id == response_id)
        )
    ).one()
    return Receipt(
        row.id, ResponseStatus(row.status), Confidentiality(row.confidentiality), row.submitted_at, row.received_at
    )


async def of_respondent(
    session: Session, organisation_id: UUID, survey_id: UUID, respondent_refs: Sequence[bytes]
) -> list[OpenResponse]:
    """Every open response of a survey, whatever its state, of one of the respondents; oldest first."""
    rows = await session.execute(
        select(open_response)
        .where(
            open_response.c.organisation_id == organisation_id,
            open_response.c.survey_id == survey_id,
            open_response.c.respondent_ref.in_(respondent_refs),
        )
        .order_by(open_response.c.id)
    )
    return [opened(row) for row in rows]


async def erase(session: Session, organisation_id: UUID, survey_id: UUID, open_id: UUID) -> bool:
    """Delete an open response with every version of its answers; false if it is not there."""
    result = await session.execute(delete(open_response).where(*this(organisation_id, survey_id, open_id)))
    return result.rowcount == 1
