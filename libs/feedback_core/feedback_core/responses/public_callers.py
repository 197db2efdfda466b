"""Who calls with something that the public may hold."""

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.responses.open_responses.opening import respondent_caller
from feedback_core.responses.submission_keys.credentials import PublicCredential, PublicKind
from feedback_core.responses.submission_keys.types import PublicCaller
from feedback_core.responses.submission_keys.use_cases import submission_key_caller


async def authenticate_public(session: Session, credential: PublicCredential, *, clock: Clock) -> PublicCaller:
    """The holder of a submission key or of a respondent's token, in a session of the organisation that it names.

    Raises:
        Unauthenticated: it is not valid.
    """
    find = submission_key_caller if credential.kind is PublicKind.SUBMISSION else respondent_caller
    return await find(session, credential, clock=clock)
