"""SQL of the delivery log: looking at deliveries, and taking their bodies away."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, bindparam, select, text, tuple_, update

from feedback_core.db.session import Session
from feedback_core.inbound.tables import delivery, delivery_item, source
from feedback_core.inbound.types import (
    Delivery,
    DeliveryFilter,
    DeliveryItem,
    DeliveryReason,
    DeliveryState,
    InboxReason,
    ItemOutcome,
    Preset,
)

_VISIBLE: Final = tuple(column for column in delivery.c if column.name != "body")
_OPEN: Final = (DeliveryState.WAITING.value, DeliveryState.UNMAPPED.value, DeliveryState.FAILED.value)
REDACTED: Final = DeliveryReason(InboxReason.BODY_REDACTED.value, "The body was taken away before it could be read.")


@dataclass(frozen=True, slots=True)
class DeliveryPlace:
    """Where a delivery stands in the log: when it came, and its id."""

    received_at: datetime
    id: UUID


async def deliveries_before(
    session: Session,
    organisation_id: UUID,
    source_id: UUID,
    wanted: DeliveryFilter,
    *,
    before: DeliveryPlace | None,
    limit: int,
) -> list[Delivery]:
    """Deliveries of a source, latest first."""
    statement = select(*_VISIBLE).where(
        delivery.c.organisation_id == organisation_id, delivery.c.source_id == source_id
    )
    if wanted.state is not None:
        statement = statement.where(delivery.c.state == wanted.state.value)
    if wanted.received_from is not None:
        statement = statement.where(delivery.c.received_at >= wanted.received_from)
    if wanted.received_to is not None:
        statement = statement.where(delivery.c.received_at < wanted.received_to)
    if wanted.dedupe_id is not None:
        statement = statement.where(delivery.c.dedupe_id == wanted.dedupe_id)
    if before is not None:
        statement = statement.where(
            tuple_(delivery.c.received_at, delivery.c.id) < tuple_(before.received_at, before.id)
        )
    rows = await session.execute(statement.order_by(delivery.c.received_at.desc(), delivery.c.id.desc()).limit(limit))
    return [_delivery(row) for row in rows]


async def delivery_by_id(
    session: Session, organisation_id: UUID, source_id: UUID, delivery_id: UUID
) -> Delivery | None:
    """A delivery of a source, without its body."""
    statement = select(*_VISIBLE).where(
        delivery.c.organisation_id == organisation_id,
        delivery.c.source_id == source_id,
        delivery.c.id == delivery_id,
    )
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else _delivery(row)


async def sealed_body(session: Session, organisation_id: UUID, delivery_id: UUID) -> bytes | None:
    """The body of a delivery as it is stored; ``None`` once it is redacted, or if there is no such delivery."""
    statement = select(delivery.c.body).where(
        delivery.c.organisation_id == organisation_id, delivery.c.id == delivery_id
    )
    body = (await session.execute(statement)).scalar_one_or_none()
    return None if body is None else bytes(body)


async def items_of_delivery(session: Session, organisation_id: UUID, delivery_id: UUID) -> list[DeliveryItem]:
    """What the parts of a delivery became, in their order."""
    rows = await session.execute(
        select(delivery_item)
        .where(delivery_item.c.organisation_id == organisation_id, delivery_item.c.delivery_id == delivery_id)
        .order_by(delivery_item.c.number)
    )
    return [
        DeliveryItem(
            delivery_id=row.delivery_id,
            number=row.number,
            item_id=row.item_id,
            occurred_at=row.occurred_at,
            outcome=ItemOutcome(row.outcome),
            reason=None if row.reason is None else DeliveryReason(**row.reason),
            response_id=row.response_id,
            mapping_version=row.mapping_version,
            settled_at=row.settled_at,
        )
        for row in rows
    ]


async def redact(session: Session, organisation_id: UUID, delivery_id: UUID, *, at: datetime) -> None:
    """Take the body of a delivery away; what had not been read of it can no longer be."""
    await session.execute(
        update(delivery)
        .where(
            delivery.c.organisation_id == organisation_id,
            delivery.c.id == delivery_id,
            delivery.c.redacted_at.is_(None),
            delivery.c.state.in_(_OPEN),
        )
        .values(state=DeliveryState.FAILED.value, reason=asdict(REDACTED), settled_at=at)
    )
    await session.execute(
        update(delivery)
        .where(
            delivery.c.organisation_id == organisation_id,
            delivery.c.id == delivery_id,
            delivery.c.redacted_at.is_(None),
        )
        .values(body=None, redacted_at=at)
    )


# In parts, and without waiting for what is being read just now: the next look finds it.
_REDACT_OLD: Final = text("""
    UPDATE delivery
       SET body = NULL, redacted_at = :at,
           reason = CASE WHEN delivery.state IN ('waiting', 'unmapped', 'failed') THEN :reason ELSE reason END,
           settled_at = CASE WHEN delivery.state IN ('waiting', 'unmapped', 'failed') THEN :at ELSE settled_at END,
           state = CASE WHEN delivery.state IN ('waiting', 'unmapped') THEN 'failed' ELSE delivery.state END
      FROM (SELECT d.organisation_id, d.id
              FROM source s
              JOIN delivery d ON d.organisation_id = s.organisation_id AND d.source_id = s.id
             WHERE s.organisation_id = :organisation_id AND d.redacted_at IS NULL
               AND d.received_at < CAST(:at AS timestamptz) - make_interval(days => s.retention_days)
             ORDER BY d.id
             LIMIT :most
               FOR UPDATE OF d SKIP LOCKED) AS old
     WHERE delivery.organisation_id = old.organisation_id AND delivery.id = old.id
""").bindparams(bindparam("reason", type_=delivery.c.reason.type))


async def redact_old(session: Session, organisation_id: UUID, *, at: datetime, most: int) -> int:
    """Take away up to ``most`` bodies that are older than their source keeps them; how many."""
    parameters = {"organisation_id": organisation_id, "at": at, "reason": asdict(REDACTED), "most": most}
    return (await session.execute(_REDACT_OLD, parameters)).rowcount


_WITH_OLD: Final = text("""
    SELECT DISTINCT s.organisation_id
      FROM source s
     WHERE EXISTS (SELECT FROM delivery d
                    WHERE d.organisation_id = s.organisation_id AND d.source_id = s.id AND d.redacted_at IS NULL
                      AND d.received_at < CAST(:at AS timestamptz) - make_interval(days => s.retention_days))
     ORDER BY 1
""")


async def organisations_with_old_bodies(system: Session, *, at: datetime) -> list[UUID]:
    """Organisations, across tenants, that have bodies older than their source keeps them."""
    return list((await system.execute(_WITH_OLD, {"at": at})).scalars())


async def sources_with_waiting(system: Session) -> list[tuple[UUID, UUID]]:
    """Organisation and id of every source, across tenants, that has a delivery nobody has read yet."""
    waiting = (
        select(delivery.c.source_id)
        .where(
            delivery.c.organisation_id == source.c.organisation_id,
            delivery.c.source_id == source.c.id,
            delivery.c.state == text("'waiting'"),
            # One with a reason is read by a job of its own.
            delivery.c.reason.is_(None),
        )
        .exists()
    )
    rows = await system.execute(
        select(source.c.organisation_id, source.c.id).where(waiting).order_by(source.c.organisation_id, source.c.id)
    )
    return [(row.organisation_id, row.id) for row in rows]


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        source_id=row.source_id,
        preset=Preset(row.preset),
        secret_id=row.secret_id,
        dedupe_id=row.dedupe_id,
        received_at=row.received_at,
        occurred_at=row.occurred_at,
        content_type=row.content_type,
        headers=row.headers,
        body_sha256=bytes(row.body_sha256).hex(),
        body_size=row.body_size,
        state=DeliveryState(row.state),
        reason=None if row.reason is None else DeliveryReason(**row.reason),
        attempts=row.attempts,
        mapping_version=row.mapping_version,
        settled_at=row.settled_at,
        repeats=row.repeats,
        repeated_at=row.repeated_at,
        redacted_at=row.redacted_at,
    )
