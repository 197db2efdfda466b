"""Culture: notes, and dated assessments by dimension, each with its evidence."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from feedback_api.people_guard import GuardsPeople
from feedback_api.problems import problems
from feedback_api.routes.responses import NeverStored
from feedback_api.routes.sources import SealDep
from feedback_api.schemas.common import Cursor, Limit
from feedback_api.schemas.culture import (
    AssessmentIn,
    AssessmentOut,
    AssessmentPage,
    CultureCourseOut,
    NoteHeadOut,
    NoteIn,
    NoteOut,
    NotePage,
)
from feedback_api.security import CanReadCulture, CanWriteCulture
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Forbidden, Invalid, NotFound
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.people.culture import assessments, notes
from feedback_core.people.culture.types import DIMENSION_KEY, NoteKind
from feedback_core.people.performance.replies import Writing
from feedback_core.recommendations.procedures.deciding import actor_of

router = APIRouter(prefix="/v1/culture", route_class=TransactionalRoute, tags=["Culture"])


@router.post(
    "/notes",
    operation_id="writeCultureNote",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(Forbidden, Invalid),
)
async def write_note(
    body: NoteIn, caller: CanWriteCulture, session: SessionDep, seal: SealDep, clock: ClockDep, response: Response
) -> NoteHeadOut:
    """Keep what was read, seen or heard. It is never changed; the words are sealed."""
    writing = Writing(actor_of(caller, body.on_behalf_of), seal, clock)
    made = await notes.write_note(session, caller.organisation_id, body.details(), writing=writing)
    response.headers["Location"] = f"/v1/culture/notes/{made.id}"
    return NoteHeadOut.of(made)


@router.get("/notes", operation_id="listCultureNotes", dependencies=[NeverStored], responses=problems(Invalid))
async def list_notes(
    caller: CanReadCulture,
    session: SnapshotDep,
    seal: SealDep,
    kind: NoteKind | None = None,
    dimension: Annotated[str | None, Query(pattern=DIMENSION_KEY)] = None,
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> NotePage:
    """Notes, the latest first."""
    found, following = await notes.list_notes(
        session, caller.organisation_id, kind=kind, dimension=dimension, seal=seal, cursor=cursor, limit=limit
    )
    return NotePage(items=[NoteOut.of(each) for each in found], next_cursor=following)


@router.get("/notes/{note_id}", operation_id="getCultureNote", dependencies=[NeverStored], responses=problems(NotFound))
async def get_note(note_id: UUID, caller: CanReadCulture, session: SnapshotDep, seal: SealDep) -> NoteOut:
    """One note."""
    return NoteOut.of(await notes.get_note(session, caller.organisation_id, note_id, seal=seal))


@router.delete("/notes/{note_id}", operation_id="deleteCultureNote", status_code=204, responses=problems(NotFound))
async def delete_note(note_id: UUID, caller: CanWriteCulture, session: SessionDep) -> None:
    """Delete a note. Assessments that rest on it keep what they say of it."""
    await notes.delete_note(session, caller.organisation_id, note_id)


@router.post(
    "/assessments",
    operation_id="assessCulture",
    status_code=201,
    dependencies=[Idempotent, GuardsPeople],
    responses=problems(NotFound, Conflict, Forbidden, Invalid),
)
async def assess(
    body: AssessmentIn,
    caller: CanWriteCulture,
    session: SessionDep,
    seal: SealDep,
    clock: ClockDep,
    response: Response,
) -> AssessmentOut:
    """Assess the culture on a day: each dimension with a level and what it rests on, frozen as of now."""
    zone = (await get_organisation(session, caller.organisation_id)).time_zone
    writing = Writing(actor_of(caller, body.on_behalf_of), seal, clock)
    made = await assessments.assess_culture(
        session, caller.organisation_id, body.title, body.as_of, body.judged(zone), writing=writing
    )
    response.headers["Location"] = f"/v1/culture/assessments/{made.id}"
    return AssessmentOut.of(made)


@router.get("/assessments", operation_id="listCultureAssessments", responses=problems(Invalid))
async def list_assessments(
    caller: CanReadCulture, session: SnapshotDep, limit: Limit = 100, cursor: Cursor | None = None
) -> AssessmentPage:
    """Assessments, those of the latest day first."""
    found, following = await assessments.list_assessments(session, caller.organisation_id, cursor=cursor, limit=limit)
    return AssessmentPage(items=[AssessmentOut.of(each) for each in found], next_cursor=following)


@router.get("/assessments/{assessment_id}", operation_id="getCultureAssessment", responses=problems(NotFound))
async def get_assessment(assessment_id: UUID, caller: CanReadCulture, session: SnapshotDep) -> AssessmentOut:
    """One assessment."""
    return AssessmentOut.of(await assessments.get_assessment(session, caller.organisation_id, assessment_id))


@router.get("/course", operation_id="getCultureCourse", responses=problems())
async def course(caller: CanReadCulture, session: SnapshotDep) -> CultureCourseOut:
    """Every dimension over time, from the latest two hundred assessments."""
    return CultureCourseOut.of(await assessments.course_of_culture(session, caller.organisation_id))
