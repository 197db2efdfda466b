"""SQL of benchmarks and practice notes: two tables of one shape."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, Table, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from feedback_core.db.session import Session
from feedback_core.standards.tables import benchmark, practice_note
from feedback_core.standards.types import Benchmark, BenchmarkDetails, PracticeNote, PracticeNoteDetails

_BENCHMARK = TypeAdapter(BenchmarkDetails)
_NOTE = TypeAdapter(PracticeNoteDetails)

Details = BenchmarkDetails | PracticeNoteDetails
Reference = Benchmark | PracticeNote
References = type[Benchmark] | type[PracticeNote]
"""Which of the two is meant."""


async def references_after(
    session: Session, organisation_id: UUID, kind: References, *, standard: str | None, after: str | None, limit: int
) -> list[Any]:
    """References of a kind by key, those after ``after`` only; of one standard, if it is named."""
    table = _table(kind)
    statement = select(table).where(table.c.organisation_id == organisation_id)
    if standard is not None:
        statement = statement.where(table.c.standard_key == standard)
    if after is not None:
        statement = statement.where(table.c.key > after)
    rows = await session.execute(statement.order_by(table.c.key).limit(limit))
    return [_reference(kind, row) for row in rows]


async def reference_by_key(
    session: Session, organisation_id: UUID, kind: References, key: str, *, for_update: bool = False
) -> Any | None:  # noqa: ANN401 - of the kind that was asked for
    """One reference; held until the end of the transaction if it is to be changed."""
    table = _table(kind)
    statement = select(table).where(table.c.organisation_id == organisation_id, table.c.key == key)
    row = (await session.execute(statement.with_for_update() if for_update else statement)).one_or_none()
    return _reference(kind, row) if row else None


async def benchmarks_of(session: Session, organisation_id: UUID, standard: str) -> list[Benchmark]:
    """The benchmarks that stand beside a standard, by key."""
    return await references_after(session, organisation_id, Benchmark, standard=standard, after=None, limit=100)


async def add_reference(
    session: Session, organisation_id: UUID, kind: References, key: str, details: Details, *, at: datetime
) -> bool:
    """A new reference; false if somebody else has just added one with this key."""
    table = _table(kind)
    result = await session.execute(
        insert(table)
        .values(organisation_id=organisation_id, key=key, created_at=at, updated_at=at, **_columns(details))
        .on_conflict_do_nothing()
        .returning(table.c.key)
    )
    return result.first() is not None


async def update_reference(
    session: Session, organisation_id: UUID, kind: References, key: str, details: Details, *, at: datetime
) -> None:
    """New details of a reference; the revision counts up."""
    table = _table(kind)
    await session.execute(
        update(table)
        .where(table.c.organisation_id == organisation_id, table.c.key == key)
        .values(**_columns(details), updated_at=at, revision=table.c.revision + 1)
    )


async def delete_reference(session: Session, organisation_id: UUID, kind: References, key: str) -> bool:
    """Delete a reference; false if there is none."""
    table = _table(kind)
    result = await session.execute(delete(table).where(table.c.organisation_id == organisation_id, table.c.key == key))
    return result.rowcount == 1


def _table(kind: References) -> Table:
    return benchmark if kind is Benchmark else practice_note


def _columns(details: Details) -> dict[str, object]:
    adapter: TypeAdapter[Any] = _BENCHMARK if isinstance(details, BenchmarkDetails) else _NOTE
    return {"standard_key": details.standard, "details": adapter.dump_python(details, mode="json")}


def _reference(kind: References, row: Row[Any]) -> Reference:
    if kind is Benchmark:
        return Benchmark(row.key, _BENCHMARK.validate_python(row.details), row.created_at, row.revision)
    return PracticeNote(row.key, _NOTE.validate_python(row.details), row.created_at, row.revision)
