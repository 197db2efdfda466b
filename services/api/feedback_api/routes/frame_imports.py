"""Files of units: taken in, read by the worker, and what was wrong in them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from feedback_api.problems import problem_response, problems
from feedback_api.schemas.common import Cursor, Limit, Page
from feedback_api.schemas.frame_imports import EXAMPLE, FrameFaultOut, FrameImportOut, FrameMappingIn
from feedback_api.schemas.responses import IdempotencyKey
from feedback_api.security import CanReadSamples, CanWriteSamples
from feedback_api.unit_of_work import ClockDep, SnapshotDep, TransactionalRoute
from feedback_api.uploads import chunks_of, file_in, form_of, format_of, hashed_key, mapping_of, name_of, request_body
from feedback_core.db.session import Database
from feedback_core.kit.errors import Conflict, Invalid, NotFound
from feedback_core.sampling.files import use_cases
from feedback_core.sampling.files.use_cases import FrameUpload
from feedback_core.sampling.use_cases.frames import frame_in_use

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["Sampling"])

BODY = request_body(
    "FrameMappingIn",
    summary="Customers of a CRM",
    mapping=EXAMPLE,
    file="Customer,Region,Turnover,First name,Last name,E-mail\nC-1001,N,1200.5,Ada,Lovelace,ada@example.org\n",
)


@router.post(
    "/frames/{frame_id}/imports",
    operation_id="importFrame",
    status_code=202,
    openapi_extra=BODY,
    responses={
        200: {"model": FrameImportOut, "description": "The same was requested before with this key"},
        415: problem_response(415),
        **problems(NotFound, Conflict, Invalid),
    },
)
async def import_frame(
    frame_id: UUID,
    request: Request,
    caller: CanWriteSamples,
    clock: ClockDep,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> FrameImportOut:
    """Put a file of units into a frame: CSV, NDJSON or XLSX. It is kept encrypted until the worker has read it."""
    database: Database = request.app.state.database
    async with database.snapshot(caller.organisation_id) as session:
        await frame_in_use(session, caller.organisation_id, frame_id)
    async with form_of(request) as form:
        mapping, file = await mapping_of(form, FrameMappingIn), file_in(form)
        upload = FrameUpload(
            frame_id=frame_id,
            mapping=mapping.mapping(format_of(mapping, file)),
            file_name=name_of(file),
            chunks=chunks_of(file),
            requested_by=caller.name,
            idempotency_key=hashed_key(caller.api_key_id.bytes, idempotency_key),
        )
        stored, is_new = await use_cases.receive_frame_file(
            database, caller.organisation_id, upload, seal=request.app.state.seal, clock=clock
        )
    if not is_new:
        response.status_code = 200
        response.headers["Idempotent-Replayed"] = "true"
    response.headers["Location"] = f"/v1/frame-imports/{stored.id}"
    return FrameImportOut.of(stored)


@router.get("/frames/{frame_id}/imports", operation_id="listFrameImports", responses=problems(NotFound, Invalid))
async def list_frame_imports(
    frame_id: UUID,
    caller: CanReadSamples,
    session: SnapshotDep,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[Limit, Query()] = 100,
) -> Page[FrameImportOut]:
    """Files of a frame, newest first."""
    found, following = await use_cases.list_frame_imports(
        session, caller.organisation_id, frame_id, cursor=cursor, limit=limit
    )
    return Page(items=[FrameImportOut.of(each) for each in found], next_cursor=following)


@router.get("/frame-imports/{frame_import_id}", operation_id="getFrameImport", responses=problems(NotFound))
async def get_frame_import(frame_import_id: UUID, caller: CanReadSamples, session: SnapshotDep) -> FrameImportOut:
    """How far a file is, and what became of its rows."""
    return FrameImportOut.of(await use_cases.get_frame_import(session, caller.organisation_id, frame_import_id))


@router.get(
    "/frame-imports/{frame_import_id}/faults",
    operation_id="listFrameImportFaults",
    responses=problems(NotFound, Invalid),
)
async def list_faults(
    frame_import_id: UUID,
    caller: CanReadSamples,
    session: SnapshotDep,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[Limit, Query()] = 100,
) -> Page[FrameFaultOut]:
    """What was wrong in a file, in the order of its lines."""
    found, following = await use_cases.list_frame_faults(
        session, caller.organisation_id, frame_import_id, cursor=cursor, limit=limit
    )
    return Page(items=[FrameFaultOut.of(fault) for fault in found], next_cursor=following)
