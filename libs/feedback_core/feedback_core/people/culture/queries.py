"""SQL of notes on the culture, and of assessments."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, delete, insert, select, tuple_

from feedback_core.db.session import Session
from feedback_core.people.culture.types import AssessedDimension, Assessment, NoteKind
from feedback_core.people.tables import culture_assessment, culture_note

_DIMENSIONS = TypeAdapter(tuple[AssessedDimension, ...])


@dataclass(frozen=True, slots=True)
class StoredNote:
    """A note as it is kept."""

    row: Row[Any] = field(repr=False)


async def add_note(session: Session, organisation_id: UUID, **values: object) -> None:
    """A note."""
    await session.execute(insert(culture_note).values(organisation_id=organisation_id, **values))


async def note_by_id(session: Session, organisation_id: UUID, note_id: UUID) -> StoredNote | None:
    """One note."""
    columns = culture_note.c
    rows = await session.execute(
        select(culture_note).where(columns.organisation_id == organisation_id, columns.id == note_id)
    )
    row = rows.one_or_none()
    return None if row is None else StoredNote(row)


async def notes_before(
    session: Session,
    organisation_id: UUID,
    *,
    kind: NoteKind | None,
    dimension: str | None,
    before: UUID | None,
    limit: int,
) -> list[StoredNote]:
    """Notes, the latest first."""
    columns = culture_note.c
    statement = select(culture_note).where(columns.organisation_id == organisation_id)
    if kind is not None:
        statement = statement.where(columns.kind == kind.value)
    if dimension is not None:
        statement = statement.where(columns.dimensions.contains([dimension]))
    if before is not None:
        statement = statement.where(columns.id < before)
    rows = await session.execute(statement.order_by(columns.id.desc()).limit(limit))
    return [StoredNote(row) for row in rows]


async def delete_note(session: Session, organisation_id: UUID, note_id: UUID) -> bool:
    """Delete a note, and whether there was one."""
    columns = culture_note.c
    gone = await session.execute(
        delete(culture_note).where(columns.organisation_id == organisation_id, columns.id == note_id)
    )
    return gone.rowcount > 0


async def kinds_of_notes(
    session: Session, organisation_id: UUID, ids: Collection[UUID]
) -> dict[UUID, tuple[NoteKind, date]]:
    """Kind and day of these notes, of those that are there."""
    columns = culture_note.c
    rows = await session.execute(
        select(columns.id, columns.kind, columns.observed_on).where(
            columns.organisation_id == organisation_id, columns.id.in_(list(ids))
        )
    )
    return {row.id: (NoteKind(row.kind), row.observed_on) for row in rows}


async def add_assessment(session: Session, organisation_id: UUID, made: Assessment) -> None:
    """An assessment."""
    await session.execute(
        insert(culture_assessment).values(
            organisation_id=organisation_id,
            id=made.id,
            as_of=made.as_of,
            title=made.title,
            dimensions=_DIMENSIONS.dump_python(made.dimensions, mode="json"),
            written_by=made.written_by,
            key_name=made.key_name,
            created_at=made.created_at,
        )
    )


async def assessment_by_id(session: Session, organisation_id: UUID, assessment_id: UUID) -> Assessment | None:
    """One assessment."""
    columns = culture_assessment.c
    rows = await session.execute(
        select(culture_assessment).where(columns.organisation_id == organisation_id, columns.id == assessment_id)
    )
    row = rows.one_or_none()
    return None if row is None else _assessment(row)


async def assessments_before(
    session: Session, organisation_id: UUID, *, before: tuple[date, UUID] | None, limit: int
) -> list[Assessment]:
    """Assessments, those of the latest day first."""
    columns = culture_assessment.c
    statement = select(culture_assessment).where(columns.organisation_id == organisation_id)
    if before is not None:
        statement = statement.where(tuple_(columns.as_of, columns.id) < before)
    rows = await session.execute(statement.order_by(columns.as_of.desc(), columns.id.desc()).limit(limit))
    return [_assessment(row) for row in rows]


def _assessment(row: Row[Any]) -> Assessment:
    return Assessment(
        id=row.id,
        as_of=row.as_of,
        title=row.title,
        dimensions=_DIMENSIONS.validate_python(row.dimensions),
        written_by=row.written_by,
        key_name=row.key_name,
        created_at=row.created_at,
    )
