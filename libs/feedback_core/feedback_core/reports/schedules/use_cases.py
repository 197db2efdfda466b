"""Schedules of reports: make, look at, change, end."""

from uuid import UUID

from feedback_core.analyses.schedules import get_schedule as get_analysis_schedule
from feedback_core.analyses.types import AnalysisKind
from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import Fault, Invalid, NotFound, PreconditionFailed
from feedback_core.kit.ids import new_id
from feedback_core.reports.schedules import queries
from feedback_core.reports.schedules.types import ReportPlan, ReportSchedule
from feedback_core.reports.types import PartNotNamed
from feedback_core.reports.use_cases import check_part


async def create_schedule(session: Session, organisation_id: UUID, plan: ReportPlan, *, clock: Clock) -> ReportSchedule:
    """Editions of each review that the analysis schedule asks for from now on.

    Raises:
        NotFound: no such analysis schedule here.
        Invalid: it is not one of reviews, or an edition lacks its part of the service.
    """
    await _check(session, organisation_id, plan)
    schedule_id = new_id()
    await queries.add_schedule(session, organisation_id, schedule_id, plan, after=schedule_id, at=clock.now())
    return await get_schedule(session, organisation_id, schedule_id)


async def get_schedule(session: Session, organisation_id: UUID, schedule_id: UUID) -> ReportSchedule:
    """A schedule as it stands.

    Raises:
        NotFound: no such schedule here.
    """
    found = await queries.schedule_by_id(session, organisation_id, schedule_id)
    if found is None:
        raise NotFound("report schedule", schedule_id)
    return found


async def list_schedules(
    session: Session, organisation_id: UUID, *, cursor: str | None, limit: int
) -> tuple[list[ReportSchedule], str | None]:
    """A page of schedules, newest first, and the cursor of the next one.

    Raises:
        InvalidCursor: the cursor belongs to another query.
    """
    query = {"list": "report-schedules", "organisation": organisation_id}
    before = id_in_cursor(cursor, query)
    found = await queries.schedules_before(session, organisation_id, before=before, limit=limit + 1)
    return page_of(found, limit, query)


async def replace_schedule(
    session: Session, organisation_id: UUID, schedule_id: UUID, plan: ReportPlan, *, if_revision: int
) -> ReportSchedule:
    """Change what is written, and of which reviews.

    Raises:
        NotFound: no such schedule, or analysis schedule, here.
        PreconditionFailed: somebody else changed it since ``if_revision``.
        Invalid: as when it is made.
    """
    current = await queries.schedule_by_id(session, organisation_id, schedule_id, hold=True)
    if current is None:
        raise NotFound("report schedule", schedule_id)
    if current.revision != if_revision:
        raise PreconditionFailed("The schedule has changed since you read it: read it again.")
    await _check(session, organisation_id, plan)
    await queries.replace_schedule(session, organisation_id, schedule_id, plan)
    return await get_schedule(session, organisation_id, schedule_id)


async def delete_schedule(session: Session, organisation_id: UUID, schedule_id: UUID) -> None:
    """Remove a schedule; its reports stay.

    Raises:
        NotFound: no such schedule here.
    """
    if not await queries.delete_schedule(session, organisation_id, schedule_id):
        raise NotFound("report schedule", schedule_id)


async def _check(session: Session, organisation_id: UUID, plan: ReportPlan) -> None:
    analysis = await get_analysis_schedule(session, organisation_id, plan.analysis_schedule_id)
    if analysis.kind is not AnalysisKind.REVIEW:
        detail = f"Reports are made of reviews; that schedule is of the kind {analysis.kind}."
        raise Invalid([Fault("/analysis_schedule_id", "not_a_review", detail)])
    faults: list[Fault] = []
    for place, edition in enumerate(plan.editions):
        try:
            check_part(edition.request(plan.analysis_schedule_id))
        except PartNotNamed as missing:
            faults += [fault.under(f"/editions/{place}") for fault in missing.faults]
    if faults:
        raise Invalid(faults)
