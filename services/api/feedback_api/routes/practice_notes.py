"""Practice notes: how others do it, with where that was read."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from feedback_api.problems import problems
from feedback_api.schemas.common import Cursor, IfMatch, Limit, etag, matched_revision
from feedback_api.schemas.practice import PracticeNoteIn, PracticeNoteOut, PracticeNotePage, StandardName
from feedback_api.security import CanReadStandards, CanWriteStandards
from feedback_api.unit_of_work import ClockDep, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.standards import references
from feedback_core.standards.types import STANDARD_KEY, PracticeNote

router = APIRouter(prefix="/v1/practice-notes", route_class=TransactionalRoute, tags=["Standards"])

PracticeNoteKey = Annotated[str, Path(pattern=STANDARD_KEY, examples=["queue_board"])]


@router.get("", operation_id="listPracticeNotes", responses=problems(Invalid))
async def list_practice_notes(
    caller: CanReadStandards,
    session: SnapshotDep,
    standard: Annotated[StandardName | None, Query(description="Key of the standard that they help to reach")] = None,
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> PracticeNotePage:
    """Practice notes by key."""
    found, following = await references.list_references(
        session, caller.organisation_id, PracticeNote, standard=standard, limit=limit, cursor=cursor
    )
    return PracticeNotePage(items=[PracticeNoteOut.of(each) for each in found], next_cursor=following)


@router.get("/{practice_note}", operation_id="getPracticeNote", responses=problems(NotFound))
async def get_practice_note(
    practice_note: PracticeNoteKey, caller: CanReadStandards, session: SnapshotDep, response: Response
) -> PracticeNoteOut:
    """One practice note."""
    found = await references.get_reference(session, caller.organisation_id, PracticeNote, practice_note)
    response.headers["ETag"] = etag(found.revision)
    return PracticeNoteOut.of(found)


@router.put(
    "/{practice_note}",
    operation_id="putPracticeNote",
    responses={
        201: {"model": PracticeNoteOut, "description": "It was not there, and is now"},
        **problems(Invalid, PreconditionFailed, PreconditionRequired),
    },
)
async def put_practice_note(
    practice_note: PracticeNoteKey,
    body: PracticeNoteIn,
    caller: CanWriteStandards,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> PracticeNoteOut:
    """Keep a practice note, or replace it; to replace, send If-Match."""
    revision = None if if_match is None else matched_revision(if_match)
    found, is_new = await references.put_reference(
        session, caller.organisation_id, PracticeNote, practice_note, body.details(), if_revision=revision, clock=clock
    )
    response.status_code = 201 if is_new else 200
    response.headers["ETag"] = etag(found.revision)
    return PracticeNoteOut.of(found)


@router.delete("/{practice_note}", operation_id="deletePracticeNote", status_code=204, responses=problems(NotFound))
async def delete_practice_note(practice_note: PracticeNoteKey, caller: CanWriteStandards, session: SessionDep) -> None:
    """Delete a practice note."""
    await references.delete_reference(session, caller.organisation_id, PracticeNote, practice_note)
