"""SQL of what is sealed with keys that rotate."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from feedback_core.db.session import Session
from feedback_core.inbound.processing.tables import delivery_fetch, source_connector
from feedback_core.inbound.tables import delivery, source_secret
from feedback_core.organisations.tables import organisation
from feedback_core.reports.tables import report_distribution, report_schedule_recipient
from feedback_core.responses.open_responses.tables import open_response
from feedback_core.subjects.tables import sealing_state, subject_export, subject_request

_RESEAL_SECRETS = text("SELECT reseal_source_secrets(:ids, :before, :after)")
_RESEAL_IDENTITIES = text("SELECT reseal_identities(:ids, :before, :after)")


async def organisations_to_check(system: Session, before: datetime, *, most: int) -> list[UUID]:
    """Organisations, across tenants, that were last checked before an instant, or never; the longest waiting first."""
    found = await system.execute(
        select(organisation.c.organisation_id)
        .outerjoin(sealing_state, sealing_state.c.organisation_id == organisation.c.organisation_id)
        .where(or_(sealing_state.c.checked_at.is_(None), sealing_state.c.checked_at < before))
        .order_by(sealing_state.c.checked_at.nulls_first(), organisation.c.organisation_id)
        .limit(most)
    )
    return list(found.scalars())


async def walks_with(session: Session, organisation_id: UUID, fingerprint: bytes) -> int:
    """How often everything sealed was walked through with this key."""
    found = await session.execute(
        select(sealing_state.c.walks).where(
            sealing_state.c.organisation_id == organisation_id, sealing_state.c.key_fingerprint == fingerprint
        )
    )
    return int(found.scalar_one_or_none() or 0)


async def note_walks(session: Session, organisation_id: UUID, fingerprint: bytes, *, walks: int, at: datetime) -> None:
    """Note how often everything sealed was walked through with this key, and when that was looked at."""
    values = {"key_fingerprint": fingerprint, "walks": walks, "checked_at": at}
    await session.execute(
        upsert(sealing_state)
        .values(organisation_id=organisation_id, **values)
        .on_conflict_do_update(index_elements=["organisation_id"], set_=values)
    )


async def replace_identities(session: Session, changed: Sequence[tuple[UUID, bytes, bytes]]) -> int:
    """Put sealed identities (response, before, after) in the place of what is still as it was."""
    ids, before, after = ([each[part] for each in changed] for part in range(3))
    values = {"ids": ids, "before": before, "after": after}
    return int((await session.execute(_RESEAL_IDENTITIES, values)).scalar_one())


async def sealed_requests_after(
    session: Session, organisation_id: UUID, after: UUID, *, limit: int
) -> list[tuple[UUID, bytes]]:
    """Whom requests are about that are not answered yet, in the order of their ids."""
    return await _sealed(session, organisation_id, subject_request.c.sealed_subject, after, limit=limit)


async def replace_requests(
    session: Session, organisation_id: UUID, changed: Sequence[tuple[UUID, bytes, bytes]]
) -> int:
    """Put what is sealed in requests (request, before, after) in the place of what is still as it was."""
    return await _replace(session, organisation_id, subject_request.c.sealed_subject, changed)


async def open_identities_after(
    session: Session, organisation_id: UUID, after: UUID, *, limit: int
) -> list[tuple[UUID, bytes]]:
    """Sealed identities of open responses, in the order of their ids."""
    return await _sealed(session, organisation_id, open_response.c.identity, after, limit=limit)


async def replace_open_identities(
    session: Session, organisation_id: UUID, changed: Sequence[tuple[UUID, bytes, bytes]]
) -> int:
    """Put sealed identities of open responses (id, before, after) in the place of what is still as it was."""
    return await _replace(session, organisation_id, open_response.c.identity, changed)


async def secrets_after(
    session: Session, organisation_id: UUID, after: UUID, *, limit: int
) -> list[tuple[UUID, bytes]]:
    """Sealed secrets of sources, in the order of their ids."""
    return await _sealed(session, organisation_id, source_secret.c.sealed, after, limit=limit)


async def replace_secrets(session: Session, changed: Sequence[tuple[UUID, bytes, bytes]]) -> int:
    """Put sealed secrets of sources (id, before, after) in the place of what is still as it was."""
    ids, before, after = ([each[part] for each in changed] for part in range(3))
    values = {"ids": ids, "before": before, "after": after}
    return int((await session.execute(_RESEAL_SECRETS, values)).scalar_one())


async def replace_bodies(session: Session, organisation_id: UUID, changed: Sequence[tuple[UUID, bytes, bytes]]) -> int:
    """Put sealed bodies of deliveries (id, before, after) in the place of what is still as it was."""
    return await _replace(session, organisation_id, delivery.c.body, changed)


async def replace_recipients(
    session: Session, organisation_id: UUID, changed: Sequence[tuple[UUID, bytes, bytes]]
) -> int:
    """Put sealed recipients of reports (id, before, after) in the place of what is still as it was."""
    return await _replace(session, organisation_id, report_distribution.c.sealed_recipient, changed)


async def replace_standing_recipients(
    session: Session, organisation_id: UUID, changed: Sequence[tuple[UUID, bytes, bytes]]
) -> int:
    """Put sealed recipients of schedules (id, before, after) in the place of what is still as it was."""
    return await _replace(session, organisation_id, report_schedule_recipient.c.sealed_recipient, changed)


async def connectors_after(
    session: Session, organisation_id: UUID, after: UUID, *, limit: int
) -> list[tuple[UUID, bytes]]:
    """Sealed tokens of connectors, in the order of their sources."""
    sealed, source_id = source_connector.c.sealed, source_connector.c.source_id
    return await _sealed(session, organisation_id, sealed, after, limit=limit, key=source_id)


async def replace_connectors(
    session: Session, organisation_id: UUID, changed: Sequence[tuple[UUID, bytes, bytes]]
) -> int:
    """Put sealed tokens of connectors (source, before, after) in the place of what is still as it was."""
    sealed, source_id = source_connector.c.sealed, source_connector.c.source_id
    return await _replace(session, organisation_id, sealed, changed, key=source_id)


async def replace_fetched(session: Session, organisation_id: UUID, changed: Sequence[tuple[UUID, bytes, bytes]]) -> int:
    """Put sealed bodies fetched for deliveries (delivery, before, after) in the place of what is still as it was."""
    body, delivery_id = delivery_fetch.c.body, delivery_fetch.c.delivery_id
    return await _replace(session, organisation_id, body, changed, key=delivery_id)


async def _sealed(
    session: Session,
    organisation_id: UUID,
    column: Column[Any],
    after: UUID,
    *,
    limit: int,
    key: Column[Any] | None = None,
) -> list[tuple[UUID, bytes]]:
    table = column.table
    identifier = table.c.id if key is None else key
    rows = await session.execute(
        select(identifier.label("id"), column.label("sealed"))
        .where(table.c.organisation_id == organisation_id, column.is_not(None), identifier > after)
        .order_by(identifier)
        .limit(limit)
    )
    return [(row.id, bytes(row.sealed)) for row in rows]


async def _replace(
    session: Session,
    organisation_id: UUID,
    column: Column[Any],
    changed: Sequence[tuple[UUID, bytes, bytes]],
    *,
    key: Column[Any] | None = None,
) -> int:
    table, replaced = column.table, 0
    named = table.c.id if key is None else key
    for identifier, before, after in changed:
        done = await session.execute(
            update(table)
            .where(table.c.organisation_id == organisation_id, named == identifier, column == before)
            .values({column: after})
        )
        replaced += done.rowcount
    return replaced


async def replace_exports(session: Session, organisation_id: UUID, changed: Sequence[tuple[UUID, bytes, bytes]]) -> int:
    """Put sealed exports (request, before, after) in the place of what is still as it was."""
    replaced = 0
    for request_id, before, after in changed:
        gone = await session.execute(
            subject_export.delete()
            .where(
                subject_export.c.organisation_id == organisation_id,
                subject_export.c.request_id == request_id,
                subject_export.c.sealed == before,
            )
            .returning(subject_export.c.created_at, subject_export.c.expires_at)
        )
        row = gone.one_or_none()
        if row is not None:
            await session.execute(
                subject_export.insert().values(
                    organisation_id=organisation_id,
                    request_id=request_id,
                    sealed=after,
                    created_at=row.created_at,
                    expires_at=row.expires_at,
                )
            )
            replaced += 1
    return replaced
