"""The codebook of a survey: which themes its comments are coded with."""

from uuid import UUID

from fastapi import APIRouter, Response

from feedback_api.problems import problems
from feedback_api.schemas.codebooks import CodebookIn, CodebookOut, CodebooksOut, PreviewIn, PreviewOut
from feedback_api.schemas.common import IfMatch, etag, matched_revision
from feedback_api.security import CanReadCodings, CanWriteCodings
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.themes.codebooks import use_cases
from feedback_core.themes.codebooks.preview import preview_codebook

router = APIRouter(prefix="/v1/surveys/{survey_id}/codebook", route_class=TransactionalRoute, tags=["Comments"])


@router.get("", operation_id="getCodebook", responses=problems(NotFound))
async def get_codebook(
    survey_id: UUID, caller: CanReadCodings, session: SnapshotDep, response: Response
) -> CodebookOut:
    """The codebook as it holds now."""
    found = await use_cases.get_codebook(session, caller.organisation_id, survey_id)
    response.headers["ETag"] = etag(found.codebook.version)
    return CodebookOut.of(found)


@router.get("/versions", operation_id="listCodebookVersions", responses=problems(NotFound))
async def list_codebook_versions(survey_id: UUID, caller: CanReadCodings, session: SnapshotDep) -> CodebooksOut:
    """Every version of the codebook, the one that holds now first."""
    found = await use_cases.codebook_versions(session, caller.organisation_id, survey_id)
    return CodebooksOut(items=[CodebookOut.of(stored) for stored in found])


@router.put(
    "",
    operation_id="putCodebook",
    responses={
        201: {"model": CodebookOut, "description": "There was none, and is now"},
        **problems(NotFound, Conflict, Invalid, PreconditionFailed, PreconditionRequired),
    },
)
async def put_codebook(
    survey_id: UUID,
    body: CodebookIn,
    caller: CanWriteCodings,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> CodebookOut:
    """Keep a codebook, or replace it by its next version; to replace, send If-Match.

    The worker holds its rules against all comments anew. Codings by hand stay, with the version they were made by.
    """
    version = None if if_match is None else matched_revision(if_match)
    stored, is_new = await use_cases.put_codebook(
        session, caller.organisation_id, survey_id, body.codebook(), if_version=version, by=caller.name, clock=clock
    )
    response.status_code = 201 if is_new else 200
    response.headers["ETag"] = etag(stored.codebook.version)
    return CodebookOut.of(stored)


@router.post(
    "/preview",
    operation_id="previewCodebook",
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Invalid),
)
async def preview(survey_id: UUID, body: PreviewIn, caller: CanWriteCodings, session: SessionDep) -> PreviewOut:
    """What the rules of a codebook would do to these texts and to stored comments; nothing is kept."""
    codebook = None if body.codebook is None else body.codebook.codebook()
    return PreviewOut.of(await preview_codebook(session, caller.organisation_id, survey_id, codebook, body.samples()))
