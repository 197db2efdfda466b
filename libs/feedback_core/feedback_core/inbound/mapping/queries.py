"""SQL of mappings: versions, which are never changed, and the survey that they are for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select

from feedback_core.db.session import Session
from feedback_core.inbound.mapping.types import InboundMapping
from feedback_core.inbound.tables import source, source_mapping


@dataclass(frozen=True, slots=True)
class StoredMapping:
    """One version of a source's mapping.

    Attributes:
        defined_by: name of the API key.
    """

    source_id: UUID
    version: int
    mapping: InboundMapping
    defined_by: str
    defined_at: datetime


async def newest_mapping(session: Session, organisation_id: UUID, source_id: UUID) -> StoredMapping | None:
    """The mapping of a source that holds now."""
    statement = (
        select(source_mapping)
        .where(source_mapping.c.organisation_id == organisation_id, source_mapping.c.source_id == source_id)
        .order_by(source_mapping.c.version.desc())
        .limit(1)
    )
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else _stored(row)


async def lock_mappings(session: Session, organisation_id: UUID, source_id: UUID) -> None:
    """Be the only one who defines a mapping of a source; deliveries can come in meanwhile."""
    await session.execute(
        select(source.c.id)
        .where(source.c.organisation_id == organisation_id, source.c.id == source_id)
        .with_for_update(key_share=True)
    )


async def mapping_version(
    session: Session, organisation_id: UUID, source_id: UUID, version: int
) -> StoredMapping | None:
    """One version of the mapping of a source."""
    statement = select(source_mapping).where(
        source_mapping.c.organisation_id == organisation_id,
        source_mapping.c.source_id == source_id,
        source_mapping.c.version == version,
    )
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else _stored(row)


async def add_mapping(session: Session, organisation_id: UUID, stored: StoredMapping) -> None:
    """Another version."""
    await session.execute(
        insert(source_mapping).values(
            organisation_id=organisation_id,
            source_id=stored.source_id,
            version=stored.version,
            mapping=stored.mapping.to_json(),
            defined_by=stored.defined_by,
            defined_at=stored.defined_at,
        )
    )


def _stored(row: Row[Any]) -> StoredMapping:
    return StoredMapping(
        row.source_id, row.version, InboundMapping.from_json(row.mapping), row.defined_by, row.defined_at
    )
