"""SQL of alerts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from feedback_core.db.session import Session
from feedback_core.standards.alerts.tables import kpi_alert
from feedback_core.standards.alerts.types import Alert, AlertDetails, AlertFigure, AlertState, Look

_DETAILS = TypeAdapter(AlertDetails)
_FIGURE = TypeAdapter(AlertFigure)


async def alert_by_key(session: Session, organisation_id: UUID, key: str, *, hold: bool = False) -> Alert | None:
    """An alert; held until the end of the transaction if it is to be changed."""
    statement = select(kpi_alert).where(kpi_alert.c.organisation_id == organisation_id, kpi_alert.c.key == key)
    row = (await session.execute(statement.with_for_update() if hold else statement)).one_or_none()
    return _alert(row) if row else None


async def alerts_after(
    session: Session,
    organisation_id: UUID,
    *,
    survey_id: UUID | None,
    state: AlertState | None,
    after: str | None,
    limit: int,
) -> list[Alert]:
    """Alerts by key, those after ``after`` only."""
    statement = select(kpi_alert).where(kpi_alert.c.organisation_id == organisation_id)
    if survey_id is not None:
        statement = statement.where(kpi_alert.c.survey_id == survey_id)
    if state is not None:
        statement = statement.where(kpi_alert.c.state == state)
    if after is not None:
        statement = statement.where(kpi_alert.c.key > after)
    return [_alert(row) for row in await session.execute(statement.order_by(kpi_alert.c.key).limit(limit))]


async def add_alert(session: Session, organisation_id: UUID, key: str, details: AlertDetails, *, at: datetime) -> bool:
    """A new alert; false if somebody else has just put one with this key."""
    added = await session.execute(
        insert(kpi_alert)
        .values(organisation_id=organisation_id, key=key, created_at=at, **_put(details, at))
        .on_conflict_do_nothing()
        .returning(kpi_alert.c.key)
    )
    return added.first() is not None


async def replace_alert(
    session: Session, organisation_id: UUID, key: str, details: AlertDetails, *, at: datetime
) -> None:
    """Another thing to watch: nothing is known of it yet."""
    await _update(session, organisation_id, key, revision=kpi_alert.c.revision + 1, **_put(details, at))


async def keep_look(
    session: Session,
    organisation_id: UUID,
    key: str,
    found: Look,
    *,
    since: datetime | None,
    at: datetime,
    next_at: datetime,
) -> None:
    """What was found, and when to look again."""
    await _update(
        session,
        organisation_id,
        key,
        state=found.state,
        since=since,
        checked_at=at,
        figure=None if found.figure is None else _FIGURE.dump_python(found.figure, mode="json"),
        reason=found.reason,
        next_check_at=next_at,
    )


async def delete_alert(session: Session, organisation_id: UUID, key: str) -> bool:
    """Remove an alert; false if there is none."""
    gone = await session.execute(
        delete(kpi_alert).where(kpi_alert.c.organisation_id == organisation_id, kpi_alert.c.key == key)
    )
    return gone.rowcount > 0


async def alerts_due(system: Session, now: datetime) -> list[tuple[UUID, str]]:
    """Organisation and key of those to be looked at."""
    rows = await system.execute(
        select(kpi_alert.c.organisation_id, kpi_alert.c.key).where(kpi_alert.c.next_check_at <= now)
    )
    return [(row.organisation_id, row.key) for row in rows]


async def _update(session: Session, organisation_id: UUID, key: str, **values: object) -> None:
    await session.execute(
        update(kpi_alert).where(kpi_alert.c.organisation_id == organisation_id, kpi_alert.c.key == key).values(values)
    )


def _put(details: AlertDetails, at: datetime) -> dict[str, Any]:
    return {
        "survey_id": details.metric.survey_id,
        "details": _DETAILS.dump_python(details, mode="json"),
        "state": AlertState.UNDECIDED,
        "since": None,
        "checked_at": None,
        "figure": None,
        "reason": None,
        "next_check_at": at if details.enabled else None,
    }


def _alert(row: Row[Any]) -> Alert:
    return Alert(
        key=row.key,
        details=_DETAILS.validate_python(row.details),
        state=AlertState(row.state),
        since=row.since,
        checked_at=row.checked_at,
        figure=None if row.figure is None else _FIGURE.validate_python(row.figure),
        reason=row.reason,
        created_at=row.created_at,
        revision=row.revision,
    )
