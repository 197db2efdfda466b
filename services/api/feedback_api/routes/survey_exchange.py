"""Surveys to other tools and from them: the JSON of SurveyJS, and the workbooks of XLSForm."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from feedback_api.bodies import UnsupportedMediaType
from feedback_api.files import MEDIA_TYPES
from feedback_api.problems import problem_response, problems
from feedback_api.schemas.common import etag
from feedback_api.schemas.questionnaires import LanguageTag
from feedback_api.schemas.survey_exchange import MODEL, BesideOut, SurveyImportOut, SurveyJsIn
from feedback_api.security import CanReadSurveys, CanWriteSurveys
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Invalid, NotFound
from feedback_core.responses.exports.types import ExportFormat
from feedback_core.surveys.exchange import use_cases
from feedback_core.surveys.exchange.use_cases import Imported, NewSurvey
from feedback_core.surveys.types import SURVEY_KEY, Confidentiality, SurveyKeyTaken, SurveyNotPublished

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["Surveys"])

WORKBOOK: Final = MEDIA_TYPES[ExportFormat.XLSX]
FORM: Final[dict[str, Any]] = {WORKBOOK: {"schema": {"type": "string", "format": "binary"}}}

Version = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Number of a version; left out: the latest")]
NewKey = Annotated[str, Query(pattern=SURVEY_KEY.pattern, description="Of the new survey", examples=["from-xlsform"])]
Promise = Annotated[Confidentiality, Query(description="The most identifying mode in which a response may be recorded")]
Language = Annotated[
    LanguageTag | None, Query(description="Of texts that do not say their own. Left out: the form's default language")
]


def _made(imported: Imported, response: Response) -> SurveyImportOut:
    response.headers["Location"] = f"/v1/surveys/{imported.survey.survey_id}"
    response.headers["ETag"] = etag(imported.survey.revision)
    return SurveyImportOut.of(imported)


@router.post(
    "/survey-imports/surveyjs",
    operation_id="importSurveyJs",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(Invalid, SurveyKeyTaken),
)
async def import_surveyjs(
    body: SurveyJsIn, caller: CanWriteSurveys, session: SessionDep, clock: ClockDep, response: Response
) -> SurveyImportOut:
    """Make a survey from a model of SurveyJS: it becomes the draft.

    What a questionnaire cannot say is named in `left_out`, each with a pointer; what keeps the draft from being
    published is in its `faults`. What the model has no word for can be said in `beside`.
    """
    made = await use_cases.import_surveyjs(
        session, caller.organisation_id, body.model, new=body.new(), beside=body.beside.said(), clock=clock
    )
    return _made(made, response)


@router.post(
    "/survey-imports/xlsform",
    operation_id="importXlsForm",
    status_code=201,
    dependencies=[Idempotent],
    openapi_extra={"requestBody": {"required": True, "content": {WORKBOOK: {**FORM[WORKBOOK], "example": "PK…"}}}},
    responses={415: problem_response(415), **problems(Invalid, SurveyKeyTaken)},
)
async def import_xlsform(
    request: Request,
    caller: CanWriteSurveys,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    key: NewKey,
    confidentiality: Promise = Confidentiality.IDENTIFIED,
    language: Language = None,
) -> SurveyImportOut:
    """Make a survey from an XLSForm, the workbook as the body: it becomes the draft.

    What a questionnaire cannot say is named in `left_out`, each with sheet, row and column.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != WORKBOOK:
        raise UnsupportedMediaType(f"Send the workbook, with Content-Type: {WORKBOOK}.")
    new = NewSurvey(key, confidentiality, language)
    made = await use_cases.import_xlsform(session, caller.organisation_id, await request.body(), new=new, clock=clock)
    return _made(made, response)


@router.get(
    "/surveys/{survey_id}/surveyjs",
    operation_id="getSurveyJs",
    responses={200: {"content": {"application/json": {"example": MODEL}}}, **problems(NotFound, SurveyNotPublished)},
)
async def get_surveyjs(
    survey_id: UUID, caller: CanReadSurveys, session: SnapshotDep, version: Version = None
) -> dict[str, Any]:
    """A published version as SurveyJS takes it: its result is the `answers` of a response as it is."""
    return await use_cases.surveyjs_of(session, caller.organisation_id, survey_id, version)


@router.get(
    "/surveys/{survey_id}/surveyjs/beside",
    operation_id="getBesideSurveyJs",
    responses=problems(NotFound, SurveyNotPublished),
)
async def get_beside_surveyjs(
    survey_id: UUID, caller: CanReadSurveys, session: SnapshotDep, version: Version = None
) -> BesideOut:
    """What the model of a version has no word for: send it back with the model, and nothing is lost."""
    return BesideOut.of(await use_cases.beside_surveyjs(session, caller.organisation_id, survey_id, version))


@router.get(
    "/surveys/{survey_id}/xlsform",
    operation_id="getXlsForm",
    response_class=Response,
    responses={200: {"description": "The workbook", "content": FORM}, **problems(NotFound, SurveyNotPublished)},
)
async def get_xlsform(
    survey_id: UUID, caller: CanReadSurveys, session: SnapshotDep, version: Version = None
) -> Response:
    """A published version as an XLSForm; what it cannot say is in its sheet `left_out`."""
    form = await use_cases.xlsform_of(session, caller.organisation_id, survey_id, version)
    headers = {"Content-Disposition": f'attachment; filename="{form.name}"', "X-Content-Type-Options": "nosniff"}
    return Response(form.content, media_type=WORKBOOK, headers=headers)
