"""SQL of processes, offers and touchpoints: three tables of one shape."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

from feedback_core.db.session import Session
from feedback_core.service.tables import offer, process, touchpoint
from feedback_core.service.types import Footprint, Part, PartDetails, PartInUse, PartKind

_TABLES = {PartKind.PROCESS: process, PartKind.OFFER: offer, PartKind.TOUCHPOINT: touchpoint}
_FOOTPRINT = TypeAdapter(Footprint | None)
_FOREIGN_KEY_VIOLATION = "23503"


async def parts_after(
    session: Session, organisation_id: UUID, kind: PartKind, *, after: str | None, limit: int
) -> list[Part]:
    """Parts of a kind ordered by key, those after ``after`` only."""
    table = _TABLES[kind]
    statement = select(table).where(table.c.organisation_id == organisation_id)
    if after is not None:
        statement = statement.where(table.c.key > after)
    rows = await session.execute(statement.order_by(table.c.key).limit(limit))
    return [_part(kind, row) for row in rows]


async def part_by_key(
    session: Session, organisation_id: UUID, kind: PartKind, key: str, *, for_update: bool = False
) -> Part | None:
    """One part; held until the end of the transaction if it is to be changed."""
    table = _TABLES[kind]
    statement = select(table).where(table.c.organisation_id == organisation_id, table.c.key == key)
    if for_update:
        statement = statement.with_for_update(key_share=True)
    row = (await session.execute(statement)).one_or_none()
    return _part(kind, row) if row else None


async def parts_by_key(
    session: Session, organisation_id: UUID, kind: PartKind, keys: Collection[str]
) -> dict[str, Part]:
    """Those of the parts that are there."""
    table = _TABLES[kind]
    statement = select(table).where(table.c.organisation_id == organisation_id, table.c.key.in_(keys))
    return {row.key: _part(kind, row) for row in await session.execute(statement)}


async def hold_parts(session: Session, organisation_id: UUID, kind: PartKind, keys: Collection[str]) -> set[str]:
    """Those of the keys that parts have, held against deletion until the transaction ends."""
    table = _TABLES[kind]
    statement = select(table.c.key).where(table.c.organisation_id == organisation_id, table.c.key.in_(keys))
    held = statement.order_by(table.c.key).with_for_update(read=True, key_share=True)
    return set((await session.execute(held)).scalars())


async def add_part(
    session: Session, organisation_id: UUID, kind: PartKind, key: str, details: PartDetails, *, at: datetime
) -> bool:
    """A new part; false if somebody else has just added one with this key."""
    table = _TABLES[kind]
    result = await session.execute(
        upsert(table)
        .values(organisation_id=organisation_id, key=key, created_at=at, **_columns(kind, details))
        .on_conflict_do_nothing()
        .returning(table.c.key)
    )
    return result.first() is not None


async def update_part(session: Session, organisation_id: UUID, kind: PartKind, key: str, details: PartDetails) -> None:
    """New details of a part; the revision counts up."""
    table = _TABLES[kind]
    await session.execute(
        update(table)
        .where(table.c.organisation_id == organisation_id, table.c.key == key)
        .values(**_columns(kind, details), revision=table.c.revision + 1)
    )


async def delete_part(session: Session, organisation_id: UUID, kind: PartKind, key: str) -> bool:
    """Delete a part; false if there is none.

    Raises:
        PartInUse: something refers to it; the transaction is then of no further use.
    """
    table = _TABLES[kind]
    statement = delete(table).where(table.c.organisation_id == organisation_id, table.c.key == key)
    try:
        result = await session.execute(statement)
    except IntegrityError as error:
        if getattr(error.orig, "sqlstate", None) == _FOREIGN_KEY_VIOLATION:
            raise PartInUse(f"Features or standards refer to the {kind} {key}, so it stays.") from error
        raise
    return result.rowcount == 1


def _columns(kind: PartKind, details: PartDetails) -> dict[str, object]:
    said: dict[str, object] = {
        "name": details.name,
        "description": details.description,
        "owner": details.owner,
    }
    if kind is PartKind.PROCESS:
        said["footprint"] = _FOOTPRINT.dump_python(details.footprint, mode="json")
    return said


def _part(kind: PartKind, row: Row[Any]) -> Part:
    footprint = _FOOTPRINT.validate_python(row.footprint) if kind is PartKind.PROCESS else None
    details = PartDetails(row.name, row.description, row.owner, footprint)
    return Part(kind, row.key, details, row.created_at, row.revision)
