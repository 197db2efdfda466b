"""Finders of how people are protected: the audit of surveys, requests of data subjects. No value of anybody."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Row, func, literal_column, select

from feedback_core.db.session import Session
from feedback_core.organisations.tables import audit_event
from feedback_core.organisations.types import AuditAction
from feedback_core.reports.portfolios.queries.reading import find, find_groups, of, within
from feedback_core.reports.portfolios.records import Found, Record, Window

_OF_SUBJECTS: Final = (AuditAction.SUBJECT_REQUESTED, AuditAction.SUBJECT_ANSWERED, AuditAction.SUBJECT_EXPORT_READ)


async def audit(session: Session, window: Window) -> Found:
    """What was done to surveys that cannot be seen from them any more."""
    table = audit_event.c

    def record(row: Row[Any]) -> Record:
        says = {"action": row.action, "survey_id": row.thing_id, "details": row.details}
        title = row.action.replace(".", ": ").replace("_", " ")
        return Record(str(row.id), title, row.at, f"/v1/audit?thing={row.thing_id}", by=row.actor, says=says)

    statement = select(audit_event).where(*of(window, audit_event), table.thing == "survey")
    if window.survey_ids:
        statement = statement.where(table.thing_id.in_([str(survey_id) for survey_id in window.survey_ids]))
    return await find(session, window, statement, record, at=table.at, keys=[table.id])


async def subject_requests(session: Session, window: Window) -> Found:
    """How many requests of each kind were made and answered, month by month; never whose."""
    table = audit_event.c
    # Written out: as parameters they would be others in GROUP BY.
    month: ColumnElement[str] = literal_column("to_char(at AT TIME ZONE 'UTC', 'YYYY-MM')").label("month")
    kind: ColumnElement[str] = literal_column("details ->> 'kind'").label("kind")

    def record(row: Row[Any]) -> Record:
        says = {"month": row.month, "action": row.action, "kind": row.kind, "requests": row.n}
        what = row.action.partition(".")[2].replace("_", " ")
        key = f"{row.month}-{row.kind}-{row.action.partition('.')[2]}"
        title = f"{row.month}, {row.kind}: {row.n} {what}"
        return Record(key, title, row.last, f"/v1/audit?action={row.action}", says=says)

    statement = (
        select(month, table.action, kind, func.count().label("n"), func.max(table.at).label("last"))
        .where(*of(window, audit_event), table.action.in_([action.value for action in _OF_SUBJECTS]))
        .where(*within(window, table.at))
        .group_by(month, table.action, kind)
    )
    return await find_groups(session, window, statement, record)
