"""The worker's part of alerts: look at the figure of the last days, tell what was crossed, and that it is over."""

from datetime import datetime, timedelta
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.events.types import Event, EventKind
from feedback_core.events.use_cases import record_event
from feedback_core.jobs.runs import JobRun
from feedback_core.kit.errors import Conflict, Invalid, NotFound
from feedback_core.kpis.calc.periods import day_of, first_instant
from feedback_core.kpis.types import Withheld
from feedback_core.kpis.use_cases import kpi_value, period_of
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.standards.alerts import queries
from feedback_core.standards.alerts.calc import look
from feedback_core.standards.alerts.types import CHECK_EVERY, Alert, AlertState, CheckAlert, Look
from feedback_core.standards.metrics import settle_metric


async def check_alert(run: JobRun[CheckAlert]) -> None:
    """Look at an alert, and record in the same transaction what it came to."""
    organisation_id, key, now = run.organisation_id, run.payload.key, run.clock.now()
    async with run.completion() as session:
        alert = await queries.alert_by_key(session, organisation_id, key, hold=True)
        if alert is None or not alert.details.enabled:
            return
        found = await _look(session, organisation_id, alert, now=now)
        turned = found.state is not alert.state
        since = now if turned else alert.since
        next_at = now + CHECK_EVERY
        await queries.keep_look(session, organisation_id, key, found, since=since, at=now, next_at=next_at)
        event = _event(alert, found) if turned else None
        if event is not None:
            await record_event(session, organisation_id, event, clock=run.clock)


async def _look(session: Session, organisation_id: UUID, alert: Alert, *, now: datetime) -> Look:
    details = alert.details
    zone = (await get_organisation(session, organisation_id)).time_zone
    start = first_instant(day_of(now, zone) - timedelta(days=details.days - 1), zone)
    try:
        asked = await settle_metric(session, organisation_id, details.metric, level=details.level)
        figure = await kpi_value(session, period_of(asked, start, now))
    except (Invalid, NotFound, Conflict) as changed:
        return Look(alert.state, None, f"What it watches has changed since it was put: {changed.detail}")
    if isinstance(figure, Withheld) or figure.estimate is None:
        return Look(alert.state, None, "Too few answered for a figure to be shown.")
    return look(figure.estimate, details, alert.state, start=start, end=now)


def _event(alert: Alert, found: Look) -> Event | None:
    """That the threshold was crossed, or that this is over."""
    if found.state is not AlertState.BREACHED and alert.state is not AlertState.BREACHED:
        return None
    kind = EventKind.KPI_BREACHED if found.state is AlertState.BREACHED else EventKind.KPI_RECOVERED
    figure, details = found.figure, alert.details
    assert figure is not None  # without one the state stays as it was
    data = {
        "alert": alert.key,
        "survey_id": str(details.metric.survey_id),
        "direction": details.direction.value,
        "threshold": details.threshold,
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "n": figure.n,
        "from": figure.period_start.isoformat(),
        "to": figure.period_end.isoformat(),
    }
    return Event(kind, details.metric.kpi or "", data)
