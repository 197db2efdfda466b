"""The processes of the service, and what they take."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from feedback_api.problems import problems
from feedback_api.schemas.common import Cursor, IfMatch, Limit, etag, matched_revision
from feedback_api.schemas.service import ProcessComparisonIn, ProcessComparisonOut, ProcessIn, ProcessOut, ProcessPage
from feedback_api.security import CanReadService, CanWriteService
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.cursors import InvalidCursor
from feedback_core.kit.errors import Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.service import parts
from feedback_core.service.types import PART_KEY, PartInUse, PartKind

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["Service"])

ProcessKey = Annotated[str, Path(pattern=PART_KEY.pattern, examples=["reception"])]


@router.get("/processes", operation_id="listProcesses", responses=problems(InvalidCursor))
async def list_processes(
    caller: CanReadService, session: SnapshotDep, limit: Limit = 100, cursor: Cursor | None = None
) -> ProcessPage:
    """Processes by key."""
    found, following = await parts.list_parts(
        session, caller.organisation_id, PartKind.PROCESS, limit=limit, cursor=cursor
    )
    return ProcessPage(items=[ProcessOut.of(part) for part in found], next_cursor=following)


@router.get("/processes/{process}", operation_id="getProcess", responses=problems(NotFound))
async def get_process(
    process: ProcessKey, caller: CanReadService, session: SnapshotDep, response: Response
) -> ProcessOut:
    """One process."""
    found = await parts.get_part(session, caller.organisation_id, PartKind.PROCESS, process)
    response.headers["ETag"] = etag(found.revision)
    return ProcessOut.of(found)


@router.put(
    "/processes/{process}",
    operation_id="putProcess",
    responses={
        201: {"model": ProcessOut, "description": "It was not there, and is now"},
        **problems(Invalid, PreconditionFailed, PreconditionRequired),
    },
)
async def put_process(
    process: ProcessKey,
    body: ProcessIn,
    caller: CanWriteService,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> ProcessOut:
    """Create a process, or replace what is said of it; to replace, send If-Match."""
    revision = None if if_match is None else matched_revision(if_match)
    part, is_new = await parts.put_part(
        session, caller.organisation_id, PartKind.PROCESS, process, body.details(), if_revision=revision, clock=clock
    )
    response.status_code = 201 if is_new else 200
    response.headers["ETag"] = etag(part.revision)
    return ProcessOut.of(part)


@router.delete(
    "/processes/{process}", operation_id="deleteProcess", status_code=204, responses=problems(NotFound, PartInUse)
)
async def delete_process(process: ProcessKey, caller: CanWriteService, session: SessionDep) -> None:
    """Delete a process that no feature and no standard refers to."""
    await parts.delete_part(session, caller.organisation_id, PartKind.PROCESS, process)


@router.post(
    "/process-comparison", operation_id="compareProcesses", dependencies=[Idempotent], responses=problems(Invalid)
)
async def compare_processes(
    body: ProcessComparisonIn, caller: CanReadService, session: SessionDep
) -> ProcessComparisonOut:
    """What each of these processes takes for the same work; what was not measured is told, never taken for nothing."""
    found = await parts.compare_processes(session, caller.organisation_id, body.processes, body.units)
    return ProcessComparisonOut.of(found)
