"""SQL of measures, and of reviews and replies."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, Table, func, insert, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from feedback_core.db.session import Session
from feedback_core.people.access import Entitlement
from feedback_core.people.performance.types import Measure, MeasureDetails, Subject, SubjectKind
from feedback_core.people.tables import performance_measure, performance_reply, performance_review

_DETAILS = TypeAdapter(MeasureDetails)


@dataclass(frozen=True, slots=True)
class StoredText:
    """A row about somebody, with what was written sealed."""

    row: Row[Any] = field(repr=False)
    subject: Subject


async def latest_measure(session: Session, organisation_id: UUID, key: str) -> Measure | None:
    """The latest version of a measure."""
    columns = performance_measure.c
    rows = await session.execute(
        select(performance_measure)
        .where(columns.organisation_id == organisation_id, columns.key == key)
        .order_by(columns.version.desc())
        .limit(1)
    )
    row = rows.one_or_none()
    return None if row is None else _measure(row)


async def measures_after(session: Session, organisation_id: UUID, *, after: str | None, limit: int) -> list[Measure]:
    """Measures by key, each in its latest version."""
    columns = performance_measure.c
    statement = (
        select(performance_measure)
        .where(columns.organisation_id == organisation_id)
        .ext(distinct_on(columns.key))
        .order_by(columns.key, columns.version.desc())
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(columns.key > after)
    return [_measure(row) for row in await session.execute(statement)]


async def add_measure(session: Session, organisation_id: UUID, measure: Measure) -> None:
    """A version of a measure."""
    await session.execute(
        insert(performance_measure).values(
            organisation_id=organisation_id,
            key=measure.key,
            version=measure.version,
            details=_DETAILS.dump_python(measure.details, mode="json"),
            defined_by=measure.defined_by,
            defined_at=measure.defined_at,
        )
    )


async def hold_measures(session: Session, organisation_id: UUID) -> None:
    """Until the transaction ends nobody else puts a measure."""
    await session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"performance_measure {organisation_id}", 0)))
    )


async def add_review(session: Session, organisation_id: UUID, subject: Subject, **values: object) -> None:
    """A review."""
    await session.execute(
        insert(performance_review).values(organisation_id=organisation_id, **columns_of(subject), **values)
    )


async def review_by_id(session: Session, organisation_id: UUID, review_id: UUID) -> StoredText | None:
    """One review."""
    columns = performance_review.c
    rows = await session.execute(
        select(performance_review).where(columns.organisation_id == organisation_id, columns.id == review_id)
    )
    row = rows.one_or_none()
    return None if row is None else StoredText(row, subject_of(row))


async def add_reply(session: Session, organisation_id: UUID, subject: Subject, **values: object) -> None:
    """What somebody says to a figure or review of theirs."""
    await session.execute(
        insert(performance_reply).values(organisation_id=organisation_id, **columns_of(subject), **values)
    )


async def replies_to_reviews(
    session: Session, organisation_id: UUID, review_ids: Collection[UUID]
) -> Mapping[UUID, Sequence[StoredText]]:
    """Replies by review, in the order in which they were written."""
    columns = performance_reply.c
    rows = await session.execute(
        select(performance_reply)
        .where(columns.organisation_id == organisation_id, columns.review_id.in_(list(review_ids)))
        .order_by(columns.id)
    )
    found: dict[UUID, list[StoredText]] = {}
    for row in rows:
        found.setdefault(row.review_id, []).append(StoredText(row, subject_of(row)))
    return found


async def replies_to_figures(
    session: Session,
    organisation_id: UUID,
    measure: str,
    subjects: Collection[UUID],
    *,
    start: datetime | None,
    end: datetime | None,
    most: int,
) -> list[StoredText]:
    """Replies of these people and teams to figures of periods that touch this one, in the order of writing."""
    columns = performance_reply.c
    ids = list(subjects)
    statement = select(performance_reply).where(
        columns.organisation_id == organisation_id,
        columns.measure_key == measure,
        or_(columns.staff_id.in_(ids), columns.team_id.in_(ids)),
    )
    if start is not None:
        statement = statement.where(or_(columns.ends_at.is_(None), columns.ends_at > start))
    if end is not None:
        statement = statement.where(or_(columns.starts_at.is_(None), columns.starts_at < end))
    rows = await session.execute(statement.order_by(columns.id.desc()).limit(most))
    return [StoredText(row, subject_of(row)) for row in reversed(rows.all())]


async def about_before(
    session: Session,
    organisation_id: UUID,
    table: Table,
    entitled: Entitlement,
    *,
    staff_id: UUID | None,
    team_id: UUID | None,
    before: UUID | None,
    limit: int,
    also: Sequence[ColumnElement[bool]] = (),
) -> list[StoredText]:
    """Rows of a table about people and teams that may be seen, the latest first."""
    columns = table.c
    statement = select(table).where(columns.organisation_id == organisation_id, *also)
    if not entitled.everybody:
        theirs = or_(columns.staff_id.in_(sorted(entitled.staff)), columns.team_id.in_(sorted(entitled.teams)))
        statement = statement.where(theirs)
    for column, wanted in ((columns.staff_id, staff_id), (columns.team_id, team_id)):
        if wanted is not None:
            statement = statement.where(column == wanted)
    if before is not None:
        statement = statement.where(columns.id < before)
    rows = await session.execute(statement.order_by(columns.id.desc()).limit(limit))
    return [StoredText(row, subject_of(row)) for row in rows]


def columns_of(subject: Subject) -> dict[str, UUID]:
    """The column that names a subject."""
    return {"staff_id" if subject.kind is SubjectKind.PERSON else "team_id": subject.id}


def subject_of(row: Row[Any]) -> Subject:
    """Whom a row is about."""
    if row.staff_id is not None:
        return Subject(SubjectKind.PERSON, row.staff_id)
    return Subject(SubjectKind.TEAM, row.team_id)


def _measure(row: Row[Any]) -> Measure:
    return Measure(row.key, row.version, _DETAILS.validate_python(row.details), row.defined_by, row.defined_at)
