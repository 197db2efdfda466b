"""Asking for an analysis, looking at it, cancelling it."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from feedback_core.analyses import queries
from feedback_core.analyses.types import AnalysisKind, AnalysisRequest, AnalysisRun
from feedback_core.db.session import Session
from feedback_core.jobs.types import JobPayload
from feedback_core.jobs.use_cases import request_cancel, request_job
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import NotFound
from feedback_core.kit.ids import new_id
from feedback_core.kpis.calc.periods import day_of
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.planning.plan_revisions import PlannedBy, planned_by
from feedback_core.surveys.use_cases import check_survey, published_survey


@dataclass(frozen=True, slots=True)
class Requested:
    """The run that a request leads to, and whether it is a new one."""

    run: AnalysisRun
    is_new: bool


async def request_analysis(
    session: Session,
    organisation_id: UUID,
    request: AnalysisRequest,
    payload: Callable[[UUID], JobPayload],
    *,
    requested_by: str,
    clock: Clock,
    schedule_id: UUID | None = None,
) -> Requested:
    """Ask for an analysis; an identical request on unchanged data, on the same day, leads to the run that is there.

    Args:
        session: bound to the organisation.
        organisation_id: whose data.
        request: kind, survey and parameters, already checked.
        payload: makes the job's payload from the run's id.
        requested_by: name of who asks.
        clock: for the time, and for the day that decides which periods are complete.
        schedule_id: if a schedule asks.

    Raises:
        NotFound: no such survey.
        Conflict: it was never published.
    """
    await published_survey(session, organisation_id, request.survey_id)
    now = clock.now()
    digest = _request_hash(request)
    await queries.lock_request(session, digest)
    version = await version_now(session, organisation_id, request.survey_id, clock=clock)
    existing = await queries.same_run(session, organisation_id, digest, version)
    if existing is not None:
        return Requested(await get_run(session, organisation_id, existing), is_new=False)
    run_id = new_id()
    job_id = await request_job(session, organisation_id, payload(run_id), now=now)
    await queries.add_run(
        session,
        organisation_id,
        run_id,
        request,
        request_hash=digest,
        version=version,
        job_id=job_id,
        schedule_id=schedule_id,
        requested_by=requested_by,
        at=now,
    )
    return Requested(await get_run(session, organisation_id, run_id), is_new=True)


async def version_now(session: Session, organisation_id: UUID, survey_id: UUID, *, clock: Clock) -> str:
    """A name for what an analysis reads: the survey's data as this session sees them, and the day that it is."""
    organisation = await get_organisation(session, organisation_id)
    data = await queries.data_version(session, organisation_id, survey_id)
    return f"{data}@{day_of(clock.now(), organisation.time_zone)}"


async def plan_of(session: Session, organisation_id: UUID, run: AnalysisRun) -> PlannedBy | None:
    """The plan that had fixed this analysis before it was asked for; ``None``: it was not planned."""
    kpi = run.parameters.get("kpi")
    return await planned_by(
        session, organisation_id, run.survey_id, kind=run.kind.value, kpi=kpi, asked_at=run.created_at
    )


async def list_runs(
    session: Session,
    organisation_id: UUID,
    *,
    survey_id: UUID | None,
    kind: AnalysisKind | None,
    limit: int,
    cursor: str | None,
) -> tuple[list[AnalysisRun], str | None]:
    """A page of runs without their results, newest first, and the cursor of the next page.

    Raises:
        NotFound: no such survey here.
        InvalidCursor: the cursor is not one of this list with these filters.
    """
    if survey_id is not None:
        await check_survey(session, organisation_id, survey_id)
    query = {"list": "analyses", "organisation": organisation_id, "survey": survey_id, "kind": kind}
    before = id_in_cursor(cursor, query)
    found = await queries.runs(session, organisation_id, survey_id=survey_id, kind=kind, before=before, limit=limit + 1)
    return page_of(found, limit, query)


async def get_run(session: Session, organisation_id: UUID, run_id: UUID) -> AnalysisRun:
    """A run as it stands.

    Raises:
        NotFound: no such run here.
    """
    run = await queries.run_by_id(session, organisation_id, run_id)
    if run is None:
        raise NotFound("analysis", run_id)
    return run


async def cancel_run(session: Session, organisation_id: UUID, run_id: UUID, *, clock: Clock) -> AnalysisRun:
    """Cancel a run: at once while it waits, at its next step while it runs.

    Raises:
        NotFound: no such run here.
        Conflict: it has ended.
    """
    run = await get_run(session, organisation_id, run_id)
    await request_cancel(session, organisation_id, run.job.id, now=clock.now())
    return await get_run(session, organisation_id, run_id)


def _request_hash(request: AnalysisRequest) -> bytes:
    document = [request.kind, str(request.survey_id), request.parameters]
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).digest()
