"""The interview guide of a survey, in versions; as JSON, and as a page to be printed."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from feedback_api.files import NO_SCRIPTS
from feedback_api.problems import problems
from feedback_api.schemas.common import Cursor, IfMatch, Limit, Page, etag, matched_revision
from feedback_api.schemas.interview_guides import GuideBody, InterviewGuideOut
from feedback_api.security import CanReadSurveys, CanWriteSurveys
from feedback_api.unit_of_work import ClockDep, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.responses.guides import use_cases
from feedback_core.responses.guides.printing import page_of

router = APIRouter(
    prefix="/v1/surveys/{survey_id}/interview-guide", route_class=TransactionalRoute, tags=["Staff entry"]
)
Version = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("", operation_id="getInterviewGuide", responses=problems(NotFound))
async def get_guide(
    survey_id: UUID, caller: CanReadSurveys, session: SnapshotDep, response: Response
) -> InterviewGuideOut:
    """The version that holds."""
    stored = await use_cases.get_guide(session, caller.organisation_id, survey_id)
    response.headers["ETag"] = etag(stored.version)
    return InterviewGuideOut.of(stored)


@router.put(
    "",
    operation_id="putInterviewGuide",
    responses={
        201: {"model": InterviewGuideOut, "description": "There was none, and is now"},
        **problems(NotFound, Conflict, Invalid, PreconditionFailed, PreconditionRequired),
    },
)
async def put_guide(
    survey_id: UUID,
    body: GuideBody,
    caller: CanWriteSurveys,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> InterviewGuideOut:
    """Write the guide, or its next version (with If-Match); entries keep naming the version that they were made by."""
    version = None if if_match is None else matched_revision(if_match)
    stored = await use_cases.put_guide(
        session, caller.organisation_id, survey_id, body.guide(), if_version=version, by=caller.name, clock=clock
    )
    response.status_code = 201 if stored.version == 1 else 200
    response.headers["ETag"] = etag(stored.version)
    return InterviewGuideOut.of(stored)


@router.get("/versions", operation_id="listInterviewGuides", responses=problems(NotFound, Invalid))
async def list_guides(
    survey_id: UUID,
    caller: CanReadSurveys,
    session: SnapshotDep,
    cursor: Cursor | None = None,
    limit: Limit = 100,
) -> Page[InterviewGuideOut]:
    """Every version, the one that holds first."""
    found, following = await use_cases.list_guides(
        session, caller.organisation_id, survey_id, cursor=cursor, limit=limit
    )
    return Page(items=[InterviewGuideOut.of(stored) for stored in found], next_cursor=following)


@router.get("/versions/{number}", operation_id="getInterviewGuideVersion", responses=problems(NotFound, Invalid))
async def get_guide_version(
    survey_id: UUID, number: Version, caller: CanReadSurveys, session: SnapshotDep
) -> InterviewGuideOut:
    """One version."""
    return InterviewGuideOut.of(await use_cases.get_guide(session, caller.organisation_id, survey_id, number))


@router.get(
    "/versions/{number}/page",
    operation_id="printInterviewGuide",
    response_class=Response,
    responses={
        200: {"content": {"text/html": {"schema": {"type": "string"}}}, "description": "A page to be printed"},
        **problems(NotFound, Invalid),
    },
)
async def print_guide(survey_id: UUID, number: Version, caller: CanReadSurveys, session: SnapshotDep) -> Response:
    """A version as a page to be printed: with boxes to tick and lines to write on."""
    page = page_of(await use_cases.print_guide(session, caller.organisation_id, survey_id, number))
    headers = {"Content-Security-Policy": NO_SCRIPTS, "X-Content-Type-Options": "nosniff"}
    return Response(page, media_type="text/html; charset=utf-8", headers=headers)
