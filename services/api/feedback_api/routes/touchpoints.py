"""The touchpoints of the service."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from feedback_api.problems import problems
from feedback_api.schemas.common import Cursor, IfMatch, Limit, etag, matched_revision
from feedback_api.schemas.service import PartIn, PartOut, PartPage
from feedback_api.security import CanReadService, CanWriteService
from feedback_api.unit_of_work import ClockDep, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.cursors import InvalidCursor
from feedback_core.kit.errors import Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.service import parts
from feedback_core.service.types import PART_KEY, PartInUse, PartKind

router = APIRouter(prefix="/v1/touchpoints", route_class=TransactionalRoute, tags=["Service"])

TouchpointKey = Annotated[str, Path(pattern=PART_KEY.pattern, examples=["front_desk"])]


@router.get("", operation_id="listTouchpoints", responses=problems(InvalidCursor))
async def list_touchpoints(
    caller: CanReadService, session: SnapshotDep, limit: Limit = 100, cursor: Cursor | None = None
) -> PartPage:
    """Touchpoints by key."""
    found, following = await parts.list_parts(
        session, caller.organisation_id, PartKind.TOUCHPOINT, limit=limit, cursor=cursor
    )
    return PartPage(items=[PartOut.of(part) for part in found], next_cursor=following)


@router.get("/{touchpoint}", operation_id="getTouchpoint", responses=problems(NotFound))
async def get_touchpoint(
    touchpoint: TouchpointKey, caller: CanReadService, session: SnapshotDep, response: Response
) -> PartOut:
    """One touchpoint."""
    found = await parts.get_part(session, caller.organisation_id, PartKind.TOUCHPOINT, touchpoint)
    response.headers["ETag"] = etag(found.revision)
    return PartOut.of(found)


@router.put(
    "/{touchpoint}",
    operation_id="putTouchpoint",
    responses={
        201: {"model": PartOut, "description": "It was not there, and is now"},
        **problems(Invalid, PreconditionFailed, PreconditionRequired),
    },
)
async def put_touchpoint(
    touchpoint: TouchpointKey,
    body: PartIn,
    caller: CanWriteService,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> PartOut:
    """Create a touchpoint, or replace what is said of it; to replace, send If-Match."""
    revision = None if if_match is None else matched_revision(if_match)
    part, is_new = await parts.put_part(
        session,
        caller.organisation_id,
        PartKind.TOUCHPOINT,
        touchpoint,
        body.details(),
        if_revision=revision,
        clock=clock,
    )
    response.status_code = 201 if is_new else 200
    response.headers["ETag"] = etag(part.revision)
    return PartOut.of(part)


@router.delete(
    "/{touchpoint}", operation_id="deleteTouchpoint", status_code=204, responses=problems(NotFound, PartInUse)
)
async def delete_touchpoint(touchpoint: TouchpointKey, caller: CanWriteService, session: SessionDep) -> None:
    """Delete a touchpoint that no feature belongs to."""
    await parts.delete_part(session, caller.organisation_id, PartKind.TOUCHPOINT, touchpoint)
