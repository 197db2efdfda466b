"""Teams, and whose keys see how they do."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from feedback_api.problems import problems
from feedback_api.schemas.common import Cursor, IfMatch, Limit, etag, matched_revision
from feedback_api.schemas.staff import TeamIn, TeamOut, TeamPage
from feedback_api.security import CanReadPeople, CanWritePeople
from feedback_api.unit_of_work import ClockDep, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.people.staff import use_cases
from feedback_core.people.staff.types import TEAM_KEY

router = APIRouter(prefix="/v1/teams", route_class=TransactionalRoute, tags=["People"])

TeamKey = Annotated[str, Path(pattern=TEAM_KEY, examples=["north-desk"])]


@router.get("", operation_id="listTeams", responses=problems(Invalid))
async def list_teams(
    caller: CanReadPeople, session: SnapshotDep, limit: Limit = 100, cursor: Cursor | None = None
) -> TeamPage:
    """Teams by key."""
    found, following = await use_cases.list_teams(session, caller.organisation_id, cursor=cursor, limit=limit)
    return TeamPage(items=[TeamOut.of(each) for each in found], next_cursor=following)


@router.get("/{team}", operation_id="getTeam", responses=problems(NotFound))
async def get_team(team: TeamKey, caller: CanReadPeople, session: SnapshotDep, response: Response) -> TeamOut:
    """One team."""
    found = await use_cases.get_team(session, caller.organisation_id, team)
    response.headers["ETag"] = etag(found.revision)
    return TeamOut.of(found)


@router.put(
    "/{team}",
    operation_id="putTeam",
    responses={
        201: {"model": TeamOut, "description": "It was not there, and is now"},
        **problems(NotFound, Conflict, Invalid, PreconditionFailed, PreconditionRequired),
    },
)
async def put_team(
    team: TeamKey,
    body: TeamIn,
    caller: CanWritePeople,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> TeamOut:
    """Keep a team, or replace it; to replace, send If-Match."""
    revision = None if if_match is None else matched_revision(if_match)
    found, is_new = await use_cases.put_team(
        session, caller.organisation_id, team, body.details(), if_revision=revision, clock=clock
    )
    response.status_code = 201 if is_new else 200
    response.headers["ETag"] = etag(found.revision)
    return TeamOut.of(found)


@router.delete("/{team}", operation_id="deleteTeam", status_code=204, responses=problems(NotFound, Conflict))
async def delete_team(team: TeamKey, caller: CanWritePeople, session: SessionDep) -> None:
    """Delete a team of which no review, goal or thanks are kept. Its members stay."""
    await use_cases.delete_team(session, caller.organisation_id, team)
