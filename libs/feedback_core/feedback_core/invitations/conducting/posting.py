"""Sending what is due: in groups, never faster than the batch says, and not at all in quiet hours."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from feedback_core.db.session import Session
from feedback_core.invitations.calc.sending_times import is_quiet, next_allowed, next_reminder, wait_after
from feedback_core.invitations.gateway import MessageNotTaken, MessageRefused
from feedback_core.invitations.letters import Letter, Sender, address_of, letter_to
from feedback_core.invitations.links import PersonalLinks
from feedback_core.invitations.queries import batches as batch_queries
from feedback_core.invitations.queries import invitations as queries
from feedback_core.invitations.queries import sending
from feedback_core.invitations.queries.invitations import StepToAdd
from feedback_core.invitations.queries.sending import Due
from feedback_core.invitations.recipients import reached
from feedback_core.invitations.types.batches import Batch, ConductBatch
from feedback_core.invitations.types.invitations import Invitation
from feedback_core.invitations.types.states import EndReason, InvitationState
from feedback_core.invitations.use_cases.moving import Happened, move
from feedback_core.jobs.runs import JobRun
from feedback_core.kit.mail import MailNotTaken, MailRefused
from feedback_core.sampling.vault import ContactVault

AT_ONCE: Final = 10
"""Messages that are handed over at the same time, and noted together: no more are sent twice if a worker dies."""

MOST_ATTEMPTS: Final = 12
"""After so many, over more than a day, a message that is not taken is given up."""

BY: Final = "invitations"
_PACE: Final = timedelta(minutes=1)
_OPEN: Final = frozenset(
    {InvitationState.CREATED, InvitationState.SENT, InvitationState.DELIVERED, InvitationState.OPENED}
)
_WAITING: Final = _OPEN | {InvitationState.STARTED}

Hand = Callable[[Letter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of a message: handed over, or why not; ``later``: it may be taken another time."""

    due: Due
    reason: EndReason | None = None
    later: bool = False


class Posting:
    """Sends the messages of one batch, in one run of its job."""

    def __init__(
        self, run: JobRun[ConductBatch], batch: Batch, sender: Sender, links: PersonalLinks, hand: Hand
    ) -> None:
        self._run = run
        self._batch = batch
        self._sender = sender
        self._links = links
        self._hand = hand
        self._vault = ContactVault.from_settings(run.secrets)

    async def post(self) -> datetime | None:
        """Send what is due; when to go on if the pace, quiet hours or the server hold something back."""
        batch, run = self._batch, self._run
        begun, sent = run.clock.now(), 0
        while sent < batch.settings.per_minute:
            now = run.clock.now()
            if is_quiet(now, batch.settings.quiet, self._sender.zone):
                return next_allowed(now, batch.settings.quiet, self._sender.zone)
            limit = min(AT_ONCE, batch.settings.per_minute - sent)
            async with run.snapshot() as session:
                current = await batch_queries.batch_by_id(session, run.organisation_id, batch.id)
                due = await sending.due_now(session, run.organisation_id, batch.id, now=now, limit=limit)
            if not due or current is None or current.cancelled_at is not None:
                return None
            posted = await asyncio.gather(*(self._one(each) for each in due))
            async with run.transaction() as session:
                await self._note(session, posted)
            sent += len(posted)
            await run.progress(sent, unit="messages")
            if all(each.later for each in posted):
                # The server, not one address: whoever else is due is not tried in vain now.
                return run.clock.now() + _PACE
        return begun + _PACE

    async def _one(self, due: Due) -> Posted:
        """Hand over one message, unless its person does not want to be asked, or cannot be reached."""
        if due.is_opted_out:
            return Posted(due, EndReason.OPTED_OUT_BEFORE)
        if due.contact is None:
            return Posted(due, EndReason.ERASED)
        contact, _ = reached(due, self._vault)
        address = address_of(contact, self._batch.method, self._sender.regions)
        if address is None:
            return Posted(due, EndReason.NO_ADDRESS)
        letter = letter_to(due.invitation, contact, address, self._batch, self._sender, self._links)
        try:
            await self._hand(letter)
        except (MailRefused, MessageRefused):
            return Posted(due, EndReason.ADDRESS_REFUSED)
        except (MailNotTaken, MessageNotTaken):
            return Posted(due, later=True)
        return Posted(due)

    async def _note(self, session: Session, posted: Sequence[Posted]) -> None:
        """What became of each, in the order of their ids, so that two that note never wait for each other."""
        organisation_id, now = self._run.organisation_id, self._run.clock.now()
        by_id = {each.due.invitation.id: each for each in posted}
        held = await queries.invitations_by_id(session, organisation_id, list(by_id), hold=True)
        changed: list[Invitation] = []
        steps: list[StepToAdd] = []
        ended: list[Happened] = []
        first: list[Due] = []
        for invitation in held:
            each = by_id[invitation.id]
            if each.reason is not None:
                ended.append(Happened(invitation, _ENDS[each.reason], each.reason))
            elif each.later and invitation.attempts + 1 >= MOST_ATTEMPTS:
                ended.append(Happened(invitation, InvitationState.BOUNCED, EndReason.UNDELIVERABLE))
            elif each.later:
                attempts = invitation.attempts + 1
                waiting = now + wait_after(attempts) if invitation.next_at is not None else None
                changed.append(replace(invitation, attempts=attempts, next_at=waiting))
                steps.append(StepToAdd(invitation.id, "not_taken", invitation.state, None, BY, now))
            else:
                after = self._sent(invitation, now)
                changed.append(after)
                happening = "reminded" if invitation.messages_sent else InvitationState.SENT.value
                steps.append(StepToAdd(invitation.id, happening, after.state, None, BY, now))
                if not invitation.messages_sent:
                    first.append(each.due)
        await queries.save(session, organisation_id, changed)
        await queries.add_steps(session, organisation_id, steps)
        gone = {each.id for each in await move(session, organisation_id, ended, by=BY, at=now)}
        stuck = [replace(each.invitation, next_at=None) for each in ended if each.invitation.id not in gone]
        await queries.save(session, organisation_id, stuck)
        # Reminders belong to the same asking: contact rules count it once.
        await sending.note_contacted(session, organisation_id, first, at=now)

    def _sent(self, invitation: Invitation, now: datetime) -> Invitation:
        first_sent_at = invitation.sent_at or now
        reminders = invitation.reminders_sent + (1 if invitation.messages_sent else 0)
        due = next_reminder(
            first_sent_at, self._batch.settings.reminders, reminders, expires_at=invitation.expires_at, now=now
        )
        return replace(
            invitation,
            state=InvitationState.SENT if invitation.state is InvitationState.CREATED else invitation.state,
            sent_at=first_sent_at,
            messages_sent=invitation.messages_sent + 1,
            reminders_sent=reminders,
            attempts=0,
            cost=invitation.cost + self._batch.settings.message_cost,
            # Somebody who answered, refused or opted out meanwhile gets nothing more.
            next_at=due if invitation.state in _WAITING else None,
        )


_ENDS: Final = {
    EndReason.OPTED_OUT_BEFORE: InvitationState.OPTED_OUT,
    EndReason.ERASED: InvitationState.CANCELLED,
    EndReason.NO_ADDRESS: InvitationState.BOUNCED,
    EndReason.ADDRESS_REFUSED: InvitationState.BOUNCED,
}
