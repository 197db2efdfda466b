"""By which key the response of an invited person is opened: once, whether on the hosted page or by a program.

Nothing but a keyed hash leads from an invitation to what was said; of anonymous responses there is no more. The keys
are those of the hosted page (``collectors``), so that who began there goes on here.
"""

from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.invitations.queries.openings import Begun, begun_under
from feedback_core.invitations.types.invitations import Invitation
from feedback_core.responses.open_responses.types import Opener, OpenState
from feedback_core.responses.privacy import Privacy
from feedback_core.responses.submission_keys.use_cases import own_idempotency_key

MOST_OPENINGS: Final = 50
"""Of one invitation, each after the one before had ended without an answer."""

LOOKED_AT: Final = 5
"""Openings that are looked through to see what became of an invitation that was begun."""


def opener_of(invitation: Invitation) -> Opener:
    """With what it is opened: the organisation vouches for who answers, and nothing names the invitation."""
    return Opener(invitation.collector_id or invitation.batch_id, is_public=False)


def opening_key(invitation_id: UUID, count: int) -> str:
    """The key of the first opening, or of one after others had ended without an answer."""
    return f"invitation:{invitation_id}:{count}"


def references_of(organisation_id: UUID, invitation: Invitation, privacy: Privacy, *, most: int) -> list[bytes]:
    """The keyed hashes that its openings have, in their order."""
    hashes = privacy.references.of_survey(organisation_id, invitation.survey_id)
    by = opener_of(invitation).id
    keys = [own_idempotency_key(by, opening_key(invitation.id, count), is_public=False) for count in range(most)]
    return [hashes.idempotency_key(f"open:{key}") for key in keys]


async def begun_by(
    session: Session, organisation_id: UUID, invitation: Invitation, privacy: Privacy
) -> tuple[Begun | None, str]:
    """What an invited person has begun and not left without an answer, and the key that it has, or will have."""
    references = references_of(organisation_id, invitation, privacy, most=MOST_OPENINGS)
    found = await begun_under(session, organisation_id, invitation.survey_id, references)
    for count, reference in enumerate(references):
        begun = found.get(reference)
        if begun is None or begun.state is not OpenState.DISCARDED:
            return begun, opening_key(invitation.id, count)
    return None, opening_key(invitation.id, MOST_OPENINGS)
