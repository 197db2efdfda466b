"""SQL of the alerts of collections."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, case, insert, or_, select, update

from feedback_core.db.session import Session
from feedback_core.fieldwork.tables import fieldwork_alert
from feedback_core.fieldwork.types.rules import AlertNote, AlertState, FieldworkAlert, Finding, RuleKind

_COLUMNS = fieldwork_alert.c

ERASED: Final = "(erased)"
_SAID: Final = ("subject", "sentence", "acknowledged_by", "acknowledged_note", "resolved_by", "resolved_note")


async def alert_by_id(
    session: Session, organisation_id: UUID, alert_id: UUID, *, hold: bool = False
) -> FieldworkAlert | None:
    """An alert; held until the end of the transaction if it is to be changed."""
    statement = select(fieldwork_alert).where(_COLUMNS.organisation_id == organisation_id, _COLUMNS.id == alert_id)
    row = (await session.execute(statement.with_for_update() if hold else statement)).one_or_none()
    return _alert(row) if row else None


async def alerts_before(
    session: Session,
    organisation_id: UUID,
    *,
    survey_id: UUID | None,
    state: AlertState | None,
    of_people: bool,
    before: UUID | None,
    limit: int,
) -> list[FieldworkAlert]:
    """Alerts, newest first, those below ``before`` only."""
    statement = select(fieldwork_alert).where(_COLUMNS.organisation_id == organisation_id)
    if survey_id is not None:
        statement = statement.where(_COLUMNS.survey_id == survey_id)
    if state is not None:
        statement = statement.where(_COLUMNS.state == state.value)
    if not of_people:
        statement = statement.where(_COLUMNS.kind != RuleKind.INTERVIEWER.value)
    if before is not None:
        statement = statement.where(_COLUMNS.id < before)
    return [_alert(row) for row in await session.execute(statement.order_by(_COLUMNS.id.desc()).limit(limit))]


async def standing_alerts(
    session: Session, organisation_id: UUID, survey_id: UUID
) -> Mapping[tuple[str, str], FieldworkAlert]:
    """Those of a survey that are not over, by rule and subject; held until the end of the transaction."""
    rows = await session.execute(
        select(fieldwork_alert)
        .where(_COLUMNS.organisation_id == organisation_id, _COLUMNS.survey_id == survey_id, _COLUMNS.over_at.is_(None))
        .order_by(_COLUMNS.id)
        .with_for_update()
    )
    return {(alert.rule, alert.subject): alert for alert in map(_alert, rows)}


async def add_alert(
    session: Session,
    organisation_id: UUID,
    alert_id: UUID,
    survey_id: UUID,
    found: Finding,
    *,
    rules_version: int,
    at: datetime,
) -> None:
    """An alert of what was found."""
    await session.execute(
        insert(fieldwork_alert).values(
            organisation_id=organisation_id,
            id=alert_id,
            survey_id=survey_id,
            rule=found.rule.key,
            kind=found.rule.kind.value,
            subject=found.subject,
            rules_version=rules_version,
            state=AlertState.OPEN.value,
            opened_at=at,
            **_found(found, at),
        )
    )


async def note_found(session: Session, organisation_id: UUID, alert_id: UUID, found: Finding, *, at: datetime) -> None:
    """How it stands by the last look; nobody's edit is out of date by that."""
    await _update(session, organisation_id, alert_id, **_found(found, at))


async def note_over(session: Session, organisation_id: UUID, alert: FieldworkAlert, *, at: datetime, note: str) -> None:
    """That it is no longer so; an alert that nobody has closed is closed by that."""
    values: dict[str, object] = {"over_at": at, "checked_at": at}
    if alert.state is not AlertState.RESOLVED:
        values |= {
            "state": AlertState.RESOLVED.value,
            "resolved_at": at,
            "resolved_note": note,
            "revision": _COLUMNS.revision + 1,
        }
    await _update(session, organisation_id, alert.id, **values)


async def move_alert(session: Session, organisation_id: UUID, alert_id: UUID, to: AlertState, note: AlertNote) -> None:
    """Take an alert on, or close it."""
    name = to.value
    values = {f"{name}_at": note.at, f"{name}_by": note.by, f"{name}_note": note.note}
    await _update(session, organisation_id, alert_id, state=name, revision=_COLUMNS.revision + 1, **values)


async def note_plan_revision(
    session: Session, organisation_id: UUID, alert_id: UUID, plan_id: UUID, number: int
) -> None:
    """Which revision of which plan was made for an alert."""
    await _update(
        session,
        organisation_id,
        alert_id,
        plan_id=plan_id,
        plan_revision=number,
        revision=_COLUMNS.revision + 1,
    )


async def _update(session: Session, organisation_id: UUID, alert_id: UUID, **values: object) -> None:
    await session.execute(
        update(fieldwork_alert)
        .where(_COLUMNS.organisation_id == organisation_id, _COLUMNS.id == alert_id)
        .values(values)
    )


def _found(found: Finding, at: datetime) -> dict[str, Any]:
    return {
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "limit": found.limit,
        "n": found.n,
        "sentence": found.sentence,
        "checked_at": at,
    }


def _alert(row: Row[Any]) -> FieldworkAlert:
    return FieldworkAlert(
        id=row.id,
        survey_id=row.survey_id,
        rule=row.rule,
        kind=RuleKind(row.kind),
        subject=row.subject,
        rules_version=row.rules_version,
        state=AlertState(row.state),
        value=row.value,
        low=row.low,
        high=row.high,
        limit=row.limit,
        n=row.n,
        sentence=row.sentence,
        opened_at=row.opened_at,
        checked_at=row.checked_at,
        over_at=row.over_at,
        acknowledged=_note(row.acknowledged_at, row.acknowledged_by, row.acknowledged_note),
        resolved=_note(row.resolved_at, row.resolved_by, row.resolved_note),
        plan_id=row.plan_id,
        plan_revision=row.plan_revision,
        revision=row.revision,
    )


def _note(at: datetime | None, by: str | None, note: str | None) -> AlertNote | None:
    return AlertNote(at, by, note) if at else None


async def said_in_alerts(
    session: Session, organisation_id: UUID, after: UUID, *, limit: int
) -> list[tuple[UUID, tuple[str, ...]]]:
    """Alerts that name an interviewer or have a note: everything that people or their names could be in."""
    texts = [_COLUMNS[name] for name in _SAID]
    rows = await session.execute(
        select(_COLUMNS.id, *texts)
        .where(
            _COLUMNS.organisation_id == organisation_id,
            _COLUMNS.id > after,
            or_(
                _COLUMNS.kind == RuleKind.INTERVIEWER.value,
                _COLUMNS.acknowledged_at.is_not(None),
                _COLUMNS.resolved_at.is_not(None),
            ),
        )
        .order_by(_COLUMNS.id)
        .limit(limit)
    )
    return [(row.id, tuple(value for value in row[1:] if value is not None)) for row in rows]


async def take_words_out(session: Session, organisation_id: UUID, alert_id: UUID) -> None:
    """Take out whom an alert is on, and what people wrote to it; that there was one stays."""
    erased = {
        name: case((_COLUMNS[name].is_(None), None), else_=ERASED)
        for name in ("acknowledged_by", "acknowledged_note", "resolved_by", "resolved_note")
    }
    is_of_person = _COLUMNS.kind == RuleKind.INTERVIEWER.value
    await _update(
        session,
        organisation_id,
        alert_id,
        # Each has a name of its own still: of two that stand by one rule, one subject.
        subject=case((is_of_person, f"{ERASED} {alert_id}"), else_=_COLUMNS.subject),
        sentence=case((is_of_person, ERASED), else_=_COLUMNS.sentence),
        **erased,
    )
