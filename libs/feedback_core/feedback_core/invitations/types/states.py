"""Where an invitation stands, what can happen to it, and what follows."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from feedback_core.kit.errors import Conflict


class InvitationState(StrEnum):
    """Where an invitation stands.

    ``created``: nothing was sent. ``sent``: handed over to whoever carries it. ``delivered``: it arrived, as they say.
    ``opened``: the message or its link was. ``started``: an answer was begun. ``completed``: answered to the end.
    ``partial``: answered in part, and no more comes. ``refused``: they said no to this one. ``opted_out``: they do not
    want to be asked at all. ``bounced``: it cannot arrive. ``ineligible``: they do not belong to whom it is for.
    ``expired``: its time is over without an answer. ``cancelled``: the organisation took it back.
    """

    CREATED = "created"
    SENT = "sent"
    DELIVERED = "delivered"
    OPENED = "opened"
    STARTED = "started"
    COMPLETED = "completed"
    PARTIAL = "partial"
    REFUSED = "refused"
    OPTED_OUT = "opted_out"
    BOUNCED = "bounced"
    INELIGIBLE = "ineligible"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class EndReason(StrEnum):
    """Why an invitation ended as it did, where its state does not say it."""

    NO_ADDRESS = "no_address"
    ADDRESS_REFUSED = "address_refused"
    UNDELIVERABLE = "undeliverable"
    COMPLAINT = "complaint"
    LINK = "link"
    UNSUBSCRIBE = "unsubscribe"
    NOTED = "noted"
    OPTED_OUT_BEFORE = "opted_out_before"
    ERASED = "erased"
    BATCH_CANCELLED = "batch_cancelled"
    SCREENED_OUT = "screened_out"
    OVER_QUOTA = "over_quota"


_S = InvitationState

PROGRESS: Final = (_S.CREATED, _S.SENT, _S.DELIVERED, _S.OPENED, _S.STARTED)
"""On the way, in this order; some may be passed over, and what is told late changes no state."""

ENDED: Final = frozenset(set(_S) - set(PROGRESS) - {_S.BOUNCED})
"""Nothing follows. What bounced may still be answered: the link was handed on, or comes by another way."""

_OUTCOMES: Final = frozenset(
    {_S.COMPLETED, _S.PARTIAL, _S.REFUSED, _S.OPTED_OUT, _S.INELIGIBLE, _S.EXPIRED, _S.CANCELLED}
)

MOVES: Final[Mapping[InvitationState, frozenset[InvitationState]]] = {
    **{
        state: frozenset(PROGRESS[place + 1 :]) | _OUTCOMES | ({_S.BOUNCED} if state is not _S.STARTED else frozenset())
        for place, state in enumerate(PROGRESS)
    },
    _S.BOUNCED: frozenset({_S.STARTED, _S.COMPLETED, _S.PARTIAL, _S.REFUSED, _S.OPTED_OUT, _S.INELIGIBLE}),
    **dict.fromkeys(ENDED, frozenset()),
}
"""What each state may become; everything else is refused."""


class InvitationEnded(Conflict):
    """The invitation has ended: it was answered, taken back, refused, or its time is over."""

    code = "invitation_ended"


def may_become(state: InvitationState, other: InvitationState) -> bool:
    """Whether the one may follow the other."""
    return other in MOVES[state]


def is_late(state: InvitationState, happening: InvitationState) -> bool:
    """Whether something is told that lies behind already: it is noted, and changes no state."""
    if happening not in PROGRESS:
        return False
    return state not in PROGRESS or PROGRESS.index(happening) <= PROGRESS.index(state)
