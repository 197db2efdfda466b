"""Finders of what came in: counts by method, files taken in and given out, what was set aside. Never a response."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Label, Row, Table, func, select

from feedback_core.db.session import Session
from feedback_core.reports.portfolios.queries.reading import find, find_groups, joined, of, within
from feedback_core.reports.portfolios.records import Found, Mark, Record, Window
from feedback_core.responses.exports.tables import response_export
from feedback_core.responses.tables import (
    inclusion_rule,
    response,
    response_erasure,
    response_exclusion,
    response_import,
)
from feedback_core.surveys.tables import survey


async def collection(session: Session, window: Window) -> Found:
    """How many responses came in, by survey and method; of too few only that there are some."""
    table = response.c

    def record(row: Row[Any]) -> Record:
        is_told = row.n >= window.minimum
        says: dict[str, object] = {"survey": row.key, "survey_id": row.survey_id, "method": row.method}
        if is_told:
            says |= {"responses": row.n, "first_on": _day(row.first).date(), "last_on": _day(row.last).date()}
        else:
            says |= {"responses": None, "fewer_than": window.minimum}
        return Record(
            f"{row.key}-{row.method}",
            f"{row.key} by {row.method.replace('_', ' ')}: {row.n if is_told else f'fewer than {window.minimum}'}",
            _day(row.last) if is_told else _day(row.last).replace(day=1),
            f"/v1/surveys/{row.survey_id}",
            says=says,
            facet=row.method,
        )

    statement = (
        select(
            survey.c.key,
            table.survey_id,
            table.method,
            func.count().label("n"),
            func.min(table.submitted_at).label("first"),
            func.max(table.submitted_at).label("last"),
        )
        .select_from(response)
        .join(survey, joined(response, survey, "survey_id"))
        .where(*of(window, response), *within(window, table.submitted_at))
        .group_by(survey.c.key, table.survey_id, table.method)
    )
    return await find_groups(session, window, statement, record)


async def imports(session: Session, window: Window) -> Found:
    """Files of responses that were taken in, or tried out."""

    def record(row: Row[Any]) -> Record:
        says = {
            "survey_id": row.survey_id,
            "state": row.state,
            "format": row.format,
            "dry_run": row.dry_run,
            "mapping": row.mapping,
            "file_sha256": row.file_sha256,
            "file_size": row.file_size,
            "rows_read": row.rows_read,
            "rows_recorded": row.rows_recorded,
            "rows_duplicate": row.rows_duplicate,
            "rows_rejected": row.rows_rejected,
            "finished_at": row.finished_at,
        }
        tried = " tried out" if row.dry_run else ""
        title = f"{row.format.upper()} of {row.rows_read} rows{tried}: {row.rows_recorded} recorded"
        link = f"/v1/imports/{row.id}"
        return Record(str(row.id), title, row.created_at, link, by=row.requested_by, says=says)

    table = response_import
    statement = select(table).where(*of(window, table))
    return await find(session, window, statement, record, at=table.c.created_at, keys=[table.c.id])


async def exports(session: Session, window: Window) -> Found:
    """Files of responses that were given out."""

    def record(row: Row[Any]) -> Record:
        says = {
            "survey_id": row.survey_id,
            "request": row.request,
            "rows": row.rows_written,
            "file_sha256": row.file_sha256,
            "file_size": row.file_size,
            "finished_at": row.finished_at,
            "gone_reason": row.gone_reason,
        }
        title = f"{row.request['format'].upper()} of {row.rows_written} rows"
        link = f"/v1/exports/{row.id}"
        return Record(str(row.id), title, row.created_at, link, by=row.requested_by, says=says)

    table = response_export
    statement = select(table).where(*of(window, table), table.c.finished_at.is_not(None))
    return await find(session, window, statement, record, at=table.c.created_at, keys=[table.c.id])


async def corrections(session: Session, window: Window) -> Found:
    """How many responses of each survey were set aside, restored, erased."""
    found: list[Record] = []
    for what, table, at in _CORRECTIONS:

        def record(row: Row[Any], what: str = what) -> Record:
            says = {
                "survey": row.key,
                "survey_id": row.survey_id,
                "what": what,
                "responses": row.n,
                "last_at": row.last,
            }
            title = f"{row.key}: {row.n} {what}"
            return Record(f"{row.key}-{what}", title, row.last, f"/v1/surveys/{row.survey_id}", says=says)

        counted = await find_groups(session, window, _counted(window, table, at), record)
        found.extend(counted.records)
    found.sort(key=lambda each: (each.at, each.key))
    return Found(tuple(found[-window.most :]), len(found))


async def inclusion_rules(session: Session, window: Window) -> Found:
    """Versions of the rules that hold responses for careless."""
    return await versions_of_surveys(session, window, inclusion_rule, "rule", "inclusion-rule/versions")


async def versions_of_surveys(session: Session, window: Window, table: Table, document: str, path: str) -> Found:
    """Versions of something that each survey has one of."""

    def record(row: Row[Any]) -> Record:
        said: Mapping[str, object] = row._mapping[document]  # noqa: SLF001 - the public way to a column by its name
        return Record(
            f"{row.survey_key}-v{row.version}",
            f"{row.survey_key}, version {row.version}",
            row.defined_at,
            f"/v1/surveys/{row.survey_id}/{path}",
            by=row.defined_by,
            says={"survey": row.survey_key, "survey_id": row.survey_id, "version": row.version, document: said},
            marks=frozenset({Mark.REVISED} if row.version > 1 else ()),
        )

    statement = (
        select(table, survey.c.key.label("survey_key"))
        .join(survey, joined(table, survey, "survey_id"))
        .where(*of(window, table))
    )
    keys = [table.c.survey_id, table.c.version]
    return await find(session, window, statement, record, at=table.c.defined_at, keys=keys, standing=True)


_CORRECTIONS: tuple[tuple[str, Table, ColumnElement[Any]], ...] = (
    ("excluded", response_exclusion, response_exclusion.c.excluded_at),
    ("restored", response_exclusion, response_exclusion.c.restored_at),
    ("erased", response_erasure, response_erasure.c.erased_at),
)


def _counted(window: Window, table: Table, at: ColumnElement[Any]) -> Any:  # noqa: ANN401 - a statement of SQLAlchemy
    last: Label[Any] = func.max(at).label("last")
    return (
        select(survey.c.key, table.c.survey_id, func.count().label("n"), last)
        .select_from(table)
        .join(survey, joined(table, survey, "survey_id"))
        .where(*of(window, table), at.is_not(None), *within(window, at))
        .group_by(survey.c.key, table.c.survey_id)
    )


def _day(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
