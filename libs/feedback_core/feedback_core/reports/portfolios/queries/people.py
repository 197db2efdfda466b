"""Finders of people's matters: roles, reviews of performance, culture, motivation; nothing of who anybody is."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from feedback_core.db.session import Session
from feedback_core.people.tables import (
    culture_assessment,
    motivation_strategy,
    performance_reply,
    performance_review,
    role_assignment,
    staff_role,
)
from feedback_core.reports.portfolios.queries.reading import find, of
from feedback_core.reports.portfolios.records import Found, Mark, Record, Window


async def roles(session: Session, window: Window) -> Found:
    """Versions of roles, with how many they were sent to, and how many acknowledged them."""
    columns, given = staff_role.c, role_assignment.c
    counted = (
        select(
            given.role_key,
            given.role_version,
            func.count(given.sent_at).label("sent"),
            func.count(given.acknowledged_at).label("acknowledged"),
            func.max(given.sent_at).label("last_sent_at"),
            func.max(given.acknowledged_at).label("last_acknowledged_at"),
        )
        .where(*of(window, role_assignment))
        .group_by(given.role_key, given.role_version)
        .subquery()
    )

    def record(row: Row[Any]) -> Record:
        says = {
            "role": row.key,
            "version": row.version,
            "purpose": row.purpose,
            "responsibilities": row.responsibilities,
            "sent_to": row.sent or 0,
            "acknowledged_by": row.acknowledged or 0,
            "last_sent_at": row.last_sent_at,
            "last_acknowledged_at": row.last_acknowledged_at,
        }
        marks = {Mark.REVISED: row.version > 1, Mark.ACKNOWLEDGED: bool(row.acknowledged)}
        return Record(
            f"{row.key}-v{row.version}",
            f"{row.title}, version {row.version}",
            row.defined_at,
            f"/v1/roles/{row.key}/versions",
            by=row.defined_by,
            says=says,
            marks=frozenset(mark for mark, is_so in marks.items() if is_so),
        )

    sent_of = (counted.c.role_key == columns.key) & (counted.c.role_version == columns.version)
    statement = (
        select(
            staff_role,
            counted.c.sent,
            counted.c.acknowledged,
            counted.c.last_sent_at,
            counted.c.last_acknowledged_at,
        )
        .outerjoin(counted, sent_of)
        .where(*of(window, staff_role))
    )
    keys = [columns.key, columns.version]
    return await find(session, window, statement, record, at=columns.defined_at, keys=keys, standing=True)


async def performance_reviews(session: Session, window: Window) -> Found:
    """That reviews were held, by which measures, and whether they were answered; not whose, nor what was found."""
    columns = performance_review.c

    def record(row: Row[Any]) -> Record:
        of_whom = "a person" if row.staff_id is not None else "a team"
        says = {
            "of": of_whom,
            "period_start": row.starts_at,
            "period_end": row.ends_at,
            "measures": [_measure(figure) for figure in row.figures],
        }
        title = f"Review of {of_whom}"
        link = f"/v1/performance-reviews/{row.id}"
        return Record(str(row.id), title, row.created_at, link, by=row.key_name, says=says)

    statement = select(performance_review).where(*of(window, performance_review))
    found = await find(session, window, statement, record, at=columns.created_at, keys=[columns.id])
    replies = await _replies(session, window, [UUID(each.key) for each in found.records])
    return Found(
        tuple(
            Record(
                each.key,
                each.title,
                each.at,
                each.link,
                by=each.by,
                says={**each.says, "replies": replies.get(each.key, 0)},
            )
            for each in found.records
        ),
        found.total,
    )


async def culture(session: Session, window: Window) -> Found:
    """Assessments of the culture: each dimension, how it was judged, and on what kinds of evidence."""
    columns = culture_assessment.c

    def record(row: Row[Any]) -> Record:
        dimensions = [
            {
                "dimension": each["key"],
                "label": each["label"],
                "level": each["level"],
                "statement": each["statement"],
                "evidence": sorted({piece["kind"] for piece in each["evidence"]}),
            }
            for each in row.dimensions
        ]
        says = {"as_of": row.as_of, "dimensions": dimensions}
        link = f"/v1/culture/assessments/{row.id}"
        return Record(str(row.id), row.title, row.created_at, link, by=row.written_by, says=says)

    statement = select(culture_assessment).where(*of(window, culture_assessment))
    return await find(session, window, statement, record, at=columns.created_at, keys=[columns.id])


async def motivation(session: Session, window: Window) -> Found:
    """Techniques and strategies as they stand, with the standards that they serve and what shows what followed."""
    columns = motivation_strategy.c

    def record(row: Row[Any]) -> Record:
        details = row.details
        marks = {
            Mark.STRATEGY: details["kind"] == "strategy",
            Mark.FOLLOWED: bool(details["actions"] or details["effects"]),
        }
        return Record(
            row.key,
            f"{details['name']} ({details['kind']})",
            row.created_at,
            f"/v1/culture/strategies/{row.key}",
            says={"key": row.key, **details},
            marks=frozenset(mark for mark, is_so in marks.items() if is_so),
        )

    statement = select(motivation_strategy).where(*of(window, motivation_strategy))
    return await find(session, window, statement, record, at=columns.created_at, keys=[columns.key], standing=True)


def _measure(figure: dict[str, Any]) -> dict[str, object]:
    return {"measure": figure["measure"], "version": figure["measure_version"]}


async def _replies(session: Session, window: Window, ids: Sequence[UUID]) -> dict[str, int]:
    """How often each review was answered."""
    columns = performance_reply.c
    rows = await session.execute(
        select(columns.review_id, func.count().label("n"))
        .where(*of(window, performance_reply), columns.review_id.in_(ids))
        .group_by(columns.review_id)
    )
    return {str(row.review_id): row.n for row in rows}
