"""SQL of endpoints and their secrets."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, delete, func, insert, or_, select, text, update

from feedback_core.db.session import Session
from feedback_core.webhooks.tables import webhook, webhook_delivery, webhook_queue, webhook_secret
from feedback_core.webhooks.types import PauseReason, Webhook, WebhookFormat, WebhookSecret, WebhookState


@dataclass(frozen=True, slots=True)
class SealedSecret:
    """A secret as it is stored."""

    id: UUID
    sealed: bytes = field(repr=False)
    expires_at: datetime | None


async def hold_webhooks(session: Session, organisation_id: UUID) -> None:
    """Until the transaction ends, nobody else adds a webhook here."""
    statement = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
    await session.execute(statement, {"name": f"webhooks {organisation_id}"})


async def count_webhooks(session: Session, organisation_id: UUID) -> int:
    """Webhooks that are not retired."""
    found = await session.execute(
        select(func.count())
        .select_from(webhook)
        .where(webhook.c.organisation_id == organisation_id, webhook.c.state != WebhookState.RETIRED.value)
    )
    return int(found.scalar_one())


async def add_webhook(session: Session, organisation_id: UUID, row: Webhook) -> None:
    """A new webhook with an empty queue."""
    await session.execute(
        insert(webhook).values(
            organisation_id=organisation_id,
            id=row.id,
            url=row.url,
            description=row.description,
            kinds=list(row.kinds),
            format=row.format.value,
            state=row.state.value,
            pause_reason=row.pause_reason,
            state_since=row.state_since,
            created_by=row.created_by,
            created_at=row.created_at,
        )
    )
    await session.execute(insert(webhook_queue).values(organisation_id=organisation_id, webhook_id=row.id))


async def webhook_by_id(
    session: Session, organisation_id: UUID, webhook_id: UUID, *, for_update: bool = False
) -> Webhook | None:
    """A webhook, retired or not; with ``for_update`` nobody else changes it or its queue until the transaction ends."""
    if for_update:
        # First the queue, as whoever delivers does.
        await hold_queue(session, organisation_id, webhook_id)
        held = select(webhook.c.id).where(webhook.c.organisation_id == organisation_id, webhook.c.id == webhook_id)
        await session.execute(held.with_for_update())
    row = (await session.execute(_webhooks(organisation_id).where(webhook.c.id == webhook_id))).one_or_none()
    return None if row is None else _webhook(row)


async def hold_queue(session: Session, organisation_id: UUID, webhook_id: UUID) -> None:
    """Until the transaction ends, nobody else adds to a queue or settles what is in it."""
    await session.execute(
        select(webhook_queue.c.webhook_id)
        .where(webhook_queue.c.organisation_id == organisation_id, webhook_queue.c.webhook_id == webhook_id)
        .with_for_update()
    )


async def webhooks_before(
    session: Session, organisation_id: UUID, *, state: WebhookState | None, before: UUID | None, limit: int
) -> list[Webhook]:
    """Webhooks, newest first; retired ones only if they are asked for."""
    statement = _webhooks(organisation_id)
    statement = statement.where(
        webhook.c.state != WebhookState.RETIRED.value if state is None else webhook.c.state == state.value
    )
    if before is not None:
        statement = statement.where(webhook.c.id < before)
    rows = await session.execute(statement.order_by(webhook.c.id.desc()).limit(limit))
    return [_webhook(row) for row in rows]


async def listening(session: Session, organisation_id: UUID) -> list[tuple[UUID, tuple[str, ...]]]:
    """Webhooks that are told of events, now or once they are active again, and what they ask for.

    In the order in which their queues are held.
    """
    rows = await session.execute(
        select(webhook.c.id, webhook.c.kinds)
        .where(webhook.c.organisation_id == organisation_id, webhook.c.state != WebhookState.RETIRED.value)
        .order_by(webhook.c.id)
    )
    return [(row.id, tuple(row.kinds)) for row in rows]


async def update_webhook(session: Session, organisation_id: UUID, row: Webhook) -> None:
    """New settings; the revision counts up."""
    await session.execute(
        update(webhook)
        .where(webhook.c.organisation_id == organisation_id, webhook.c.id == row.id)
        .values(
            url=row.url,
            description=row.description,
            kinds=list(row.kinds),
            format=row.format.value,
            state=row.state.value,
            pause_reason=row.pause_reason,
            state_since=row.state_since,
            revision=webhook.c.revision + 1,
        )
    )


async def add_secret(
    session: Session, organisation_id: UUID, webhook_id: UUID, row: WebhookSecret, sealed: bytes
) -> None:
    """Another secret of a webhook."""
    await session.execute(
        insert(webhook_secret).values(
            organisation_id=organisation_id,
            id=row.id,
            webhook_id=webhook_id,
            sealed=sealed,
            hint=row.hint,
            created_at=row.created_at,
            expires_at=row.expires_at,
        )
    )


async def secrets_of(session: Session, organisation_id: UUID, webhook_id: UUID) -> list[WebhookSecret]:
    """Secrets of a webhook, newest first, expired ones included."""
    rows = await session.execute(
        select(webhook_secret)
        .where(webhook_secret.c.organisation_id == organisation_id, webhook_secret.c.webhook_id == webhook_id)
        .order_by(webhook_secret.c.id.desc())
    )
    return [WebhookSecret(row.id, row.hint, row.created_at, row.expires_at) for row in rows]


async def sealed_secrets(
    session: Session, organisation_id: UUID, webhook_id: UUID, *, at: datetime
) -> list[SealedSecret]:
    """What the deliveries of a webhook are signed with at an instant, newest first."""
    rows = await session.execute(
        select(webhook_secret)
        .where(
            webhook_secret.c.organisation_id == organisation_id,
            webhook_secret.c.webhook_id == webhook_id,
            or_(webhook_secret.c.expires_at.is_(None), webhook_secret.c.expires_at > at),
        )
        .order_by(webhook_secret.c.id.desc())
    )
    return [SealedSecret(row.id, bytes(row.sealed), row.expires_at) for row in rows]


async def expire_secrets(session: Session, organisation_id: UUID, webhook_id: UUID, *, at: datetime) -> None:
    """Have every secret of a webhook that would be valid longer expire then."""
    await session.execute(
        update(webhook_secret)
        .where(
            webhook_secret.c.organisation_id == organisation_id,
            webhook_secret.c.webhook_id == webhook_id,
            or_(webhook_secret.c.expires_at.is_(None), webhook_secret.c.expires_at > at),
        )
        .values(expires_at=at)
    )


async def delete_secrets(
    session: Session, organisation_id: UUID, webhook_id: UUID, secret_id: UUID | None = None
) -> bool:
    """Delete one secret of a webhook, or all; false if there was none."""
    statement = delete(webhook_secret).where(
        webhook_secret.c.organisation_id == organisation_id, webhook_secret.c.webhook_id == webhook_id
    )
    if secret_id is not None:
        statement = statement.where(webhook_secret.c.id == secret_id)
    return (await session.execute(statement)).rowcount > 0


def _webhooks(organisation_id: UUID) -> Select[Any]:
    pending = (
        select(func.count())
        .select_from(webhook_delivery)
        .where(
            webhook_delivery.c.organisation_id == webhook.c.organisation_id,
            webhook_delivery.c.webhook_id == webhook.c.id,
            webhook_delivery.c.state == text("'pending'"),
        )
        .scalar_subquery()
    )
    queue = webhook_queue.c
    return (
        select(
            webhook,
            queue.failures,
            queue.failing_since,
            queue.resting_until,
            queue.last_delivered_at,
            pending.label("pending"),
        )
        .join(
            webhook_queue,
            and_(queue.organisation_id == webhook.c.organisation_id, queue.webhook_id == webhook.c.id),
        )
        .where(webhook.c.organisation_id == organisation_id)
    )


def _webhook(row: Row[Any]) -> Webhook:
    return Webhook(
        id=row.id,
        url=row.url,
        description=row.description,
        kinds=tuple(row.kinds),
        format=WebhookFormat(row.format),
        state=WebhookState(row.state),
        pause_reason=None if row.pause_reason is None else PauseReason(row.pause_reason),
        state_since=row.state_since,
        created_by=row.created_by,
        created_at=row.created_at,
        revision=row.revision,
        failures=row.failures,
        failing_since=row.failing_since,
        resting_until=row.resting_until,
        last_delivered_at=row.last_delivered_at,
        pending=row.pending,
    )
