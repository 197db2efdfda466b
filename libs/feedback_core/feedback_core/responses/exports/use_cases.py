"""Asking for an export, looking at it, fetching its file, ending it."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from feedback_core.db.session import Database, Session
from feedback_core.jobs.file_queries import discard_file
from feedback_core.jobs.files import parts_between
from feedback_core.jobs.types import FileState, JobStatus
from feedback_core.jobs.use_cases import request_cancel, request_job
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import InvalidCursor, decode_cursor, encode_cursor, id_in_cursor, page_of
from feedback_core.kit.errors import Fault, Invalid, NotFound
from feedback_core.kit.ids import new_id
from feedback_core.responses.exports import queries
from feedback_core.responses.exports.codebook import Codebook, codebook_of
from feedback_core.responses.exports.columns import columns_of
from feedback_core.responses.exports.queries import EXPORT_FILES, SurveyVersions
from feedback_core.responses.exports.types import (
    KEPT_FOR,
    MOST_COLUMNS,
    DiscardExport,
    ExportFormat,
    ExportGone,
    ExportNotReady,
    ExportPage,
    ExportRequest,
    GoneReason,
    RunExport,
    Selection,
    StoredExport,
    TooManyColumns,
    UnknownContinuation,
)
from feedback_core.surveys import queries as surveys
from feedback_core.surveys.types import SurveyNotPublished

_SOON: Final = timedelta(seconds=5)
_WHY_GONE: Final[Mapping[GoneReason, str]] = {
    GoneReason.EXPIRED: "The file was kept for as long as files are: export again.",
    GoneReason.ERASURE: "A response that the file held was erased: export again, and erase it from your copy.",
    GoneReason.DELETED: "The file was deleted.",
    GoneReason.CANCELLED: "The export was cancelled: there is no file.",
    GoneReason.FAILED: "The export failed: there is no file.",
}


@dataclass(frozen=True, slots=True)
class FinishedFile:
    """A file that can be fetched.

    Attributes:
        name: what it may be called: letters, digits, hyphens and one dot.
        sha256: in hexadecimal.
        has_identities: whether it may tell who gave responses.
        is_unmasked: whether personal data stands in its comments as it was written.
    """

    organisation_id: UUID
    export_id: UUID
    name: str
    format: ExportFormat
    size: int
    sha256: str
    has_identities: bool
    is_unmasked: bool


async def request_export(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    request: ExportRequest,
    *,
    since: datetime | str | None,
    by: str,
    clock: Clock,
) -> StoredExport:
    """Have the worker write a file of the responses to a survey; with ``since`` only of what has changed.

    ``since`` is a time, or what ``continuation_of`` an earlier export gave.

    Raises:
        NotFound: no such survey here.
        SurveyNotPublished: it has no version yet.
        Invalid: the period is empty, the table would be too wide, or the continuation is of another export.
    """
    await surveys.hold_survey(session, organisation_id, survey_id)
    found = await _versions(session, organisation_id, survey_id)
    _check(request, found)
    now, export_id = clock.now(), new_id()
    job_id = await request_job(session, organisation_id, RunExport(export_id), now=now)
    await queries.add_export(
        session,
        organisation_id,
        export_id,
        survey_id=survey_id,
        request=request,
        since=await _since(session, organisation_id, survey_id, request.selection, since),
        job_id=job_id,
        requested_by=by,
        at=now,
        expires_at=now + KEPT_FOR,
    )
    return await get_export(session, organisation_id, export_id)


async def get_export(session: Session, organisation_id: UUID, export_id: UUID) -> StoredExport:
    """An export as it stands.

    Raises:
        NotFound: no such export here.
    """
    found = await queries.export_by_id(session, organisation_id, export_id)
    if found is None:
        raise NotFound("export", export_id)
    return found


async def list_exports(
    session: Session, organisation_id: UUID, survey_id: UUID, *, cursor: str | None, limit: int
) -> ExportPage:
    """A page of the exports of a survey, newest first.

    Raises:
        NotFound: no such survey here.
        InvalidCursor: the cursor belongs to another query.
    """
    if not await surveys.survey_exists(session, organisation_id, survey_id):
        raise NotFound("survey", survey_id)
    query: dict[str, object] = {"list": "exports", "organisation": organisation_id, "survey": survey_id}
    before = id_in_cursor(cursor, query)
    found = await queries.exports_before(session, organisation_id, survey_id, before=before, limit=limit + 1)
    items, following = page_of(found, limit, query)
    return ExportPage(tuple(items), following)


def continuation_of(stored: StoredExport, organisation_id: UUID) -> str | None:
    """What the next export goes on from; ``None`` until this one is finished."""
    if stored.watermark is None:
        return None
    return encode_cursor([str(stored.id)], _continued(organisation_id, stored.survey_id, stored.request.selection))


async def codebook_of_export(session: Session, organisation_id: UUID, export_id: UUID) -> Codebook:
    """What the columns of an export mean, by the versions that it was made of.

    Raises:
        NotFound: no such export here.
    """
    stored = await get_export(session, organisation_id, export_id)
    found = await _versions(session, organisation_id, stored.survey_id)
    through = stored.through_version or max(found.questionnaires)
    versions = {number: asked for number, asked in found.questionnaires.items() if number <= through}
    request = stored.request
    columns = columns_of(versions, identities=request.include_identities, texts=request.include_texts)
    return codebook_of(columns, versions)


async def cancel_export(session: Session, organisation_id: UUID, export_id: UUID, *, clock: Clock) -> StoredExport:
    """Cancel an export: at once while it waits, after the rows in hand while it runs.

    Raises:
        NotFound: no such export here.
        Conflict: it has ended.
    """
    found = await get_export(session, organisation_id, export_id)
    now = clock.now()
    job = await request_cancel(session, organisation_id, found.job.id, now=now)
    if job.status is JobStatus.CANCELLED:
        await discard_file(session, EXPORT_FILES, organisation_id, export_id, GoneReason.CANCELLED, at=now)
    else:
        discard, key = DiscardExport(export_id), str(export_id)
        await request_job(session, organisation_id, discard, now=now, run_at=now + _SOON, dedupe_key=key)
    return await get_export(session, organisation_id, export_id)


async def delete_export(session: Session, organisation_id: UUID, export_id: UUID, *, clock: Clock) -> None:
    """Throw the file of an export away; that there was one, and for whom, stays.

    Raises:
        NotFound: no such export here.
        ExportNotReady: it is still being written.
    """
    found = await get_export(session, organisation_id, export_id)
    if found.job.status in {JobStatus.QUEUED, JobStatus.RUNNING}:
        raise ExportNotReady("The file is still being written: cancel the export instead.")
    await discard_file(session, EXPORT_FILES, organisation_id, export_id, GoneReason.DELETED, at=clock.now())


async def finished_file(session: Session, organisation_id: UUID, export_id: UUID) -> FinishedFile:
    """The file of an export, ready to be fetched.

    Raises:
        NotFound: no such export here.
        ExportGone: it was there, or will never be.
        ExportNotReady: it is being written.
    """
    stored = await get_export(session, organisation_id, export_id)
    if stored.gone_reason is not None:
        raise ExportGone(_WHY_GONE[stored.gone_reason])
    if stored.file_state is not FileState.READY:
        raise ExportNotReady("There is no file yet: look at the status of the export.")
    found = await _versions(session, organisation_id, stored.survey_id)
    assert stored.snapshot_at is not None
    assert stored.sha256 is not None
    assert stored.confidentiality is not None
    if not stored.confidentiality.is_at_least_as_strict_as(found.confidentiality):
        raise ExportGone("The survey promises its respondents more than when the file was made: export again.")
    changes = "" if stored.since is None else "-changes"
    return FinishedFile(
        organisation_id=organisation_id,
        export_id=export_id,
        name=f"{found.key}{changes}-{stored.snapshot_at:%Y%m%dT%H%M%SZ}.{stored.request.format}",
        format=stored.request.format,
        size=stored.size,
        sha256=stored.sha256,
        has_identities=stored.request.include_identities,
        is_unmasked=stored.request.unmasked,
    )


def file_parts(database: Database, file: FinishedFile, *, first: int, last: int) -> AsyncIterator[bytes]:
    """The bytes of the file of an export from ``first`` to ``last``, as ``parts_between`` gives them."""
    return parts_between(database, EXPORT_FILES, file.organisation_id, file.export_id, first=first, last=last)


async def _versions(session: Session, organisation_id: UUID, survey_id: UUID) -> SurveyVersions:
    found = await queries.survey_versions(session, organisation_id, survey_id)
    if found is None:
        raise NotFound("survey", survey_id)
    if not found.questionnaires:
        raise SurveyNotPublished
    return found


def _check(request: ExportRequest, found: SurveyVersions) -> None:
    first, end = request.selection.submitted_from, request.selection.submitted_to
    if first is not None and end is not None and first >= end:
        raise Invalid([Fault("/to", "empty_period", "Give a time after `from`.")])
    if request.format.is_table:
        columns = columns_of(found.questionnaires, identities=request.include_identities, texts=request.include_texts)
        if len(columns.all) > MOST_COLUMNS:
            raise TooManyColumns(len(columns.all))


async def _since(
    session: Session, organisation_id: UUID, survey_id: UUID, selection: Selection, since: datetime | str | None
) -> int | None:
    """The mark to go on from.

    A time is that of the latest export that looked before it: what was there then is known to have been seen, so
    nothing that came later is left out, and some of what came before may come again. Without such an export it is
    everything.
    """
    if since is None:
        return None
    if isinstance(since, datetime):
        return await queries.mark_at(session, organisation_id, survey_id, since) or 0
    try:
        (export_id,) = decode_cursor(since, _continued(organisation_id, survey_id, selection), parts=1)
        found = await queries.export_by_id(session, organisation_id, UUID(export_id))
    except (InvalidCursor, ValueError) as error:
        raise UnknownContinuation from error
    if found is None or found.watermark is None:
        raise UnknownContinuation
    return found.watermark


def _continued(organisation_id: UUID, survey_id: UUID, selection: Selection) -> dict[str, object]:
    """What an export must share with the one that it continues: the survey and the filters, nothing else."""
    return {"continue": "exports", "organisation": organisation_id, "survey": survey_id, **asdict(selection)}
