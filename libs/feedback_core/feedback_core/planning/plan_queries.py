"""SQL of plans, their revisions and their history."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from feedback_core.db.session import Session
from feedback_core.planning.documents import details_of, document_of, document_of_signal, signal_of
from feedback_core.planning.tables import plan, plan_entry, plan_revision
from feedback_core.planning.types.plans import (
    Plan,
    PlanDetails,
    PlanEntry,
    PlanKind,
    PlanRevision,
    PlanState,
)


async def plan_by_id(
    session: Session, organisation_id: UUID, plan_id: UUID, *, for_update: bool = False
) -> Plan | None:
    """A plan; held until the end of the transaction if it is to be changed."""
    statement = select(plan).where(plan.c.organisation_id == organisation_id, plan.c.id == plan_id)
    if for_update:
        statement = statement.with_for_update()
    row = (await session.execute(statement)).one_or_none()
    return _plan(row) if row else None


async def plans_before(
    session: Session,
    organisation_id: UUID,
    *,
    survey_id: UUID | None,
    state: PlanState | None,
    kind: PlanKind | None,
    before: UUID | None,
    limit: int,
) -> list[Plan]:
    """Plans, newest first, those below ``before`` only."""
    columns = plan.c
    statement = select(plan).where(columns.organisation_id == organisation_id)
    if survey_id is not None:
        statement = statement.where(columns.survey_id == survey_id)
    if state is not None:
        statement = statement.where(columns.state == state.value)
    if kind is not None:
        statement = statement.where(columns.kind == kind.value)
    if before is not None:
        statement = statement.where(columns.id < before)
    rows = await session.execute(statement.order_by(columns.id.desc()).limit(limit))
    return [_plan(row) for row in rows]


async def add_plan(session: Session, organisation_id: UUID, made: Plan) -> None:
    """A new plan."""
    await session.execute(
        insert(plan).values(
            organisation_id=organisation_id,
            id=made.id,
            state=made.state.value,
            number=made.number,
            created_by=made.created_by,
            created_at=made.created_at,
            updated_at=made.updated_at,
            **_said(made.details),
        )
    )


async def change_plan(
    session: Session,
    organisation_id: UUID,
    plan_id: UUID,
    *,
    at: datetime,
    details: PlanDetails | None = None,
    state: PlanState | None = None,
    number: int | None = None,
    approved_at: datetime | None = None,
) -> None:
    """Change what is given; the revision counts up."""
    values: dict[str, object] = {"updated_at": at, "revision": plan.c.revision + 1}
    if details is not None:
        values |= _said(details)
    given = {"state": state.value if state else None, "number": number, "approved_at": approved_at}
    values |= {name: value for name, value in given.items() if value is not None}
    await session.execute(
        update(plan).where(plan.c.organisation_id == organisation_id, plan.c.id == plan_id).values(**values)
    )


async def add_revision(session: Session, organisation_id: UUID, plan_id: UUID, kept: PlanRevision) -> None:
    """Keep a revision for ever."""
    await session.execute(
        insert(plan_revision).values(
            organisation_id=organisation_id,
            plan_id=plan_id,
            number=kept.number,
            details=document_of(kept.details),
            signal=document_of_signal(kept.signal),
            revised_by=kept.revised_by,
            key_name=kept.key_name,
            revised_at=kept.revised_at,
        )
    )


async def revision_by_number(
    session: Session, organisation_id: UUID, plan_id: UUID, number: int
) -> PlanRevision | None:
    """One revision of a plan."""
    columns = plan_revision.c
    statement = select(plan_revision).where(
        columns.organisation_id == organisation_id, columns.plan_id == plan_id, columns.number == number
    )
    row = (await session.execute(statement)).one_or_none()
    return _revision(row) if row else None


async def revisions_before(
    session: Session, organisation_id: UUID, plan_id: UUID, *, before: int | None, limit: int
) -> list[PlanRevision]:
    """Revisions of a plan, the latest first, those below ``before`` only."""
    columns = plan_revision.c
    statement = select(plan_revision).where(columns.organisation_id == organisation_id, columns.plan_id == plan_id)
    if before is not None:
        statement = statement.where(columns.number < before)
    rows = await session.execute(statement.order_by(columns.number.desc()).limit(limit))
    return [_revision(row) for row in rows]


async def revisions_of_survey(
    session: Session, organisation_id: UUID, survey_id: UUID
) -> list[tuple[UUID, PlanRevision]]:
    """Every revision of each plan that is now about a survey, with the plan's id; in the order of their making."""
    columns = plan_revision.c
    statement = (
        select(plan_revision)
        .join(plan, (plan.c.organisation_id == columns.organisation_id) & (plan.c.id == columns.plan_id))
        .where(columns.organisation_id == organisation_id, plan.c.survey_id == survey_id)
        .order_by(columns.plan_id, columns.number)
    )
    return [(row.plan_id, _revision(row)) for row in await session.execute(statement)]


async def add_entry(session: Session, organisation_id: UUID, plan_id: UUID, entry_id: UUID, entry: PlanEntry) -> None:
    """Write down a step of a plan."""
    await session.execute(
        insert(plan_entry).values(
            organisation_id=organisation_id,
            id=entry_id,
            plan_id=plan_id,
            from_state=entry.from_state.value if entry.from_state else None,
            to_state=entry.to_state.value,
            reason=entry.reason,
            warnings=list(entry.warnings),
            written_by=entry.written_by,
            key_name=entry.key_name,
            written_at=entry.written_at,
        )
    )


async def entries_of(session: Session, organisation_id: UUID, plan_id: UUID) -> tuple[PlanEntry, ...]:
    """Everything that happened to a plan, oldest first."""
    columns = plan_entry.c
    statement = select(plan_entry).where(columns.organisation_id == organisation_id, columns.plan_id == plan_id)
    rows = await session.execute(statement.order_by(columns.id))
    return tuple(
        PlanEntry(
            from_state=PlanState(row.from_state) if row.from_state else None,
            to_state=PlanState(row.to_state),
            reason=row.reason,
            warnings=tuple(row.warnings),
            written_by=row.written_by,
            key_name=row.key_name,
            written_at=row.written_at,
        )
        for row in rows
    )


def _said(details: PlanDetails) -> dict[str, object]:
    return {"kind": details.kind.value, "survey_id": details.survey_id, "details": document_of(details)}


def _plan(row: Row[Any]) -> Plan:
    return Plan(
        id=row.id,
        state=PlanState(row.state),
        details=details_of(row.details),
        number=row.number,
        approved_at=row.approved_at,
        created_by=row.created_by,
        created_at=row.created_at,
        updated_at=row.updated_at,
        revision=row.revision,
    )


def _revision(row: Row[Any]) -> PlanRevision:
    return PlanRevision(
        number=row.number,
        details=details_of(row.details),
        signal=signal_of(row.signal),
        revised_by=row.revised_by,
        key_name=row.key_name,
        revised_at=row.revised_at,
    )
