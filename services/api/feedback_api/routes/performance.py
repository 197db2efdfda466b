"""Performance against standards, per person and team: to those entitled, with what those measured reply."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from feedback_api.problems import problems
from feedback_api.routes.responses import NeverStored
from feedback_api.routes.sources import SealDep
from feedback_api.schemas.common import Cursor, IfMatch, Limit, etag, matched_revision
from feedback_api.schemas.performance import (
    FigureReplyIn,
    MeasureIn,
    MeasureOut,
    MeasurePage,
    PerformanceOut,
    ReplyHeadOut,
)
from feedback_api.schemas.times import Moment, instant_of
from feedback_api.security import CanReadPerformance, CanReply, CanWritePerformance
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Forbidden, Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.people.access import entitlement_of
from feedback_core.people.performance import measures, replies, standings
from feedback_core.people.performance.replies import ToFigure, Writing
from feedback_core.people.performance.standings import AskedPeriod
from feedback_core.people.subjects_named import subject_named
from feedback_core.recommendations.procedures.deciding import actor_of
from feedback_core.standards.types import STANDARD_KEY

router = APIRouter(prefix="/v1/performance-measures", route_class=TransactionalRoute, tags=["Performance"])

MeasureKey = Annotated[str, Path(pattern=STANDARD_KEY, examples=["wait_by_agent"])]


@router.get("", operation_id="listPerformanceMeasures", responses=problems(Invalid))
async def list_measures(
    caller: CanReadPerformance, session: SnapshotDep, limit: Limit = 100, cursor: Cursor | None = None
) -> MeasurePage:
    """Measures by key, each as it is now."""
    found, following = await measures.list_measures(session, caller.organisation_id, cursor=cursor, limit=limit)
    return MeasurePage(items=[MeasureOut.of_measure(each) for each in found], next_cursor=following)


@router.get("/{measure}", operation_id="getPerformanceMeasure", responses=problems(NotFound))
async def get_measure(
    measure: MeasureKey, caller: CanReadPerformance, session: SnapshotDep, response: Response
) -> MeasureOut:
    """The latest version of a measure."""
    found = await measures.get_measure(session, caller.organisation_id, measure)
    response.headers["ETag"] = etag(found.version)
    return MeasureOut.of_measure(found)


@router.put(
    "/{measure}",
    operation_id="putPerformanceMeasure",
    responses={
        201: {"model": MeasureOut, "description": "It was not there, and is now"},
        **problems(NotFound, Conflict, Invalid, PreconditionFailed, PreconditionRequired),
    },
)
async def put_measure(
    measure: MeasureKey,
    body: MeasureIn,
    caller: CanWritePerformance,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> MeasureOut:
    """Say what is measured of whom, or put the next version; to replace, send If-Match. Earlier versions stay."""
    version = None if if_match is None else matched_revision(if_match)
    found, is_new = await measures.put_measure(
        session, caller.organisation_id, measure, body.details(), if_version=version, by=caller.name, clock=clock
    )
    response.status_code = 201 if is_new else 200
    response.headers["ETag"] = etag(found.version)
    return MeasureOut.of_measure(found)


@router.get(
    "/{measure}/standings",
    operation_id="getPerformance",
    dependencies=[NeverStored],
    responses=problems(NotFound, Conflict, Invalid),
)
async def performance(
    measure: MeasureKey,
    caller: CanReadPerformance,
    session: SnapshotDep,
    seal: SealDep,
    start: Annotated[Moment | None, Query(alias="from", description="First instant, or day")] = None,
    end: Annotated[Moment | None, Query(alias="to", description="First instant (or day) no longer in it")] = None,
    level: Annotated[float, Query(ge=0.5, le=0.999, description="Coverage of the intervals")] = 0.95,
) -> PerformanceOut:
    """Where people or teams stand: adjusted for their cases, with interval, verdict and tier.

    Without `performance:everybody` a key sees whose it is, the teams that its roles are for or its holder leads, and
    their members.
    """
    zone = (await get_organisation(session, caller.organisation_id)).time_zone
    period = AskedPeriod(instant_of(start, zone), instant_of(end, zone), level)
    entitled = await entitlement_of(session, caller)
    found = await standings.read_performance(
        session, caller.organisation_id, measure, period, entitled=entitled, seal=seal
    )
    return PerformanceOut.of(found)


@router.post(
    "/{measure}/replies",
    operation_id="replyToPerformance",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(NotFound, Forbidden, Invalid),
)
async def reply(
    measure: MeasureKey, body: FigureReplyIn, caller: CanReply, session: SessionDep, seal: SealDep, clock: ClockDep
) -> ReplyHeadOut:
    """Reply to a figure of one's own; it is shown beside the figures of its time, to everybody who sees these."""
    organisation_id = caller.organisation_id
    entitled = await entitlement_of(session, caller)
    about = await subject_named(session, organisation_id, entitled, staff_id=body.staff_id, team_id=body.team_id)
    found = await measures.get_measure(session, organisation_id, measure)
    zone = (await get_organisation(session, organisation_id)).time_zone
    to = ToFigure(found.key, instant_of(body.start, zone), instant_of(body.end, zone))
    writing = Writing(actor_of(caller, body.on_behalf_of), seal, clock)
    written = await replies.write_reply(
        session, organisation_id, about, body.text, to=to, entitled=entitled, writing=writing
    )
    return ReplyHeadOut.of(written)
