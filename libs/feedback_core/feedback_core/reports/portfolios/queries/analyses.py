"""Finders of what is calculated: definitions, runs of each kind with what they found, schedules, codebooks, codings."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, select

from feedback_core.analyses.tables import analysis_run, analysis_schedule
from feedback_core.analyses.types import AnalysisKind
from feedback_core.db.session import Session
from feedback_core.kpis.tables import kpi_definition
from feedback_core.reports.model import sha256_of
from feedback_core.reports.portfolios.queries.reading import find, find_groups, joined, of, within
from feedback_core.reports.portfolios.queries.responses import versions_of_surveys
from feedback_core.reports.portfolios.records import Finder, Found, Mark, Record, Window
from feedback_core.surveys.tables import survey
from feedback_core.themes.tables import codebook, comment_coding
from feedback_core.weighting.tables import weighting_scheme

_LOT: Final = 20
"""Results that are held at once: each may be large."""


def runs_of(kind: AnalysisKind) -> Finder:
    """The finder of runs of one kind."""

    async def runs(session: Session, window: Window) -> Found:
        table = analysis_run.c
        statement = (
            select(
                table.id,
                table.survey_id,
                table.parameters,
                table.data_version,
                table.schedule_id,
                table.sentence,
                table.libraries,
                table.requested_by,
                table.finished_at,
            )
            .where(*of(window, analysis_run), table.kind == kind.value, table.result.is_not(None))
            .where(table.finished_at.is_not(None))
        )
        found = await find(session, window, statement, _run, at=table.finished_at, keys=[table.id])
        return await _with_fingerprints(session, window, found)

    return runs


async def schedules(session: Session, window: Window) -> Found:
    """Analyses that run by themselves."""

    def record(row: Row[Any]) -> Record:
        says = {
            "kind": row.kind,
            "survey_id": row.survey_id,
            "parameters": row.parameters,
            "cadence": row.cadence,
            "hour": row.hour,
            "time_zone": row.time_zone,
            "enabled": row.enabled,
        }
        title = f"{row.kind.replace('_', ' ')}, {row.cadence}{'' if row.enabled else ' (switched off)'}"
        return Record(str(row.id), title, row.created_at, f"/v1/analysis-schedules/{row.id}", says=says)

    table = analysis_schedule
    statement = select(table).where(*of(window, table))
    return await find(session, window, statement, record, at=table.c.created_at, keys=[table.c.id], standing=True)


async def kpi_definitions(session: Session, window: Window) -> Found:
    """Versions of KPIs that the organisation has defined itself."""

    def record(row: Row[Any]) -> Record:
        return Record(
            f"{row.key}-v{row.version}",
            f"{row.key}, version {row.version}",
            row.defined_at,
            f"/v1/kpis/{row.key}/versions",
            by=row.defined_by,
            says={"key": row.key, "version": row.version, "definition": row.definition},
            marks=frozenset({Mark.REVISED} if row.version > 1 else ()),
        )

    table = kpi_definition
    statement = select(table).where(*of(window, table))
    keys = [table.c.key, table.c.version]
    return await find(session, window, statement, record, at=table.c.defined_at, keys=keys, standing=True)


async def weighting(session: Session, window: Window) -> Found:
    """Versions of weighting schemes."""

    def record(row: Row[Any]) -> Record:
        return Record(
            f"{row.key}-v{row.version}-{row.survey_id}",
            f"{row.key}, version {row.version}",
            row.defined_at,
            f"/v1/surveys/{row.survey_id}/weighting-schemes/{row.key}/versions",
            by=row.defined_by,
            says={"survey_id": row.survey_id, "key": row.key, "version": row.version, "definition": row.definition},
            marks=frozenset({Mark.REVISED} if row.version > 1 else ()),
        )

    table = weighting_scheme
    statement = select(table).where(*of(window, table))
    keys = [table.c.survey_id, table.c.key, table.c.version]
    return await find(session, window, statement, record, at=table.c.defined_at, keys=keys, standing=True)


async def codebooks(session: Session, window: Window) -> Found:
    """Versions of codebooks."""
    return await versions_of_surveys(session, window, codebook, "definition", "codebook/versions")


async def codings(session: Session, window: Window) -> Found:
    """How many comments people have sorted, by survey and version of the codebook; neither which nor as what."""
    table = comment_coding.c

    def record(row: Row[Any]) -> Record:
        says = {
            "survey": row.key,
            "survey_id": row.survey_id,
            "codebook_version": row.codebook_version,
            "codings": row.n,
            "coders": row.coders,
            "first_at": row.first,
            "last_at": row.last,
        }
        title = f"{row.key}, codebook version {row.codebook_version}: {row.n} codings by {row.coders} coders"
        link = f"/v1/surveys/{row.survey_id}/codings"
        return Record(f"{row.key}-v{row.codebook_version}", title, row.last, link, says=says)

    statement = (
        select(
            survey.c.key,
            table.survey_id,
            table.codebook_version,
            func.count().label("n"),
            func.count(table.coder.distinct()).label("coders"),
            func.min(table.coded_at).label("first"),
            func.max(table.coded_at).label("last"),
        )
        .select_from(comment_coding)
        .join(survey, joined(comment_coding, survey, "survey_id"))
        .where(*of(window, comment_coding), *within(window, table.coded_at))
        .group_by(survey.c.key, table.survey_id, table.codebook_version)
    )
    return await find_groups(session, window, statement, record)


def _run(row: Row[Any]) -> Record:
    says = {
        "survey_id": row.survey_id,
        "parameters": row.parameters,
        "data_version": row.data_version,
        "schedule_id": row.schedule_id,
        "sentence": row.sentence,
        "libraries": row.libraries,
    }
    title = row.sentence or "A run without a sentence"
    link = f"/v1/analyses/{row.id}"
    return Record(str(row.id), title, row.finished_at, link, by=row.requested_by, says=says)


async def _with_fingerprints(session: Session, window: Window, found: Found) -> Found:
    """The runs, with the SHA-256 of the result of each, as reports give it."""
    fingerprints: dict[str, str] = {}
    ids = [UUID(record.key) for record in found.records]
    for start in range(0, len(ids), _LOT):
        lot = select(analysis_run.c.id, analysis_run.c.result).where(
            *of(window, analysis_run), analysis_run.c.id.in_(ids[start : start + _LOT])
        )
        fingerprints |= {str(row.id): sha256_of(row.result) for row in await session.execute(lot)}
    return Found(tuple(_marked(record, fingerprints) for record in found.records), found.total)


def _marked(record: Record, fingerprints: Mapping[str, str]) -> Record:
    says = {**record.says, "result_sha256": fingerprints[record.key]}
    return Record(record.key, record.title, record.at, record.link, by=record.by, says=says)
