"""Cases: responses that are followed up, until it is said what became of them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from feedback_api.problems import problems
from feedback_api.routes.responses import NeverStored
from feedback_api.routes.sources import SealDep
from feedback_api.schemas.cases import CaseDetailOut, CaseEditIn, CaseMoveIn, CaseNoteIn, CaseOut
from feedback_api.schemas.common import Cursor, IfMatch, Limit, Line, Page, etag, matched_revision
from feedback_api.security import CanReadCases, CanWriteCases
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.cases import use_cases
from feedback_core.cases.types import Case, CaseState, WantedCases
from feedback_core.cases.use_cases import Writing
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import (
    Conflict,
    Forbidden,
    Gone,
    Invalid,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
)
from feedback_core.recommendations.procedures.deciding import actor_of

router = APIRouter(prefix="/v1/cases", route_class=TransactionalRoute, tags=["Cases"])

CHANGES = problems(NotFound, Invalid, Conflict, Forbidden, Gone, PreconditionFailed)


async def _wanted(
    clock: ClockDep,
    survey_id: UUID | None = None,
    owner: Annotated[Line | None, Query()] = None,
    state: CaseState | None = None,
    overdue: Annotated[bool, Query(description="Only those that somebody still waits for, and were due")] = False,  # noqa: FBT002
    escalated: Annotated[bool | None, Query(description="Whether they went to others")] = None,
) -> WantedCases:
    return WantedCases(survey_id, owner, state, clock.now() if overdue else None, escalated)


def _shown(found: Case, response: Response, clock: Clock) -> CaseOut:
    """Without what was written: an answer that is remembered must not keep it."""
    response.headers["ETag"] = etag(found.revision)
    return CaseOut.of(found, clock.now())


@router.get("", operation_id="listCases", responses=problems(NotFound, Invalid))
async def list_cases(
    wanted: Annotated[WantedCases, Depends(_wanted)],
    caller: CanReadCases,
    session: SnapshotDep,
    clock: ClockDep,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[Limit, Query()] = 100,
) -> Page[CaseOut]:
    """Cases, those due first first."""
    found, following = await use_cases.list_cases(session, caller.organisation_id, wanted, cursor=cursor, limit=limit)
    return Page(items=[CaseOut.of(each, clock.now()) for each in found], next_cursor=following)


@router.get("/{case_id}", operation_id="getCase", dependencies=[NeverStored], responses=problems(NotFound))
async def get_case(
    case_id: UUID, caller: CanReadCases, session: SnapshotDep, seal: SealDep, clock: ClockDep, response: Response
) -> CaseDetailOut:
    """One case, with everything that was written about it."""
    found = await use_cases.get_case(session, caller.organisation_id, case_id)
    entries = await use_cases.get_entries(session, caller.organisation_id, case_id, seal=seal)
    response.headers["ETag"] = etag(found.revision)
    return CaseDetailOut.of_whole(found, entries, clock.now())


@router.put(
    "/{case_id}",
    operation_id="editCase",
    responses=problems(NotFound, Invalid, Conflict, Forbidden, Gone, PreconditionFailed, PreconditionRequired),
)
async def edit_case(
    case_id: UUID,
    body: CaseEditIn,
    caller: CanWriteCases,
    session: SessionDep,
    seal: SealDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> CaseOut:
    """Give a case to somebody, or another time."""
    changed = await use_cases.edit_case(
        session,
        caller.organisation_id,
        case_id,
        owner=body.owner,
        due_at=body.due_at,
        reason=body.reason,
        writing=Writing(actor_of(caller, body.on_behalf_of), seal, clock),
        if_revision=matched_revision(if_match),
    )
    return _shown(changed, response, clock)


@router.post("/{case_id}/notes", operation_id="noteCase", dependencies=[Idempotent], responses=CHANGES)
async def note_case(
    case_id: UUID,
    body: CaseNoteIn,
    caller: CanWriteCases,
    session: SessionDep,
    seal: SealDep,
    clock: ClockDep,
    response: Response,
) -> CaseOut:
    """Write down how it goes; read it with the case."""
    writing = Writing(actor_of(caller, body.on_behalf_of), seal, clock)
    noted = await use_cases.note(session, caller.organisation_id, case_id, body.text, writing=writing)
    return _shown(noted, response, clock)


@router.post("/{case_id}/transitions", operation_id="moveCase", dependencies=[Idempotent], responses=CHANGES)
async def move_case(
    case_id: UUID,
    body: CaseMoveIn,
    caller: CanWriteCases,
    session: SessionDep,
    seal: SealDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> CaseOut:
    """Take a case on, resolve it, close it; with `If-Match`, only as it was read."""
    moved = await use_cases.move_case(
        session,
        caller.organisation_id,
        case_id,
        body.move(),
        writing=Writing(actor_of(caller, body.on_behalf_of), seal, clock),
        if_revision=None if if_match is None else matched_revision(if_match),
    )
    return _shown(moved, response, clock)
