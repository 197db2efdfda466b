"""Finder of what watching collections found, and what was done about it."""

from typing import Any

from sqlalchemy import Row, select

from feedback_core.db.session import Session
from feedback_core.fieldwork.tables import fieldwork_alert
from feedback_core.fieldwork.types.rules import RuleKind
from feedback_core.reports.portfolios.queries.reading import find, joined, of
from feedback_core.reports.portfolios.records import Found, Record, Window
from feedback_core.surveys.tables import survey


async def fieldwork_alerts(session: Session, window: Window) -> Found:
    """Alerts of collections with the plan's revision that followed; none on an interviewer."""
    table = fieldwork_alert.c

    def record(row: Row[Any]) -> Record:
        says = {
            "survey_id": row.survey_id,
            "rule": row.rule,
            "kind": row.kind,
            "rules_version": row.rules_version,
            "state": row.state,
            "sentence": row.sentence,
            "value": row.value,
            "low": row.low,
            "high": row.high,
            "limit": row.limit,
            "n": row.n,
            "over_at": row.over_at,
            "acknowledged_at": row.acknowledged_at,
            "resolved_at": row.resolved_at,
            "plan_id": row.plan_id,
            "plan_revision": row.plan_revision,
        }
        title = f"Collection of {row.key}: {row.kind.replace('_', ' ')}, {row.state}"
        return Record(str(row.id), title, row.opened_at, f"/v1/fieldwork-alerts/{row.id}", says=says)

    statement = (
        select(fieldwork_alert, survey.c.key)
        .join(survey, joined(fieldwork_alert, survey, "survey_id"))
        .where(*of(window, fieldwork_alert), table.kind != RuleKind.INTERVIEWER.value)
    )
    return await find(session, window, statement, record, at=table.opened_at, keys=[table.id])
