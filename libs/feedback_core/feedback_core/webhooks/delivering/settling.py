"""What became of deliveries, written down: of all queues of an organisation that are done meanwhile, at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.events.types import Event, EventKind
from feedback_core.events.use_cases import record_events
from feedback_core.kit.clock import Clock
from feedback_core.webhooks.calc import FAILURES_TO_REST, RETRIED, failures_after, next_attempt, rest_after
from feedback_core.webhooks.queries import claims, endpoints
from feedback_core.webhooks.queries.claims import Claim, Due, Failed, GivenBack, Queue, Tried
from feedback_core.webhooks.types import Answer, AttemptOutcome, PauseReason, WebhookState


@dataclass(frozen=True, slots=True)
class Sent:
    """A delivery that was tried, and how that ended."""

    due: Due
    at: datetime
    answer: Answer

    @property
    def is_taken(self) -> bool:
        """Whether the receiver took it."""
        return self.answer.outcome is AttemptOutcome.DELIVERED


@dataclass(frozen=True, slots=True)
class Done:
    """A queue that was worked on, and what was tried of it, in order."""

    claim: Claim
    sent: Sequence[Sent]


async def settle(
    session: Session, organisation_id: UUID, done: Sequence[Done], *, pause_after: timedelta, clock: Clock
) -> list[None]:
    """Write down what became of deliveries, and give their queues back; what another courier works on now stays its.

    Args:
        session: bound to the organisation.
        organisation_id: whose queues these are.
        done: each queue once.
        pause_after: a webhook of which nothing was taken for so long is paused.
        clock: says when this is.
    """
    held = await claims.held_queues(session, organisation_id, [each.claim for each in done])
    ours = {each.claim.webhook_id: each.sent for each in done if each.claim.webhook_id in held}
    now = clock.now()
    # Deliveries that nobody tried change nothing of how a receiver does.
    after = {webhook_id: _after(webhook_id, held[webhook_id], sent, now) for webhook_id, sent in ours.items()}
    await _note(session, organisation_id, ours, now)
    recovered = [
        webhook_id
        for webhook_id, sent in ours.items()
        if held[webhook_id].failures >= FAILURES_TO_REST and any(one.is_taken for one in sent)
    ]
    if recovered:
        await claims.bring_forward(session, organisation_id, recovered, now=now)
    hopeless = {
        webhook_id: reason
        for webhook_id, sent in ours.items()
        if (reason := _hopeless(after[webhook_id], sent, now - pause_after)) is not None
    }
    await _pause(session, organisation_id, hopeless, clock)
    given_back = [
        GivenBack(webhook_id, after[webhook_id], now if any(one.is_taken for one in sent) else None)
        for webhook_id, sent in ours.items()
    ]
    await claims.give_back(session, organisation_id, given_back, now=now)
    return [None] * len(done)


async def _note(session: Session, organisation_id: UUID, ours: Mapping[UUID, Sequence[Sent]], now: datetime) -> None:
    tried = [_tried(webhook_id, one) for webhook_id, sent in ours.items() for one in sent]
    taken = [(webhook_id, one.due.event.id) for webhook_id, sent in ours.items() for one in sent if one.is_taken]
    failed = [_failed(webhook_id, one, now) for webhook_id, sent in ours.items() for one in sent if not one.is_taken]
    if tried:
        await claims.note_attempts(session, organisation_id, tried)
    if taken:
        await claims.note_delivered(session, organisation_id, taken, now=now)
    if failed:
        await claims.note_failed(session, organisation_id, failed, now=now)


async def _pause(session: Session, organisation_id: UUID, hopeless: Mapping[UUID, PauseReason], clock: Clock) -> None:
    events = []
    for webhook_id, reason in sorted(hopeless.items()):
        current = await endpoints.webhook_by_id(session, organisation_id, webhook_id, for_update=True)
        if current is None or current.state is not WebhookState.ACTIVE:
            continue
        paused = replace(current, state=WebhookState.PAUSED, pause_reason=reason, state_since=clock.now())
        await endpoints.update_webhook(session, organisation_id, paused)
        data = {"reason": reason.value, "pending": current.pending}
        events.append(Event(EventKind.WEBHOOK_PAUSED, webhook_id, data))
    await record_events(session, organisation_id, events, clock=clock)


def _after(webhook_id: UUID, queue: Queue, sent: Sequence[Sent], now: datetime) -> Queue:
    for one in sent:
        failures = failures_after(queue.failures, one.answer.outcome)
        if failures:
            rest = rest_after(webhook_id, failures, retry_after=one.answer.retry_after)
            queue = Queue(failures, queue.failing_since or one.at, now + rest if rest else None)
        else:
            queue = Queue(0, None, None)
    return queue


def _hopeless(queue: Queue, sent: Sequence[Sent], before: datetime) -> PauseReason | None:
    if any(one.answer.outcome is AttemptOutcome.GONE for one in sent):
        return PauseReason.GONE
    return PauseReason.FAILING if queue.failing_since and queue.failing_since <= before else None


def _failed(webhook_id: UUID, one: Sent, now: datetime) -> Failed:
    due, answer = one.due, one.answer
    was_due = due.next_attempt_at <= one.at
    step = due.step + 1 if was_due else due.step
    retry_at: datetime | None = None
    if answer.outcome in RETRIED:
        retry_at = (
            next_attempt(due.event.id, step, now, retry_after=answer.retry_after) if was_due else due.next_attempt_at
        )
    return Failed(webhook_id, due.event.id, due.subject, step, retry_at)


def _tried(webhook_id: UUID, one: Sent) -> Tried:
    answer = one.answer
    return Tried(
        webhook_id=webhook_id,
        event_id=one.due.event.id,
        number=one.due.attempts + 1,
        at=one.at,
        outcome=answer.outcome,
        status=answer.status,
        detail=answer.detail,
        snippet=answer.snippet,
        milliseconds=round(answer.seconds * 1000),
    )
