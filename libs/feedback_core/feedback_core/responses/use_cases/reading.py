"""Reading responses back."""

from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import NotFound
from feedback_core.responses.masking.reader import reader_of
from feedback_core.responses.privacy import Privacy
from feedback_core.responses.queries import reading
from feedback_core.responses.types import Respondent, ResponseFilter, ResponseHistory, ResponsePage
from feedback_core.surveys import queries as surveys


async def list_responses(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    wanted: ResponseFilter,
    *,
    unmasked: bool,
    cursor: str | None,
    limit: int,
) -> ResponsePage:
    """A page of the responses of a survey, in the order in which they were recorded.

    Unless ``unmasked``, personal data in comments is masked; so it is in the other readings.

    Raises:
        NotFound: no such survey here.
        InvalidCursor: the cursor belongs to another query.
    """
    if not await surveys.survey_exists(session, organisation_id, survey_id):
        raise NotFound("survey", survey_id)
    query = _fingerprint(organisation_id, survey_id, wanted)
    after = id_in_cursor(cursor, query)
    found = await reading.responses_after(session, organisation_id, survey_id, wanted, after=after, limit=limit + 1)
    items, following = page_of(found, limit, query)
    reader = await reader_of(session, organisation_id, survey_id, unmasked=unmasked)
    return ResponsePage(items=tuple(reader.response(item) for item in items), next_cursor=following)


async def get_response(
    session: Session, organisation_id: UUID, survey_id: UUID, response_id: UUID, *, unmasked: bool
) -> ResponseHistory:
    """One response and what was decided about it.

    Raises:
        NotFound: no such response of this survey here.
    """
    found = await reading.response_by_id(session, organisation_id, survey_id, response_id)
    if found is None:
        raise NotFound("response", response_id)
    reader = await reader_of(session, organisation_id, survey_id, unmasked=unmasked)
    return ResponseHistory(
        reader.response(found), tuple(await reading.exclusions_of(session, organisation_id, response_id))
    )


async def get_identity(
    session: Session, organisation_id: UUID, survey_id: UUID, response_id: UUID, *, privacy: Privacy
) -> Respondent:
    """Who gave a response.

    Raises:
        NotFound: no such response of this survey here, or nothing is kept of who gave it.
    """
    ciphertext = await reading.sealed_identity(session, organisation_id, survey_id, response_id)
    if ciphertext is None:
        raise NotFound("identity of response", response_id)
    return privacy.identities.open(ciphertext)


def _fingerprint(organisation_id: UUID, survey_id: UUID, wanted: ResponseFilter) -> dict[str, object]:
    return {
        "list": "responses",
        "organisation": organisation_id,
        "survey": survey_id,
        "from": wanted.submitted_from,
        "to": wanted.submitted_to,
        "updated_since": wanted.updated_since,
        "status": wanted.status,
        "excluded": wanted.excluded,
        "flag": wanted.flag,
        "suspect": wanted.suspect,
    }
