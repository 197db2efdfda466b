"""Finders of connected systems: what each is, what became of its deliveries, how these are read."""

from typing import Any

from sqlalchemy import Row, func, select

from feedback_core.db.session import Session
from feedback_core.inbound.tables import delivery, source, source_mapping
from feedback_core.reports.portfolios.queries.reading import find, joined, of, within
from feedback_core.reports.portfolios.records import Found, Mark, Record, Window


async def sources(session: Session, window: Window) -> Found:
    """Systems that deliver, with counts of their deliveries by what became of them; no secret, no body."""
    counts = await _deliveries(session, window)

    def record(row: Row[Any]) -> Record:
        says = {
            "survey_id": row.survey_id,
            "name": row.name,
            "preset": row.preset,
            "state": row.state,
            "retention_days": row.retention_days,
            "retired_at": row.retired_at,
            "deliveries": counts.get(row.id, {}),
        }
        return Record(str(row.id), row.name, row.created_at, f"/v1/sources/{row.id}", says=says)

    statement = select(source).where(*of(window, source))
    return await find(session, window, statement, record, at=source.c.created_at, keys=[source.c.id], standing=True)


async def mappings(session: Session, window: Window) -> Found:
    """Versions of mappings."""
    table = source_mapping.c

    def record(row: Row[Any]) -> Record:
        return Record(
            f"{row.source_id}-v{row.version}",
            f"{row.name}, version {row.version}",
            row.defined_at,
            f"/v1/sources/{row.source_id}/mapping",
            by=row.defined_by,
            says={"source_id": row.source_id, "version": row.version, "mapping": row.mapping},
            marks=frozenset({Mark.REVISED} if row.version > 1 else ()),
        )

    statement = (
        select(source_mapping, source.c.name)
        .join(source, joined(source_mapping, source, "source_id"))
        .where(*of(window, source_mapping), *of(window, source))
    )
    keys = [table.source_id, table.version]
    return await find(session, window, statement, record, at=table.defined_at, keys=keys, standing=True)


async def _deliveries(session: Session, window: Window) -> dict[object, dict[str, int]]:
    rows = await session.execute(
        select(delivery.c.source_id, delivery.c.state, func.count().label("n"))
        .where(*of(window, delivery), *within(window, delivery.c.received_at))
        .group_by(delivery.c.source_id, delivery.c.state)
        .order_by(delivery.c.source_id, delivery.c.state)
    )
    counts: dict[object, dict[str, int]] = {}
    for row in rows:
        counts.setdefault(row.source_id, {})[row.state] = row.n
    return counts
