"""What an invitation counts as: its final disposition after AAPOR, by how it stands."""

from typing import Final

from feedback_core.fieldwork.calc import disposition_of_contact
from feedback_core.fieldwork.types import Contact, ContactPolicy, Disposition
from feedback_core.invitations.types.invitations import Invitation
from feedback_core.invitations.types.states import EndReason, InvitationState

_S = InvitationState

_CONTACTS: Final = {_S.OPTED_OUT: Contact.OPTED_OUT, _S.INELIGIBLE: Contact.SCREENED_OUT, _S.BOUNCED: Contact.BOUNCED}
_ANSWERS: Final = {_S.COMPLETED: Disposition.COMPLETE, _S.PARTIAL: Disposition.PARTIAL, _S.REFUSED: Disposition.REFUSAL}


def disposition_of_invitation(invitation: Invitation, policy: ContactPolicy) -> Disposition | None:
    """What an invitation counts as now; ``None``: it is of no fieldwork, nothing was sent or it was taken back.

    Who is in the sample and could not be asked, having no address, is of unknown eligibility; who had opted out before
    refuses. Who has begun and not ended is a break-off, as long as that is so.
    """
    state = invitation.state
    if state in _ANSWERS:
        return _ANSWERS[state]
    if state is _S.CANCELLED or (state is _S.CREATED and invitation.sent_at is None):
        return None
    if state is _S.STARTED or (state is _S.EXPIRED and invitation.started_at is not None):
        return Disposition.REFUSAL
    if invitation.reason is EndReason.NO_ADDRESS:
        return disposition_of_contact(Contact.UNOPENED, policy)
    if state in _CONTACTS:
        return disposition_of_contact(_CONTACTS[state], policy)
    return disposition_of_contact(Contact.OPENED if invitation.opened_at is not None else Contact.UNOPENED, policy)
