"""SQL of processing: what waits, what its items became, and what of them is known already."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    LargeBinary,
    Text,
    and_,
    delete,
    func,
    literal,
    null,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from feedback_core.db.session import Session
from feedback_core.inbound.processing.tables import delivery_fetch
from feedback_core.inbound.processing.types import ReplayDeliveries
from feedback_core.inbound.tables import delivery, delivery_item, source
from feedback_core.inbound.types import DeliveryReason, DeliveryState, ItemOutcome, Preset
from feedback_core.jobs.tables import job

SETTLED: Final = (ItemOutcome.RECORDED, ItemOutcome.REPEATED, ItemOutcome.ERASED)
"""Outcomes that stay; an item with another is read again with its delivery."""

_READ = (
    delivery.c.id,
    delivery.c.preset,
    delivery.c.dedupe_id,
    delivery.c.received_at,
    delivery.c.occurred_at,
    delivery.c.content_type,
    delivery.c.body,
    delivery.c.state,
)


@dataclass(frozen=True, slots=True)
class SealedDelivery:
    """A delivery as it is to be read; ``body`` is sealed, and ``None`` once it is redacted."""

    id: UUID
    preset: Preset
    dedupe_id: str
    received_at: datetime
    occurred_at: datetime | None
    content_type: str | None
    state: DeliveryState
    body: bytes | None = field(repr=False)
    fetched: Mapping[int, tuple[bytes, str | None]] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class KnownItem:
    """What an item became earlier."""

    delivery_id: UUID
    number: int
    item_id: str
    outcome: ItemOutcome
    response_id: UUID | None


@dataclass(frozen=True, slots=True)
class SettledItem:
    """What an item became."""

    delivery_id: UUID
    number: int
    item_id: str
    occurred_at: datetime
    outcome: ItemOutcome
    reason: DeliveryReason | None = None
    response_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SettledDelivery:
    """What a delivery became; still waiting where something has to be fetched for it."""

    id: UUID
    state: DeliveryState
    reason: DeliveryReason | None


async def waiting(session: Session, organisation_id: UUID, source_id: UUID, limit: int) -> list[SealedDelivery]:
    """Deliveries of a source that wait to be read, in the order in which they came about."""
    statement = (
        select(*_READ)
        .where(
            delivery.c.organisation_id == organisation_id,
            delivery.c.source_id == source_id,
            text("state = 'waiting'"),
            # One with a reason is another job's: something is fetched for it, or it is tried again later.
            delivery.c.reason.is_(None),
        )
        .order_by(func.coalesce(delivery.c.occurred_at, delivery.c.received_at), delivery.c.id)
        .limit(limit)
    )
    return [_sealed(row, {}) for row in (await session.execute(statement)).all()]


async def delivery_to_read(
    session: Session, organisation_id: UUID, source_id: UUID, delivery_id: UUID
) -> SealedDelivery | None:
    """One delivery, with what was fetched for it."""
    row = (
        await session.execute(
            select(*_READ).where(
                delivery.c.organisation_id == organisation_id,
                delivery.c.source_id == source_id,
                delivery.c.id == delivery_id,
            )
        )
    ).one_or_none()
    if row is None:
        return None
    fetched = await session.execute(
        select(delivery_fetch.c.number, delivery_fetch.c.body, delivery_fetch.c.content_type).where(
            delivery_fetch.c.organisation_id == organisation_id, delivery_fetch.c.delivery_id == delivery_id
        )
    )
    return _sealed(row, {found.number: (bytes(found.body), found.content_type) for found in fetched})


async def add_fetched(
    session: Session,
    organisation_id: UUID,
    delivery_id: UUID,
    number: int,
    *,
    content_type: str | None,
    sealed: bytes,
    sha256: bytes,
    at: datetime,
) -> None:
    """Keep what was fetched for an item, unless it was fetched before or its delivery has been redacted."""
    there = select(
        delivery.c.organisation_id,
        delivery.c.id,
        *(
            literal(value, type_)
            for value, type_ in (
                (number, Integer()),
                (content_type, Text()),
                (sealed, LargeBinary()),
                (sha256, LargeBinary()),
                (at, DateTime(timezone=True)),
            )
        ),
    ).where(
        delivery.c.organisation_id == organisation_id,
        delivery.c.id == delivery_id,
        delivery.c.redacted_at.is_(None),
    )
    columns = ["organisation_id", "delivery_id", "number", "content_type", "body", "body_sha256", "fetched_at"]
    await session.execute(insert(delivery_fetch).from_select(columns, there).on_conflict_do_nothing())


async def drop_fetched(session: Session, organisation_id: UUID) -> None:
    """Take away what was fetched for deliveries whose own bodies have been taken away."""
    redacted = select(delivery.c.id).where(
        delivery.c.organisation_id == organisation_id,
        delivery.c.id == delivery_fetch.c.delivery_id,
        delivery.c.redacted_at.is_not(None),
    )
    await session.execute(
        delete(delivery_fetch).where(delivery_fetch.c.organisation_id == organisation_id, redacted.exists())
    )


async def lock_source(session: Session, organisation_id: UUID, source_id: UUID) -> None:
    """Be the only one who settles deliveries of a source; new ones can come in meanwhile."""
    await session.execute(
        select(source.c.id)
        .where(source.c.organisation_id == organisation_id, source.c.id == source_id)
        .with_for_update(key_share=True)
    )


async def still_waiting(session: Session, organisation_id: UUID, delivery_ids: Iterable[UUID]) -> set[UUID]:
    """Those of deliveries that nobody has settled meanwhile; locked."""
    found = await session.execute(
        select(delivery.c.id)
        .where(
            delivery.c.organisation_id == organisation_id,
            delivery.c.id.in_(list(delivery_ids)),
            delivery.c.state == DeliveryState.WAITING.value,
        )
        .order_by(delivery.c.id)
        .with_for_update()
    )
    return set(found.scalars())


async def known_items(
    session: Session, organisation_id: UUID, source_id: UUID, delivery_ids: Iterable[UUID], item_ids: Iterable[str]
) -> list[KnownItem]:
    """Items of these deliveries, and those of others that have one of the ids."""
    of_these = delivery_item.c.delivery_id.in_(list(delivery_ids))
    same: ColumnElement[bool] = and_(
        delivery_item.c.source_id == source_id,
        delivery_item.c.item_id.in_(list(item_ids)),
        delivery_item.c.outcome != ItemOutcome.REPEATED.value,
    )
    columns = (
        delivery_item.c.delivery_id,
        delivery_item.c.number,
        delivery_item.c.item_id,
        delivery_item.c.outcome,
        delivery_item.c.response_id,
    )
    tenant = delivery_item.c.organisation_id == organisation_id
    # Two look-ups by index; OR would read them all.
    found = await session.execute(select(*columns).where(tenant, of_these).union(select(*columns).where(tenant, same)))
    return [
        KnownItem(row.delivery_id, row.number, row.item_id, ItemOutcome(row.outcome), row.response_id) for row in found
    ]


_SAVE_ITEMS: Final = text("""
    INSERT INTO delivery_item (organisation_id, delivery_id, number, source_id, item_id, occurred_at, outcome, reason,
                               response_id, mapping_version, settled_at)
    SELECT CAST(:organisation_id AS uuid), n.delivery_id, n.number, CAST(:source_id AS uuid), n.item_id, n.occurred_at,
           n.outcome, n.reason, n.response_id, CAST(:mapping_version AS int), CAST(:at AS timestamptz)
      FROM json_to_recordset(CAST(:rows AS json)) AS n (
           delivery_id uuid, number int, item_id text, occurred_at timestamptz, outcome text, reason jsonb,
           response_id uuid)
    ON CONFLICT (organisation_id, delivery_id, number)
    DO UPDATE SET outcome = excluded.outcome, reason = excluded.reason, response_id = excluded.response_id,
                  mapping_version = excluded.mapping_version, settled_at = excluded.settled_at
""")

_SAVE_DELIVERIES: Final = text("""
    UPDATE delivery
       SET state = n.state, reason = n.reason, attempts = attempts + 1, mapping_version = CAST(:mapping_version AS int),
           settled_at = CASE WHEN n.state = 'waiting' THEN NULL ELSE CAST(:at AS timestamptz) END
      FROM json_to_recordset(CAST(:rows AS json)) AS n (id uuid, state text, reason jsonb)
     WHERE delivery.organisation_id = CAST(:organisation_id AS uuid) AND delivery.id = n.id
""")


async def save_items(
    session: Session,
    organisation_id: UUID,
    source_id: UUID,
    items: Sequence[SettledItem],
    *,
    mapping_version: int | None,
    at: datetime,
) -> None:
    """Note what items became."""
    if not items:
        return
    await session.execute(
        _SAVE_ITEMS,
        {
            "organisation_id": organisation_id,
            "source_id": source_id,
            "mapping_version": mapping_version,
            "at": at,
            "rows": json.dumps(
                [
                    {
                        "delivery_id": str(item.delivery_id),
                        "number": item.number,
                        "item_id": item.item_id,
                        "occurred_at": item.occurred_at.isoformat(),
                        "outcome": item.outcome.value,
                        "reason": reason_json(item.reason),
                        "response_id": str(item.response_id) if item.response_id else None,
                    }
                    for item in items
                ]
            ),
        },
    )


async def save_deliveries(
    session: Session,
    organisation_id: UUID,
    deliveries: Sequence[SettledDelivery],
    *,
    mapping_version: int | None,
    at: datetime,
) -> None:
    """Note what deliveries became."""
    rows = [
        {"id": str(settled.id), "state": settled.state.value, "reason": reason_json(settled.reason)}
        for settled in deliveries
    ]
    await session.execute(
        _SAVE_DELIVERIES,
        {
            "organisation_id": organisation_id,
            "mapping_version": mapping_version,
            "at": at,
            "rows": json.dumps(rows),
        },
    )


async def wait_again(
    session: Session,
    organisation_id: UUID,
    source_id: UUID,
    *,
    states: Iterable[DeliveryState],
    delivery_id: UUID | None = None,
    received_from: datetime | None = None,
    received_to: datetime | None = None,
    dedupe_id: str | None = None,
    reason: str | None = None,
    limit: int,
) -> int:
    """Have deliveries be read again that still have their bodies; how many.

    One that waits with a reason is taken too: whatever was to try it again may be gone.
    """
    asked = [
        delivery.c.organisation_id == organisation_id,
        delivery.c.source_id == source_id,
        delivery.c.redacted_at.is_(None),
        delivery.c.state.in_([state.value for state in states])
        | and_(delivery.c.state == DeliveryState.WAITING.value, delivery.c.reason.is_not(None)),
    ]
    if delivery_id is not None:
        asked.append(delivery.c.id == delivery_id)
    if received_from is not None:
        asked.append(delivery.c.received_at >= received_from)
    if received_to is not None:
        asked.append(delivery.c.received_at < received_to)
    if dedupe_id is not None:
        asked.append(delivery.c.dedupe_id == dedupe_id)
    if reason is not None:
        asked.append(delivery.c.reason["code"].astext == reason)
    chosen = select(delivery.c.organisation_id, delivery.c.id).where(*asked).limit(limit)
    result = await session.execute(
        update(delivery)
        .where(tuple_(delivery.c.organisation_id, delivery.c.id).in_(chosen.with_for_update()))
        .values(state=DeliveryState.WAITING.value, reason=null(), settled_at=None)
    )
    return result.rowcount


async def is_replay(session: Session, organisation_id: UUID, source_id: UUID, job_id: UUID) -> bool:
    """Whether a job replays deliveries of this source."""
    found = await session.execute(
        select(job.c.id).where(
            job.c.organisation_id == organisation_id,
            job.c.id == job_id,
            job.c.kind == ReplayDeliveries.kind,
            job.c.payload["source_id"].astext == str(source_id),
        )
    )
    return found.first() is not None


def reason_json(reason: DeliveryReason | None) -> dict[str, str] | None:
    """A reason as it is stored."""
    return None if reason is None else {"code": reason.code, "detail": reason.detail}


def _sealed(row: Any, fetched: Mapping[int, tuple[bytes, str | None]]) -> SealedDelivery:  # noqa: ANN401 -- of _READ
    return SealedDelivery(
        id=row.id,
        preset=Preset(row.preset),
        dedupe_id=row.dedupe_id,
        received_at=row.received_at,
        occurred_at=row.occurred_at,
        content_type=row.content_type,
        state=DeliveryState(row.state),
        body=None if row.body is None else bytes(row.body),
        fetched=fetched,
    )
