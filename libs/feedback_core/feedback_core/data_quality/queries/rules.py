"""SQL of inclusion rules, and of how far the responses are held to them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, select, text
from sqlalchemy.dialects.postgresql import insert

from feedback_core.data_quality.types import Flagging, InclusionRule, StoredRule
from feedback_core.db.session import Session
from feedback_core.responses.tables import inclusion_rule

_DOCUMENT = TypeAdapter(InclusionRule)

_FLAGGING = text(
    """
    SELECT f.rule_version, f.measured,
           f.rule_version = (SELECT max(i.version) FROM inclusion_rule i
                              WHERE i.organisation_id = :organisation_id AND i.survey_id = :survey_id)
           AND NOT EXISTS (SELECT FROM response r
                            WHERE r.organisation_id = :organisation_id AND r.survey_id = :survey_id
                              AND r.recorded_xid >= f.watermark) AS up_to_date
      FROM flag_state f
     WHERE f.organisation_id = :organisation_id AND f.survey_id = :survey_id
    """
)

_DUE = text(
    """
    SELECT i.organisation_id, i.survey_id
      FROM (SELECT organisation_id, survey_id, max(version) AS version FROM inclusion_rule GROUP BY 1, 2) i
      LEFT JOIN flag_state f ON f.organisation_id = i.organisation_id AND f.survey_id = i.survey_id
     WHERE f.rule_version IS DISTINCT FROM i.version
        OR EXISTS (SELECT FROM response r
                    WHERE r.organisation_id = i.organisation_id AND r.survey_id = i.survey_id
                      AND r.recorded_xid >= f.watermark)
    """
)


async def rule_versions(session: Session, organisation_id: UUID, survey_id: UUID) -> list[StoredRule]:
    """Every version of a survey's rule, the latest first."""
    statement = (
        select(inclusion_rule)
        .where(inclusion_rule.c.organisation_id == organisation_id, inclusion_rule.c.survey_id == survey_id)
        .order_by(inclusion_rule.c.version.desc())
    )
    return [_stored(row) for row in await session.execute(statement)]


async def current_rule(session: Session, organisation_id: UUID, survey_id: UUID) -> InclusionRule | None:
    """The rule that holds; ``None`` before there is one."""
    statement = (
        select(inclusion_rule)
        .where(inclusion_rule.c.organisation_id == organisation_id, inclusion_rule.c.survey_id == survey_id)
        .order_by(inclusion_rule.c.version.desc())
        .limit(1)
    )
    row = (await session.execute(statement)).one_or_none()
    return _stored(row).rule if row else None


async def add_rule(
    session: Session, organisation_id: UUID, survey_id: UUID, rule: InclusionRule, *, by: str, at: datetime
) -> bool:
    """Keep a version; false if somebody else has just taken its number."""
    result = await session.execute(
        insert(inclusion_rule)
        .values(
            organisation_id=organisation_id,
            survey_id=survey_id,
            version=rule.version,
            rule=_DOCUMENT.dump_python(rule, mode="json", exclude={"version"}),
            defined_by=by,
            defined_at=at,
        )
        .on_conflict_do_nothing()
        .returning(inclusion_rule.c.version)
    )
    return result.first() is not None


async def flagging(session: Session, organisation_id: UUID, survey_id: UUID) -> Flagging:
    """How far the responses of a survey are measured."""
    found = await session.execute(_FLAGGING, {"organisation_id": organisation_id, "survey_id": survey_id})
    row = found.one_or_none()
    if row is None:
        return Flagging(rule_version=None, up_to_date=False, measured=0)
    return Flagging(row.rule_version, row.up_to_date, row.measured)


async def surveys_due(system: Session) -> list[tuple[UUID, UUID]]:
    """Every (organisation, survey) with a rule and responses that are not held to it yet."""
    return [(row.organisation_id, row.survey_id) for row in await system.execute(_DUE)]


def _stored(row: Row[Any]) -> StoredRule:
    rule = _DOCUMENT.validate_python({**row.rule, "version": row.version})
    return StoredRule(rule, row.defined_by, row.defined_at)
