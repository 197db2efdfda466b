"""Roles: what each answers for, whom it was sent to, and who has not acknowledged it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from feedback_api.problems import problems
from feedback_api.routes.sources import SealDep
from feedback_api.schemas.common import Cursor, IfMatch, Limit, etag, matched_revision
from feedback_api.schemas.distributions import LinkOut
from feedback_api.schemas.staff_roles import AssignmentIn, AssignmentOut, AssignmentPage, RoleIn, RoleOut, RolePage
from feedback_api.security import CanReadPeople, CanWritePeople
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.kit.settings import ReportSettings, SmtpSettings
from feedback_core.people.roles import use_cases
from feedback_core.people.roles.links import RoleLinks, path_of
from feedback_core.people.staff.types import TEAM_KEY

router = APIRouter(prefix="/v1/roles", route_class=TransactionalRoute, tags=["People"])
assignments = APIRouter(prefix="/v1/role-assignments", route_class=TransactionalRoute, tags=["People"])

RoleKey = Annotated[str, Path(pattern=TEAM_KEY, examples=["front-desk"])]


@router.get("", operation_id="listRoles", responses=problems(Invalid))
async def list_roles(
    caller: CanReadPeople, session: SnapshotDep, limit: Limit = 100, cursor: Cursor | None = None
) -> RolePage:
    """Roles by key, each as it is now."""
    found, following = await use_cases.list_roles(session, caller.organisation_id, cursor=cursor, limit=limit)
    return RolePage(items=[RoleOut.of(each) for each in found], next_cursor=following)


@router.get("/{role}", operation_id="getRole", responses=problems(NotFound))
async def get_role(role: RoleKey, caller: CanReadPeople, session: SnapshotDep, response: Response) -> RoleOut:
    """The latest version of a role."""
    found = await use_cases.get_role(session, caller.organisation_id, role)
    response.headers["ETag"] = etag(found.version)
    return RoleOut.of(found)


@router.put(
    "/{role}",
    operation_id="putRole",
    responses={
        201: {"model": RoleOut, "description": "It was not there, and is now"},
        **problems(Invalid, PreconditionFailed, PreconditionRequired),
    },
)
async def put_role(
    role: RoleKey,
    body: RoleIn,
    caller: CanWritePeople,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> RoleOut:
    """State a role, or put its next version; to replace, send If-Match. Whoever has it is to acknowledge that anew."""
    version = None if if_match is None else matched_revision(if_match)
    found, is_new = await use_cases.put_role(
        session, caller.organisation_id, role, body.details(), if_version=version, by=caller.name, clock=clock
    )
    response.status_code = 201 if is_new else 200
    response.headers["ETag"] = etag(found.version)
    return RoleOut.of(found)


@router.get("/{role}/versions", operation_id="listRoleVersions", responses=problems(NotFound, Invalid))
async def list_role_versions(
    role: RoleKey, caller: CanReadPeople, session: SnapshotDep, limit: Limit = 100, cursor: Cursor | None = None
) -> RolePage:
    """Every version that a role has had, the latest first."""
    found, following = await use_cases.list_versions(session, caller.organisation_id, role, cursor=cursor, limit=limit)
    return RolePage(items=[RoleOut.of(each) for each in found], next_cursor=following)


@router.post(
    "/{role}/assignments",
    operation_id="sendRole",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Invalid),
)
async def send_role(
    role: RoleKey,
    body: AssignmentIn,
    caller: CanWritePeople,
    session: SessionDep,
    seal: SealDep,
    clock: ClockDep,
    response: Response,
) -> AssignmentOut:
    """Send a role, as it is now, to a member of staff, by mail or by a link; an earlier link to it ends."""
    made = await use_cases.send_role(
        session,
        caller.organisation_id,
        role,
        body.staff_id,
        body.way,
        by=caller.name,
        seal=seal,
        smtp=SmtpSettings(),
        settings=ReportSettings(),
        clock=clock,
    )
    response.headers["Location"] = f"/v1/role-assignments/{made.id}"
    return AssignmentOut.of(made)


@assignments.get("", operation_id="listRoleAssignments", responses=problems(NotFound, Invalid))
async def list_assignments(
    caller: CanReadPeople,
    session: SnapshotDep,
    role_key: Annotated[str | None, Query(alias="of_role", pattern=TEAM_KEY, description="Key of a role")] = None,
    staff_id: UUID | None = None,
    acknowledged: Annotated[
        bool | None, Query(description="False: who has not acknowledged the latest version of their role")
    ] = None,
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> AssignmentPage:
    """The roles that people have, the latest first."""
    found, following = await use_cases.list_assignments(
        session,
        caller.organisation_id,
        role=role_key,
        staff_id=staff_id,
        acknowledged=acknowledged,
        cursor=cursor,
        limit=limit,
    )
    return AssignmentPage(items=[AssignmentOut.of(each) for each in found], next_cursor=following)


@assignments.get("/{role_assignment_id}", operation_id="getRoleAssignment", responses=problems(NotFound))
async def get_assignment(role_assignment_id: UUID, caller: CanReadPeople, session: SnapshotDep) -> AssignmentOut:
    """What became of one."""
    return AssignmentOut.of(await use_cases.get_assignment(session, caller.organisation_id, role_assignment_id))


# Whoever has the link can acknowledge in somebody's name, so reading it takes more than reading who has what.
@assignments.get("/{role_assignment_id}/link", operation_id="getRoleLink", responses=problems(NotFound))
async def get_role_link(
    role_assignment_id: UUID, request: Request, caller: CanWritePeople, session: SnapshotDep
) -> LinkOut:
    """The link of whom it was sent to, to be handed over by another way than mail."""
    found = await use_cases.get_assignment(session, caller.organisation_id, role_assignment_id)
    links: RoleLinks = request.app.state.role_links
    path, base = path_of(links.token(caller.organisation_id, found.id)), ReportSettings().link_base_url
    return LinkOut(path=path, url=None if base is None else f"{base.rstrip('/')}{path}")


@assignments.delete(
    "/{role_assignment_id}", operation_id="endRoleAssignment", status_code=204, responses=problems(NotFound)
)
async def end_assignment(
    role_assignment_id: UUID, caller: CanWritePeople, session: SessionDep, clock: ClockDep
) -> None:
    """Somebody has the role no more; their link ends. That they had it, and acknowledged it, stays on record."""
    await use_cases.end_assignment(session, caller.organisation_id, role_assignment_id, clock=clock)
