"""How long a survey keeps what was said, and what is taken out of it as a whole."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from feedback_api.problems import problems
from feedback_api.schemas.common import Cursor, IfMatch, Limit, Page, etag, matched_revision
from feedback_api.schemas.responses import ReasonIn
from feedback_api.schemas.subjects import AnonymiseIn, RetentionIn, RetentionOut, SurveyErasureOut
from feedback_api.security import CanErase, CanReadSurveys
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.subjects import retention, survey_erasures
from feedback_core.subjects.types import SurveyNotClosed
from feedback_core.surveys.types import SurveyNotPublished

router = APIRouter(prefix="/v1/surveys/{survey_id}", route_class=TransactionalRoute, tags=["Data protection"])

QuestionKey = Annotated[str, Path(max_length=63, pattern=r"^[a-z][a-z0-9_]*$", examples=["why"])]


@router.get("/retention", operation_id="getRetention", responses=problems(NotFound))
async def get_retention(
    survey_id: UUID, caller: CanReadSurveys, session: SnapshotDep, response: Response
) -> RetentionOut:
    """How long the survey keeps what was said; 404 if it keeps it for good."""
    found = await retention.get_retention(session, caller.organisation_id, survey_id)
    response.headers["ETag"] = etag(found.revision)
    return RetentionOut.of(found)


@router.put(
    "/retention",
    operation_id="putRetention",
    responses={
        201: {"model": RetentionOut, "description": "It was not set, and is now"},
        **problems(NotFound, Invalid, PreconditionFailed, PreconditionRequired),
    },
)
async def put_retention(
    survey_id: UUID,
    body: RetentionIn,
    caller: CanErase,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> RetentionOut:
    """Set how long the survey keeps what was said, from the next night on; to set it anew, send If-Match."""
    stored, is_new = await retention.set_retention(
        session,
        caller.organisation_id,
        survey_id,
        body.retention(),
        if_revision=None if if_match is None else matched_revision(if_match),
        by=caller.name,
        clock=clock,
    )
    response.status_code = 201 if is_new else 200
    response.headers["ETag"] = etag(stored.revision)
    return RetentionOut.of(stored)


@router.delete("/retention", operation_id="deleteRetention", status_code=204, responses=problems(NotFound))
async def delete_retention(survey_id: UUID, caller: CanErase, session: SessionDep, clock: ClockDep) -> None:
    """Keep what is still there for good."""
    await retention.end_retention(session, caller.organisation_id, survey_id, by=caller.name, clock=clock)


@router.post(
    "/anonymise",
    operation_id="anonymiseSurvey",
    status_code=202,
    dependencies=[Idempotent],
    responses=problems(NotFound, Invalid, SurveyNotClosed, SurveyNotPublished),
)
async def anonymise_survey(
    survey_id: UUID, body: AnonymiseIn, caller: CanErase, session: SessionDep, clock: ClockDep, response: Response
) -> SurveyErasureOut:
    """Take away for good what leads from the answers of a closed survey to who gave them; the answers stay.

    Attributes that fewer respondents than the minimum share are taken away too, no more of them than is needed.
    """
    made = await survey_erasures.anonymise_survey(
        session,
        caller.organisation_id,
        survey_id,
        minimum=body.minimum,
        comments=body.comments,
        reason=body.reason,
        by=caller.name,
        clock=clock,
    )
    response.headers["Location"] = f"/v1/surveys/{survey_id}/erasures/{made.id}"
    return SurveyErasureOut.of(made)


@router.post(
    "/questions/{question_key}/erase",
    operation_id="eraseQuestion",
    status_code=202,
    dependencies=[Idempotent],
    responses=problems(NotFound, Invalid),
)
async def erase_question(
    survey_id: UUID,
    question_key: QuestionKey,
    body: ReasonIn,
    caller: CanErase,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
) -> SurveyErasureOut:
    """Take all answers to one question out of the responses, for good, with what was read out of them."""
    made = await survey_erasures.erase_question(
        session, caller.organisation_id, survey_id, question_key, reason=body.reason, by=caller.name, clock=clock
    )
    response.headers["Location"] = f"/v1/surveys/{survey_id}/erasures/{made.id}"
    return SurveyErasureOut.of(made)


@router.get("/erasures", operation_id="listSurveyErasures", responses=problems(NotFound, Invalid))
async def list_survey_erasures(
    survey_id: UUID, caller: CanReadSurveys, session: SnapshotDep, limit: Limit = 100, cursor: Cursor | None = None
) -> Page[SurveyErasureOut]:
    """What was taken out of the survey, by request or by retention; the latest first."""
    found, following = await survey_erasures.list_erasures(
        session, caller.organisation_id, survey_id, cursor=cursor, limit=limit
    )
    return Page(items=[SurveyErasureOut.of(each) for each in found], next_cursor=following)


@router.get("/erasures/{erasure_id}", operation_id="getSurveyErasure", responses=problems(NotFound))
async def get_survey_erasure(
    survey_id: UUID, erasure_id: UUID, caller: CanReadSurveys, session: SnapshotDep
) -> SurveyErasureOut:
    """What was asked to be taken out, how far that is, and a report of every store touched."""
    return SurveyErasureOut.of(
        await survey_erasures.get_erasure(session, caller.organisation_id, survey_id, erasure_id)
    )
