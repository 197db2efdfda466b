"""Frames: who could be asked, who stands there twice, and who must not be asked."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from feedback_api.problems import problems
from feedback_api.schemas.common import Cursor, IfMatch, Limit, Page, etag, matched_revision
from feedback_api.schemas.frames import (
    CoverageOut,
    DuplicateOut,
    FrameCoverageOut,
    FrameDetailOut,
    FrameIn,
    FrameOut,
    FrameSettingsBody,
    GroupCoverageOut,
)
from feedback_api.security import CanReadSamples, CanWriteSamples
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.sampling.use_cases import frames, units

router = APIRouter(prefix="/v1/frames", route_class=TransactionalRoute, tags=["Sampling"])


@router.post("", operation_id="createFrame", status_code=201, dependencies=[Idempotent], responses=problems(Invalid))
async def create_frame(
    body: FrameIn, caller: CanWriteSamples, session: SessionDep, clock: ClockDep, response: Response
) -> FrameOut:
    """Make a frame: a list of who could be asked. Units are put into it in batches, or by a file."""
    made = await frames.create_frame(
        session, caller.organisation_id, body.settings(), seed=body.seed, by=caller.name, clock=clock
    )
    response.headers["Location"] = f"/v1/frames/{made.id}"
    response.headers["ETag"] = etag(made.revision)
    return FrameOut.of(made)


@router.get("", operation_id="listFrames", responses=problems(Invalid))
async def list_frames(
    caller: CanReadSamples,
    session: SnapshotDep,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[Limit, Query()] = 100,
) -> Page[FrameOut]:
    """Frames, newest first."""
    found, following = await frames.list_frames(session, caller.organisation_id, cursor=cursor, limit=limit)
    return Page(items=[FrameOut.of(frame) for frame in found], next_cursor=following)


@router.get("/{frame_id}", operation_id="getFrame", responses=problems(NotFound))
async def get_frame(frame_id: UUID, caller: CanReadSamples, session: SnapshotDep, response: Response) -> FrameDetailOut:
    """A frame, with how many units it has."""
    found = await frames.get_frame(session, caller.organisation_id, frame_id)
    counts = await frames.counts_of(session, caller.organisation_id, frame_id)
    response.headers["ETag"] = etag(found.revision)
    return FrameDetailOut.of_whole(found, counts)


@router.put(
    "/{frame_id}",
    operation_id="changeFrame",
    responses=problems(NotFound, Invalid, Conflict, PreconditionFailed, PreconditionRequired),
)
async def change_frame(
    frame_id: UUID,
    body: FrameSettingsBody,
    caller: CanWriteSamples,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> FrameOut:
    """Replace what a frame is; it only gains attributes and measures."""
    changed = await frames.change_frame(
        session,
        caller.organisation_id,
        frame_id,
        body.settings(),
        if_revision=matched_revision(if_match),
        clock=clock,
    )
    response.headers["ETag"] = etag(changed.revision)
    return FrameOut.of(changed)


@router.delete("/{frame_id}", operation_id="deleteFrame", status_code=204, responses=problems(NotFound, Conflict))
async def delete_frame(frame_id: UUID, caller: CanWriteSamples, session: SessionDep) -> None:
    """Delete a frame from which no sample was drawn, with all of its units."""
    await frames.delete_frame(session, caller.organisation_id, frame_id)


@router.post(
    "/{frame_id}/empty",
    operation_id="emptyFrame",
    status_code=202,
    dependencies=[Idempotent],
    responses=problems(NotFound),
)
async def empty_frame(frame_id: UUID, caller: CanWriteSamples, session: SessionDep, clock: ClockDep) -> FrameOut:
    """Have taken out of a frame whom it is of, before its time. How its samples were drawn stays."""
    return FrameOut.of(await frames.empty_frame(session, caller.organisation_id, frame_id, clock=clock))


@router.get("/{frame_id}/duplicates", operation_id="listFrameDuplicates", responses=problems(NotFound, Invalid))
async def list_duplicates(
    frame_id: UUID,
    caller: CanReadSamples,
    session: SnapshotDep,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[Limit, Query()] = 100,
) -> Page[DuplicateOut]:
    """Units that another one stands for: they share an address, a number, or name and postcode."""
    found, following = await units.list_duplicates(
        session, caller.organisation_id, frame_id, cursor=cursor, limit=limit
    )
    return Page(items=[DuplicateOut.of(each) for each in found], next_cursor=following)


@router.get("/{frame_id}/coverage", operation_id="getFrameCoverage", responses=problems(NotFound, Invalid))
async def get_coverage(
    frame_id: UUID,
    caller: CanReadSamples,
    session: SnapshotDep,
    clock: ClockDep,
    by: Annotated[str | None, Query(max_length=63, description="Attribute of the frame", examples=["region"])] = None,
) -> FrameCoverageOut:
    """Who of a frame could be drawn now, and why others could not."""
    found = await frames.get_coverage(session, caller.organisation_id, frame_id, by=by, clock=clock)
    items = [GroupCoverageOut(value=value, coverage=CoverageOut.of(part)) for value, part in found.items()]
    return FrameCoverageOut(by=by, items=items)
