"""What became of answers that were begun: submitted by a program, or closed by themselves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.invitations.calc.steps import ended_by
from feedback_core.invitations.openings import LOOKED_AT, references_of
from feedback_core.invitations.queries.invitations import in_states
from feedback_core.invitations.queries.openings import Begun, begun_under
from feedback_core.invitations.types.batches import Batch, ConductBatch
from feedback_core.invitations.types.invitations import Invitation
from feedback_core.invitations.types.states import InvitationState
from feedback_core.invitations.use_cases.moving import Happened, move
from feedback_core.jobs.runs import JobRun
from feedback_core.responses.open_responses.types import OpenState
from feedback_core.responses.privacy import Privacy

PART: Final = 500
BY: Final = "invitations"

_BECAME: Final = {
    OpenState.SUBMITTED: InvitationState.COMPLETED,
    OpenState.SUPERSEDED: InvitationState.COMPLETED,
    OpenState.PARTIAL: InvitationState.PARTIAL,
}


async def follow(run: JobRun[ConductBatch], batch: Batch) -> None:
    """Look at every invitation of a batch that was begun and has not ended."""
    privacy, after = Privacy.from_settings(run.secrets), None
    while True:
        async with run.transaction() as session:
            held = await in_states(
                session, run.organisation_id, batch.id, [InvitationState.STARTED], after=after, limit=PART
            )
            await settle(session, run.organisation_id, held, privacy, at=run.clock.now())
        if len(held) < PART:
            return
        after = held[-1].id


async def settle(
    session: Session, organisation_id: UUID, held: Sequence[Invitation], privacy: Privacy, *, at: datetime
) -> list[Invitation]:
    """Move those of invitations of one survey, held, whose answer has ended; they, as they are now."""
    if not held:
        return []
    references = {each.id: references_of(organisation_id, each, privacy, most=LOOKED_AT) for each in held}
    wanted = [reference for found in references.values() for reference in found]
    begun = await begun_under(session, organisation_id, held[0].survey_id, wanted)
    ended = [
        happened
        for each in held
        if (happened := _became(each, [begun[ref] for ref in references[each.id] if ref in begun])) is not None
    ]
    return await move(session, organisation_id, ended, by=BY, at=at)


def _became(invitation: Invitation, begun: Sequence[Begun]) -> Happened | None:
    for each in begun:
        state, reason = _BECAME.get(each.state), None
        if each.state is OpenState.SUBMITTED and each.status is not None:
            state, reason = ended_by(each.status)
        if state is not None:
            return Happened(invitation, state, reason, open_response_id=each.id, response_id=each.response_id)
    return None
