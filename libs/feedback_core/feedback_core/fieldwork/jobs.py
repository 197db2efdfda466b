"""The worker's part of fieldwork: hold a collection against its rules; raise what is breached, end what is over."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.events.types import Event
from feedback_core.events.use_cases import record_events
from feedback_core.fieldwork.alerts import event_of
from feedback_core.fieldwork.calc.rules import AFTER_DAYS, Aged, Picture, findings_of
from feedback_core.fieldwork.monitoring import OffTopicReader, aged_before, live_figures, read_cases, standings
from feedback_core.fieldwork.queries import alerts, rules
from feedback_core.fieldwork.types.live import GroupedBy, GroupStanding
from feedback_core.fieldwork.types.rules import (
    CHECK_EVERY,
    AlertState,
    FieldworkAlert,
    FieldworkRule,
    Finding,
    RuleKind,
    StoredRules,
    Verdict,
    WatchFieldwork,
)
from feedback_core.jobs.runs import JobRun
from feedback_core.kit.clock import Clock
from feedback_core.kit.ids import new_id

OVER = "It is no longer so."
NOT_WATCHED = "It is not watched any more."


async def watch_fieldwork(run: JobRun[WatchFieldwork], *, off_topic: OffTopicReader) -> None:
    """Look at a collection; what it came to, the alerts, and the events of these are one transaction.

    That one is short, for while a transaction writes, nobody is told of what came in after it began: all is read
    before, in a snapshot. Rules that were put meanwhile are looked at by the job which they ask for.
    """
    organisation_id, survey_id, now = run.organisation_id, run.payload.survey_id, run.clock.now()
    async with run.transaction() as session:
        # Before anything is read: what is recorded meanwhile has it looked at again.
        await rules.note_look(session, organisation_id, survey_id, at=now, next_at=now + CHECK_EVERY)
    async with run.snapshot() as session:
        stored = await rules.current_rules(session, organisation_id, survey_id)
        found = await _look(session, organisation_id, survey_id, stored, off_topic=off_topic, now=now)
    async with run.completion() as session:
        if not await rules.hold_watch(session, organisation_id, survey_id):
            return
        if stored is not None and stored == await rules.current_rules(session, organisation_id, survey_id):
            told = await _settle(session, organisation_id, survey_id, stored, found, clock=run.clock)
            await record_events(session, organisation_id, told, clock=run.clock)


async def _look(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    stored: StoredRules | None,
    *,
    off_topic: OffTopicReader,
    now: datetime,
) -> Sequence[Finding]:
    if stored is None:
        return ()
    return findings_of(
        stored.rules.rules, await _picture(session, organisation_id, survey_id, stored, off_topic=off_topic, now=now)
    )


async def _picture(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    stored: StoredRules,
    *,
    off_topic: OffTopicReader,
    now: datetime,
) -> Picture:
    live = await live_figures(session, organisation_id, survey_id, by=None, off_topic=off_topic, now=now)
    wanted = [rule for rule in stored.rules.rules if rule.enabled]
    groups: dict[GroupedBy, Sequence[GroupStanding]] = {}
    aged: dict[tuple[GroupedBy | None, int], Sequence[Aged]] = {}
    minimum = 1
    for by in dict.fromkeys(map(_by, wanted)):
        read = await read_cases(session, organisation_id, survey_id, by=by, now=now)
        minimum = read.minimum
        if by is not None:
            groups[by] = standings(read, {})
        for days in {_days(rule) for rule in wanted if rule.kind is RuleKind.RESPONSE_RATE and rule.by is by}:
            aged[by, days] = [Aged(*each) for each in aged_before(read, days)]
    return Picture(live, minimum, groups, aged)


async def _settle(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    stored: StoredRules,
    found: Sequence[Finding],
    *,
    clock: Clock,
) -> list[Event]:
    """Raise, keep and end alerts by what was found; the events of these.

    While a finding is unsure, or a subject cannot be judged now, its alert stays as it is.
    """
    now = clock.now()
    standing: Mapping[tuple[str, str], FieldworkAlert] = await alerts.standing_alerts(
        session, organisation_id, survey_id
    )
    events = []
    for finding in found:
        alert = standing.get((finding.rule.key, finding.subject))
        if alert is not None:
            await alerts.note_found(session, organisation_id, alert.id, finding, at=now)
            if finding.verdict is Verdict.CLEAR:
                events += await _end(session, organisation_id, _as_found(alert, finding), OVER, now)
        elif finding.verdict is Verdict.BREACHED:
            alert_id = new_id()
            await alerts.add_alert(
                session, organisation_id, alert_id, survey_id, finding, rules_version=stored.version, at=now
            )
            raised = await alerts.alert_by_id(session, organisation_id, alert_id)
            assert raised is not None  # it was just added
            events.append(event_of(raised, AlertState.OPEN))
    watched = {(rule.key, rule.kind) for rule in stored.rules.rules if rule.enabled}
    for alert in standing.values():
        if (alert.rule, alert.kind) not in watched:
            events += await _end(session, organisation_id, alert, NOT_WATCHED, now)
    return events


async def _end(session: Session, organisation_id: UUID, alert: FieldworkAlert, note: str, now: datetime) -> list[Event]:
    await alerts.note_over(session, organisation_id, alert, at=now, note=note)
    return [] if alert.state is AlertState.RESOLVED else [event_of(alert, AlertState.RESOLVED)]


def _as_found(alert: FieldworkAlert, finding: Finding) -> FieldworkAlert:
    return replace(alert, value=finding.value, low=finding.low, high=finding.high, limit=finding.limit, n=finding.n)


def _by(rule: FieldworkRule) -> GroupedBy | None:
    return GroupedBy.INTERVIEWER if rule.kind is RuleKind.INTERVIEWER else rule.by


def _days(rule: FieldworkRule) -> int:
    return AFTER_DAYS if rule.after_days is None else rule.after_days
