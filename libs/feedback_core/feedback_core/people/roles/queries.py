"""SQL of roles, and of whom they were sent to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.dialects.postgresql import distinct_on

from feedback_core.db.session import Session
from feedback_core.jobs.queries import jobs_by_id
from feedback_core.people.roles.types import Assignment, AssignmentWay, Responsibility, RoleDetails, StaffRole
from feedback_core.people.tables import role_assignment, staff_role

_RESPONSIBILITIES = TypeAdapter(tuple[Responsibility, ...])

_LATEST = (
    select(func.max(staff_role.c.version))
    .where(
        staff_role.c.organisation_id == role_assignment.c.organisation_id,
        staff_role.c.key == role_assignment.c.role_key,
    )
    .scalar_subquery()
)


async def hold_roles(session: Session, organisation_id: UUID) -> None:
    """Until the transaction ends nobody else puts or sends a role."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"staff_role {organisation_id}", 0))))


async def role_version(
    session: Session, organisation_id: UUID, key: str, version: int | None = None
) -> StaffRole | None:
    """A version of a role; the latest one if none is named."""
    columns = staff_role.c
    statement = select(staff_role).where(columns.organisation_id == organisation_id, columns.key == key)
    if version is not None:
        statement = statement.where(columns.version == version)
    row = (await session.execute(statement.order_by(columns.version.desc()).limit(1))).one_or_none()
    return None if row is None else _role(row)


async def roles_after(session: Session, organisation_id: UUID, *, after: str | None, limit: int) -> list[StaffRole]:
    """Roles by key, each in its latest version."""
    columns = staff_role.c
    statement = (
        select(staff_role)
        .where(columns.organisation_id == organisation_id)
        .ext(distinct_on(columns.key))
        .order_by(columns.key, columns.version.desc())
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(columns.key > after)
    return [_role(row) for row in await session.execute(statement)]


async def versions_before(
    session: Session, organisation_id: UUID, key: str, *, before: int | None, limit: int
) -> list[StaffRole]:
    """Versions of a role, the latest first."""
    columns = staff_role.c
    statement = select(staff_role).where(columns.organisation_id == organisation_id, columns.key == key)
    if before is not None:
        statement = statement.where(columns.version < before)
    rows = await session.execute(statement.order_by(columns.version.desc()).limit(limit))
    return [_role(row) for row in rows]


async def add_role(session: Session, organisation_id: UUID, role: StaffRole) -> None:
    """A version of a role."""
    await session.execute(
        insert(staff_role).values(
            organisation_id=organisation_id,
            key=role.key,
            version=role.version,
            title=role.details.title,
            purpose=role.details.purpose,
            responsibilities=_RESPONSIBILITIES.dump_python(role.details.responsibilities, mode="json"),
            defined_by=role.defined_by,
            defined_at=role.defined_at,
        )
    )


async def add_assignment(session: Session, organisation_id: UUID, assignment_id: UUID, **values: object) -> None:
    """A role for somebody."""
    await session.execute(insert(role_assignment).values(organisation_id=organisation_id, id=assignment_id, **values))


async def end_assignments(session: Session, organisation_id: UUID, role: str, staff_id: UUID, *, at: datetime) -> None:
    """What was sent to somebody of a role before counts no more."""
    columns = role_assignment.c
    await session.execute(
        update(role_assignment)
        .where(
            columns.organisation_id == organisation_id,
            columns.role_key == role,
            columns.staff_id == staff_id,
            columns.ended_at.is_(None),
        )
        .values(ended_at=at)
    )


async def assignment_by_id(
    session: Session, organisation_id: UUID, assignment_id: UUID, *, for_update: bool = False
) -> Assignment | None:
    """One; held until the end of the transaction if it is to be changed."""
    columns = role_assignment.c
    statement = select(role_assignment, _LATEST.label("latest")).where(
        columns.organisation_id == organisation_id, columns.id == assignment_id
    )
    rows = (await session.execute(statement.with_for_update(of=role_assignment) if for_update else statement)).all()
    found = await _with_jobs(session, organisation_id, rows)
    return found[0] if found else None


async def assignments_before(
    session: Session,
    organisation_id: UUID,
    *,
    role: str | None,
    staff_id: UUID | None,
    acknowledged: bool | None,
    before: UUID | None,
    limit: int,
) -> list[Assignment]:
    """Of those that have not ended, the latest first; acknowledged: in the role's latest version."""
    columns = role_assignment.c
    statement = select(role_assignment, _LATEST.label("latest")).where(
        columns.organisation_id == organisation_id, columns.ended_at.is_(None)
    )
    if role is not None:
        statement = statement.where(columns.role_key == role)
    if staff_id is not None:
        statement = statement.where(columns.staff_id == staff_id)
    if acknowledged is not None:
        holds = columns.acknowledged_at.is_not(None) & (columns.role_version == _LATEST)
        statement = statement.where(holds if acknowledged else ~holds)
    if before is not None:
        statement = statement.where(columns.id < before)
    rows = await session.execute(statement.order_by(columns.id.desc()).limit(limit))
    return await _with_jobs(session, organisation_id, rows.all())


async def note(session: Session, organisation_id: UUID, assignment_id: UUID, **instants: datetime) -> None:
    """When something became of it; the first time stays."""
    columns = role_assignment.c
    await session.execute(
        update(role_assignment)
        .where(columns.organisation_id == organisation_id, columns.id == assignment_id)
        .values({name: func.coalesce(columns[name], at) for name, at in instants.items()})
    )


def _role(row: Row[Any]) -> StaffRole:
    details = RoleDetails(row.title, _RESPONSIBILITIES.validate_python(row.responsibilities), row.purpose)
    return StaffRole(row.key, row.version, details, row.defined_by, row.defined_at)


async def _with_jobs(session: Session, organisation_id: UUID, rows: Sequence[Row[Any]]) -> list[Assignment]:
    jobs = await jobs_by_id(session, organisation_id, [row.job_id for row in rows if row.job_id is not None])
    return [
        Assignment(
            id=row.id,
            role=row.role_key,
            role_version=row.role_version,
            latest_version=row.latest,
            staff_id=row.staff_id,
            way=AssignmentWay(row.way),
            job=None if row.job_id is None else jobs[row.job_id],
            requested_by=row.requested_by,
            created_at=row.created_at,
            sent_at=row.sent_at,
            acknowledged_at=row.acknowledged_at,
            ended_at=row.ended_at,
        )
        for row in rows
    ]
