"""What requests of data subjects need of open responses: finding them by respondent, and erasing them."""

from collections.abc import Iterable
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.responses.open_responses.queries import closing
from feedback_core.responses.open_responses.types import OpenResponse
from feedback_core.responses.open_responses.use_cases import erase_open_response
from feedback_core.responses.privacy import Privacy
from feedback_core.responses.types import Respondent


async def open_responses_of(
    session: Session, organisation_id: UUID, survey_id: UUID, respondents: Iterable[Respondent], *, privacy: Privacy
) -> list[OpenResponse]:
    """Every open response of a survey, whatever its state, of somebody known by one of these ids or addresses.

    Codes are made from an id or else an e-mail, so whoever may be known by either is given as two respondents.
    """
    hashes = privacy.references.of_survey(organisation_id, survey_id)
    references = [reference for each in respondents if (reference := hashes.respondent(each)) is not None]
    return await closing.of_respondent(session, organisation_id, survey_id, references) if references else []


async def erase_open_responses_of(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    respondents: Iterable[Respondent],
    *,
    reason: str,
    by: str,
    privacy: Privacy,
    clock: Clock,
) -> list[UUID]:
    """Erase all of them, and say which; responses that they became are not touched."""
    found = await open_responses_of(session, organisation_id, survey_id, respondents, privacy=privacy)
    for opened in found:
        await erase_open_response(session, organisation_id, survey_id, opened.id, reason=reason, by=by, clock=clock)
    return [opened.id for opened in found]
