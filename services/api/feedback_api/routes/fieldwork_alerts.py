"""Alerts of collections: read, taken on, closed; the plan revised for them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from feedback_api.problems import problems
from feedback_api.routes.plans import writer_of
from feedback_api.schemas.common import Cursor, IfMatch, Limit, etag, matched_revision
from feedback_api.schemas.fieldwork_alerts import (
    AlertRevisionIn,
    AlertTransitionIn,
    FieldworkAlertOut,
    FieldworkAlertPage,
)
from feedback_api.schemas.plan_revisions import PlanRevisionOut
from feedback_api.security import CanReadFieldwork, CanRevisePlanForAlert, CanWriteFieldwork
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.fieldwork import alerts as use_cases
from feedback_core.fieldwork.types.rules import AlertState
from feedback_core.kit.errors import Conflict, Forbidden, Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.organisations.types import Caller, Scope

router = APIRouter(prefix="/v1/fieldwork-alerts", route_class=TransactionalRoute, tags=["Fieldwork"])


def _sees_people(caller: Caller) -> bool:
    """Whether a caller may be told of what single interviewers do."""
    return Scope.PERFORMANCE_EVERYBODY in caller.scopes


@router.get("", operation_id="listFieldworkAlerts", responses=problems(NotFound, Invalid))
async def list_fieldwork_alerts(
    caller: CanReadFieldwork,
    session: SnapshotDep,
    survey_id: UUID | None = None,
    state: Annotated[AlertState | None, Query(description="Only those that stand so")] = None,
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> FieldworkAlertPage:
    """Alerts, newest first; those on interviewers only for keys with `performance:everybody`."""
    found, following = await use_cases.list_alerts(
        session,
        caller.organisation_id,
        survey_id=survey_id,
        state=state,
        of_people=_sees_people(caller),
        limit=limit,
        cursor=cursor,
    )
    return FieldworkAlertPage.of_page(found, following)


@router.get("/{alert_id}", operation_id="getFieldworkAlert", responses=problems(NotFound))
async def get_fieldwork_alert(
    alert_id: UUID, caller: CanReadFieldwork, session: SnapshotDep, clock: ClockDep, response: Response
) -> FieldworkAlertOut:
    """One alert, and the revision of the plan that it proposes."""
    seen = await use_cases.get_alert(
        session, caller.organisation_id, alert_id, of_people=_sees_people(caller), clock=clock
    )
    response.headers["ETag"] = etag(seen.alert.revision)
    return FieldworkAlertOut.of(seen)


@router.post(
    "/{alert_id}/transitions",
    operation_id="moveFieldworkAlert",
    dependencies=[Idempotent],
    responses=problems(NotFound, Invalid, Conflict, Forbidden, PreconditionFailed),
)
async def move_fieldwork_alert(
    alert_id: UUID,
    body: AlertTransitionIn,
    caller: CanWriteFieldwork,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> FieldworkAlertOut:
    """Take an alert on, or close it. One that is closed is not raised again until it was over once."""
    seen = await use_cases.move_alert(
        session,
        caller.organisation_id,
        alert_id,
        AlertState(body.to),
        body.note,
        of_people=_sees_people(caller),
        by=writer_of(caller, body.on_behalf_of).name,
        if_revision=None if if_match is None else matched_revision(if_match),
        clock=clock,
    )
    response.headers["ETag"] = etag(seen.alert.revision)
    return FieldworkAlertOut.of(seen)


@router.post(
    "/{alert_id}/plan-revision",
    operation_id="revisePlanForFieldworkAlert",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(NotFound, Invalid, Conflict, Forbidden, PreconditionFailed, PreconditionRequired),
)
async def revise_plan_for_alert(
    alert_id: UUID,
    body: AlertRevisionIn,
    caller: CanRevisePlanForAlert,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> PlanRevisionOut:
    """Accept what an alert proposes, or say what else follows: a revision of the plan, with the alert as its signal.

    Send If-Match with the ETag of the plan: the alert's `proposal` names it.
    """
    plan_id, kept = await use_cases.revise_for_alert(
        session,
        caller.organisation_id,
        alert_id,
        body.plan.details() if body.plan else None,
        of_people=_sees_people(caller),
        by=writer_of(caller, body.on_behalf_of),
        if_revision=matched_revision(if_match),
        clock=clock,
    )
    response.headers["Location"] = f"/v1/plans/{plan_id}/revisions/{kept.number}"
    return PlanRevisionOut.of(kept)
