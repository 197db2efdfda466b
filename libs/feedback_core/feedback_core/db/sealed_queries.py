"""What is sealed in a column: read on from an id, all of it, and put in its place again once it is sealed anew."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final, TypeAlias
from uuid import UUID

from sqlalchemy import Column, bindparam, select, update

from feedback_core.db.session import Session

_BEFORE_ALL: Final = UUID(int=0)
_BATCH: Final = 50

AnyColumn: TypeAlias = Column[Any]


async def sealed_after(
    session: Session,
    organisation_id: UUID,
    column: AnyColumn,
    after: UUID,
    *,
    limit: int,
    key: AnyColumn | None = None,
) -> list[tuple[UUID, bytes]]:
    """Rows with something sealed in a column, in the order of ``key``, which is their id unless another is named."""
    table = column.table
    identifier = table.c.id if key is None else key
    rows = await session.execute(
        select(identifier.label("id"), column.label("sealed"))
        .where(table.c.organisation_id == organisation_id, column.is_not(None), identifier > after)
        .order_by(identifier)
        .limit(limit)
    )
    return [(row.id, bytes(row.sealed)) for row in rows]


async def every_sealed(
    session: Session, organisation_id: UUID, column: AnyColumn, *, key: AnyColumn | None = None
) -> AsyncIterator[tuple[UUID, bytes]]:
    """All of them, read a few at a time."""
    after = _BEFORE_ALL
    while batch := await sealed_after(session, organisation_id, column, after, limit=_BATCH, key=key):
        for each in batch:
            yield each
        after = batch[-1][0]


async def replace_sealed(
    session: Session,
    organisation_id: UUID,
    column: AnyColumn,
    changed: Sequence[tuple[UUID, bytes, bytes]],
    *,
    key: AnyColumn | None = None,
) -> int:
    """Put what was sealed anew (id, before, after) in the place of what is still as it was; how many those were."""
    table = column.table
    named = table.c.id if key is None else key
    statement = (
        update(table)
        .where(table.c.organisation_id == organisation_id, named == bindparam("row"), column == bindparam("before"))
        .values({column: bindparam("after")})
    )
    rows = [{"row": identifier, "before": before, "after": after} for identifier, before, after in changed]
    return int((await session.execute(statement, rows)).rowcount) if rows else 0
