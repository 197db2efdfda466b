"""What can be done with the alerts of a collection: read them, take them on, close them, revise the plan for them."""

from dataclasses import dataclass
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.events.types import Event, EventKind
from feedback_core.events.use_cases import record_event
from feedback_core.fieldwork import plans
from feedback_core.fieldwork.calc.proposals import proposed_plan, signal_of
from feedback_core.fieldwork.queries import alerts as queries
from feedback_core.fieldwork.types.rules import (
    ALERT_WAYS,
    AlertMoveNotAllowed,
    AlertNote,
    AlertState,
    FieldworkAlert,
    NoPlanToRevise,
    PlanChangeMissing,
    RuleKind,
)
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import NotFound, PreconditionFailed
from feedback_core.kpis.calc.periods import day_of
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.planning.calc.conduct import differences_between
from feedback_core.planning.documents import document_of
from feedback_core.planning.plan_revisions import revise_plan
from feedback_core.planning.plans import Writer
from feedback_core.planning.types.plan_findings import Difference
from feedback_core.planning.types.plans import PlanDetails, PlanRevision, Signal
from feedback_core.surveys.use_cases import check_survey


@dataclass(frozen=True, slots=True)
class Proposal:
    """The revision of the plan that an alert gives reason to.

    Attributes:
        plan_revision: of the plan as it was read: what ``If-Match`` is held against.
        changes: what follows from the alert; empty: a person has to say what to change.
    """

    plan_id: UUID
    plan_revision: int
    signal: Signal
    changes: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class SeenAlert:
    """An alert, and what it proposes; ``proposal`` is ``None`` without a plan, or once one was revised for it."""

    alert: FieldworkAlert
    proposal: Proposal | None


async def list_alerts(
    session: Session,
    organisation_id: UUID,
    *,
    survey_id: UUID | None,
    state: AlertState | None,
    of_people: bool,
    limit: int,
    cursor: str | None,
) -> tuple[list[FieldworkAlert], str | None]:
    """A page of alerts, newest first, and the cursor of the next page; those on interviewers only if ``of_people``.

    Raises:
        NotFound: no such survey here.
        InvalidCursor: the cursor is not one of this list with these filters.
    """
    if survey_id is not None:
        await check_survey(session, organisation_id, survey_id)
    filters = {"survey": survey_id, "state": state, "of_people": of_people}
    query = {"list": "fieldwork-alerts", "organisation": organisation_id, **filters}
    before = id_in_cursor(cursor, query)
    found = await queries.alerts_before(
        session,
        organisation_id,
        survey_id=survey_id,
        state=state,
        of_people=of_people,
        before=before,
        limit=limit + 1,
    )
    return page_of(found, limit, query)


async def get_alert(
    session: Session, organisation_id: UUID, alert_id: UUID, *, of_people: bool, clock: Clock
) -> SeenAlert:
    """An alert, and the revision of the plan that it proposes.

    Raises:
        NotFound: no such alert here, or it is on an interviewer and not ``of_people``.
    """
    alert = await _alert(session, organisation_id, alert_id, of_people=of_people)
    planned = None
    if alert.plan_id is None:
        planned = await _planned(session, organisation_id, alert, clock)
    if planned is None:
        return SeenAlert(alert, None)
    details = planned.plan.details
    proposed = proposed_plan(alert, details)
    changes = () if proposed is None else differences_between(document_of(details), document_of(proposed))
    return SeenAlert(alert, Proposal(planned.plan.id, planned.plan.revision, signal_of(alert), changes))


async def move_alert(
    session: Session,
    organisation_id: UUID,
    alert_id: UUID,
    to: AlertState,
    note: str | None,
    *,
    of_people: bool,
    by: str,
    if_revision: int | None,
    clock: Clock,
) -> SeenAlert:
    """Take an alert on, or close it; it is told.

    Raises:
        NotFound: no such alert here.
        PreconditionFailed: it has changed since ``if_revision``.
        AlertMoveNotAllowed: no way leads there from where it stands.
    """
    alert = await _alert(session, organisation_id, alert_id, of_people=of_people, hold=True)
    if if_revision is not None and alert.revision != if_revision:
        raise PreconditionFailed("The alert has changed since you read it: read it again.")
    if to not in ALERT_WAYS[alert.state]:
        possible = ", ".join(ALERT_WAYS[alert.state]) or "nowhere: that is final"
        raise AlertMoveNotAllowed(f"It is {alert.state}; from there it can go to {possible}.")
    await queries.move_alert(session, organisation_id, alert_id, to, AlertNote(clock.now(), by, note))
    await record_event(session, organisation_id, event_of(alert, to), clock=clock)
    return await get_alert(session, organisation_id, alert_id, of_people=of_people, clock=clock)


async def revise_for_alert(
    session: Session,
    organisation_id: UUID,
    alert_id: UUID,
    details: PlanDetails | None,
    *,
    of_people: bool,
    by: Writer,
    if_revision: int,
    clock: Clock,
) -> tuple[UUID, PlanRevision]:
    """Revise the plan with an alert as the signal: as it proposes, or as a person says; the id of the plan too.

    Raises:
        NotFound: no such alert here.
        NoPlanToRevise: its survey has no plan that is approved or running, or one was revised for it before.
        PlanChangeMissing: nothing follows from the alert, and nothing was said.
        PreconditionFailed: the plan has changed since ``if_revision``.
        Invalid: as for a new plan.
    """
    alert = await _alert(session, organisation_id, alert_id, of_people=of_people, hold=True)
    if alert.plan_id is not None:
        raise NoPlanToRevise(f"Revision {alert.plan_revision} of the plan was made for this alert.")
    planned = await _planned(session, organisation_id, alert, clock)
    if planned is None:
        raise NoPlanToRevise("The survey has no plan that is approved or running.")
    wanted = details or proposed_plan(alert, planned.plan.details)
    if wanted is None:
        raise PlanChangeMissing("What to change does not follow from this alert: send the plan as it is to be.")
    kept = await revise_plan(
        session,
        organisation_id,
        planned.plan.id,
        wanted,
        signal_of(alert),
        by=by,
        if_revision=if_revision,
        clock=clock,
    )
    await queries.note_plan_revision(session, organisation_id, alert_id, planned.plan.id, kept.number)
    return planned.plan.id, kept


def event_of(alert: FieldworkAlert, state: AlertState) -> Event:
    """That an alert stands so now; its subject is the survey, so that all of its alerts are in one sequence."""
    data = {
        "alert": str(alert.id),
        "survey_id": str(alert.survey_id),
        "state": state.value,
        "rule": alert.rule,
        "rule_kind": alert.kind.value,
        "value": alert.value,
        "low": alert.low,
        "high": alert.high,
        "limit": alert.limit,
        "n": alert.n,
    }
    return Event(EventKind.FIELDWORK_ALERT, alert.survey_id, data)


async def _planned(
    session: Session, organisation_id: UUID, alert: FieldworkAlert, clock: Clock
) -> plans.Planned | None:
    zone = (await get_organisation(session, organisation_id)).time_zone
    return await plans.plan_of_survey(session, organisation_id, alert.survey_id, today=day_of(clock.now(), zone))


async def _alert(
    session: Session, organisation_id: UUID, alert_id: UUID, *, of_people: bool, hold: bool = False
) -> FieldworkAlert:
    found = await queries.alert_by_id(session, organisation_id, alert_id, hold=hold)
    if found is None or (found.kind is RuleKind.INTERVIEWER and not of_people):
        raise NotFound("fieldwork alert", alert_id)
    return found
