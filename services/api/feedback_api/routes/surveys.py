"""Surveys: drafts, published versions, closing."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from feedback_api.problems import problems
from feedback_api.schemas.common import Cursor, IfMatch, Limit, etag, matched_revision
from feedback_api.schemas.surveys import (
    ConfidentialityIn,
    SurveyIn,
    SurveyOut,
    SurveyPage,
    SurveySettingsBody,
    SurveySummaryOut,
    SurveyVersionOut,
)
from feedback_api.security import CanReadSurveys, CanWriteSurveys
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.cursors import InvalidCursor
from feedback_core.kit.errors import Conflict, Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.surveys import use_cases
from feedback_core.surveys.types import (
    Confidentiality,
    ConfidentialityLoosened,
    DraftExists,
    NoDraft,
    Survey,
    SurveyKeyTaken,
    SurveyNotPublishable,
    SurveyNotPublished,
    SurveyState,
)

router = APIRouter(prefix="/v1/surveys", route_class=TransactionalRoute, tags=["Surveys"])

VersionNumber = Annotated[int, Path(ge=1, le=2**31 - 1)]
InState = Annotated[SurveyState | None, Query(description="Only surveys in this state")]


def _shown(survey: Survey, response: Response) -> SurveyOut:
    response.headers["ETag"] = etag(survey.revision)
    return SurveyOut.of(survey)


@router.post(
    "",
    operation_id="createSurvey",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(Invalid, SurveyKeyTaken),
)
async def create_survey(
    body: SurveyIn, caller: CanWriteSurveys, session: SessionDep, clock: ClockDep, response: Response
) -> SurveyOut:
    """Create a survey with its first draft.

    A draft may have faults: they are named in the answer, and keep it from being published.
    """
    made = await use_cases.create_survey(
        session,
        caller.organisation_id,
        body.questionnaire(),
        key=body.key,
        confidentiality=body.confidentiality or Confidentiality.IDENTIFIED,
        clock=clock,
    )
    response.headers["Location"] = f"/v1/surveys/{made.survey_id}"
    return _shown(made, response)


@router.get("", operation_id="listSurveys", responses=problems(InvalidCursor))
async def list_surveys(
    caller: CanReadSurveys,
    session: SnapshotDep,
    state: InState = None,
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> SurveyPage:
    """Surveys, newest first, without their questions."""
    found, following = await use_cases.list_surveys(
        session, caller.organisation_id, state=state, limit=limit, cursor=cursor
    )
    return SurveyPage(items=[SurveySummaryOut.model_validate(survey) for survey in found], next_cursor=following)


@router.get("/{survey_id}", operation_id="getSurvey", responses=problems(NotFound))
async def get_survey(survey_id: UUID, caller: CanReadSurveys, session: SnapshotDep, response: Response) -> SurveyOut:
    """A survey with its draft; without a draft, with its latest version."""
    return _shown(await use_cases.get_survey(session, caller.organisation_id, survey_id), response)


@router.put(
    "/{survey_id}",
    operation_id="replaceSurveyDraft",
    responses=problems(NotFound, NoDraft, Invalid, PreconditionFailed, PreconditionRequired),
)
async def replace_draft(
    survey_id: UUID,
    body: SurveyIn,
    caller: CanWriteSurveys,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> SurveyOut:
    """Replace the draft. A published version never changes: start a new version and change that."""
    replaced = await use_cases.replace_draft(
        session,
        caller.organisation_id,
        survey_id,
        body.questionnaire(),
        key=body.key,
        confidentiality=body.confidentiality,
        if_revision=matched_revision(if_match),
        clock=clock,
    )
    return _shown(replaced, response)


@router.put(
    "/{survey_id}/confidentiality",
    operation_id="changeSurveyConfidentiality",
    responses=problems(NotFound, ConfidentialityLoosened, Invalid, PreconditionFailed, PreconditionRequired),
)
async def change_confidentiality(
    survey_id: UUID,
    body: ConfidentialityIn,
    caller: CanWriteSurveys,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> SurveyOut:
    """Set the most identifying mode in which a response may be recorded.

    Once the survey has been published it can only become stricter: anonymous is stricter than pseudonymous, and that
    than identified. Responses already recorded stay as they are.
    """
    changed = await use_cases.change_confidentiality(
        session,
        caller.organisation_id,
        survey_id,
        body.confidentiality,
        if_revision=matched_revision(if_match),
        by=caller.name,
        clock=clock,
    )
    return _shown(changed, response)


@router.put(
    "/{survey_id}/settings",
    operation_id="changeSurveySettings",
    responses=problems(NotFound, Invalid, Conflict, PreconditionFailed, PreconditionRequired),
)
async def change_settings(
    survey_id: UUID,
    body: SurveySettingsBody,
    caller: CanWriteSurveys,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> SurveyOut:
    """Set how answers are gathered and counted. Responses that are open keep the time at which they close."""
    changed = await use_cases.change_settings(
        session,
        caller.organisation_id,
        survey_id,
        body.settings(),
        if_revision=matched_revision(if_match),
        keep_audience=body.audience is None,
        clock=clock,
    )
    return _shown(changed, response)


@router.post(
    "/{survey_id}/publish",
    operation_id="publishSurvey",
    dependencies=[Idempotent],
    responses=problems(NotFound, NoDraft, SurveyNotPublishable, PreconditionFailed),
)
async def publish_survey(
    survey_id: UUID, caller: CanWriteSurveys, session: SessionDep, clock: ClockDep, if_match: IfMatch = None
) -> SurveyVersionOut:
    """Publish the draft: its questions never change, and answers come in to it from now on.

    Features that its questions name and that are not there yet are created, with a name made from the key
    (`waiting_time`: "Waiting time"). A closed survey takes answers again. With If-Match, a draft that somebody has
    changed since you read it is not published.
    """
    revision = None if if_match is None else matched_revision(if_match)
    version = await use_cases.publish_survey(
        session, caller.organisation_id, survey_id, if_revision=revision, clock=clock
    )
    return SurveyVersionOut.of(version)


@router.post(
    "/{survey_id}/versions",
    operation_id="startSurveyVersion",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(NotFound, DraftExists),
)
async def start_new_version(
    survey_id: UUID, caller: CanWriteSurveys, session: SessionDep, clock: ClockDep, response: Response
) -> SurveyOut:
    """Start a draft of the next version, as a copy of the latest one; answers keep coming in to that.

    Publishing it makes the next version. A question that keeps its key keeps its type, scale and unit.
    """
    started = await use_cases.start_new_version(session, caller.organisation_id, survey_id, clock=clock)
    response.headers["Location"] = f"/v1/surveys/{survey_id}"
    return _shown(started, response)


@router.get("/{survey_id}/versions/{number}", operation_id="getSurveyVersion", responses=problems(NotFound))
async def get_version(
    survey_id: UUID, number: VersionNumber, caller: CanReadSurveys, session: SnapshotDep
) -> SurveyVersionOut:
    """A published version."""
    return SurveyVersionOut.of(await use_cases.get_version(session, caller.organisation_id, survey_id, number))


@router.post(
    "/{survey_id}/close",
    operation_id="closeSurvey",
    dependencies=[Idempotent],
    responses=problems(NotFound, SurveyNotPublished),
)
async def close_survey(
    survey_id: UUID, caller: CanWriteSurveys, session: SessionDep, clock: ClockDep, response: Response
) -> SurveyOut:
    """Take no more answers. Closing again changes nothing; publishing a new version opens the survey again."""
    return _shown(await use_cases.close_survey(session, caller.organisation_id, survey_id, clock=clock), response)
