"""Exports: the worker writes a file of the responses to a survey, which is fetched whole or in parts."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response

from feedback_api.files import CONTENT, file_response
from feedback_api.problems import problem_response, problems
from feedback_api.schemas.common import Cursor, Limit
from feedback_api.schemas.exports import CodebookOfExportOut, ColumnLine, ExportIn, ExportOut, ExportsOut
from feedback_api.security import CanReadResponses, require_scope
from feedback_api.tables import CSV_RESPONSE, csv_response, wants_csv
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Gone, Invalid, NotFound
from feedback_core.organisations.types import Scope
from feedback_core.responses.exports import use_cases

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["Responses"])

_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The file", "content": CONTENT},
    206: {"description": "The bytes that Range asks for", "content": CONTENT},
    416: problem_response(416),
}


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
    responses={**_FILE, **problems(NotFound, Conflict, Gone)},
)
async def get_file(
    export_id: UUID,
    request: Request,
    caller: CanReadResponses,
    session: SnapshotDep,
    asked: Annotated[str | None, Header(alias="Range", description="Bytes of the file: `bytes=1048576-`")] = None,
    if_range: Annotated[str | None, Header(description="ETag of what was begun; of another file all comes")] = None,
) -> Response:
    """The file, or the bytes of it that `Range` asks for: a download that broke off goes on where it was.

    A file with identities needs the scope identities:read, one with unmasked comments verbatims:unmasked.
    """
    file = await use_cases.finished_file(session, caller.organisation_id, export_id)
    if file.has_identities:
        require_scope(caller, Scope.IDENTITIES_READ)
    if file.is_unmasked:
        require_scope(caller, Scope.VERBATIMS_UNMASKED)
    return file_response(request, file, asked=asked, if_range=if_range)


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
