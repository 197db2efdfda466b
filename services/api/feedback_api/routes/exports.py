"""Exports: the worker writes a file of the responses to a survey, which is fetched whole or in parts."""

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, Request, Response

from feedback_api.files import FILE, AskedBytes, IfRange, file_response, may_fetch
from feedback_api.problems import problems
from feedback_api.schemas.common import Cursor, Limit
from feedback_api.schemas.exports import (
    CodebookOfExportOut,
    ColumnLine,
    DownloadLinkIn,
    DownloadLinkOut,
    ExportIn,
    ExportOut,
    ExportsOut,
)
from feedback_api.security import CanReadResponses, require_scope
from feedback_api.tables import CSV_RESPONSE, csv_response, wants_csv
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Gone, Invalid, NotFound
from feedback_core.organisations.types import Scope
from feedback_core.responses.exports import use_cases
from feedback_core.responses.exports.download_links import DownloadLink

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["Responses"])


@router.post(
    "/surveys/{survey_id}/exports",
    operation_id="exportResponses",
    status_code=202,
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Invalid),
)
async def export_responses(
    survey_id: UUID, body: ExportIn, caller: CanReadResponses, session: SessionDep, clock: ClockDep, response: Response
) -> ExportOut:
    """Export responses to a file: all of them, those that filters let in, or only what has changed since.

    The worker writes it from one snapshot; `Location` is where to look. There is no limit to the number of rows.
    """
    if body.include_identities:
        require_scope(caller, Scope.IDENTITIES_READ)
    if body.unmasked:
        require_scope(caller, Scope.VERBATIMS_UNMASKED)
    stored = await use_cases.request_export(
        session,
        caller.organisation_id,
        survey_id,
        body.request(),
        since=body.updated_since,
        by=caller.name,
        clock=clock,
    )
    response.headers["Location"] = f"/v1/exports/{stored.id}"
    return ExportOut.of(stored)


@router.get("/surveys/{survey_id}/exports", operation_id="listExports", responses=problems(NotFound, Invalid))
async def list_exports(
    survey_id: UUID, caller: CanReadResponses, session: SnapshotDep, limit: Limit = 100, cursor: Cursor | None = None
) -> ExportsOut:
    """Exports of a survey, newest first; those whose file is gone too."""
    page = await use_cases.list_exports(session, caller.organisation_id, survey_id, cursor=cursor, limit=limit)
    return ExportsOut(items=[ExportOut.of(stored) for stored in page.items], next_cursor=page.next_cursor)


@router.get("/exports/{export_id}", operation_id="getExport", responses=problems(NotFound))
async def get_export(export_id: UUID, caller: CanReadResponses, session: SnapshotDep) -> ExportOut:
    """How far an export is, and what stands in its file."""
    return ExportOut.of(await use_cases.get_export(session, caller.organisation_id, export_id))


@router.get(
    "/exports/{export_id}/file",
    operation_id="getExportFile",
    response_class=Response,
    responses={**FILE, **problems(NotFound, Conflict, Gone)},
)
async def get_file(
    export_id: UUID,
    request: Request,
    caller: CanReadResponses,
    session: SnapshotDep,
    asked: AskedBytes = None,
    if_range: IfRange = None,
) -> Response:
    """The file, or the bytes of it that `Range` asks for: a download that broke off goes on where it was.

    A file with identities needs the scope identities:read, one with unmasked comments verbatims:unmasked.
    """
    file = await use_cases.finished_file(session, caller.organisation_id, export_id)
    may_fetch(caller, file)
    return file_response(request, file, asked=asked, if_range=if_range)


@router.post(
    "/exports/{export_id}/download-links",
    operation_id="createDownloadLink",
    status_code=201,
    responses=problems(NotFound, Conflict, Gone),
)
async def create_download_link(
    export_id: UUID,
    body: DownloadLinkIn,
    request: Request,
    caller: CanReadResponses,
    session: SnapshotDep,
    clock: ClockDep,
) -> DownloadLinkOut:
    """A link to the file that needs no key, for a browser or somebody else's tool, for a day at most.

    It ends before its time when the file goes, or when the key that made it is revoked.
    """
    may_fetch(caller, await use_cases.finished_file(session, caller.organisation_id, export_id))
    expires_at = (clock.now() + timedelta(seconds=body.expires_in_seconds)).replace(microsecond=0)
    link = DownloadLink(caller.organisation_id, export_id, caller.api_key_id, expires_at)
    return DownloadLinkOut(path=link.path(request.app.state.seal), expires_at=expires_at)


@router.get(
    "/exports/{export_id}/codebook",
    operation_id="getExportCodebook",
    response_model=CodebookOfExportOut,
    responses={**problems(NotFound), **CSV_RESPONSE},
)
async def get_codebook(
    export_id: UUID, request: Request, caller: CanReadResponses, session: SnapshotDep
) -> CodebookOfExportOut | Response:
    """What every column means: question, scale, values, versions that have it; as CSV for who asks for it."""
    codebook = await use_cases.codebook_of_export(session, caller.organisation_id, export_id)
    if wants_csv(request):
        return csv_response([ColumnLine.of(entry) for entry in codebook.columns], {})
    return CodebookOfExportOut.of(codebook)


@router.post(
    "/exports/{export_id}/cancel",
    operation_id="cancelExport",
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict),
)
async def cancel_export(export_id: UUID, caller: CanReadResponses, session: SessionDep, clock: ClockDep) -> ExportOut:
    """Stop an export: at once while it waits, after the rows in hand while it runs."""
    return ExportOut.of(await use_cases.cancel_export(session, caller.organisation_id, export_id, clock=clock))


@router.delete(
    "/exports/{export_id}", operation_id="deleteExport", status_code=204, responses=problems(NotFound, Conflict)
)
async def delete_export(export_id: UUID, caller: CanReadResponses, session: SessionDep, clock: ClockDep) -> None:
    """Throw the file of an export away before it expires; that there was one, and for whom, stays on record."""
    await use_cases.delete_export(session, caller.organisation_id, export_id, clock=clock)
