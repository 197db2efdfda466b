"""Imports: a file comes in, the worker reads it, and what was wrong in it is listed."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from feedback_api.problems import problem_response, problems
from feedback_api.schemas.common import Cursor, Limit
from feedback_api.schemas.imports import (
    ImportDetailOut,
    ImportFaultOut,
    ImportFaultsOut,
    ImportOut,
    ImportsOut,
)
from feedback_api.schemas.responses import IdempotencyKey
from feedback_api.security import CanReadResponses, CanWriteResponses
from feedback_api.tables import CSV_RESPONSE, csv_response, wants_csv
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_api.uploads import (
    REQUEST_BODY,
    chunks_of,
    file_in,
    form_of,
    format_of,
    hashed_key,
    mapping_in,
    name_of,
)
from feedback_core.db.session import Database
from feedback_core.kit.errors import Conflict, Invalid, NotFound
from feedback_core.responses.imports import use_cases
from feedback_core.responses.imports.types import MAX_LISTED_FAULTS
from feedback_core.responses.imports.use_cases import Upload
from feedback_core.responses.use_cases import survey_taking_answers

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["Responses"])

FaultLimit = Annotated[int | None, Query(ge=1, le=MAX_LISTED_FAULTS, description="100 if left out; in CSV: all")]
_PAGE = 100


@router.post(
    "/surveys/{survey_id}/imports",
    operation_id="importResponses",
    status_code=202,
    openapi_extra=REQUEST_BODY,
    responses={
        200: {"model": ImportDetailOut, "description": "The same was requested before with this key"},
        415: problem_response(415),
        **problems(NotFound, Conflict, Invalid),
    },
)
async def import_responses(
    survey_id: UUID,
    request: Request,
    caller: CanWriteResponses,
    clock: ClockDep,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> ImportDetailOut:
    """Import a file of responses: CSV, NDJSON or XLSX, with a mapping of its columns to the survey.

    The file is taken in and read by the worker; `Location` is where to look. A row is named by its external id, or else
    by the file and its line, so the same file twice adds nothing. What cannot be read is listed with its line.
    """
    database: Database = request.app.state.database
    async with database.snapshot(caller.organisation_id) as session:
        await survey_taking_answers(session, caller.organisation_id, survey_id)
    async with form_of(request) as form:
        mapping, file = await mapping_in(form), file_in(form)
        upload = Upload(
            survey_id=survey_id,
            mapping=mapping.mapping(format_of(mapping, file)),
            file_name=name_of(file),
            chunks=chunks_of(file),
            requested_by=caller.name,
            idempotency_key=hashed_key(caller.api_key_id.bytes, idempotency_key),
        )
        received = await use_cases.receive_import(database, caller.organisation_id, upload, clock=clock)
    if not received.is_new:
        response.status_code = 200
        response.headers["Idempotent-Replayed"] = "true"
    response.headers["Location"] = f"/v1/imports/{received.stored.id}"
    return ImportDetailOut.of(received.stored)


@router.get("/surveys/{survey_id}/imports", operation_id="listImports", responses=problems(NotFound, Invalid))
async def list_imports(
    survey_id: UUID,
    caller: CanReadResponses,
    session: SnapshotDep,
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> ImportsOut:
    """Imports of a survey, newest first."""
    page = await use_cases.list_imports(session, caller.organisation_id, survey_id, cursor=cursor, limit=limit)
    return ImportsOut(items=[ImportOut.of(stored) for stored in page.items], next_cursor=page.next_cursor)


@router.get("/imports/{import_id}", operation_id="getImport", responses=problems(NotFound))
async def get_import(import_id: UUID, caller: CanReadResponses, session: SnapshotDep) -> ImportDetailOut:
    """How far an import is, and what became of its rows."""
    return ImportDetailOut.of(await use_cases.get_import(session, caller.organisation_id, import_id))


@router.get(
    "/imports/{import_id}/faults",
    operation_id="listImportFaults",
    response_model=ImportFaultsOut,
    responses={**problems(NotFound, Invalid), **CSV_RESPONSE},
)
async def list_faults(
    import_id: UUID,
    request: Request,
    caller: CanReadResponses,
    session: SnapshotDep,
    limit: FaultLimit = None,
    cursor: Cursor | None = None,
) -> ImportFaultsOut | Response:
    """What was wrong in the file, in the order of its lines; as CSV for who asks for it."""
    csv = wants_csv(request)
    most = limit or (MAX_LISTED_FAULTS if csv else _PAGE)
    page = await use_cases.list_faults(
        session, caller.organisation_id, import_id, unmasked=caller.unmasked, cursor=cursor, limit=most
    )
    items = [ImportFaultOut.of(fault) for fault in page.items]
    if csv:
        # The columns are named even where there is nothing to list.
        return csv_response(items, dict.fromkeys(ImportFaultOut.model_fields))
    return ImportFaultsOut(items=items, next_cursor=page.next_cursor)


@router.post(
    "/imports/{import_id}/cancel",
    operation_id="cancelImport",
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict),
)
async def cancel_import(
    import_id: UUID, caller: CanWriteResponses, session: SessionDep, clock: ClockDep
) -> ImportDetailOut:
    """Stop an import: at once while it waits, after the rows in hand while it runs. What was recorded stays."""
    stored = await use_cases.cancel_import(session, caller.organisation_id, import_id, clock=clock)
    return ImportDetailOut.of(stored)
