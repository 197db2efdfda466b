"""The features of the service."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from feedback_api.problems import problems
from feedback_api.schemas.common import Cursor, IfMatch, Limit, etag, matched_revision
from feedback_api.schemas.service import FeatureIn, FeatureOut, FeaturePage
from feedback_api.security import CanReadService, CanWriteService
from feedback_api.unit_of_work import ClockDep, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.cursors import InvalidCursor
from feedback_core.kit.errors import Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.service import use_cases
from feedback_core.service.types import FEATURE_KEY, FeatureInUse

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["Service"])

FeatureKey = Annotated[str, Path(pattern=FEATURE_KEY.pattern, examples=["waiting_time"])]


@router.get("/features", operation_id="listFeatures", responses=problems(InvalidCursor))
async def list_features(
    caller: CanReadService, session: SnapshotDep, limit: Limit = 100, cursor: Cursor | None = None
) -> FeaturePage:
    """Features by key."""
    found, following = await use_cases.list_features(session, caller.organisation_id, limit=limit, cursor=cursor)
    return FeaturePage(items=[FeatureOut.of(feature) for feature in found], next_cursor=following)


@router.get("/features/{key}", operation_id="getFeature", responses=problems(NotFound))
async def get_feature(key: FeatureKey, caller: CanReadService, session: SnapshotDep, response: Response) -> FeatureOut:
    """One feature."""
    found = await use_cases.get_feature(session, caller.organisation_id, key)
    response.headers["ETag"] = etag(found.revision)
    return FeatureOut.of(found)


@router.put(
    "/features/{key}",
    operation_id="putFeature",
    responses={
        201: {"model": FeatureOut, "description": "It was not there, and is now"},
        **problems(Invalid, PreconditionFailed, PreconditionRequired),
    },
)
async def put_feature(
    key: FeatureKey,
    body: FeatureIn,
    caller: CanWriteService,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> FeatureOut:
    """Create a feature, or replace what is said of it; to replace, send If-Match."""
    revision = None if if_match is None else matched_revision(if_match)
    feature, is_new = await use_cases.put_feature(
        session, caller.organisation_id, key, body.details(), if_revision=revision, clock=clock
    )
    response.status_code = 201 if is_new else 200
    response.headers["ETag"] = etag(feature.revision)
    return FeatureOut.of(feature)


@router.delete(
    "/features/{key}", operation_id="deleteFeature", status_code=204, responses=problems(NotFound, FeatureInUse)
)
async def delete_feature(key: FeatureKey, caller: CanWriteService, session: SessionDep) -> None:
    """Delete a feature that no published question is about."""
    await use_cases.delete_feature(session, caller.organisation_id, key)
