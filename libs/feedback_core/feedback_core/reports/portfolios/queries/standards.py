"""Finders of standards: their versions, the verdicts of reviews, what others reach and do."""

from typing import Any

from sqlalchemy import Row, Table, select

from feedback_core.analyses.tables import analysis_run
from feedback_core.db.session import Session
from feedback_core.reports.portfolios.queries.reading import find, joined, of
from feedback_core.reports.portfolios.records import Found, Mark, Record, Window
from feedback_core.standards.tables import benchmark, practice_note, standard, standard_verdict


async def standards(session: Session, window: Window) -> Found:
    """Versions of standards, with who agreed to each."""

    def record(row: Row[Any]) -> Record:
        marks = {
            Mark.AGREED: bool(row.details.get("agreed")),
            Mark.SUPPORTED: row.process_key is not None,
            Mark.REVISED: row.version > 1,
        }
        return Record(
            f"{row.key}-v{row.version}",
            f"{row.details['name']}, version {row.version}",
            row.defined_at,
            f"/v1/standards/{row.key}/versions",
            by=row.defined_by,
            says={"key": row.key, "version": row.version, **row.details},
            marks=frozenset(mark for mark, is_so in marks.items() if is_so),
        )

    statement = select(standard).where(*of(window, standard))
    keys = [standard.c.key, standard.c.version]
    return await find(session, window, statement, record, at=standard.c.defined_at, keys=keys, standing=True)


async def verdicts(session: Session, window: Window) -> Found:
    """What each review found of each standard, as it was kept."""
    table = standard_verdict.c

    def record(row: Row[Any]) -> Record:
        says = {
            "standard": row.standard_key,
            "version": row.standard_version,
            "run_id": row.run_id,
            "verdict": row.verdict,
            "sentence": row.sentence,
            "value": row.value,
            "low": row.low,
            "high": row.high,
            "n": row.n,
            "threshold": row.threshold,
            "period_start": row.period_start,
            "period_end": row.period_end,
        }
        title = f"{row.standard_key}: {row.verdict.replace('_', ' ')}"
        link = f"/v1/standards/{row.standard_key}/verdicts"
        return Record(f"{row.standard_key}-{row.run_id}", title, row.decided_at, link, says=says)

    statement = (
        select(standard_verdict)
        .join(analysis_run, joined(standard_verdict, analysis_run, "run_id"))
        .where(*of(window, standard_verdict), *of(window, analysis_run))
    )
    keys = [table.standard_key, table.run_id]
    return await find(session, window, statement, record, at=table.decided_at, keys=keys)


async def benchmarks(session: Session, window: Window) -> Found:
    """Figures of others."""
    return await _references(session, window, benchmark, "benchmarks", "name")


async def practice_notes(session: Session, window: Window) -> Found:
    """How others do it."""
    return await _references(session, window, practice_note, "practice-notes", "title")


async def _references(session: Session, window: Window, table: Table, path: str, title: str) -> Found:
    def record(row: Row[Any]) -> Record:
        says = {"key": row.key, **row.details}
        return Record(row.key, str(row.details[title]), row.created_at, f"/v1/{path}/{row.key}", says=says)

    statement = select(table).where(*of(window, table))
    return await find(session, window, statement, record, at=table.c.created_at, keys=[table.c.key], standing=True)
