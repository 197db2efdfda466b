"""What every finder does alike: hold records to the window, count them, read the latest of them."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, func, select

from feedback_core.db.session import Session
from feedback_core.reports.portfolios.records import Found, Record, Window


def of(window: Window, table: Table) -> list[ColumnElement[bool]]:
    """That a row is the organisation's, and, if its table has a survey, of one that was asked for."""
    held = [table.c.organisation_id == window.organisation_id]
    if window.survey_ids and "survey_id" in table.c:
        held.append(table.c.survey_id.in_(list(window.survey_ids)))
    return held


def joined(table: Table, other: Table, column: str, key: str = "id") -> ColumnElement[bool]:
    """How a row finds the one that it belongs to."""
    return (other.c.organisation_id == table.c.organisation_id) & (other.c[key] == table.c[column])


def within(window: Window, at: ColumnElement[Any], *, standing: bool = False) -> list[ColumnElement[bool]]:
    """That something happened in the period; of what stands, that it was there before its end."""
    held: list[ColumnElement[bool]] = []
    if window.starts_at is not None and not standing:
        held.append(at >= window.starts_at)
    if window.ends_at is not None:
        held.append(at < window.ends_at)
    return held


async def find(
    session: Session,
    window: Window,
    statement: Select[Any],
    record: Callable[[Row[Any]], Record],
    *,
    at: ColumnElement[Any],
    keys: Sequence[ColumnElement[Any]],
    standing: bool = False,
) -> Found:
    """The latest records of a statement, the earliest of them first.

    Args:
        session: a snapshot.
        window: which records.
        statement: a row for each record; it names the organisation itself.
        record: of a row.
        at: the date of a record.
        keys: what tells records apart, so that their order is always the same.
        standing: whether they stand until changed (a version, a setting), and count as long as they do.
    """
    held = statement.where(*within(window, at, standing=standing))
    total: int = (await session.execute(select(func.count()).select_from(held.subquery()))).scalar_one()
    latest = held.order_by(at.desc(), *(key.desc() for key in keys)).limit(window.most)
    rows = (await session.execute(latest)).all()
    return Found(tuple(record(row) for row in reversed(rows)), total)


async def find_groups(
    session: Session, window: Window, statement: Select[Any], record: Callable[[Row[Any]], Record]
) -> Found:
    """Records that each sum up many rows; the statement holds itself to the window, and there are few."""
    records = [record(row) for row in (await session.execute(statement)).all()]
    records.sort(key=lambda found: (found.at, found.key))
    return Found(tuple(records[-window.most :]), len(records))
