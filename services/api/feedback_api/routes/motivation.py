"""Motivation: techniques and strategies tied to standards, and what followed."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from feedback_api.problems import problems
from feedback_api.schemas.common import Cursor, IfMatch, Limit, etag, matched_revision
from feedback_api.schemas.motivation import StrategyDetailOut, StrategyIn, StrategyOut, StrategyPage
from feedback_api.security import CanReadCulture, CanWriteCulture
from feedback_api.unit_of_work import ClockDep, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.people.motivation import use_cases
from feedback_core.people.motivation.types import StrategyKind
from feedback_core.people.staff.types import TEAM_KEY
from feedback_core.standards.types import STANDARD_KEY

router = APIRouter(prefix="/v1/culture/strategies", route_class=TransactionalRoute, tags=["Culture"])

StrategyKey = Annotated[str, Path(pattern=TEAM_KEY, examples=["weekly-thanks"])]


@router.get("", operation_id="listMotivationStrategies", responses=problems(Invalid))
async def list_strategies(
    caller: CanReadCulture,
    session: SnapshotDep,
    kind: StrategyKind | None = None,
    of_standard: Annotated[str | None, Query(pattern=STANDARD_KEY, description="Key of a standard")] = None,
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> StrategyPage:
    """Techniques and strategies by key."""
    found, following = await use_cases.list_strategies(
        session, caller.organisation_id, kind=kind, standard=of_standard, cursor=cursor, limit=limit
    )
    return StrategyPage(items=[StrategyOut.of(each) for each in found], next_cursor=following)


@router.get("/{strategy}", operation_id="getMotivationStrategy", responses=problems(NotFound))
async def get_strategy(
    strategy: StrategyKey, caller: CanReadCulture, session: SnapshotDep, response: Response
) -> StrategyDetailOut:
    """A technique or strategy, with what followed: verdicts on its standards, its actions, analyses of an effect."""
    found = await use_cases.get_strategy(session, caller.organisation_id, strategy)
    followed = await use_cases.what_followed(session, caller.organisation_id, found)
    response.headers["ETag"] = etag(found.revision)
    return StrategyDetailOut.of_whole(found, followed)


@router.put(
    "/{strategy}",
    operation_id="putMotivationStrategy",
    responses={
        201: {"model": StrategyOut, "description": "It was not there, and is now"},
        **problems(NotFound, Invalid, PreconditionFailed, PreconditionRequired),
    },
)
async def put_strategy(
    strategy: StrategyKey,
    body: StrategyIn,
    caller: CanWriteCulture,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> StrategyOut:
    """Keep a technique or strategy, or replace it; to replace, send If-Match."""
    revision = None if if_match is None else matched_revision(if_match)
    found, is_new = await use_cases.put_strategy(
        session, caller.organisation_id, strategy, body.details(), if_revision=revision, clock=clock
    )
    response.status_code = 201 if is_new else 200
    response.headers["ETag"] = etag(found.revision)
    return StrategyOut.of(found)


@router.delete(
    "/{strategy}", operation_id="deleteMotivationStrategy", status_code=204, responses=problems(NotFound, Conflict)
)
async def delete_strategy(strategy: StrategyKey, caller: CanWriteCulture, session: SessionDep) -> None:
    """Delete a strategy, or a technique that no strategy uses."""
    await use_cases.delete_strategy(session, caller.organisation_id, strategy)
