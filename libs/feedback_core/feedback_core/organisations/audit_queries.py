"""SQL of the audit: events are added and read, never changed."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import insert, select

from feedback_core.db.session import Session
from feedback_core.organisations.tables import audit_event
from feedback_core.organisations.types import AuditAction, AuditEvent


async def add_event(session: Session, organisation_id: UUID, event: AuditEvent) -> None:
    """One more event."""
    await session.execute(
        insert(audit_event).values(
            organisation_id=organisation_id,
            id=event.id,
            action=event.action.value,
            actor=event.actor,
            thing=event.thing,
            thing_id=event.thing_id,
            details=dict(event.details),
            at=event.at,
        )
    )


async def events_before(
    session: Session,
    organisation_id: UUID,
    *,
    actions: Sequence[AuditAction],
    thing_id: str | None,
    before: UUID | None,
    limit: int,
) -> list[AuditEvent]:
    """Events, the latest first; only of these actions, if any are named, and only of this thing, if one is."""
    statement = select(audit_event).where(audit_event.c.organisation_id == organisation_id)
    if actions:
        statement = statement.where(audit_event.c.action.in_([action.value for action in actions]))
    if thing_id is not None:
        statement = statement.where(audit_event.c.thing_id == thing_id)
    if before is not None:
        statement = statement.where(audit_event.c.id < before)
    rows = await session.execute(statement.order_by(audit_event.c.id.desc()).limit(limit))
    return [
        AuditEvent(row.id, AuditAction(row.action), row.actor, row.thing, row.thing_id, row.details, row.at)
        for row in rows
    ]
