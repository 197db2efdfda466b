"""You said, we did: written with a key, and read by everybody without one."""

import hashlib
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Header, Path, Query, Request, Response

from feedback_api.problems import problem_response, problems
from feedback_api.rate_limits import Quota, admit
from feedback_api.schemas.common import Cursor, IfMatch, Limit, Page, etag, matched_revision
from feedback_api.schemas.you_said_we_did import PublicFeedOut, YouSaidIn, YouSaidOut
from feedback_api.security import CanReadCases, CanWriteCases
from feedback_api.settings import Settings
from feedback_api.unit_of_work import (
    ClockDep,
    Idempotent,
    SessionDep,
    SnapshotDep,
    TransactionalRoute,
    UnitOfWork,
)
from feedback_core.cases.publishing import use_cases
from feedback_core.cases.publishing.addresses import parse_public_address
from feedback_core.cases.publishing.page import page_of
from feedback_core.cases.publishing.types import Feed
from feedback_core.kit.errors import Conflict, Invalid, NotFound, PreconditionFailed, PreconditionRequired

router = APIRouter(
    prefix="/v1/surveys/{survey_id}/you-said-we-did", route_class=TransactionalRoute, tags=["You said, we did"]
)
of_everybody = APIRouter(prefix="/v1/public", route_class=TransactionalRoute, tags=["You said, we did"])

Address = Annotated[str, Path(description="As in the `public_url` of an item")]
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match", description="ETag of what you have")]

_CACHED: Final = {
    "Cache-Control": "public, max-age=300",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    "Referrer-Policy": "no-referrer",
}


def _documented(content: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    return {
        200: {"description": "What was published", "content": content},
        304: {"description": "It is as you have it"},
        **{status: problem_response(status) for status in (404, 422, 429, 503)},
    }


@router.get("", operation_id="listYouSaidWeDid", responses=problems(NotFound, Invalid))
async def list_items(
    survey_id: UUID,
    caller: CanReadCases,
    session: SnapshotDep,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[Limit, Query()] = 100,
) -> Page[YouSaidOut]:
    """What was written, published or not, the latest first."""
    found, following = await use_cases.list_items(
        session, caller.organisation_id, survey_id, cursor=cursor, limit=limit
    )
    return Page(items=[YouSaidOut.of(item, caller.organisation_id) for item in found], next_cursor=following)


@router.post(
    "",
    operation_id="writeYouSaidWeDid",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(NotFound, Invalid, Conflict),
)
async def write_item(
    survey_id: UUID,
    body: YouSaidIn,
    caller: CanWriteCases,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
) -> YouSaidOut:
    """A new item."""
    made = await use_cases.write_item(
        session, caller.organisation_id, survey_id, body.written(), by=caller.name, clock=clock
    )
    response.headers["Location"] = f"/v1/surveys/{survey_id}/you-said-we-did/{made.id}"
    response.headers["ETag"] = etag(made.revision)
    return YouSaidOut.of(made, caller.organisation_id)


@router.get("/{item_id}", operation_id="getYouSaidWeDid", responses=problems(NotFound))
async def get_item(
    survey_id: UUID, item_id: UUID, caller: CanReadCases, session: SnapshotDep, response: Response
) -> YouSaidOut:
    """One item."""
    found = await use_cases.get_item(session, caller.organisation_id, survey_id, item_id)
    response.headers["ETag"] = etag(found.revision)
    return YouSaidOut.of(found, caller.organisation_id)


@router.put(
    "/{item_id}",
    operation_id="editYouSaidWeDid",
    responses=problems(NotFound, Invalid, Conflict, PreconditionFailed, PreconditionRequired),
)
async def edit_item(
    survey_id: UUID,
    item_id: UUID,
    body: YouSaidIn,
    caller: CanWriteCases,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> YouSaidOut:
    """Change an item, publish it, or take it back."""
    changed = await use_cases.edit_item(
        session,
        caller.organisation_id,
        survey_id,
        item_id,
        body.written(),
        if_revision=matched_revision(if_match),
        by=caller.name,
        clock=clock,
    )
    response.headers["ETag"] = etag(changed.revision)
    return YouSaidOut.of(changed, caller.organisation_id)


@router.delete("/{item_id}", operation_id="deleteYouSaidWeDid", status_code=204, responses=problems(NotFound))
async def delete_item(survey_id: UUID, item_id: UUID, caller: CanWriteCases, session: SessionDep) -> None:
    """Delete an item; it is gone from the public page at once."""
    await use_cases.drop_item(session, caller.organisation_id, survey_id, item_id)


@of_everybody.get(
    "/{address}/you-said-we-did.json",
    operation_id="readYouSaidWeDid",
    response_class=Response,
    responses=_documented({"application/json": {"schema": {"$ref": "#/components/schemas/PublicFeedOut"}}}),
)
async def read_feed(address: Address, request: Request, if_none_match: IfNoneMatch = None) -> Response:
    """What was published of a survey, for everybody. Without a key; pages of any origin may read it."""
    feed = await _published(address, request)
    return _cacheable(PublicFeedOut.of(feed).model_dump_json().encode(), "application/json", if_none_match)


@of_everybody.get(
    "/{address}/you-said-we-did.html",
    operation_id="readYouSaidWeDidPage",
    response_class=Response,
    responses=_documented({"text/html": {"schema": {"type": "string"}}}),
)
async def read_page(address: Address, request: Request, if_none_match: IfNoneMatch = None) -> Response:
    """The same as a page."""
    return _cacheable(page_of(await _published(address, request)), "text/html; charset=utf-8", if_none_match)


async def _published(token: str, request: Request) -> Feed:
    address = parse_public_address(token)
    if address is None:
        raise NotFound("page", "of this address")
    settings: Settings = request.app.state.settings
    quota = Quota("public_page", settings.api.public_requests_per_minute)
    admit(request, ((quota, address.survey_id.bytes),))
    unit: UnitOfWork = request.state.unit_of_work
    session = await unit.snapshot(address.organisation_id)
    return await use_cases.public_feed(session, address.organisation_id, address.survey_id)


def _cacheable(body: bytes, media_type: str, known: str | None) -> Response:
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {**_CACHED, "ETag": tag}
    held = {part.strip().removeprefix("W/") for part in (known or "").split(",")}
    if held & {tag, "*"}:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)
