"""Finders of what was told to whom: cases, what was told back, editions of reports, how far they went."""

from typing import Any

from sqlalchemy import Row, func, select

from feedback_core.cases.publishing.tables import you_said_item
from feedback_core.cases.tables import case_rule, feedback_case
from feedback_core.db.session import Session
from feedback_core.jobs.types import FileState
from feedback_core.reports.portfolios.queries.reading import find, find_groups, joined, of, within
from feedback_core.reports.portfolios.queries.responses import versions_of_surveys
from feedback_core.reports.portfolios.records import Found, Mark, Record, Window
from feedback_core.reports.tables import report, report_distribution, report_schedule
from feedback_core.surveys.tables import survey


async def case_rules(session: Session, window: Window) -> Found:
    """Versions of the rules that open cases."""
    return await versions_of_surveys(session, window, case_rule, "rule", "case-rule/versions")


async def cases(session: Session, window: Window) -> Found:
    """Cases as they stand: nothing of the response, nor of what was written about it."""
    table = feedback_case.c

    def record(row: Row[Any]) -> Record:
        says = {
            "survey_id": row.survey_id,
            "rule_version": row.rule_version,
            "state": row.state,
            "outcome": row.outcome,
            "owner": row.owner,
            "due_at": row.due_at,
            "escalated_at": row.escalated_at,
            "closed_at": row.closed_at,
        }
        became = f", {row.outcome.replace('_', ' ')}" if row.outcome else ""
        title = f"Case of {row.key}: {row.state.replace('_', ' ')}{became}"
        return Record(str(row.id), title, row.opened_at, f"/v1/cases/{row.id}", by=row.owner, says=says)

    statement = (
        select(feedback_case, survey.c.key)
        .join(survey, joined(feedback_case, survey, "survey_id"))
        .where(*of(window, feedback_case))
    )
    return await find(session, window, statement, record, at=table.opened_at, keys=[table.id])


async def you_said(session: Session, window: Window) -> Found:
    """What was published for everybody."""
    table = you_said_item

    def record(row: Row[Any]) -> Record:
        says = {
            "survey_id": row.survey_id,
            "action_id": row.action_id,
            "you_said": row.you_said,
            "we_did": row.we_did,
            "figures": row.figures,
        }
        link = f"/v1/surveys/{row.survey_id}/you-said-we-did/{row.id}"
        return Record(str(row.id), row.we_did[:200], row.published_at, link, by=row.written_by, says=says)

    statement = select(table).where(*of(window, table), table.c.published_at.is_not(None))
    return await find(session, window, statement, record, at=table.c.published_at, keys=[table.c.id])


async def reports(session: Session, window: Window) -> Found:
    """Editions that were written, each with its file while that is kept."""
    table = report

    def record(row: Row[Any]) -> Record:
        ending = row.request["format"]
        says = {
            "survey_id": row.survey_id,
            "run_id": row.run_id,
            "audience": row.audience,
            "format": ending,
            "file_state": row.file_state,
            "file_size": row.file_size,
            "file_sha256": row.file_sha256,
            "content_sha256": row.content_sha256,
            "schedule_id": row.schedule_id,
        }
        return Record(
            str(row.id),
            f"{row.title} ({row.audience.replace('_', ' ')}, {ending.upper()})",
            row.finished_at,
            f"/v1/reports/{row.id}",
            by=row.requested_by,
            says=says,
            facet=row.audience,
            kept_file=(row.id, ending) if row.file_state == FileState.READY.value else None,
        )

    statement = select(table).where(*of(window, table), table.c.file_sha256.is_not(None))
    return await find(session, window, statement, record, at=table.c.finished_at, keys=[table.c.id])


async def distributions(session: Session, window: Window) -> Found:
    """How many recipients each report was meant for and reached; never who they are."""
    table = report_distribution.c

    def record(row: Row[Any]) -> Record:
        says = {
            "report_id": row.report_id,
            "audience": row.audience,
            "ways": sorted(row.ways),
            "recipients": row.n,
            "sent": row.sent,
            "opened": row.opened,
            "acknowledged": row.acknowledged,
            "revoked": row.revoked,
            "reminders": row.reminders,
            "last_at": row.last,
        }
        audience = row.audience.replace("_", " ")
        return Record(
            str(row.report_id),
            f"To {audience}: {row.sent} sent, {row.opened} opened, {row.acknowledged} acknowledged",
            row.last,
            f"/v1/reports/{row.report_id}/distributions",
            says=says,
            facet=row.audience,
            marks=frozenset({Mark.PASSED_ON} if row.sent else ()),
        )

    statement = (
        select(
            table.report_id,
            report.c.audience,
            func.array_agg(table.way.distinct()).label("ways"),
            func.count().label("n"),
            func.count(table.sent_at).label("sent"),
            func.count(table.opened_at).label("opened"),
            func.count(table.acknowledged_at).label("acknowledged"),
            func.count(table.revoked_at).label("revoked"),
            func.sum(table.reminders_sent).label("reminders"),
            func.max(table.created_at).label("last"),
        )
        .select_from(report_distribution)
        .join(report, joined(report_distribution, report, "report_id"))
        .where(*of(window, report_distribution), *of(window, report), *within(window, table.created_at))
        .group_by(table.report_id, report.c.audience)
        .order_by(func.max(table.created_at).desc(), table.report_id.desc())
    )
    return await find_groups(session, window, statement, record)


async def report_schedules(session: Session, window: Window) -> Found:
    """Editions that are written by themselves."""
    table = report_schedule

    def record(row: Row[Any]) -> Record:
        says = {"analysis_schedule_id": row.analysis_schedule_id, "editions": row.editions, "enabled": row.enabled}
        title = f"{len(row.editions)} editions{'' if row.enabled else ' (switched off)'}"
        return Record(str(row.id), title, row.created_at, f"/v1/report-schedules/{row.id}", says=says)

    statement = select(table).where(*of(window, table))
    return await find(session, window, statement, record, at=table.c.created_at, keys=[table.c.id], standing=True)
