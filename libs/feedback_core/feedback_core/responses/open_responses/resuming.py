"""Going on with an open response by somebody who is known to be its respondent by other means than its tokens."""

from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.errors import NotFound
from feedback_core.responses.open_responses.changes import draft_of
from feedback_core.responses.open_responses.queries import answering
from feedback_core.responses.open_responses.types import MOST_TOKENS, Opened
from feedback_core.responses.submission_keys.credentials import PublicCredential, PublicKind


async def another_token(
    session: Session, organisation_id: UUID, survey_id: UUID, open_id: UUID, *, secret: bytes
) -> Opened:
    """An open response as it stands, and another token of its respondent.

    Raises:
        NotFound: no such open response of this survey here.
    """
    opened = await answering.hold(session, organisation_id, survey_id, open_id)
    found = await answering.with_tokens(session, organisation_id, survey_id, open_id)
    if opened is None or found is None:
        raise NotFound("open response", open_id)
    credential = PublicCredential(PublicKind.RESPONDENT, organisation_id, survey_id, open_id, secret)
    tokens = [*found[1], credential.secret_hash()][-MOST_TOKENS:]
    await answering.save_tokens(session, organisation_id, open_id, tokens)
    answers = await answering.answers_of(session, organisation_id, open_id)
    return Opened(await draft_of(session, organisation_id, opened, answers), credential.token(), is_new=False)
