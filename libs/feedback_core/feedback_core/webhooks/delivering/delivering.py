"""From a queue to its receiver: a batch at a time, in order, and what became of it in one transaction."""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from feedback_core.db.session import Database, Session
from feedback_core.events.types import Event, EventKind
from feedback_core.events.use_cases import record_event
from feedback_core.kit.clock import Clock
from feedback_core.kit.ids import new_id
from feedback_core.kit.sealing import Seal
from feedback_core.kit.settings import WebhookSettings
from feedback_core.webhooks.calc import FAILURES_TO_REST, RETRIED, failures_after, next_attempt, rest_after
from feedback_core.webhooks.delivering.sending import Sender
from feedback_core.webhooks.messages import message_of
from feedback_core.webhooks.queries import endpoints, queues
from feedback_core.webhooks.queries.queues import Claim, Due, Queue, Tried
from feedback_core.webhooks.types import Answer, AttemptOutcome, PauseReason, Webhook, WebhookState

BATCH: Final = 200
BATCH_SECONDS: Final = 2.0
"""After that long nothing more of a batch is begun, so that what was delivered is soon written down."""

_GRACE: Final = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Sent:
    """A delivery that was tried, and how that ended."""

    due: Due
    at: datetime
    answer: Answer


@dataclass(frozen=True, slots=True)
class Deliverer:
    """Delivers what is due in queues.

    Attributes:
        database: the worker's.
        clock: the worker's.
        seal: opens secrets.
        settings: time limits.
        threads: where requests wait for receivers; as many as queues are worked on at once.
        note: is told of every attempt.
    """

    database: Database
    clock: Clock
    seal: Seal
    settings: WebhookSettings
    threads: Executor
    note: Callable[[Sent], None] = lambda _: None
    senders: set[Sender] = field(default_factory=set)

    async def claim(self, most: int) -> list[Claim]:
        """Take up to ``most`` queues in which something is due."""
        now = self.clock.now()
        lease = timedelta(seconds=self.settings.timeout_seconds + BATCH_SECONDS) + _GRACE
        async with self.database.system() as system:
            return await queues.claim_queues(system, token=new_id(), now=now, lease_until=now + lease, most=most)

    async def deliver(self, claim: Claim) -> int:
        """Deliver the next batch of a claimed queue, and give it back; how many were tried.

        What was sent and not written down, because the process ended in between, is sent again, with the same id.
        """
        async with self.database.tenant(claim.organisation_id) as session:
            queue = await queues.queue_of(session, claim)
            webhook = await endpoints.webhook_by_id(session, claim.organisation_id, claim.webhook_id)
            if queue is None or webhook is None:
                return 0
            secrets, batch = await self._next(session, claim, queue, webhook)
        loop = asyncio.get_running_loop()
        sent = await loop.run_in_executor(self.threads, self._send, claim, webhook, secrets, batch, queue.failures)
        async with self.database.tenant(claim.organisation_id) as session:
            await self._settle(session, claim, sent)
        for one in sent:
            self.note(one)
        return len(sent)

    def cut(self) -> None:
        """End what is being sent: the process is about to."""
        for sender in tuple(self.senders):
            sender.cut()

    async def _next(
        self, session: Session, claim: Claim, queue: Queue, webhook: Webhook
    ) -> tuple[list[str], list[Due]]:
        now = self.clock.now()
        sealed = await endpoints.sealed_secrets(session, claim.organisation_id, claim.webhook_id, at=now)
        if webhook.state is not WebhookState.ACTIVE or not sealed:
            return [], []
        # A receiver that was left alone gets one delivery, which shows whether it is there again.
        is_probe = queue.resting_until is not None
        most = 1 if is_probe else BATCH
        batch = await queues.due_deliveries(session, claim, now=now, most=most, any_time=is_probe)
        return [self.seal.open(secret.sealed).decode() for secret in sealed], batch

    def _send(
        self, claim: Claim, webhook: Webhook, secrets: Sequence[str], batch: Sequence[Due], failures: int
    ) -> list[Sent]:
        sent: list[Sent] = []
        failed: set[str] = set()
        begun = time.monotonic()
        if not batch:
            return sent
        with Sender(webhook.url, self.settings, self.clock) as sender:
            self.senders.add(sender)
            try:
                for due in batch:
                    if due.subject in failed:
                        continue
                    at = self.clock.now()
                    message = message_of(due.event, claim.organisation_id, webhook.format, secrets, at=at)
                    answer = sender.send(message)
                    if sender.was_cut_short:
                        break
                    sent.append(Sent(due, at, answer))
                    failures = failures_after(failures, answer.outcome)
                    if answer.outcome is not AttemptOutcome.DELIVERED:
                        failed.add(due.subject)
                    if _is_over(claim, answer, failures) or time.monotonic() - begun > BATCH_SECONDS:
                        break
            finally:
                self.senders.discard(sender)
        return sent

    async def _settle(self, session: Session, claim: Claim, sent: Sequence[Sent]) -> None:
        queue = await queues.queue_of(session, claim, hold=True)
        if queue is None:
            return
        now = self.clock.now()
        # Deliveries that nobody tried change nothing of how the receiver does.
        after, delivered = queue, []
        for one in sent:
            after = _after(claim, after, one, now)
            if one.answer.outcome is AttemptOutcome.DELIVERED:
                delivered.append(one.due.event.id)
            else:
                await self._note_failed(session, claim, one, now)
        if sent:
            await queues.note_attempts(session, claim, [_tried(one) for one in sent])
        if delivered:
            await queues.note_delivered(session, claim, delivered, now=now)
            if queue.failures >= FAILURES_TO_REST:
                await queues.bring_forward(session, claim, now=now)
        await self._pause_if_hopeless(session, claim, after, sent, now)
        await queues.give_back(session, claim, after, delivered_at=now if delivered else None, now=now)

    async def _note_failed(self, session: Session, claim: Claim, one: Sent, now: datetime) -> None:
        due, answer = one.due, one.answer
        was_due = due.next_attempt_at <= one.at
        step = due.step + 1 if was_due else due.step
        retry_at: datetime | None = None
        if answer.outcome in RETRIED:
            retry_at = (
                next_attempt(due.event.id, step, now, retry_after=answer.retry_after)
                if was_due
                else due.next_attempt_at
            )
        await queues.note_failed(session, claim, due, step=step, retry_at=retry_at, now=now)

    async def _pause_if_hopeless(
        self, session: Session, claim: Claim, queue: Queue, sent: Sequence[Sent], now: datetime
    ) -> None:
        reason = None
        if any(one.answer.outcome is AttemptOutcome.GONE for one in sent):
            reason = PauseReason.GONE
        elif queue.failing_since and now - queue.failing_since >= timedelta(hours=self.settings.pause_after_hours):
            reason = PauseReason.FAILING
        if reason is None:
            return
        current = await endpoints.webhook_by_id(session, claim.organisation_id, claim.webhook_id, for_update=True)
        if current is None or current.state is not WebhookState.ACTIVE:
            return
        paused = replace(current, state=WebhookState.PAUSED, pause_reason=reason, state_since=now)
        await endpoints.update_webhook(session, claim.organisation_id, paused)
        data = {"reason": reason.value, "pending": current.pending}
        event = Event(EventKind.WEBHOOK_PAUSED, claim.webhook_id, data)
        await record_event(session, claim.organisation_id, event, clock=self.clock)


def _is_over(claim: Claim, answer: Answer, failures: int) -> bool:
    """Whether the receiver is to be left alone before anything else is sent."""
    if answer.outcome is AttemptOutcome.DELIVERED:
        return False
    return answer.outcome is AttemptOutcome.GONE or bool(
        rest_after(claim.webhook_id, failures, retry_after=answer.retry_after)
    )


def _after(claim: Claim, queue: Queue, one: Sent, now: datetime) -> Queue:
    failures = failures_after(queue.failures, one.answer.outcome)
    if not failures:
        return Queue(0, None, None)
    rest = rest_after(claim.webhook_id, failures, retry_after=one.answer.retry_after)
    return Queue(failures, queue.failing_since or one.at, now + rest if rest else None)


def _tried(one: Sent) -> Tried:
    answer = one.answer
    return Tried(
        event_id=one.due.event.id,
        number=one.due.attempts + 1,
        at=one.at,
        outcome=answer.outcome,
        status=answer.status,
        detail=answer.detail,
        snippet=answer.snippet,
        milliseconds=round(answer.seconds * 1000),
    )
