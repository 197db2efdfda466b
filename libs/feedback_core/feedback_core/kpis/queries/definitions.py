"""SQL of definitions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import distinct_on, insert

from feedback_core.db.session import Session
from feedback_core.kpis.tables import kpi_definition
from feedback_core.kpis.types import KpiDefinition

_DOCUMENT = TypeAdapter(KpiDefinition)
_COLUMNS = {"key", "version"}


@dataclass(frozen=True, slots=True)
class StoredDefinition:
    """A version of a definition, and who wrote it when; ``None`` for those that every organisation begins with."""

    definition: KpiDefinition
    defined_by: str | None
    defined_at: datetime | None


async def latest_definitions(session: Session, organisation_id: UUID) -> list[StoredDefinition]:
    """The latest version of each KPI that the organisation has defined, by key."""
    statement = (
        select(kpi_definition)
        .where(kpi_definition.c.organisation_id == organisation_id)
        .ext(distinct_on(kpi_definition.c.key))
        .order_by(kpi_definition.c.key, kpi_definition.c.version.desc())
    )
    return [_stored(row) for row in await session.execute(statement)]


async def versions_of(session: Session, organisation_id: UUID, key: str) -> list[StoredDefinition]:
    """Every version of a KPI that the organisation has defined, the latest first."""
    statement = (
        select(kpi_definition)
        .where(kpi_definition.c.organisation_id == organisation_id, kpi_definition.c.key == key)
        .order_by(kpi_definition.c.version.desc())
    )
    return [_stored(row) for row in await session.execute(statement)]


async def latest_definition(session: Session, organisation_id: UUID, key: str) -> StoredDefinition | None:
    """The latest version of a KPI, if the organisation has defined it."""
    statement = (
        select(kpi_definition)
        .where(kpi_definition.c.organisation_id == organisation_id, kpi_definition.c.key == key)
        .order_by(kpi_definition.c.version.desc())
        .limit(1)
    )
    row = (await session.execute(statement)).one_or_none()
    return _stored(row) if row else None


async def add_version(
    session: Session, organisation_id: UUID, definition: KpiDefinition, *, by: str, at: datetime
) -> bool:
    """Keep a version; false if somebody else has just taken its number."""
    document = _DOCUMENT.dump_python(definition, mode="json", exclude=_COLUMNS)
    result = await session.execute(
        insert(kpi_definition)
        .values(
            organisation_id=organisation_id,
            key=definition.key,
            version=definition.version,
            definition=document,
            defined_by=by,
            defined_at=at,
        )
        .on_conflict_do_nothing()
        .returning(kpi_definition.c.version)
    )
    return result.first() is not None


def _stored(row: Row[Any]) -> StoredDefinition:
    found = _DOCUMENT.validate_python({**row.definition, "key": row.key, "version": row.version})
    return StoredDefinition(found, row.defined_by, row.defined_at)
