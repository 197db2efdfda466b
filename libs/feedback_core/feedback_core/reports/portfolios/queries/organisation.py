"""Finders of how it is kept: settings, the audit, requests of data subjects. No value of anybody."""

from typing import Any, Final

from sqlalchemy import Row, func, literal_column, or_, select

from feedback_core.db.session import Session
from feedback_core.organisations.tables import audit_event, organisation
from feedback_core.organisations.types import AuditAction
from feedback_core.reports.portfolios.queries.reading import find, find_groups, of, within
from feedback_core.reports.portfolios.records import Found, Record, Window

_OF_SUBJECTS: Final = (AuditAction.SUBJECT_REQUESTED, AuditAction.SUBJECT_ANSWERED, AuditAction.SUBJECT_EXPORT_READ)
_COUNTED_ELSEWHERE: Final = (*_OF_SUBJECTS, AuditAction.RESPONSE_ERASED)


async def settings(session: Session, window: Window) -> Found:
    """The organisation itself."""

    def record(row: Row[Any]) -> Record:
        says = {
            "key": row.key,
            "name": row.name,
            "time_zone": row.time_zone,
            "minimum_cell_size": row.minimum_cell_size,
        }
        title = f"Figures of fewer than {row.minimum_cell_size} respondents are withheld"
        return Record(row.key, title, row.created_at, "/v1/organisation", says=says)

    table = organisation
    statement = select(table).where(*of(window, table))
    return await find(session, window, statement, record, at=table.c.created_at, keys=[table.c.key], standing=True)


async def audit(session: Session, window: Window) -> Found:
    """What was done to a survey or the organisation that cannot be seen from it any more."""
    table = audit_event.c

    def record(row: Row[Any]) -> Record:
        is_survey = row.thing == "survey"
        says = {
            "action": row.action,
            "thing": row.thing,
            "survey_id": row.thing_id if is_survey else None,
            "details": row.details,
        }
        title = row.action.replace(".", ": ").replace("_", " ")
        link = f"/v1/audit?action={row.action}"
        return Record(str(row.id), title, row.at, link, by=row.actor, says=says)

    others = [action.value for action in _COUNTED_ELSEWHERE]
    statement = select(audit_event).where(*of(window, audit_event), table.action.not_in(others))
    if window.survey_ids:
        asked = [str(survey_id) for survey_id in window.survey_ids]
        statement = statement.where(or_(table.thing != "survey", table.thing_id.in_(asked)))
    return await find(session, window, statement, record, at=table.at, keys=[table.id])


async def subject_requests(session: Session, window: Window) -> Found:
    """How many requests of each kind were made and answered, month by month; never whose."""
    table = audit_event.c
    # Written out: as parameters they would be others in GROUP BY.
    month = literal_column("to_char(at AT TIME ZONE 'UTC', 'YYYY-MM')").label("month")
    kind = literal_column("details ->> 'kind'").label("kind")

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
