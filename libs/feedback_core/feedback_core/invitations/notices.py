"""What providers say of messages: that they arrived, were opened, came back, or were complained of."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.inbound.types import SourceOptions
from feedback_core.inbound.verification.requests import Headers, Refused, Secret, WebhookRequest
from feedback_core.inbound.verification.standard import decoded, verify
from feedback_core.invitations.letters import named_by
from feedback_core.invitations.queries.invitations import invitation_by_id
from feedback_core.invitations.types.states import EndReason, InvitationState
from feedback_core.invitations.use_cases.answering import opt_out
from feedback_core.invitations.use_cases.moving import Happened, move
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Unauthenticated
from feedback_core.kit.settings import InvitationSettings
from feedback_core.sampling.vault import ContactVault

BY: Final = "provider"
_NO_ID: Final = UUID(int=0)


class NoticeKind(StrEnum):
    """What became of a message. ``deferred`` is of no consequence: whoever carries it tries again."""

    DELIVERED = "delivered"
    OPENED = "opened"
    BOUNCED = "bounced"
    DEFERRED = "deferred"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"


@dataclass(frozen=True, slots=True)
class Notice:
    """What became of one message.

    Attributes:
        message_id: the Message-ID of the mail, or the id that the gateway was given.
        at: ``None``: now.
    """

    message_id: str
    kind: NoticeKind
    at: datetime | None = None


def check_signature(headers: Headers, body: bytes, settings: InvitationSettings, now: datetime) -> None:
    """Whether somebody who knows a secret has signed what came, just now (Standard Webhooks).

    Raises:
        Unauthenticated: nobody has; no secret is set.
    """
    kept = settings.notice_secrets.get_secret_value().split(",") if settings.notice_secrets is not None else []
    secrets = [Secret(_NO_ID, each.strip()) for each in kept if decoded(each.strip()) is not None]
    try:
        verify(WebhookRequest("POST", headers, body, now), secrets, SourceOptions())
    except Refused:
        raise Unauthenticated("This is not signed by anybody who is known here.") from None


def by_organisation(notices: Sequence[Notice]) -> dict[UUID, list[tuple[UUID, Notice]]]:
    """Notices by organisation, with their invitation; those of messages that were not sent from here are left out."""
    found: dict[UUID, list[tuple[UUID, Notice]]] = defaultdict(list)
    for notice in notices:
        named = named_by(notice.message_id)
        if named is not None:
            found[named[0]].append((named[1], notice))
    return found


async def take_notices(
    session: Session,
    organisation_id: UUID,
    notices: Sequence[tuple[UUID, Notice]],
    *,
    vault: ContactVault,
    clock: Clock,
) -> int:
    """Note what became of messages, in the order of the invitations; of how many something was new."""
    changed = 0
    for invitation_id, notice in sorted(notices, key=lambda each: each[0]):
        changed += await _take(session, organisation_id, invitation_id, notice, vault=vault, clock=clock)
    return changed


async def _take(
    session: Session, organisation_id: UUID, invitation_id: UUID, notice: Notice, *, vault: ContactVault, clock: Clock
) -> bool:
    found = await invitation_by_id(session, organisation_id, invitation_id, hold=True)
    if found is None or notice.kind is NoticeKind.DEFERRED:
        return False
    if notice.kind in _OPT_OUTS:
        before = found.state
        await opt_out(
            session, organisation_id, invitation_id, reason=_OPT_OUTS[notice.kind], by=BY, vault=vault, clock=clock
        )
        return before is not InvitationState.OPTED_OUT
    now = clock.now()
    # What a provider's clock says is believed within reason: nothing arrives before it was made, or later than now.
    at = now if notice.at is None else min(max(notice.at, found.created_at), now)
    state, reason = _MOVES[notice.kind]
    return bool(await move(session, organisation_id, [Happened(found, state, reason)], by=BY, at=at))


_OPT_OUTS: Final = {NoticeKind.COMPLAINED: EndReason.COMPLAINT, NoticeKind.UNSUBSCRIBED: EndReason.UNSUBSCRIBE}
_MOVES: Final[dict[NoticeKind, tuple[InvitationState, EndReason | None]]] = {
    NoticeKind.DELIVERED: (InvitationState.DELIVERED, None),
    NoticeKind.OPENED: (InvitationState.OPENED, None),
    NoticeKind.BOUNCED: (InvitationState.BOUNCED, EndReason.UNDELIVERABLE),
}
