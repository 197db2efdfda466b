"""Finder of how people were asked in person: guides in their versions, and sessions that were held."""

from typing import Any

from sqlalchemy import Row, select

from feedback_core.db.session import Session
from feedback_core.reports.portfolios.queries.reading import find, joined, of
from feedback_core.reports.portfolios.records import Found, Mark, Record, Window
from feedback_core.responses.entries.tables import staff_entry
from feedback_core.responses.guides.tables import interview_guide
from feedback_core.surveys.tables import survey


async def interviews(session: Session, window: Window) -> Found:
    """Versions of guides, then sessions: when, how long and by which guide; neither who asked nor what was said."""
    found = [await _guides(session, window), await _sessions(session, window)]
    records = tuple(record for each in found for record in each.records)
    return Found(records[: window.most], sum(each.total for each in found))


async def _guides(session: Session, window: Window) -> Found:
    def record(row: Row[Any]) -> Record:
        return Record(
            f"guide.{row.survey_id}-v{row.version}",
            f"Guide of {row.key}, version {row.version}",
            row.written_at,
            f"/v1/surveys/{row.survey_id}/interview-guide/versions/{row.version}",
            by=row.written_by,
            says={"survey_id": row.survey_id, "version": row.version, "guide": row.guide},
            marks=frozenset({Mark.REVISED} if row.version > 1 else ()),
        )

    columns = interview_guide.c
    statement = (
        select(interview_guide, survey.c.key)
        .join(survey, joined(interview_guide, survey, "survey_id"))
        .where(*of(window, interview_guide))
    )
    keys = [columns.survey_id, columns.version]
    return await find(session, window, statement, record, at=columns.written_at, keys=keys, standing=True)


async def _sessions(session: Session, window: Window) -> Found:
    def record(row: Row[Any]) -> Record:
        says = {
            "survey_id": row.survey_id,
            "kind": row.kind,
            "guide_version": row.guide_version,
            "began_at": row.began_at,
            "duration_seconds": row.duration_seconds,
            "language": row.language,
            "participants": row.participants,
            "transcript_bytes": row.transcript_bytes,
        }
        title = f"{row.kind.replace('_', ' ').capitalize()} of {row.key}"
        link = f"/v1/surveys/{row.survey_id}/entries/{row.id}"
        return Record(f"session.{row.id}", title, row.entered_at, link, says=says)

    columns = staff_entry.c
    statement = (
        select(staff_entry, survey.c.key)
        .join(survey, joined(staff_entry, survey, "survey_id"))
        .where(*of(window, staff_entry))
    )
    return await find(session, window, statement, record, at=columns.entered_at, keys=[columns.id])
