"""The offers of the service."""

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

router = APIRouter(prefix="/v1/offers", route_class=TransactionalRoute, tags=["Service"])

OfferKey = Annotated[str, Path(pattern=PART_KEY.pattern, examples=["visit"])]


@router.get("", operation_id="listOffers", responses=problems(InvalidCursor))
async def list_offers(
    caller: CanReadService, session: SnapshotDep, limit: Limit = 100, cursor: Cursor | None = None
) -> PartPage:
    """Offers by key."""
    found, following = await parts.list_parts(
        session, caller.organisation_id, PartKind.OFFER, limit=limit, cursor=cursor
    )
    return PartPage(items=[PartOut.of(part) for part in found], next_cursor=following)


@router.get("/{offer}", operation_id="getOffer", responses=problems(NotFound))
async def get_offer(offer: OfferKey, caller: CanReadService, session: SnapshotDep, response: Response) -> PartOut:
    """One offer."""
    found = await parts.get_part(session, caller.organisation_id, PartKind.OFFER, offer)
    response.headers["ETag"] = etag(found.revision)
    return PartOut.of(found)


@router.put(
    "/{offer}",
    operation_id="putOffer",
    responses={
        201: {"model": PartOut, "description": "It was not there, and is now"},
        **problems(Invalid, PreconditionFailed, PreconditionRequired),
    },
)
async def put_offer(
    offer: OfferKey,
    body: PartIn,
    caller: CanWriteService,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> PartOut:
    """Create an offer, or replace what is said of it; to replace, send If-Match."""
    revision = None if if_match is None else matched_revision(if_match)
    part, is_new = await parts.put_part(
        session, caller.organisation_id, PartKind.OFFER, offer, body.details(), if_revision=revision, clock=clock
    )
    response.status_code = 201 if is_new else 200
    response.headers["ETag"] = etag(part.revision)
    return PartOut.of(part)


@router.delete("/{offer}", operation_id="deleteOffer", status_code=204, responses=problems(NotFound, PartInUse))
async def delete_offer(offer: OfferKey, caller: CanWriteService, session: SessionDep) -> None:
    """Delete an offer that no feature belongs to."""
    await parts.delete_part(session, caller.organisation_id, PartKind.OFFER, offer)
