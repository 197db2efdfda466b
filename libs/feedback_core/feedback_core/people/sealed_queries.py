"""SQL of everything that is sealed here, table by table: read on from an id, sealed anew, or taken out."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Table, delete, exists, select, update

from feedback_core.db.session import Session
from feedback_core.people.tables import (
    culture_note,
    performance_goal,
    performance_reply,
    performance_review,
    recognition,
    role_assignment,
    staff_member,
)

_TABLES: Final[Mapping[str, Table]] = {
    table.name: table
    for table in (
        staff_member,
        performance_review,
        performance_reply,
        performance_goal,
        recognition,
        culture_note,
    )
}

SEALED: Final = tuple(_TABLES)
"""Names of the tables with something sealed."""

WITH_TEXTS: Final = tuple(name for name in SEALED if name != staff_member.name)
"""Those in which people wrote about people."""

_OF_SOMEBODY: Final = (performance_review, performance_reply, performance_goal, recognition)


async def sealed_after(
    session: Session, organisation_id: UUID, table: str, after: UUID, *, limit: int
) -> list[tuple[UUID, bytes]]:
    """What is sealed in a table, in the order of ids."""
    columns = _TABLES[table].c
    rows = await session.execute(
        select(columns.id, columns.sealed)
        .where(columns.organisation_id == organisation_id, columns.sealed.is_not(None), columns.id > after)
        .order_by(columns.id)
        .limit(limit)
    )
    return [(row.id, bytes(row.sealed)) for row in rows]


async def replace_sealed(
    session: Session, organisation_id: UUID, table: str, changed: Sequence[tuple[UUID, bytes, bytes]]
) -> int:
    """Put what was sealed anew (id, before, after) in the place of what is still as it was."""
    columns, replaced = _TABLES[table].c, 0
    for identifier, before, anew in changed:
        done = await session.execute(
            update(_TABLES[table])
            .where(columns.organisation_id == organisation_id, columns.id == identifier, columns.sealed == before)
            .values(sealed=anew)
        )
        replaced += done.rowcount
    return replaced


async def take_out(session: Session, organisation_id: UUID, table: str, ids: Collection[UUID]) -> int:
    """Take texts out in which somebody is named who is not whom they are about; of a review its figures stay."""
    columns = _TABLES[table].c
    these = (columns.organisation_id == organisation_id, columns.id.in_(list(ids)))
    statement: Any = delete(_TABLES[table]).where(*these)
    if table == performance_review.name:
        statement = update(performance_review).where(*these).values(sealed=None)
    return int((await session.execute(statement)).rowcount)


async def ids_of_staff(session: Session, organisation_id: UUID, table: str, staff_ids: Collection[UUID]) -> set[UUID]:
    """Rows of a table that are about these members of staff."""
    columns = _TABLES[table].c
    if "staff_id" not in columns:
        return set()
    found = await session.execute(
        select(columns.id).where(columns.organisation_id == organisation_id, columns.staff_id.in_(list(staff_ids)))
    )
    return set(found.scalars())


async def hang_on_staff(session: Session, organisation_id: UUID, staff_id: UUID) -> bool:
    """Whether something of a member of staff is kept."""
    return await _hang(session, organisation_id, (*_OF_SOMEBODY, role_assignment), "staff_id", staff_id)


async def hang_on_team(session: Session, organisation_id: UUID, team_id: UUID) -> bool:
    """Whether something of a team is kept."""
    return await _hang(session, organisation_id, _OF_SOMEBODY, "team_id", team_id)


async def _hang(
    session: Session, organisation_id: UUID, tables: Sequence[Table], column: str, identifier: UUID
) -> bool:
    for table in tables:
        of_theirs = table.select().where(table.c.organisation_id == organisation_id, table.c[column] == identifier)
        if (await session.execute(select(exists(of_theirs)))).scalar_one():
            return True
    return False
