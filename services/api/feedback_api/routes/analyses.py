"""Analyses: asked for, looked at, followed, cancelled."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.responses import JSONResponse

from feedback_api.analysis_charts import AnalysisNotSucceeded, chart_of
from feedback_api.people_guard import GuardsPeople
from feedback_api.pictures import PICTURES, Format, IfNoneMatch, picture_of
from feedback_api.problems import problems
from feedback_api.schemas.analyses import AnalysisIn, AnalysisOut, analysis_document
from feedback_api.schemas.analyses.runs import FINAL, AnalysisSummaryOut
from feedback_api.schemas.common import Cursor, Limit, Page
from feedback_api.security import CanReadAnalyses, CanWriteAnalyses
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.analyses import use_cases
from feedback_core.analyses.links import links_of_run
from feedback_core.analyses.payloads import PAYLOADS
from feedback_core.analyses.types import AnalysisKind, AnalysisRun
from feedback_core.db.session import Database, Session
from feedback_core.jobs.types import JobFinished
from feedback_core.kit.errors import Conflict, Invalid, NotFound

router = APIRouter(prefix="/v1/analyses", route_class=TransactionalRoute, tags=["Analyses"])

ChartKey = Annotated[str, Path(max_length=200, pattern=r"^[^/\x00-\x1f]+$", examples=["series"])]

LOOK_AGAIN_SECONDS = 2
POLL_SECONDS = 0.5
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "It has not changed since"}}


async def _shown(session: Session, organisation_id: UUID, run: AnalysisRun, status: int = 200) -> Response:
    """A run with its tag, and when to look again while it has not ended."""
    links = await links_of_run(session, organisation_id, run)
    content = analysis_document(run, links, await use_cases.plan_of(session, organisation_id, run))
    headers = {"ETag": _tag(content)}
    if run.job.status not in FINAL:
        headers["Retry-After"] = str(LOOK_AGAIN_SECONDS)
    return JSONResponse(content, status, headers)


def _tag(content: dict[str, Any]) -> str:
    return f'"{hashlib.blake2b(json.dumps(content, sort_keys=True).encode(), digest_size=12).hexdigest()}"'


@router.post(
    "",
    operation_id="requestAnalysis",
    status_code=202,
    response_model=AnalysisOut,
    dependencies=[Idempotent, GuardsPeople],
    responses={
        200: {"model": AnalysisOut, "description": "The same was asked for before, on the same data: that run"},
        **problems(NotFound, Conflict, Invalid),
    },
)
async def request_analysis(
    body: AnalysisIn, caller: CanWriteAnalyses, session: SessionDep, clock: ClockDep
) -> Response:
    """Ask for an analysis. The worker makes it; look at `Location`, or follow its events.

    The same request on unchanged data, on the same day, leads to the run that is there.
    """
    request = await body.checked(session, caller.organisation_id)
    requested = await use_cases.request_analysis(
        session, caller.organisation_id, request, PAYLOADS[request.kind], requested_by=caller.name, clock=clock
    )
    answer = await _shown(session, caller.organisation_id, requested.run, 202 if requested.is_new else 200)
    answer.headers["Location"] = f"/v1/analyses/{requested.run.id}"
    return answer


@router.get("", operation_id="listAnalyses", responses=problems(NotFound, Invalid))
async def list_analyses(
    caller: CanReadAnalyses,
    session: SnapshotDep,
    survey_id: UUID | None = None,
    kind: AnalysisKind | None = None,
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> Page[AnalysisSummaryOut]:
    """Runs, newest first, without parameters and results."""
    found, following = await use_cases.list_runs(
        session, caller.organisation_id, survey_id=survey_id, kind=kind, limit=limit, cursor=cursor
    )
    return Page(items=[AnalysisSummaryOut.of(run) for run in found], next_cursor=following)


@router.get(
    "/{analysis_id}",
    operation_id="getAnalysis",
    response_model=AnalysisOut,
    responses={**NOT_MODIFIED, **problems(NotFound)},
)
async def get_analysis(
    analysis_id: UUID, caller: CanReadAnalyses, session: SnapshotDep, if_none_match: IfNoneMatch = None
) -> Response:
    """How a run stands, and what it found once it has succeeded."""
    run = await use_cases.get_run(session, caller.organisation_id, analysis_id)
    answer = await _shown(session, caller.organisation_id, run)
    if if_none_match is not None and answer.headers["ETag"] in if_none_match:
        return Response(status_code=304, headers={"ETag": answer.headers["ETag"]})
    return answer


@router.get(
    "/{analysis_id}/charts/{chart}.{form}",
    operation_id="drawAnalysisChart",
    response_class=Response,
    responses={**problems(NotFound, AnalysisNotSucceeded), **PICTURES},
)
async def draw_analysis_chart(
    analysis_id: UUID,
    chart: ChartKey,
    form: Format,
    caller: CanReadAnalyses,
    session: SnapshotDep,
    request: Request,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """A chart of a run as a picture: `charts` of the run says which there are."""
    run = await use_cases.get_run(session, caller.organisation_id, analysis_id)
    return picture_of(request, chart_of(run, chart), form, if_none_match)


@router.post(
    "/{analysis_id}/cancel",
    operation_id="cancelAnalysis",
    response_model=AnalysisOut,
    dependencies=[Idempotent],
    responses=problems(NotFound, JobFinished),
)
async def cancel_analysis(
    analysis_id: UUID, caller: CanWriteAnalyses, session: SessionDep, clock: ClockDep
) -> Response:
    """Cancel a run: at once while it waits, at its next step while it runs."""
    run = await use_cases.cancel_run(session, caller.organisation_id, analysis_id, clock=clock)
    return await _shown(session, caller.organisation_id, run)


async def _existing(analysis_id: UUID, caller: CanReadAnalyses, session: SnapshotDep) -> UUID:
    """The id of a run that is there: whether it is must be said before the first event."""
    return (await use_cases.get_run(session, caller.organisation_id, analysis_id)).id


@router.get(
    "/{analysis_id}/events",
    operation_id="followAnalysis",
    response_class=EventSourceResponse,
    responses=problems(NotFound),
)
async def follow_analysis(
    run_id: Annotated[UUID, Depends(_existing)], caller: CanReadAnalyses, request: Request
) -> AsyncIterator[ServerSentEvent]:
    """Follow a run: an event `progress` now and on every change, with what `GET /v1/analyses/{id}` answers.

    The stream ends after the event in which `status` is succeeded, failed or cancelled; close it then, or the browser
    connects again.
    """
    database: Database = request.app.state.database
    last = None
    while True:
        async with database.snapshot(caller.organisation_id) as session:
            run = await use_cases.get_run(session, caller.organisation_id, run_id)
            links = await links_of_run(session, caller.organisation_id, run)
            planned = await use_cases.plan_of(session, caller.organisation_id, run)
        content = analysis_document(run, links, planned)
        tag = _tag(content).strip('"')
        if tag != last:
            yield ServerSentEvent(data=content, event="progress", id=tag, retry=LOOK_AGAIN_SECONDS * 1000)
            last = tag
        if run.job.status in FINAL:
            return
        await asyncio.sleep(POLL_SECONDS)
