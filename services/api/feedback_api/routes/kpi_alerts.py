"""Alerts on KPIs: a threshold on the last days, looked at by the worker."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from feedback_api.problems import problems
from feedback_api.schemas.common import Cursor, IfMatch, Limit, etag, matched_revision
from feedback_api.schemas.kpi_alerts import KpiAlertIn, KpiAlertOut, KpiAlertPage
from feedback_api.security import CanReadKpis, CanWriteKpis
from feedback_api.unit_of_work import ClockDep, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.standards.alerts import use_cases
from feedback_core.standards.alerts.types import AlertState
from feedback_core.standards.types import STANDARD_KEY

router = APIRouter(prefix="/v1/kpi-alerts", route_class=TransactionalRoute, tags=["KPIs"])

AlertKey = Annotated[str, Path(pattern=STANDARD_KEY, examples=["slow_north"])]


@router.get("", operation_id="listKpiAlerts", responses=problems(NotFound, Invalid))
async def list_alerts(
    caller: CanReadKpis,
    session: SnapshotDep,
    survey_id: UUID | None = None,
    state: Annotated[AlertState | None, Query(description="Only those that stand so")] = None,
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> KpiAlertPage:
    """Alerts by key, each as it stands."""
    found, following = await use_cases.list_alerts(
        session, caller.organisation_id, survey_id=survey_id, state=state, limit=limit, cursor=cursor
    )
    return KpiAlertPage(items=[KpiAlertOut.of(each) for each in found], next_cursor=following)


@router.get("/{alert}", operation_id="getKpiAlert", responses=problems(NotFound))
async def get_alert(alert: AlertKey, caller: CanReadKpis, session: SnapshotDep, response: Response) -> KpiAlertOut:
    """One alert: whether its threshold is crossed, since when, and by which figure."""
    found = await use_cases.get_alert(session, caller.organisation_id, alert)
    response.headers["ETag"] = etag(found.revision)
    return KpiAlertOut.of(found)


@router.put(
    "/{alert}",
    operation_id="putKpiAlert",
    responses={
        201: {"model": KpiAlertOut, "description": "It was not there, and is now"},
        **problems(NotFound, Conflict, Invalid, PreconditionFailed, PreconditionRequired),
    },
)
async def put_alert(
    alert: AlertKey,
    body: KpiAlertIn,
    caller: CanWriteKpis,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> KpiAlertOut:
    """Watch a KPI, or watch something else from now on; to replace, send If-Match. It is looked at at once.

    `kpi.breached` is told when the whole interval has come to lie beyond the threshold, once; `kpi.recovered` when it
    lies on the good side again.
    """
    revision = None if if_match is None else matched_revision(if_match)
    found, is_new = await use_cases.put_alert(
        session, caller.organisation_id, alert, body.details(), if_revision=revision, clock=clock
    )
    response.status_code = 201 if is_new else 200
    response.headers["ETag"] = etag(found.revision)
    return KpiAlertOut.of(found)


@router.delete("/{alert}", operation_id="deleteKpiAlert", status_code=204, responses=problems(NotFound))
async def delete_alert(alert: AlertKey, caller: CanWriteKpis, session: SessionDep) -> None:
    """End an alert; what it has told stays told."""
    await use_cases.delete_alert(session, caller.organisation_id, alert)
