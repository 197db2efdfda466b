"""SQL of the rules that open cases, and of how far responses were looked at by them."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from feedback_core.cases.tables import case_rule
from feedback_core.cases.types import CaseRule, StoredRule
from feedback_core.db.session import Session

_RULE = TypeAdapter(CaseRule)

# What is recorded from now on: by transactions that are open, or still to begin.
_WATCH_FROM_NOW = text(
    """
    INSERT INTO case_watch (organisation_id, survey_id, watching, xid, response_id)
    VALUES (:organisation_id, :survey_id, :watching, CAST(CAST(:xid AS text) AS xid8),
            '00000000-0000-0000-0000-000000000000')
        ON CONFLICT (organisation_id, survey_id)
        DO UPDATE SET watching = excluded.watching,
                      xid = CASE WHEN case_watch.watching THEN case_watch.xid ELSE excluded.xid END,
                      response_id = CASE WHEN case_watch.watching THEN case_watch.response_id
                                         ELSE excluded.response_id END
    """
)


async def rule_versions(session: Session, organisation_id: UUID, survey_id: UUID) -> list[StoredRule]:
    """Every version of the rule of a survey, the one that holds first."""
    rows = await session.execute(
        select(case_rule)
        .where(case_rule.c.organisation_id == organisation_id, case_rule.c.survey_id == survey_id)
        .order_by(case_rule.c.version.desc())
    )
    return [StoredRule(row.version, _RULE.validate_python(row.rule), row.defined_by, row.defined_at) for row in rows]


async def add_rule(
    session: Session, organisation_id: UUID, survey_id: UUID, version: int, rule: CaseRule, *, by: str, at: datetime
) -> bool:
    """Keep a version; false if somebody else has just taken its number."""
    made = await session.execute(
        insert(case_rule)
        .values(
            organisation_id=organisation_id,
            survey_id=survey_id,
            version=version,
            rule=asdict(rule),
            defined_by=by,
            defined_at=at,
        )
        .on_conflict_do_nothing()
        .returning(case_rule.c.version)
    )
    return made.first() is not None


async def watch(session: Session, organisation_id: UUID, survey_id: UUID, *, watching: bool, since_xid: int) -> None:
    """Look for cases, or no more. Where nobody looked before, what is recorded from a transaction on is looked at."""
    values = {"organisation_id": organisation_id, "survey_id": survey_id, "watching": watching}
    await session.execute(_WATCH_FROM_NOW, {**values, "xid": str(since_xid)})
