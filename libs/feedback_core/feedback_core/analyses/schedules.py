"""Analyses that are asked for again and again."""

from dataclasses import dataclass, replace
from uuid import UUID

from feedback_core.analyses import schedule_queries as queries
from feedback_core.analyses.calc import next_run_at
from feedback_core.analyses.types import AnalysisRequest, AnalysisSchedule, Cadence
from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import NotFound, PreconditionFailed
from feedback_core.kit.ids import new_id
from feedback_core.organisations.use_cases import check_time_zone, get_organisation
from feedback_core.surveys.use_cases import check_survey


@dataclass(frozen=True, slots=True)
class Timing:
    """When a schedule runs.

    Attributes:
        hour: of the day, 0..23, in ``time_zone``.
        time_zone: IANA name; the organisation's if ``None``.
        enabled: false: it waits.
    """

    cadence: Cadence
    hour: int
    time_zone: str | None = None
    enabled: bool = True


async def create_schedule(
    session: Session, organisation_id: UUID, request: AnalysisRequest, timing: Timing, *, clock: Clock
) -> AnalysisSchedule:
    """A new schedule, first due at its next time.

    Raises:
        Invalid: the time zone is unknown.
    """
    schedule = await _timed(session, organisation_id, new_id(), request, timing, clock=clock)
    await queries.add_schedule(session, organisation_id, schedule)
    return schedule


async def get_schedule(session: Session, organisation_id: UUID, schedule_id: UUID) -> AnalysisSchedule:
    """A schedule as it stands.

    Raises:
        NotFound: no such schedule here.
    """
    found = await queries.schedule_by_id(session, organisation_id, schedule_id)
    if found is None:
        raise NotFound("analysis schedule", schedule_id)
    return found


async def list_schedules(
    session: Session, organisation_id: UUID, *, survey_id: UUID | None, limit: int, cursor: str | None
) -> tuple[list[AnalysisSchedule], str | None]:
    """A page of schedules, newest first, and the cursor of the next page.

    Raises:
        NotFound: no such survey here.
        InvalidCursor: the cursor is not one of this list with this filter.
    """
    if survey_id is not None:
        await check_survey(session, organisation_id, survey_id)
    query = {"list": "analysis-schedules", "organisation": organisation_id, "survey": survey_id}
    before = id_in_cursor(cursor, query)
    found = await queries.schedules(session, organisation_id, survey_id=survey_id, before=before, limit=limit + 1)
    return page_of(found, limit, query)


async def replace_schedule(
    session: Session,
    organisation_id: UUID,
    schedule_id: UUID,
    request: AnalysisRequest,
    timing: Timing,
    *,
    if_revision: int,
    clock: Clock,
) -> AnalysisSchedule:
    """Change what is asked for and when; it is next due at the first of its new times.

    Raises:
        NotFound: no such schedule here.
        PreconditionFailed: somebody else changed it since ``if_revision``.
        Invalid: the time zone is unknown.
    """
    current = await queries.schedule_by_id(session, organisation_id, schedule_id, hold=True)
    if current is None:
        raise NotFound("analysis schedule", schedule_id)
    if current.revision != if_revision:
        raise PreconditionFailed("The schedule has changed since you read it: read it again.")
    changed = await _timed(session, organisation_id, schedule_id, request, timing, clock=clock)
    await queries.replace_schedule(session, organisation_id, changed)
    return replace(changed, created_at=current.created_at, revision=current.revision + 1)


async def delete_schedule(session: Session, organisation_id: UUID, schedule_id: UUID) -> None:
    """Remove a schedule; what it has led to stays.

    Raises:
        NotFound: no such schedule here.
    """
    if not await queries.delete_schedule(session, organisation_id, schedule_id):
        raise NotFound("analysis schedule", schedule_id)


async def _timed(
    session: Session,
    organisation_id: UUID,
    schedule_id: UUID,
    request: AnalysisRequest,
    timing: Timing,
    *,
    clock: Clock,
) -> AnalysisSchedule:
    now = clock.now()
    if timing.time_zone is not None:
        time_zone = check_time_zone(timing.time_zone, "/tz")
    else:
        time_zone = (await get_organisation(session, organisation_id)).time_zone
    return AnalysisSchedule(
        id=schedule_id,
        kind=request.kind,
        survey_id=request.survey_id,
        parameters=request.parameters,
        cadence=timing.cadence,
        hour=timing.hour,
        time_zone=time_zone,
        enabled=timing.enabled,
        next_run_at=next_run_at(timing.cadence, timing.hour, time_zone, after=now),
        created_at=now,
        revision=1,
    )
