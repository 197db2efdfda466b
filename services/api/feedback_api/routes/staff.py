"""Staff: who works here, and what responses call them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from feedback_api.problems import problems
from feedback_api.routes.responses import NeverStored
from feedback_api.routes.sources import SealDep
from feedback_api.schemas.common import Cursor, IfMatch, Limit, etag, matched_revision
from feedback_api.schemas.staff import StaffDetailOut, StaffEditIn, StaffIn, StaffOut, StaffPage
from feedback_api.security import CanReadPeople, CanWritePeople
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.people.staff import use_cases
from feedback_core.people.staff.types import TEAM_KEY

router = APIRouter(prefix="/v1/staff", route_class=TransactionalRoute, tags=["People"])


@router.post(
    "",
    operation_id="addStaff",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Invalid),
)
async def add_staff(
    body: StaffIn, caller: CanWritePeople, session: SessionDep, seal: SealDep, clock: ClockDep, response: Response
) -> StaffOut:
    """Add a member of staff. The answer does not repeat who they are, so that a remembered one keeps nothing of it."""
    made = await use_cases.add_staff(session, caller.organisation_id, body.details(), seal=seal, clock=clock)
    response.headers["Location"] = f"/v1/staff/{made.id}"
    response.headers["ETag"] = etag(made.revision)
    return StaffOut.of(made)


@router.get("", operation_id="listStaff", dependencies=[NeverStored], responses=problems(NotFound, Invalid))
async def list_staff(
    caller: CanReadPeople,
    session: SnapshotDep,
    seal: SealDep,
    team: Annotated[str | None, Query(pattern=TEAM_KEY, description="Key of a team: its members only")] = None,
    present: Annotated[bool | None, Query(description="Whether they still work here")] = None,
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> StaffPage:
    """Staff, with who they are, in the order in which they were added."""
    found, following = await use_cases.list_staff(
        session, caller.organisation_id, team=team, present=present, seal=seal, cursor=cursor, limit=limit
    )
    return StaffPage(items=[StaffDetailOut.of(each) for each in found], next_cursor=following)


@router.get("/{staff_id}", operation_id="getStaff", dependencies=[NeverStored], responses=problems(NotFound))
async def get_staff(
    staff_id: UUID, caller: CanReadPeople, session: SnapshotDep, seal: SealDep, response: Response
) -> StaffDetailOut:
    """One member of staff, with who they are."""
    found = await use_cases.get_staff(session, caller.organisation_id, staff_id, seal=seal)
    response.headers["ETag"] = etag(found.revision)
    return StaffDetailOut.of(found)


@router.put(
    "/{staff_id}",
    operation_id="changeStaff",
    responses=problems(NotFound, Conflict, Invalid, PreconditionFailed, PreconditionRequired),
)
async def change_staff(
    staff_id: UUID,
    body: StaffEditIn,
    caller: CanWritePeople,
    session: SessionDep,
    seal: SealDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> StaffOut:
    """Replace what is kept of a member of staff; also to say that they have left."""
    changed = await use_cases.change_staff(
        session,
        caller.organisation_id,
        staff_id,
        body.details(),
        if_revision=matched_revision(if_match),
        seal=seal,
        clock=clock,
    )
    response.headers["ETag"] = etag(changed.revision)
    return StaffOut.of(changed)


@router.delete("/{staff_id}", operation_id="deleteStaff", status_code=204, responses=problems(NotFound, Conflict))
async def delete_staff(staff_id: UUID, caller: CanWritePeople, session: SessionDep) -> None:
    """Take somebody off who was added by mistake: of whom no role, review, goal or thanks are kept."""
    await use_cases.delete_staff(session, caller.organisation_id, staff_id)
