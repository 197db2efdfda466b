"""What can be done with alerts: put, read, list, end."""

import re
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import key_in_cursor, page_of
from feedback_core.kit.errors import Invalid, NotFound, require_current
from feedback_core.standards.alerts import queries
from feedback_core.standards.alerts.types import Alert, AlertDetails, AlertState
from feedback_core.standards.metrics import faults_of_threshold, settle_metric
from feedback_core.standards.types import STANDARD_KEY
from feedback_core.surveys.use_cases import check_survey

_KEY: Final = re.compile(STANDARD_KEY)


async def put_alert(
    session: Session,
    organisation_id: UUID,
    key: str,
    details: AlertDetails,
    *,
    if_revision: int | None,
    clock: Clock,
) -> tuple[Alert, bool]:
    """Have an alert watch this from now on, and whether it is new; the same again changes nothing.

    Args:
        session: bound to the organisation.
        organisation_id: whose alert it is.
        key: matches ``STANDARD_KEY``.
        details: what is watched.
        if_revision: the revision that the caller has edited; ``None`` for one that is not there yet.
        clock: for when it is looked at first: at once.

    Raises:
        NotFound: no such survey here.
        Conflict: the survey was never published.
        Invalid: the metric names what is not there, or the threshold does not fit it; the pointers say where.
        PreconditionRequired: it is there, and the caller does not say which revision was edited.
        PreconditionFailed: it has changed since, or it is not there.
    """
    asked = await settle_metric(session, organisation_id, details.metric, level=details.level)
    if faults := faults_of_threshold(details.direction, details.threshold, asked.target):
        raise Invalid(faults)
    current = await queries.alert_by_key(session, organisation_id, key, hold=True)
    if current is None and if_revision is None:
        if await queries.add_alert(session, organisation_id, key, details, at=clock.now()):
            return await get_alert(session, organisation_id, key), True
        current = await get_alert(session, organisation_id, key)
    require_current("alert", current.revision if current else None, if_revision)
    if current is None or current.details != details:
        await queries.replace_alert(session, organisation_id, key, details, at=clock.now())
    return await get_alert(session, organisation_id, key), False


async def get_alert(session: Session, organisation_id: UUID, key: str) -> Alert:
    """An alert as it stands.

    Raises:
        NotFound: there is none with this key.
    """
    found = await queries.alert_by_key(session, organisation_id, key)
    if found is None:
        raise NotFound("alert", key)
    return found


async def list_alerts(
    session: Session,
    organisation_id: UUID,
    *,
    survey_id: UUID | None,
    state: AlertState | None,
    limit: int,
    cursor: str | None,
) -> tuple[list[Alert], str | None]:
    """A page of alerts by key, and the cursor of the next page.

    Raises:
        NotFound: no such survey here.
        InvalidCursor: the cursor is not one of this list with these filters.
    """
    if survey_id is not None:
        await check_survey(session, organisation_id, survey_id)
    query = {"list": "kpi-alerts", "organisation": organisation_id, "survey": survey_id, "state": state}
    after = key_in_cursor(cursor, query, _KEY)
    found = await queries.alerts_after(
        session, organisation_id, survey_id=survey_id, state=state, after=after, limit=limit + 1
    )
    return page_of(found, limit, query, at=lambda each: each.key)


async def delete_alert(session: Session, organisation_id: UUID, key: str) -> None:
    """End an alert; what it has told stays told.

    Raises:
        NotFound: there is none with this key.
    """
    if not await queries.delete_alert(session, organisation_id, key):
        raise NotFound("alert", key)
