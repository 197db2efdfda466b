"""SQL of connectors."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, select, update

from feedback_core.db.session import Session
from feedback_core.inbound.connectors.types import StoredConnector
from feedback_core.inbound.processing.tables import source_connector


async def connector_of(
    session: Session, organisation_id: UUID, source_id: UUID, *, for_update: bool = False
) -> tuple[StoredConnector, bytes] | None:
    """The connector of a source, with its sealed token."""
    statement = select(source_connector).where(
        source_connector.c.organisation_id == organisation_id, source_connector.c.source_id == source_id
    )
    if for_update:
        statement = statement.with_for_update()
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else (_stored(row), bytes(row.sealed))


async def save_connector(
    session: Session,
    organisation_id: UUID,
    source_id: UUID,
    *,
    url: str,
    sealed: bytes,
    hint: str,
    by: str,
    at: datetime,
    revision: int | None,
) -> None:
    """Write the connector of a source; ``revision`` is the one that it replaces."""
    values = {"url": url, "sealed": sealed, "hint": hint, "defined_by": by, "defined_at": at}
    if revision is None:
        await session.execute(
            insert(source_connector).values(organisation_id=organisation_id, source_id=source_id, **values)
        )
        return
    await session.execute(
        update(source_connector)
        .where(
            source_connector.c.organisation_id == organisation_id,
            source_connector.c.source_id == source_id,
        )
        .values(**values, revision=revision + 1)
    )


async def delete_connector(session: Session, organisation_id: UUID, source_id: UUID) -> bool:
    """Delete the connector of a source; false if it had none."""
    result = await session.execute(
        delete(source_connector).where(
            source_connector.c.organisation_id == organisation_id, source_connector.c.source_id == source_id
        )
    )
    return result.rowcount == 1


def _stored(row: Row[Any]) -> StoredConnector:
    return StoredConnector(row.source_id, row.url, row.hint, row.defined_at, row.defined_by, row.revision)
