"""What the hosted page asks of invitations: who follows a personal link, and what they did."""

from datetime import datetime
from typing import Final
from uuid import UUID

from feedback_core.collectors.invited import Invited, InvitedState
from feedback_core.collectors.links import SurveyLinks
from feedback_core.db.session import Session
from feedback_core.invitations.links import opt_out_path
from feedback_core.invitations.queries.invitations import invitation_by_id
from feedback_core.invitations.types.invitations import Invitation
from feedback_core.invitations.types.states import ENDED, InvitationState
from feedback_core.invitations.use_cases.answering import BY, note_started, respondent_of, takes_answers
from feedback_core.invitations.use_cases.moving import Happened, move
from feedback_core.kit.clock import Clock
from feedback_core.sampling.vault import ContactVault
from feedback_core.surveys.use_cases import published_survey

_STATES: Final = {
    InvitationState.COMPLETED: InvitedState.ANSWERED,
    InvitationState.PARTIAL: InvitedState.ANSWERED,
    InvitationState.OPTED_OUT: InvitedState.OPTED_OUT,
}


class HostedInvitations:
    """Who knows of the invited, as the page has it."""

    def __init__(self, vault: ContactVault, links: SurveyLinks, clock: Clock) -> None:
        self._vault = vault
        self._links = links
        self._clock = clock

    async def invited(
        self, session: Session, organisation_id: UUID, invitation_id: UUID, *, hold: bool
    ) -> Invited | None:
        """Who is invited; nobody, where answers are given on a page of the organisation's own."""
        found = await invitation_by_id(session, organisation_id, invitation_id, hold=hold)
        if found is None or found.collector_id is None:
            return None
        survey = await published_survey(session, organisation_id, found.survey_id)
        return Invited(
            collector_id=found.collector_id,
            state=self._state(found),
            respondent=await respondent_of(session, organisation_id, found, survey.confidentiality, self._vault),
            method=found.method,
            language=found.language,
            resumable=found.resumable,
            opt_out_path=opt_out_path(self._links.of_invitation(organisation_id, invitation_id)),
        )

    async def note_started(self, session: Session, organisation_id: UUID, invitation_id: UUID, *, at: datetime) -> None:
        """They gave a first answer."""
        found = await invitation_by_id(session, organisation_id, invitation_id, hold=True)
        if found is not None:
            await note_started(session, organisation_id, found, open_response_id=None, at=at)

    async def note_completed(
        self, session: Session, organisation_id: UUID, invitation_id: UUID, *, response_id: UUID | None, at: datetime
    ) -> None:
        """They submitted."""
        found = await invitation_by_id(session, organisation_id, invitation_id, hold=True)
        if found is not None:
            ended = Happened(found, InvitationState.COMPLETED, response_id=response_id)
            await move(session, organisation_id, [ended], by=BY, at=at)

    def _state(self, found: Invitation) -> InvitedState:
        if found.state in ENDED:
            return _STATES.get(found.state, InvitedState.ENDED)
        return InvitedState.OPEN if takes_answers(found, self._clock.now()) else InvitedState.ENDED
