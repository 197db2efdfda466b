"""Finders of the service: its features, and the processes, offers and touchpoints that they belong to."""

from typing import Any

from sqlalchemy import Row, Table, select

from feedback_core.db.session import Session
from feedback_core.reports.portfolios.queries.reading import find, of
from feedback_core.reports.portfolios.records import Found, Mark, Record, Window
from feedback_core.service.tables import feature, feature_offer, feature_touchpoint, offer, process, touchpoint


async def features(session: Session, window: Window) -> Found:
    """Features, with what each belongs to."""
    offers = await _ties(session, window, feature_offer, "offer_key")
    touchpoints = await _ties(session, window, feature_touchpoint, "touchpoint_key")

    def record(row: Row[Any]) -> Record:
        says = {
            "key": row.key,
            "name": row.name,
            "description": row.description,
            "owner": row.owner,
            "process": row.process_key,
            "offers": offers.get(row.key, []),
            "touchpoints": touchpoints.get(row.key, []),
        }
        is_tied = bool(says["process"] or says["offers"] or says["touchpoints"])
        marks = frozenset({Mark.TIED} if is_tied else ())
        return Record(row.key, row.name, row.created_at, f"/v1/features/{row.key}", says=says, marks=marks)

    statement = select(feature).where(*of(window, feature))
    return await find(session, window, statement, record, at=feature.c.created_at, keys=[feature.c.key], standing=True)


async def processes(session: Session, window: Window) -> Found:
    """Processes, with what their work takes."""

    def record(row: Row[Any]) -> Record:
        marks = frozenset({Mark.FOOTPRINT} if row.footprint else ())
        says = {**_part(row), "footprint": row.footprint}
        return Record(row.key, row.name, row.created_at, f"/v1/processes/{row.key}", says=says, marks=marks)

    statement = select(process).where(*of(window, process))
    return await find(session, window, statement, record, at=process.c.created_at, keys=[process.c.key], standing=True)


async def offers_and_touchpoints(session: Session, window: Window) -> Found:
    """Offers, then touchpoints."""
    found = []
    for table, path in ((offer, "offers"), (touchpoint, "touchpoints")):

        def record(row: Row[Any], path: str = path) -> Record:
            link = f"/v1/{path}/{row.key}"
            return Record(f"{path}.{row.key}", row.name, row.created_at, link, says=_part(row))

        statement = select(table).where(*of(window, table))
        found.append(
            await find(session, window, statement, record, at=table.c.created_at, keys=[table.c.key], standing=True)
        )
    records = tuple(record for each in found for record in each.records)
    return Found(records[: window.most], sum(each.total for each in found))


async def _ties(session: Session, window: Window, table: Table, column: str) -> dict[str, list[str]]:
    rows = await session.execute(select(table.c.feature_key, table.c[column]).where(*of(window, table)))
    ties: dict[str, list[str]] = {}
    for feature_key, other in rows:
        ties.setdefault(feature_key, []).append(other)
    return {key: sorted(others) for key, others in ties.items()}


def _part(row: Row[Any]) -> dict[str, object]:
    return {"key": row.key, "name": row.name, "description": row.description, "owner": row.owner}
