"""The worker's part: opening cases part by part, handing on those that wait, ending those whose response is gone."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar, Final
from uuid import UUID

from feedback_core.cases import events, finding_queries
from feedback_core.cases.calc import matches
from feedback_core.cases.finding_queries import NewResponse, Place
from feedback_core.cases.rule_queries import rule_versions
from feedback_core.cases.types import Case, CaseState, Match, StoredRule
from feedback_core.db.session import Session
from feedback_core.events.queries import oldest_open
from feedback_core.events.use_cases import record_events
from feedback_core.jobs.runs import JobRun
from feedback_core.jobs.types import JobPayload
from feedback_core.jobs.use_cases import request_job
from feedback_core.kit.clock import Clock
from feedback_core.kit.ids import new_id
from feedback_core.kpis.queries.folding import lock_watermark
from feedback_core.surveys.queries import published
from feedback_core.themes.reading.queries import position

RESPONSES_PER_PART: Final = 1_000
BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class FindCases(JobPayload):
    """Open cases of the responses of a survey that came in."""

    kind: ClassVar[str] = "cases.find"

    survey_id: UUID


@dataclass(frozen=True, slots=True)
class FollowCases(JobPayload):
    """Hand on the cases of an organisation that have waited for too long, and end those whose response is gone."""

    kind: ClassVar[str] = "cases.follow"


async def request_due_finding(system: Session, /, *, now: datetime) -> int:
    """Ask for every survey that has responses to be looked at; at most one job is open per survey."""
    due = await finding_queries.surveys_due(system)
    for organisation_id, survey_id in due:
        await request_job(system, organisation_id, FindCases(survey_id), now=now, dedupe_key=str(survey_id))
    return len(due)


async def request_due_following(system: Session, /, *, now: datetime) -> int:
    """Ask for every organisation that has cases to be handed on or ended; returns how many those are."""
    due = await finding_queries.organisations_due(system, now)
    for organisation_id in due:
        await request_job(system, organisation_id, FollowCases(), now=now, dedupe_key="all")
    return len(due)


async def run_find(run: JobRun[FindCases]) -> None:
    """Open cases part by part, until nothing is left that can be looked at now."""
    more = True
    while more:
        async with run.transaction() as session:
            more = await find_part(session, run.organisation_id, run.payload.survey_id, clock=run.clock)


async def find_part(
    session: Session, organisation_id: UUID, survey_id: UUID, *, clock: Clock, most: int = RESPONSES_PER_PART
) -> bool:
    """Open the cases among about ``most`` responses; whether more can be looked at now.

    Holds the watermark, as erasures do: of a response that was erased there is no case. Where the rule asks for themes,
    a response waits until its comments have been read.
    """
    await lock_watermark(session, organisation_id, survey_id)
    before = await finding_queries.hold_watch(session, organisation_id, survey_id)
    survey = await published(session, organisation_id, survey_id)
    if before is None or survey is None:
        return False
    held = (await rule_versions(session, organisation_id, survey_id))[0]
    upper = Place(await oldest_open(session))
    if held.rule.themes:
        read = await position(session, organisation_id, survey_id)
        upper = min(upper, Place(read.xid, read.response_id)) if read else before
    found = await finding_queries.responses_between(session, organisation_id, survey_id, before, upper, most=most)
    known = await finding_queries.with_case(session, organisation_id, [each.id for each in found])
    now = clock.now()
    cases = []
    for each in found:
        # The promise of the survey may have become stricter since.
        heard = replace(each.heard, confidentiality=each.heard.confidentiality.stricter(survey.confidentiality))
        why = matches(held.rule, heard) if each.stands and each.id not in known else ()
        if why:
            cases.append(_opened(survey_id, each, why, held, now))
    if cases:
        await finding_queries.add_cases(session, organisation_id, survey_id, cases)
        told = [events.opened(case.id, survey_id, held.version) for case in cases]
        await record_events(session, organisation_id, told, clock=clock)
    reached = found[-1].place if len(found) == most else max(before, upper)
    if reached != before:
        await finding_queries.move_on(session, organisation_id, survey_id, reached)
    return len(found) == most


async def run_follow(run: JobRun[FollowCases]) -> None:
    """Record events of what was handed on and what has ended, in one transaction; the rest is for the next."""
    now = run.clock.now()
    async with run.completion() as session:
        ended = await finding_queries.close_ended(session, run.organisation_id, now)
        late = await finding_queries.escalate(session, run.organisation_id, now, most=BATCH)
        told = [events.closed(*each) for each in ended] + [events.escalated(*each) for each in late]
        await record_events(session, run.organisation_id, told, clock=run.clock)


def _opened(survey_id: UUID, found: NewResponse, why: tuple[Match, ...], held: StoredRule, now: datetime) -> Case:
    escalation = held.rule.escalation
    return Case(
        id=new_id(),
        survey_id=survey_id,
        response_id=found.id,
        matched=why,
        rule_version=held.version,
        state=CaseState.OPEN,
        owner=held.rule.owner,
        due_at=now + timedelta(hours=held.rule.due_hours),
        escalates_at=now + timedelta(hours=escalation.after_hours) if escalation else None,
        escalation_to=escalation.to if escalation else (),
        escalated_at=None,
        outcome=None,
        opened_at=now,
        updated_at=now,
        closed_at=None,
        revision=1,
    )
