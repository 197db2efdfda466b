"""The one place where invitations move: what may follow, is dated and written down; what may not, changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.invitations.calc.steps import after, coarse
from feedback_core.invitations.queries import invitations as queries
from feedback_core.invitations.queries.invitations import StepToAdd
from feedback_core.invitations.types.invitations import Invitation
from feedback_core.invitations.types.states import EndReason, InvitationState

_S = InvitationState
_OF_ANSWERS = frozenset({_S.STARTED, _S.COMPLETED, _S.PARTIAL})
_OF_SCREENING = frozenset({EndReason.SCREENED_OUT, EndReason.OVER_QUOTA})


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened to an invitation that is held."""

    invitation: Invitation
    state: InvitationState
    reason: EndReason | None = None
    open_response_id: UUID | None = None
    response_id: UUID | None = None


def moved(what: Happened, *, at: datetime) -> Invitation | None:
    """The invitation afterwards; ``None``: it cannot happen to it.

    Where the survey promises anonymity, an answer is dated to the day, and nothing leads to it.
    """
    before = what.invitation
    found = after(before.state, what.state)
    if found is None:
        return None
    is_hidden = _is_hidden(what)
    dated: dict[str, Any] = {found.column: getattr(before, found.column) or (coarse(at) if is_hidden else at)}
    return replace(
        before,
        state=found.state,
        reason=what.reason if found.state is not before.state else before.reason,
        next_at=None if found.ends else before.next_at,
        open_response_id=before.open_response_id if is_hidden else what.open_response_id or before.open_response_id,
        response_id=before.response_id if is_hidden else what.response_id or before.response_id,
        **dated,
    )


async def move(
    session: Session, organisation_id: UUID, happened: Sequence[Happened], *, by: str, at: datetime
) -> list[Invitation]:
    """Move invitations that are held; those that moved, as they are now."""
    changed, steps = [], []
    for what in happened:
        found = moved(what, at=at)
        if found is None or found == what.invitation:
            continue
        is_hidden = _is_hidden(what)
        changed.append(found)
        steps.append(
            StepToAdd(found.id, what.state.value, found.state, what.reason, by, coarse(at) if is_hidden else at)
        )
    await queries.save(session, organisation_id, changed)
    await queries.add_steps(session, organisation_id, steps)
    return changed


def _is_hidden(what: Happened) -> bool:
    """Whether it is of an answer whose giver was promised that nobody knows them."""
    is_of_answer = what.state in _OF_ANSWERS or what.reason in _OF_SCREENING
    return is_of_answer and not what.invitation.keeps_response
