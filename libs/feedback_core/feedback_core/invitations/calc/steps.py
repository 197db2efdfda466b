"""How an invitation moves: the one function that says what follows from what happens to it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from feedback_core.invitations.types.states import ENDED, EndReason, InvitationState, is_late, may_become
from feedback_core.surveys.types import ResponseStatus

_S = InvitationState

_DATED = {_S.SENT: "sent_at", _S.DELIVERED: "delivered_at", _S.OPENED: "opened_at", _S.STARTED: "started_at"}


@dataclass(frozen=True, slots=True)
class Moved:
    """What an invitation becomes.

    Attributes:
        column: in which the instant stands.
        ends: whether no message follows.
    """

    state: InvitationState
    column: str
    ends: bool


def after(state: InvitationState, happening: InvitationState) -> Moved | None:
    """What follows when something happens to an invitation; ``None``: it may not, and nothing changes.

    What is told late (a delivery, after it was opened) is dated, and changes no state.
    """
    column = _DATED.get(happening, "completed_at" if happening is _S.COMPLETED else "ended_at")
    if is_late(state, happening):
        return Moved(state, column, ends=state in ENDED) if happening in _DATED else None
    if not may_become(state, happening):
        return None
    return Moved(happening, column, ends=happening in ENDED or happening is _S.BOUNCED)


def coarse(at: datetime) -> datetime:
    """The day of an instant: of an anonymous answer no more is kept beside who was invited."""
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def ended_by(status: ResponseStatus) -> tuple[InvitationState, EndReason | None]:
    """What an invitation becomes whose response is of a status.

    Whoever is screened out, or comes when there are enough of their kind, does not belong to whom it is for.
    """
    return _BECAME.get(status, (_S.COMPLETED, None))


_BECAME: Final[dict[ResponseStatus, tuple[InvitationState, EndReason | None]]] = {
    ResponseStatus.PARTIAL: (_S.PARTIAL, None),
    ResponseStatus.SCREENED_OUT: (_S.INELIGIBLE, EndReason.SCREENED_OUT),
    ResponseStatus.OVER_QUOTA: (_S.INELIGIBLE, EndReason.OVER_QUOTA),
}
