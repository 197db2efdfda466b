"""A collection as it stands: everything that is read of it at one instant, and what follows."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.fieldwork import plans
from feedback_core.fieldwork.calc.composing import composition
from feedback_core.fieldwork.calc.costs import cost_so_far, spending
from feedback_core.fieldwork.calc.curves import response_curve, share_by
from feedback_core.fieldwork.calc.forecast import forecast
from feedback_core.fieldwork.calc.leaving import drop_off
from feedback_core.fieldwork.calc.pace import FALSE_ALARM, even_shares, pace
from feedback_core.fieldwork.calc.silences import silence_of
from feedback_core.fieldwork.calc.standing import standing_of
from feedback_core.fieldwork.frames import frame_standing, populations
from feedback_core.fieldwork.queries import answering, cases
from feedback_core.fieldwork.queries.rules import current_rules
from feedback_core.fieldwork.targets import targets_of
from feedback_core.fieldwork.types.live import (
    CaseCount,
    Fieldwork,
    GroupedBy,
    GroupStanding,
    Lagged,
    OffTopic,
    OffTopicCounts,
    Pace,
)
from feedback_core.fieldwork.types.outlook import CostSoFar, Forecast
from feedback_core.fieldwork.types.rules import FieldworkRules
from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc.periods import day_of
from feedback_core.kpis.calc.proportions import proportion_estimate
from feedback_core.kpis.calc.suppression import suppress_groups
from feedback_core.organisations.types import Organisation
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.planning.methods import list_methods
from feedback_core.planning.types import CollectionMethod
from feedback_core.sampling.queries.samples import drawn_samples
from feedback_core.surveys.audience import strict_for
from feedback_core.surveys.types import Audience, Questionnaire
from feedback_core.surveys.use_cases import published_survey

OffTopicReader = Callable[[Session, UUID, UUID], Awaitable[OffTopicCounts]]
"""Of an organisation and a survey: what its comments are about; themes, which lie above, know that."""


@dataclass(frozen=True, slots=True)
class Read:
    """What several figures stand on.

    Attributes:
        rules: that hold; the usual policy where none were put.
        counts: by the groups asked for.
        lagged: likewise.
        today: in the organisation's time zone.
        closes_on: last day of the collection, as far as anybody has said.
    """

    organisation: Organisation
    survey_id: UUID
    questionnaire: Questionnaire
    is_of_staff: bool
    rules: FieldworkRules
    rules_version: int
    planned: plans.Planned | None
    counts: Sequence[CaseCount]
    lagged: Sequence[Lagged]
    now: datetime
    today: date
    closes_on: date | None

    @property
    def organisation_id(self) -> UUID:
        """Whose survey it is."""
        return self.organisation.organisation_id

    @property
    def minimum(self) -> int:
        """Fewest of whom anything is told."""
        return max(1, self.organisation.minimum_cell_size)

    @property
    def days_left(self) -> int | None:
        """Whole days until it ends."""
        return None if self.closes_on is None else max(0, (self.closes_on - self.today).days)


async def live_figures(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    *,
    by: GroupedBy | None,
    off_topic: OffTopicReader,
    now: datetime,
) -> Fieldwork:
    """The collection by a survey as it stands now.

    Args:
        session: bound to the organisation; a snapshot, so that all figures are of one instant.
        organisation_id: whose survey it is.
        survey_id: of a survey that was published.
        by: groups whose standing is told too.
        off_topic: reads what comments are about.
        now: the instant.

    Raises:
        NotFound: no such survey.
        SurveyNotPublished: it never was.
    """
    read = await read_cases(session, organisation_id, survey_id, by=by, now=now)
    samples = await drawn_samples(session, organisation_id, survey_id)
    whole = standings(replace_groups(read), {})[0]
    found, not_told = _forecast(read, whole)
    minimum = read.minimum
    groups = standings(read, populations(samples)) if by else ()
    if read.is_of_staff and (shown := large_enough(groups, minimum)) != groups:
        groups, not_told = shown, {**not_told, "groups": "Groups of the staff that are too small are withheld."}
    counts = await off_topic(session, organisation_id, survey_id)
    share = proportion_estimate(counts.off_topic, counts.themed) if counts.themed >= minimum else None
    keys = [question.key for question in read.questionnaire.questions]
    stopped = await answering.stopped_at(session, organisation_id, survey_id, keys, now=now)
    return Fieldwork(
        survey_id=survey_id,
        as_of=now,
        rules_version=read.rules_version,
        policy=read.rules.policy,
        e=read.rules.e,
        plan=read.planned.seen if read.planned else None,
        whole=whole,
        by=by,
        groups=groups,
        frame=frame_standing(samples, whole.counts),
        targets=await targets_of(
            session,
            organisation_id,
            survey_id,
            read.planned,
            zone=read.organisation.time_zone,
            today=read.today,
            now=now,
        ),
        composition=composition(await cases.people_asked(session, organisation_id, survey_id), minimum=minimum),
        drop_off=drop_off(
            keys,
            stopped.completed,
            stopped.last_answered,
            answering=stopped.answering,
            seconds=await answering.seconds_by_question(session, organisation_id, survey_id),
            minimum=minimum,
        ),
        off_topic=OffTopic(counts, share),
        sources=tuple(
            silence
            for arrivals in await answering.arrivals(session, organisation_id, survey_id)
            if (silence := silence_of(arrivals, now=now, false_alarm=FALSE_ALARM)) is not None
        ),
        cost=await _cost(session, read, found),
        forecast=found,
        walk_ins=await answering.walk_ins(session, organisation_id, survey_id),
        not_told=not_told,
    )


async def read_cases(
    session: Session, organisation_id: UUID, survey_id: UUID, *, by: GroupedBy | None, now: datetime
) -> Read:
    """What figures and rules stand on.

    Raises:
        NotFound: no such survey.
        SurveyNotPublished: it never was.
    """
    survey = await published_survey(session, organisation_id, survey_id)
    organisation = strict_for(await get_organisation(session, organisation_id), survey.settings)
    stored = await current_rules(session, organisation_id, survey_id)
    today = day_of(now, organisation.time_zone)
    planned = await plans.plan_of_survey(session, organisation_id, survey_id, today=today)
    closes_on = planned.seen.ends_on if planned else None
    if closes_on is None:
        expiry = await cases.last_expiry(session, organisation_id, survey_id)
        closes_on = day_of(expiry, organisation.time_zone) if expiry else None
    return Read(
        organisation=organisation,
        survey_id=survey_id,
        questionnaire=survey.questionnaire,
        is_of_staff=survey.settings.audience is Audience.STAFF,
        rules=stored.rules if stored else FieldworkRules(),
        rules_version=stored.version if stored else 0,
        planned=planned,
        counts=await cases.case_counts(session, organisation_id, survey_id, by),
        lagged=await cases.lagged_cases(session, organisation_id, survey_id, by, now=now),
        now=now,
        today=today,
        closes_on=closes_on,
    )


def replace_groups(read: Read) -> Read:
    """The same, all in one group."""
    return replace(
        read,
        counts=[replace(case, group=None) for case in read.counts],
        lagged=[replace(each, group=None) for each in read.lagged],
    )


def standings(read: Read, population: Mapping[str, int]) -> tuple[GroupStanding, ...]:
    """Where each group stands, at least one; with its people of the frame where that is known."""
    by_group: dict[str | None, list[CaseCount]] = defaultdict(list)
    for case in read.counts:
        by_group[case.group].append(case)
    found = []
    for group in by_group or {None: []}:
        standing = standing_of(group, by_group.get(group, []), read.rules.policy, e=read.rules.e)
        lagged = [each for each in read.lagged if each.group == group]
        people = population.get(group) if group is not None else None
        found.append(replace(standing, pace=_pace(read, lagged), population=people))
    return tuple(found)


def large_enough(groups: tuple[GroupStanding, ...], minimum: int) -> tuple[GroupStanding, ...]:
    """Without groups from which it could be told who of a few has answered."""
    hidden = suppress_groups([(each.group, each.counts.invited) for each in groups], minimum=minimum)
    if hidden.total_hidden:
        return ()
    return tuple(each for each in groups if each.group not in hidden.hidden)


def _pace(read: Read, lagged: Sequence[Lagged]) -> Pace | None:
    """Against earlier waves of the survey, where enough of them completed; else against the plan."""
    newest = _newest_wave(read.lagged)
    now = [each for each in lagged if each.wave == newest]
    before = [each for each in read.lagged if each.wave != newest]
    curve = response_curve(before)
    if sum(day.completed for day in curve) >= _FEWEST_BEFORE:
        return pace(now, share_by(curve), curve="earlier_waves", reference=curve[0].at_risk)
    planned = read.planned
    if planned is None or planned.rate is None or not planned.days:
        return None
    return pace(now, even_shares(planned.rate, planned.days), curve="plan")


_FEWEST_BEFORE = 30
"""Completes of earlier waves, below which the plan is the better guide."""


def _newest_wave(lagged: Sequence[Lagged]) -> str | None:
    """The wave that was begun last."""
    begun: dict[str | None, int] = {}
    for each in lagged:
        begun[each.wave] = max(begun.get(each.wave, 0), each.age)
    return min(begun, key=lambda wave: (begun[wave], wave or "")) if begun else None


def _forecast(read: Read, whole: GroupStanding) -> tuple[Forecast | None, Mapping[str, str]]:
    try:
        return (
            forecast(
                read.lagged,
                response_curve(read.lagged),
                completed=whole.counts.completed,
                waiting=whole.counts.waiting,
                days_left=read.days_left,
                planned_rate=read.planned.rate if read.planned else None,
            ),
            {},
        )
    except NotEstimable as refused:
        return None, {"forecast": refused.detail}


async def _cost(session: Session, read: Read, found: Forecast | None) -> CostSoFar:
    methods = await list_methods(session, read.organisation_id)
    spent = []
    for each in await cases.spent_by_method(session, read.organisation_id, read.survey_id):
        method = methods[CollectionMethod(each.method)]
        # What was counted in another currency is of no use beside these prices: they stand for it.
        measured = each.measured if each.currencies == (method.costs.currency,) else 0.0
        spent.append(spending(method, contacts=each.contacts, completes=each.completes, measured=measured))
    return cost_so_far(
        spent,
        methods,
        budget=read.planned.plan.details.budget if read.planned else None,
        more=found.final.value - found.completed if found else None,
    )


def aged_before(read: Read, days: int) -> list[tuple[str | None, int, int]]:
    """Of each group: the invitations that went out so many whole days ago or earlier, and who of them completed."""
    invited: dict[str | None, list[int]] = {}
    for each in read.lagged:
        if each.age >= days:
            counted = invited.setdefault(each.group, [0, 0])
            counted[0] += each.n
            counted[1] += each.n if each.ended == "completed" else 0
    return [(group, n, completed) for group, (n, completed) in invited.items()]
