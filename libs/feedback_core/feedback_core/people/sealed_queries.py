"""SQL of what people wrote about people, table by table: what is of whom, and taking it out."""

from collections.abc import Collection, Sequence
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
)

WITH_TEXTS: Final = (performance_review, performance_reply, performance_goal, recognition, culture_note)
"""Tables in which people wrote about people, each in a column ``sealed``."""

_OF_SOMEBODY: Final = (performance_review, performance_reply, performance_goal, recognition)


async def take_out(session: Session, organisation_id: UUID, table: Table, ids: Collection[UUID]) -> int:
    """Take texts out in which somebody is named who is not whom they are about; of a review its figures stay."""
    these = (table.c.organisation_id == organisation_id, table.c.id.in_(list(ids)))
    statement: Any = delete(table).where(*these)
    if table is performance_review:
        statement = update(performance_review).where(*these).values(sealed=None)
    return int((await session.execute(statement)).rowcount)


async def ids_of_staff(session: Session, organisation_id: UUID, table: Table, staff_ids: Collection[UUID]) -> set[UUID]:
    """Rows of a table that are about these members of staff."""
    columns = table.c
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
