"""Finders of what follows: recommendations with the decisions on them, procedures, actions with who agreed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Table, func, select

from feedback_core.db.session import Session
from feedback_core.recommendations.actions.tables import action, action_entry, action_person
from feedback_core.recommendations.actions.types import Answer
from feedback_core.recommendations.procedures.tables import procedure
from feedback_core.recommendations.tables import (
    recommendation,
    recommendation_sighting,
    recommendation_transition,
)
from feedback_core.reports.portfolios.queries.reading import find, joined, of
from feedback_core.reports.portfolios.records import Found, Mark, Record, Window

_TRANSITION = ("from_step", "to_step", "from_state", "to_state", "decided_by", "key_name", "reason", "decided_at")
_PERSON = ("person", "answer", "reason", "answered_at")
_ENTRY = ("kind", "from_state", "to_state", "said", "written_by", "key_name", "written_at")


async def recommendations(session: Session, window: Window) -> Found:
    """Recommendations as they stand, with evidence as it was frozen and every decision."""
    table = recommendation.c
    statement = select(recommendation).where(*of(window, recommendation))
    found = await find(session, window, statement, _recommendation, at=table.created_at, keys=[table.id])
    ids = [UUID(record.key) for record in found.records]
    decisions = await _belonging(
        session, window, recommendation_transition, "recommendation_id", ids, _TRANSITION, ("decided_at", "id")
    )
    met = await _counts(session, window, recommendation_sighting, "recommendation_id", ids)

    def whole(record: Record) -> Record:
        taken = decisions.get(record.key, [])
        says = {**record.says, "met_by_analyses": met.get(record.key, 0), "decisions": taken}
        marks = frozenset({Mark.DECIDED} if taken else ())
        return Record(record.key, record.title, record.at, record.link, by=record.by, says=says, marks=marks)

    return Found(tuple(whole(record) for record in found.records), found.total)


async def procedures(session: Session, window: Window) -> Found:
    """Versions of procedures that the organisation has defined itself."""

    def record(row: Row[Any]) -> Record:
        return Record(
            f"{row.key}-v{row.version}",
            f"{row.definition.get('title', row.key)}, version {row.version}",
            row.defined_at,
            f"/v1/procedures/{row.key}?version={row.version}",
            by=row.defined_by,
            says={"key": row.key, "version": row.version, "definition": row.definition},
            marks=frozenset({Mark.REVISED} if row.version > 1 else ()),
        )

    statement = select(procedure).where(*of(window, procedure))
    keys = [procedure.c.key, procedure.c.version]
    return await find(session, window, statement, record, at=procedure.c.defined_at, keys=keys, standing=True)


async def actions(session: Session, window: Window) -> Found:
    """Actions as they stand, with who agreed, and everything that was said on their way."""
    table = action.c
    statement = (
        select(action)
        .join(recommendation, joined(action, recommendation, "recommendation_id"))
        .where(*of(window, action), *of(window, recommendation))
    )
    found = await find(session, window, statement, _action, at=table.created_at, keys=[table.id])
    ids = [UUID(record.key) for record in found.records]
    people = await _belonging(session, window, action_person, "action_id", ids, _PERSON, ("person",))
    entries = await _belonging(session, window, action_entry, "action_id", ids, _ENTRY, ("written_at", "id"))

    def whole(record: Record) -> Record:
        named = people.get(record.key, [])
        says = {**record.says, "people": named, "entries": entries.get(record.key, [])}
        agreed = bool(named) and all(person["answer"] == Answer.AGREED.value for person in named)
        marks = record.marks | ({Mark.AGREED} if agreed else set())
        return Record(record.key, record.title, record.at, record.link, by=record.by, says=says, marks=marks)

    return Found(tuple(whole(record) for record in found.records), found.total)


def _recommendation(row: Row[Any]) -> Record:
    says = {
        "survey_id": row.survey_id,
        "feature": row.feature_key,
        "standard": row.standard_key,
        "kind": row.kind,
        "rationale": row.rationale,
        "evidence": row.evidence,
        "expected_effect": row.expected_effect,
        "cost_amount": row.cost_amount,
        "cost_currency": row.cost_currency,
        "effort_hours": row.effort_hours,
        "confidence": row.confidence,
        "priority": row.priority,
        "priority_reason": row.priority_reason,
        "owner": row.owner,
        "state": row.state,
        "step": row.step,
        "procedure": row.procedure_key,
        "procedure_version": row.procedure_version,
        "due_at": row.due_at,
        "run_id": row.run_id,
    }
    title = f"{row.title} ({row.state})"
    return Record(str(row.id), title, row.created_at, f"/v1/recommendations/{row.id}", by=row.written_by, says=says)


def _action(row: Row[Any]) -> Record:
    says = {
        "recommendation_id": row.recommendation_id,
        "description": row.description,
        "owner": row.owner,
        "due_on": row.due_on,
        "cost_amount": row.cost_amount,
        "cost_currency": row.cost_currency,
        "hours": row.hours,
        "change_on": row.change_on,
        "state": row.state,
        "outcome": row.outcome,
        "effect_run_id": row.effect_run_id,
    }
    marks = frozenset({Mark.RESOURCED} if row.cost_amount is not None or row.hours is not None else ())
    title = f"{row.title} ({row.state.replace('_', ' ')})"
    link = f"/v1/actions/{row.id}"
    return Record(str(row.id), title, row.created_at, link, by=row.created_by, says=says, marks=marks)


async def _belonging(
    session: Session,
    window: Window,
    table: Table,
    column: str,
    ids: Sequence[UUID],
    names: Sequence[str],
    order: Sequence[str],
) -> dict[str, list[dict[str, object]]]:
    """Rows that belong to others, in their order, by whom they belong to."""
    rows = await session.execute(
        select(table.c[column].label("whose"), *(table.c[name] for name in names))
        .where(*of(window, table), table.c[column].in_(ids))
        .order_by(table.c[column], *(table.c[name] for name in order))
    )
    found: dict[str, list[dict[str, object]]] = {}
    for row in rows.mappings():
        found.setdefault(str(row["whose"]), []).append({name: row[name] for name in names})
    return found


async def _counts(session: Session, window: Window, table: Table, column: str, ids: Sequence[UUID]) -> dict[str, int]:
    rows = await session.execute(
        select(table.c[column].label("whose"), func.count().label("n"))
        .where(*of(window, table), table.c[column].in_(ids))
        .group_by(table.c[column])
    )
    return {str(row.whose): row.n for row in rows}
