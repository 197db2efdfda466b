"""From a queue to its receiver: a batch at a time, in order.

Queues of an organisation that are worked on at the same time are read in one transaction, and so is written down what
became of them: a transaction for each would cost more than the messages.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final
from uuid import UUID

from standardwebhooks import Webhook as Signer

from feedback_core.db.group_commit import GroupCommit, QueueLimits
from feedback_core.db.session import Database, Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.ids import new_id
from feedback_core.kit.sealing import Seal
from feedback_core.kit.settings import WebhookSettings
from feedback_core.webhooks.calc import failures_after, rest_after
from feedback_core.webhooks.delivering.sending import Sender
from feedback_core.webhooks.delivering.settling import Done, Sent, settle
from feedback_core.webhooks.messages import message_of, signers_of
from feedback_core.webhooks.queries import claims
from feedback_core.webhooks.queries.claims import Claim, Claimed, Due
from feedback_core.webhooks.types import Answer, AttemptOutcome

BATCH: Final = 200
BATCH_SECONDS: Final = 2.0
"""After that long nothing more of a batch is begun, so that what was delivered is soon written down."""

_GRACE: Final = timedelta(seconds=10)

# No more than what is worked on at once waits to be read or written.
_TOGETHER: Final = QueueLimits(items=2_000, group=64)


@dataclass(frozen=True, slots=True)
class Batch:
    """A queue that is worked on, what signs for it, and what is due in it."""

    claimed: Claimed
    signers: Sequence[Signer]
    due: Sequence[Due]


class Deliverer:
    """Delivers what is due in queues."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        seal: Seal,
        settings: WebhookSettings,
        threads: Executor,
        note: Callable[[Sent], None] = lambda _: None,
    ) -> None:
        """Nothing runs yet.

        Args:
            database: the worker's.
            clock: the worker's.
            seal: opens secrets.
            settings: time limits.
            threads: where requests wait for receivers; as many as queues are worked on at once.
            note: is told of every attempt.
        """
        self._database = database
        self._clock = clock
        self._seal = seal
        self._settings = settings
        self._threads = threads
        self._note = note
        self._reading: GroupCommit[Claim, Batch | None] = GroupCommit(database, self._batches, _TOGETHER)
        pause_after = timedelta(hours=settings.pause_after_hours)
        written = partial(settle, pause_after=pause_after, clock=clock)
        self._writing: GroupCommit[Done, None] = GroupCommit(database, written, _TOGETHER)
        self._sending: set[Sender] = set()
        self._idle: dict[UUID, Sender] = {}
        self._is_closed = False

    async def claim(self, most: int) -> list[Claim]:
        """Take up to ``most`` queues in which something is due."""
        self._close_idle()
        now = self._clock.now()
        lease = timedelta(seconds=self._settings.timeout_seconds + BATCH_SECONDS) + _GRACE
        async with self._database.system() as system:
            return await claims.claim_queues(system, token=new_id(), now=now, lease_until=now + lease, most=most)

    async def deliver(self, claim: Claim) -> int:
        """Deliver the next batch of a claimed queue, and give it back; how many were tried.

        What was sent and not written down, because the process ended in between, is sent again, with the same id.
        """
        batch = await self._reading.put(claim.organisation_id, claim)
        if batch is None:
            return 0
        loop = asyncio.get_running_loop()
        sent = await loop.run_in_executor(self._threads, self._send, batch)
        await self._writing.put(claim.organisation_id, Done(claim, sent))
        for one in sent:
            self._note(one)
        return len(sent)

    def cut(self) -> None:
        """End what is being sent: the process is about to."""
        for sender in tuple(self._sending):
            sender.cut()

    async def close(self) -> None:
        """Return once everything is written down; no connection is kept, nor will one be."""
        self._is_closed = True
        await self._reading.close()
        await self._writing.close()
        self._close_idle(every=True)

    async def _batches(self, session: Session, organisation_id: UUID, of: Sequence[Claim]) -> list[Batch | None]:
        now = self._clock.now()
        claimed = await claims.claimed_queues(session, organisation_id, of, now=now)
        # A receiver that was left alone gets one delivery, which shows whether it is there again.
        most = {
            webhook_id: (1, True) if each.queue.resting_until is not None else (BATCH, False)
            for webhook_id, each in claimed.items()
            if each.delivers and each.sealed
        }
        due = await claims.due_deliveries(session, organisation_id, most, now=now) if most else {}
        found = [claimed.get(claim.webhook_id) for claim in of]
        return [None if each is None else self._batch(each, due.get(each.claim.webhook_id, ())) for each in found]

    def _batch(self, claimed: Claimed, due: Sequence[Due]) -> Batch:
        secrets = [self._seal.open(sealed).decode() for sealed in claimed.sealed] if due else []
        return Batch(claimed, signers_of(secrets), due)

    def _send(self, batch: Batch) -> list[Sent]:
        if not batch.due:
            return []
        sender = self._sender(batch.claimed)
        self._sending.add(sender)
        try:
            return self._sent(batch, sender)
        finally:
            self._sending.discard(sender)
            if sender.is_worth_keeping and not sender.was_cut_short:
                self._keep(batch.claimed.claim.webhook_id, sender)
            else:
                sender.close()

    def _sent(self, batch: Batch, sender: Sender) -> list[Sent]:
        sent: list[Sent] = []
        failed: set[str] = set()
        claim, failures, begun = batch.claimed.claim, batch.claimed.queue.failures, time.monotonic()
        for due in batch.due:
            if due.subject in failed:
                continue
            at = self._clock.now()
            message = message_of(due.event, claim.organisation_id, batch.claimed.format, batch.signers, at=at)
            answer = sender.send(message)
            if sender.was_cut_short:
                break
            sent.append(Sent(due, at, answer))
            failures = failures_after(failures, answer.outcome)
            if answer.outcome is not AttemptOutcome.DELIVERED:
                failed.add(due.subject)
            if _is_over(claim, answer, failures) or time.monotonic() - begun > BATCH_SECONDS:
                break
        return sent

    def _sender(self, claimed: Claimed) -> Sender:
        """The one whose connection is kept, if its webhook still leads where it did."""
        kept = self._idle.pop(claimed.claim.webhook_id, None)
        if kept is not None and kept.url == claimed.url:
            return kept
        if kept is not None:
            kept.close()
        return Sender(claimed.url, self._settings, self._clock)

    def _keep(self, webhook_id: UUID, sender: Sender) -> None:
        self._idle[webhook_id] = sender
        if self._is_closed:
            # It has ended while this thread was sending.
            self._close_idle(every=True)

    def _close_idle(self, *, every: bool = False) -> None:
        for webhook_id, sender in tuple(self._idle.items()):
            # Whoever takes it out has it: a thread may do so at the same time.
            if (every or not sender.is_worth_keeping) and self._idle.pop(webhook_id, None) is sender:
                sender.close()


def _is_over(claim: Claim, answer: Answer, failures: int) -> bool:
    """Whether the receiver is to be left alone before anything else is sent."""
    if answer.outcome is AttemptOutcome.DELIVERED:
        return False
    return answer.outcome is AttemptOutcome.GONE or bool(
        rest_after(claim.webhook_id, failures, retry_after=answer.retry_after)
    )
