"""SQL of the standing recipients of schedules."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, select

from feedback_core.db.session import Session
from feedback_core.reports.schedules.types import EDITION, StandingRecipient
from feedback_core.reports.tables import report_schedule_recipient


async def add_recipient(session: Session, organisation_id: UUID, added: StandingRecipient) -> None:
    """Somebody to be sent an edition whenever it is written."""
    await session.execute(
        insert(report_schedule_recipient).values(
            organisation_id=organisation_id,
            id=added.id,
            schedule_id=added.schedule_id,
            edition=EDITION.dump_python(added.edition, mode="json"),
            sealed_recipient=added.sealed,
            remind_after_days=added.remind_after_days,
            added_by=added.added_by,
            created_at=added.created_at,
        )
    )


async def recipients_of(session: Session, organisation_id: UUID, schedule_id: UUID) -> list[StandingRecipient]:
    """All of a schedule, in the order in which they were added."""
    rows = await session.execute(
        select(report_schedule_recipient)
        .where(
            report_schedule_recipient.c.organisation_id == organisation_id,
            report_schedule_recipient.c.schedule_id == schedule_id,
        )
        .order_by(report_schedule_recipient.c.id)
    )
    return [_recipient(row) for row in rows]


async def recipients_before(
    session: Session, organisation_id: UUID, schedule_id: UUID, *, before: UUID | None, limit: int
) -> list[StandingRecipient]:
    """Those of a schedule, added last first; those added before ``before`` only."""
    statement = select(report_schedule_recipient).where(
        report_schedule_recipient.c.organisation_id == organisation_id,
        report_schedule_recipient.c.schedule_id == schedule_id,
    )
    if before is not None:
        statement = statement.where(report_schedule_recipient.c.id < before)
    rows = await session.execute(statement.order_by(report_schedule_recipient.c.id.desc()).limit(limit))
    return [_recipient(row) for row in rows]


async def remove_recipient(session: Session, organisation_id: UUID, schedule_id: UUID, recipient_id: UUID) -> bool:
    """Take somebody off a schedule; false if they are not on it."""
    gone = await session.execute(
        delete(report_schedule_recipient).where(
            report_schedule_recipient.c.organisation_id == organisation_id,
            report_schedule_recipient.c.schedule_id == schedule_id,
            report_schedule_recipient.c.id == recipient_id,
        )
    )
    return gone.rowcount > 0


async def forget_recipients(session: Session, organisation_id: UUID, ids: Sequence[UUID]) -> int:
    """Take people off every schedule that they are on; how many entries those were."""
    gone = await session.execute(
        delete(report_schedule_recipient).where(
            report_schedule_recipient.c.organisation_id == organisation_id, report_schedule_recipient.c.id.in_(ids)
        )
    )
    return gone.rowcount


def _recipient(row: Row[Any]) -> StandingRecipient:
    return StandingRecipient(
        id=row.id,
        schedule_id=row.schedule_id,
        edition=EDITION.validate_python(row.edition),
        sealed=bytes(row.sealed_recipient),
        remind_after_days=row.remind_after_days,
        added_by=row.added_by,
        created_at=row.created_at,
    )
