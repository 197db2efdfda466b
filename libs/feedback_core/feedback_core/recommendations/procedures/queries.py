"""SQL of procedures, of who left, and of steps given to others."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert

from feedback_core.analyses.documents import from_document, to_document
from feedback_core.db.session import Session
from feedback_core.recommendations.procedures.tables import departures, procedure, recommendation_reassignment
from feedback_core.recommendations.procedures.types import (
    Departure,
    Departures,
    Procedure,
    Reassignment,
    StoredProcedure,
)


async def latest_procedures(session: Session, organisation_id: UUID) -> list[StoredProcedure]:
    """The latest version of every procedure stored, by key."""
    columns = procedure.c
    rows = await session.execute(
        select(procedure)
        .where(columns.organisation_id == organisation_id)
        .ext(distinct_on(columns.key))
        .order_by(columns.key, columns.version.desc())
    )
    return [_stored(row) for row in rows]


async def latest_procedure(session: Session, organisation_id: UUID, key: str) -> StoredProcedure | None:
    """The latest stored version of a procedure."""
    columns = procedure.c
    row = (
        await session.execute(
            select(procedure)
            .where(columns.organisation_id == organisation_id, columns.key == key)
            .order_by(columns.version.desc())
            .limit(1)
        )
    ).one_or_none()
    return _stored(row) if row else None


async def procedure_versions(
    session: Session, organisation_id: UUID, versions: Collection[tuple[str, int]]
) -> dict[tuple[str, int], StoredProcedure]:
    """These versions (key, number), of those that are stored."""
    columns = procedure.c
    rows = await session.execute(
        select(procedure).where(
            columns.organisation_id == organisation_id, tuple_(columns.key, columns.version).in_(list(versions))
        )
    )
    return {(row.key, row.version): _stored(row) for row in rows}


async def add_version(
    session: Session, organisation_id: UUID, key: str, version: int, definition: Procedure, *, by: str, at: datetime
) -> bool:
    """A version; false if somebody else has just stored one with this number."""
    added = await session.execute(
        upsert(procedure)
        .values(
            organisation_id=organisation_id,
            key=key,
            version=version,
            definition=to_document(definition),
            defined_by=by,
            defined_at=at,
        )
        .on_conflict_do_nothing()
        .returning(procedure.c.version)
    )
    return added.first() is not None


async def people_who_left(session: Session, organisation_id: UUID, *, for_update: bool = False) -> Departures:
    """The list of those who left."""
    statement = select(departures).where(departures.c.organisation_id == organisation_id)
    row = (await session.execute(statement.with_for_update() if for_update else statement)).one_or_none()
    if row is None:
        return Departures()
    people = tuple(Departure(person["name"], date.fromisoformat(person["left_on"])) for person in row.people)
    return Departures(people, row.revision)


async def put_departures(
    session: Session, organisation_id: UUID, people: Sequence[Departure], *, edited: int, by: str, at: datetime
) -> bool:
    """Replace the list; false if somebody else has just written the first one."""
    values = {
        "people": [{"name": person.name, "left_on": person.left_on.isoformat()} for person in people],
        "noted_by": by,
        "noted_at": at,
    }
    statement = upsert(departures).values(organisation_id=organisation_id, **values)
    written = await session.execute(
        statement.on_conflict_do_update(
            index_elements=["organisation_id"],
            set_={**values, "revision": departures.c.revision + 1},
            where=departures.c.revision == edited,
        ).returning(departures.c.revision)
    )
    return written.first() is not None


async def add_reassignment(
    session: Session, organisation_id: UUID, recommendation_id: UUID, given: Reassignment
) -> None:
    """Give a step to others."""
    await session.execute(
        insert(recommendation_reassignment).values(
            organisation_id=organisation_id,
            id=given.id,
            recommendation_id=recommendation_id,
            step=given.step,
            people=list(given.people),
            reason=given.reason,
            assigned_by=given.assigned_by,
            assigned_at=given.assigned_at,
        )
    )


async def reassignments(
    session: Session, organisation_id: UUID, ids: Collection[UUID]
) -> dict[UUID, tuple[Reassignment, ...]]:
    """What was given to others, of these recommendations, oldest first."""
    columns = recommendation_reassignment.c
    rows = await session.execute(
        select(recommendation_reassignment)
        .where(columns.organisation_id == organisation_id, columns.recommendation_id.in_(list(ids)))
        .order_by(columns.id)
    )
    found: dict[UUID, tuple[Reassignment, ...]] = {}
    for row in rows:
        given = Reassignment(row.id, row.step, tuple(row.people), row.reason, row.assigned_by, row.assigned_at)
        found[row.recommendation_id] = (*found.get(row.recommendation_id, ()), given)
    return found


def _stored(row: Row[Any]) -> StoredProcedure:
    return StoredProcedure(
        row.key, row.version, from_document(Procedure, row.definition), row.defined_by, row.defined_at
    )
