"""What people ask for their own data: all of it, or that all of it be erased."""

from uuid import UUID

from fastapi import APIRouter, Response

from feedback_api.problems import problems
from feedback_api.routes.responses import NeverStored, PrivacyDep
from feedback_api.schemas.common import Cursor, Limit, Page
from feedback_api.schemas.subjects import SubjectExportOut, SubjectRequestIn, SubjectRequestOut
from feedback_api.security import CanReadSubjects, CanWriteSubjects
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Invalid, NotFound
from feedback_core.subjects.requests import use_cases
from feedback_core.subjects.types import ExportNotThere, SubjectNotNamed

router = APIRouter(prefix="/v1/subject-requests", route_class=TransactionalRoute, tags=["Data protection"])


@router.post(
    "",
    operation_id="makeSubjectRequest",
    status_code=202,
    dependencies=[Idempotent],
    responses=problems(NotFound, Invalid, SubjectNotNamed),
)
async def make_subject_request(
    body: SubjectRequestIn,
    caller: CanWriteSubjects,
    session: SessionDep,
    clock: ClockDep,
    privacy: PrivacyDep,
    response: Response,
) -> SubjectRequestOut:
    """Have everything that is held on somebody exported or erased, wherever it is kept.

    `Location` is where to look. Whom it is about is encrypted until it is done, and not kept afterwards.
    """
    made = await use_cases.make_request(
        session,
        caller.organisation_id,
        body.kind,
        body.subject.subject(),
        mentions=body.mentions,
        reason=body.reason,
        by=caller.name,
        privacy=privacy,
        clock=clock,
    )
    response.headers["Location"] = f"/v1/subject-requests/{made.id}"
    return SubjectRequestOut.of(made)


@router.get("", operation_id="listSubjectRequests", responses=problems(Invalid))
async def list_subject_requests(
    caller: CanReadSubjects, session: SnapshotDep, limit: Limit = 100, cursor: Cursor | None = None
) -> Page[SubjectRequestOut]:
    """Requests, the latest first."""
    found, following = await use_cases.list_requests(session, caller.organisation_id, cursor=cursor, limit=limit)
    return Page(items=[SubjectRequestOut.of(each) for each in found], next_cursor=following)


@router.get("/{request_id}", operation_id="getSubjectRequest", responses=problems(NotFound))
async def get_subject_request(request_id: UUID, caller: CanReadSubjects, session: SnapshotDep) -> SubjectRequestOut:
    """How far a request is, and a report of every store touched, and of what stays and why."""
    return SubjectRequestOut.of(await use_cases.get_request(session, caller.organisation_id, request_id))


@router.get(
    "/{request_id}/export",
    operation_id="getSubjectExport",
    dependencies=[NeverStored],
    responses=problems(NotFound, ExportNotThere),
)
async def get_subject_export(
    request_id: UUID, caller: CanReadSubjects, session: SessionDep, clock: ClockDep, privacy: PrivacyDep
) -> SubjectExportOut:
    """Everything that is held on somebody, for seven days. Each reading of it is written into the audit."""
    found = await use_cases.read_export(
        session, caller.organisation_id, request_id, by=caller.name, privacy=privacy, clock=clock
    )
    return SubjectExportOut.model_validate(found)
