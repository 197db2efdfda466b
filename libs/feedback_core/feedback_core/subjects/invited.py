"""Somebody who was invited takes back what they said, with nothing but their personal link."""

from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.invitations.openings import begun_by
from feedback_core.invitations.queries.invitations import invitation_by_id
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import NotFound
from feedback_core.responses.privacy import Privacy
from feedback_core.subjects.withdrawal import withdraw


async def erase_by_link(
    session: Session, organisation_id: UUID, invitation_id: UUID, *, privacy: Privacy, clock: Clock
) -> bool:
    """Erase what was answered by an invitation, of an anonymous answer too, and the response that it became.

    Whether there was anything; again changes nothing.

    Raises:
        NotFound: no such invitation.
    """
    found = await invitation_by_id(session, organisation_id, invitation_id, hold=True)
    if found is None:
        raise NotFound("invitation", "under this link")
    begun, _ = await begun_by(session, organisation_id, found, privacy)
    if begun is None:
        return False
    await withdraw(session, organisation_id, found.survey_id, begun.id, by="invited", clock=clock)
    return True
