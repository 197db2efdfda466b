"""SQL of the rules of collections, in versions, and of when each is looked at."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, select, text
from sqlalchemy.dialects.postgresql import insert

from feedback_core.db.session import Session
from feedback_core.fieldwork.tables import fieldwork_rules, fieldwork_watch
from feedback_core.fieldwork.types.rules import FieldworkRules, StoredRules

_RULES = TypeAdapter(FieldworkRules)

# Due by time, or since something was recorded; not again and again while much is.
_DUE = text("""
    SELECT w.organisation_id, w.survey_id
      FROM fieldwork_watch w
     WHERE w.next_check_at <= :now
        OR (w.checked_at <= :settled
            AND EXISTS (SELECT FROM response r
                         WHERE r.organisation_id = w.organisation_id AND r.survey_id = w.survey_id
                           AND r.recorded_xid >= w.seen_xid))
""")

_SEEN = text("""
    UPDATE fieldwork_watch
       SET checked_at = :at, next_check_at = :next_at, seen_xid = pg_snapshot_xmin(pg_current_snapshot())
     WHERE organisation_id = :organisation_id AND survey_id = :survey_id
""")


async def rule_versions(session: Session, organisation_id: UUID, survey_id: UUID) -> list[StoredRules]:
    """Every version of a survey's rules, the one that holds first."""
    rows = await session.execute(
        select(fieldwork_rules)
        .where(fieldwork_rules.c.organisation_id == organisation_id, fieldwork_rules.c.survey_id == survey_id)
        .order_by(fieldwork_rules.c.version.desc())
    )
    return [_stored(row) for row in rows]


async def current_rules(session: Session, organisation_id: UUID, survey_id: UUID) -> StoredRules | None:
    """The rules that hold; ``None``: none were put."""
    row = (
        await session.execute(
            select(fieldwork_rules)
            .where(fieldwork_rules.c.organisation_id == organisation_id, fieldwork_rules.c.survey_id == survey_id)
            .order_by(fieldwork_rules.c.version.desc())
            .limit(1)
        )
    ).one_or_none()
    return _stored(row) if row else None


async def add_rules(session: Session, organisation_id: UUID, survey_id: UUID, stored: StoredRules) -> bool:
    """Another version; false if somebody else has just put it. The survey is looked at at once."""
    added = await session.execute(
        insert(fieldwork_rules)
        .values(
            organisation_id=organisation_id,
            survey_id=survey_id,
            version=stored.version,
            rules=_RULES.dump_python(stored.rules, mode="json"),
            put_by=stored.put_by,
            put_at=stored.put_at,
        )
        .on_conflict_do_nothing()
        .returning(fieldwork_rules.c.version)
    )
    if added.first() is None:
        return False
    watch = insert(fieldwork_watch).values(
        organisation_id=organisation_id, survey_id=survey_id, next_check_at=stored.put_at, seen_xid=text("'0'::xid8")
    )
    await session.execute(
        watch.on_conflict_do_update(
            index_elements=["organisation_id", "survey_id"], set_={"next_check_at": stored.put_at}
        )
    )
    return True


async def hold_watch(session: Session, organisation_id: UUID, survey_id: UUID) -> bool:
    """Hold a survey's watch until the transaction ends: one looks at a time; false if it has none."""
    held = await session.execute(
        select(fieldwork_watch.c.survey_id)
        .where(fieldwork_watch.c.organisation_id == organisation_id, fieldwork_watch.c.survey_id == survey_id)
        .with_for_update()
    )
    return held.one_or_none() is not None


async def note_look(
    session: Session, organisation_id: UUID, survey_id: UUID, *, at: datetime, next_at: datetime
) -> None:
    """That a survey was looked at, with all that was recorded by then, and when it is looked at in any case."""
    values = {"organisation_id": organisation_id, "survey_id": survey_id, "at": at, "next_at": next_at}
    await session.execute(_SEEN, values)


async def surveys_due(system: Session, *, now: datetime, settled: datetime) -> list[tuple[UUID, UUID]]:
    """Organisation and survey of those to be looked at; what came in counts where the last look was by ``settled``."""
    rows = await system.execute(_DUE, {"now": now, "settled": settled})
    return [(row.organisation_id, row.survey_id) for row in rows]


def _stored(row: Row[Any]) -> StoredRules:
    return StoredRules(_RULES.validate_python(row.rules), row.version, row.put_by, row.put_at)
