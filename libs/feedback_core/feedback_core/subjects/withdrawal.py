"""A respondent takes back what they said, with the token that they answered with."""

from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import NotFound
from feedback_core.kpis.corrections import recount
from feedback_core.organisations.audit import record_event
from feedback_core.organisations.types import AuditAction
from feedback_core.responses.open_responses.queries import answering
from feedback_core.responses.open_responses.use_cases import erase_open_response
from feedback_core.responses.queries import decisions
from feedback_core.responses.use_cases import erase_response
from feedback_core.subjects.erasure_queries import was_erased


async def withdraw(
    session: Session, organisation_id: UUID, survey_id: UUID, open_id: UUID, *, by: str, clock: Clock
) -> None:
    """Erase what was answered, and the response that it became; at once, so that the answer says that it is done.

    Again changes nothing.

    Raises:
        NotFound: there never was such an open response of this survey here.
    """
    opened = await answering.hold(session, organisation_id, survey_id, open_id)
    if opened is None and await was_erased(session, organisation_id, survey_id, open_id):
        return
    if opened is None:
        raise NotFound("open response", open_id)
    reason = "Withdrawn by the respondent"
    if opened.response_id is not None:
        # It takes along what it was made of.
        await erase_response(
            session,
            organisation_id,
            survey_id,
            opened.response_id,
            reason=reason,
            by=by,
            recount=recount,
            clock=clock,
        )
        # By its own id too: a repetition is known by it.
        await decisions.add_erasure(session, organisation_id, survey_id, open_id, reason=reason, by=by, at=clock.now())
        return
    await erase_open_response(session, organisation_id, survey_id, open_id, reason=reason, by=by, clock=clock)
    await record_event(
        session,
        organisation_id,
        AuditAction.RESPONSE_ERASED,
        by=by,
        thing="open_response",
        thing_id=open_id,
        clock=clock,
    )
