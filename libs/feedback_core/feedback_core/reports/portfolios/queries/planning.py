"""Finders of what was planned: plans in their revisions, decisions on methods, costs, steps, frames and samples."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, select

from feedback_core.db.session import Session
from feedback_core.planning.tables import method_outcome, method_terms, plan, plan_entry, plan_revision
from feedback_core.reports.portfolios.queries.reading import find, joined, of
from feedback_core.reports.portfolios.records import Found, Mark, Record, Window
from feedback_core.sampling.tables import frame_unit, sample, sampling_frame

_ENTRY: Final = ("from_state", "to_state", "reason", "warnings", "written_by", "key_name", "written_at")


async def plans(session: Session, window: Window) -> Found:
    """Revisions of plans that were approved, each as it was then, with the signal that caused it."""
    columns = plan_revision.c

    def record(row: Row[Any]) -> Record:
        says = {
            "plan_id": row.plan_id,
            "kind": row.kind,
            "revision": row.number,
            "state": row.state,
            "signal": row.signal,
            "plan": row.details,
        }
        return Record(
            f"{row.plan_id}-r{row.number}",
            f"{row.details['title']}, revision {row.number}",
            row.revised_at,
            f"/v1/plans/{row.plan_id}/revisions/{row.number}",
            by=row.revised_by,
            says=says,
            marks=frozenset({Mark.REVISED} if row.number > 1 else ()),
        )

    statement = (
        select(plan_revision, plan.c.kind, plan.c.state)
        .join(plan, joined(plan_revision, plan, "plan_id"))
        .where(*of(window, plan_revision), *of(window, plan))
    )
    keys = [columns.plan_id, columns.number]
    found = await find(session, window, statement, record, at=columns.revised_at, keys=keys, standing=True)
    entries = await _entries(session, window, {UUID(record.key[:36]) for record in found.records})
    return Found(tuple(_with(each, entries=entries.get(each.key[:36], [])) for each in found.records), found.total)


async def method_decisions(session: Session, window: Window) -> Found:
    """Decisions on methods, as revisions of plans have them: what was chosen, what not, and why."""
    columns = plan_revision.c

    def record(row: Row[Any]) -> Record:
        decision: Mapping[str, Any] = row.details["decision"]
        methods = [each["method"] for each in row.details.get("methods", [])]
        return Record(
            f"{row.plan_id}-r{row.number}",
            f"{row.details['title']}: {', '.join(methods).replace('_', ' ')}",
            row.revised_at,
            f"/v1/plans/{row.plan_id}/revisions/{row.number}",
            by=decision.get("decided_by"),
            says={"plan_id": row.plan_id, "revision": row.number, "methods": methods, "decision": decision},
            marks=frozenset({Mark.REVISED} if row.number > 1 else ()),
        )

    statement = (
        select(plan_revision)
        .join(plan, joined(plan_revision, plan, "plan_id"))
        .where(
            *of(window, plan_revision), *of(window, plan), func.jsonb_typeof(columns.details["decision"]) == "object"
        )
    )
    keys = [columns.plan_id, columns.number]
    return await find(session, window, statement, record, at=columns.revised_at, keys=keys, standing=True)


async def costings(session: Session, window: Window) -> Found:
    """What the organisation says that methods cost it, with what they brought where that was measured."""
    columns = method_terms.c

    def record(row: Row[Any]) -> Record:
        says = {"method": row.method, **row.terms}
        title = f"Own costs of {row.method.replace('_', ' ')}"
        return Record(row.method, title, row.put_at, f"/v1/methods/{row.method}/costs", by=row.put_by, says=says)

    statement = select(method_terms).where(*of(window, method_terms))
    found = await find(session, window, statement, record, at=columns.put_at, keys=[columns.method], standing=True)
    brought = await _outcomes(session, window)
    return Found(tuple(_with(each, collections=brought.get(each.key, [])) for each in found.records), found.total)


async def implementation_steps(session: Session, window: Window) -> Found:
    """Plans whose steps put something into practice, as they stand, each step with its money and people."""
    columns = plan.c

    def record(row: Row[Any]) -> Record:
        steps: Sequence[Mapping[str, Any]] = row.details["steps"]
        resourced = any(step["cost"] is not None or step["hours"] for step in steps)
        return Record(
            str(row.id),
            f"{row.details['title']}: {len(steps)} steps ({row.state})",
            row.updated_at,
            f"/v1/plans/{row.id}",
            by=row.created_by,
            says={"plan_id": row.id, "state": row.state, "process": row.details.get("process"), "steps": steps},
            marks=frozenset({Mark.RESOURCED} if resourced else ()),
        )

    statement = select(plan).where(*of(window, plan), func.jsonb_array_length(columns.details["steps"]) > 0)
    return await find(session, window, statement, record, at=columns.updated_at, keys=[columns.id], standing=True)


async def samples(session: Session, window: Window) -> Found:
    """Samples that were drawn, with design, seed and probabilities, and of what frame; nothing of who is in them."""
    columns = sample.c
    units = (
        select(func.count())
        .where(frame_unit.c.organisation_id == columns.organisation_id, frame_unit.c.frame_id == columns.frame_id)
        .scalar_subquery()
    )

    def record(row: Row[Any]) -> Record:
        says = {
            "sample_id": row.id,
            "survey_id": row.survey_id,
            "frame_id": row.frame_id,
            "frame": row.settings.get("name"),
            "units_in_frame": row.units,
            "design": row.design,
            "seed": row.seed,
            "outcome": row.outcome,
            "drawn_at": row.drawn_at,
        }
        return Record(str(row.id), row.name, row.drawn_at, f"/v1/samples/{row.id}", by=row.requested_by, says=says)

    statement = (
        select(sample, sampling_frame.c.settings, units.label("units"))
        .join(sampling_frame, joined(sample, sampling_frame, "frame_id"))
        .where(*of(window, sample), columns.drawn_at.is_not(None))
    )
    return await find(session, window, statement, record, at=columns.drawn_at, keys=[columns.id])


def _with(record: Record, **more: object) -> Record:
    says = {**record.says, **more}
    return Record(record.key, record.title, record.at, record.link, by=record.by, says=says, marks=record.marks)


async def _entries(session: Session, window: Window, plan_ids: set[UUID]) -> dict[str, list[dict[str, object]]]:
    """Who took each plan from one state to the next, and why."""
    columns = plan_entry.c
    rows = await session.execute(
        select(columns.plan_id, *(columns[name] for name in _ENTRY))
        .where(*of(window, plan_entry), columns.plan_id.in_(list(plan_ids)))
        .order_by(columns.plan_id, columns.id)
    )
    found: dict[str, list[dict[str, object]]] = defaultdict(list)
    for row in rows.mappings():
        found[str(row["plan_id"])].append({name: row[name] for name in _ENTRY})
    return found


async def _outcomes(session: Session, window: Window) -> dict[str, list[dict[str, object]]]:
    """What became of those whom each method contacted."""
    columns = method_outcome.c
    rows = await session.execute(
        select(columns.method, columns.reference, columns.contacts, columns.completes, columns.ended_on)
        .where(*of(window, method_outcome))
        .order_by(columns.method, columns.ended_on, columns.id)
    )
    found: dict[str, list[dict[str, object]]] = defaultdict(list)
    for row in rows.mappings():
        found[row["method"]].append({name: row[name] for name in ("reference", "contacts", "completes", "ended_on")})
    return found
