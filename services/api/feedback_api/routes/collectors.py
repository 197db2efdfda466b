"""Collectors of a survey: made, listed, changed; their links and QR codes."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from feedback_api.problems import problems
from feedback_api.schemas.collectors import CollectorIn, CollectorOut
from feedback_api.schemas.common import Cursor, IfMatch, Limit, Page, etag, matched_revision
from feedback_api.security import CanReadSurveys, CanWriteSurveys, CurrentCaller
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.collectors import use_cases
from feedback_core.collectors.links import SurveyLinks, path_of
from feedback_core.collectors.qr_codes import LEAST_MM, MOST_MM, USUAL_MM, qr_png, qr_svg
from feedback_core.collectors.types import Collector
from feedback_core.kit.errors import Conflict, Invalid, NotFound, PreconditionFailed, PreconditionRequired

router = APIRouter(prefix="/v1/surveys/{survey_id}/collectors", route_class=TransactionalRoute, tags=["Collectors"])

SizeInMm = Annotated[int, Query(ge=LEAST_MM, le=MOST_MM, description="Width in print, with its blank border")]
_PICTURE: Final = {"Cache-Control": "private, max-age=300", "X-Content-Type-Options": "nosniff"}


class LinkMaker:
    """Says where the questionnaires of an organisation's collectors are."""

    def __init__(self, request: Request) -> None:
        self._links: SurveyLinks = request.app.state.survey_links
        self._base: str = request.app.state.settings.http.public_url or str(request.base_url)

    def url(self, organisation_id: UUID, collector: Collector) -> str:
        """The address that a collector's link is."""
        return self._base.rstrip("/") + path_of(self._links.of_collector(organisation_id, collector.id))

    def shown(self, caller: CurrentCaller, collector: Collector) -> CollectorOut:
        """A collector with its link."""
        return CollectorOut.of(collector, self.url(caller.organisation_id, collector))


Links = Annotated[LinkMaker, Depends(LinkMaker)]


def _picture(media_type: str, schema: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    return {
        200: {"description": "The QR code of the link", "content": {media_type: {"schema": schema}}},
        **problems(NotFound, Invalid),
    }


@router.post(
    "",
    operation_id="createCollector",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Invalid),
)
async def create_collector(
    survey_id: UUID,
    body: CollectorIn,
    caller: CanWriteSurveys,
    session: SessionDep,
    clock: ClockDep,
    links: Links,
    response: Response,
) -> CollectorOut:
    """A new link by which the survey goes out, and the hosted questionnaire behind it."""
    made = await use_cases.create_collector(
        session, caller.organisation_id, survey_id, body.details(), by=caller.name, clock=clock
    )
    response.headers["Location"] = f"/v1/surveys/{survey_id}/collectors/{made.id}"
    response.headers["ETag"] = etag(made.revision)
    return links.shown(caller, made)


@router.get("", operation_id="listCollectors", responses=problems(NotFound, Invalid))
async def list_collectors(
    survey_id: UUID,
    caller: CanReadSurveys,
    session: SnapshotDep,
    links: Links,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[Limit, Query()] = 100,
) -> Page[CollectorOut]:
    """Collectors of the survey, oldest first."""
    found, following = await use_cases.list_collectors(
        session, caller.organisation_id, survey_id, cursor=cursor, limit=limit
    )
    return Page(items=[links.shown(caller, each) for each in found], next_cursor=following)


@router.get("/{collector_id}", operation_id="getCollector", responses=problems(NotFound))
async def get_collector(
    survey_id: UUID,
    collector_id: UUID,
    caller: CanReadSurveys,
    session: SnapshotDep,
    links: Links,
    response: Response,
) -> CollectorOut:
    """One collector."""
    found = await use_cases.get_collector(session, caller.organisation_id, survey_id, collector_id)
    response.headers["ETag"] = etag(found.revision)
    return links.shown(caller, found)


@router.put(
    "/{collector_id}",
    operation_id="editCollector",
    responses=problems(NotFound, Invalid, Conflict, PreconditionFailed, PreconditionRequired),
)
async def edit_collector(
    survey_id: UUID,
    collector_id: UUID,
    body: CollectorIn,
    caller: CanWriteSurveys,
    session: SessionDep,
    clock: ClockDep,
    links: Links,
    response: Response,
    if_match: IfMatch = None,
) -> CollectorOut:
    """Change a collector, pause it, take it up again, or end it; its link stays the same."""
    changed = await use_cases.edit_collector(
        session,
        caller.organisation_id,
        survey_id,
        collector_id,
        body.details(),
        if_revision=matched_revision(if_match),
        clock=clock,
    )
    response.headers["ETag"] = etag(changed.revision)
    return links.shown(caller, changed)


@router.get(
    "/{collector_id}/qr.svg",
    operation_id="getCollectorQrSvg",
    response_class=Response,
    responses=_picture("image/svg+xml", {"type": "string"}),
)
async def get_qr_svg(
    survey_id: UUID,
    collector_id: UUID,
    caller: CanReadSurveys,
    session: SnapshotDep,
    links: Links,
    size_mm: SizeInMm = USUAL_MM,
) -> Response:
    """The QR code of its link, to be printed at any size without losing sharpness."""
    found = await use_cases.get_collector(session, caller.organisation_id, survey_id, collector_id)
    url = links.url(caller.organisation_id, found)
    return Response(qr_svg(url, title=url, size_mm=size_mm), media_type="image/svg+xml", headers=_PICTURE)


@router.get(
    "/{collector_id}/qr.png",
    operation_id="getCollectorQrPng",
    response_class=Response,
    responses=_picture("image/png", {"type": "string", "format": "binary"}),
)
async def get_qr_png(
    survey_id: UUID,
    collector_id: UUID,
    caller: CanReadSurveys,
    session: SnapshotDep,
    links: Links,
    size_mm: SizeInMm = USUAL_MM,
) -> Response:
    """The QR code of its link, at least 300 dots per inch at that size."""
    found = await use_cases.get_collector(session, caller.organisation_id, survey_id, collector_id)
    url = links.url(caller.organisation_id, found)
    return Response(qr_png(url, size_mm=size_mm), media_type="image/png", headers=_PICTURE)
