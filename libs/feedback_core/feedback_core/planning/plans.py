"""What can be done with plans: make, edit, check, approve, run, revise and close them."""

from dataclasses import dataclass
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import Fault, Invalid, NotFound, PreconditionFailed
from feedback_core.kit.ids import new_id
from feedback_core.planning import plan_queries as queries
from feedback_core.planning.calc.conduct import PlanContext, check_plan, faults_of, shortfalls_of, waves_of
from feedback_core.planning.types.plan_findings import PlanFinding, Severity, Shortfall, Wave
from feedback_core.planning.types.plans import (
    PLAN_WAYS,
    Plan,
    PlanDetails,
    PlanEntry,
    PlanKind,
    PlanMoveNotAllowed,
    PlanNotReady,
    PlanRevision,
    PlanSettled,
    PlanState,
)
from feedback_core.service.parts import unknown_parts
from feedback_core.service.types import PartKind
from feedback_core.service.use_cases import features_among
from feedback_core.surveys.use_cases import check_survey, get_survey


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes: the person, and the name of the key."""

    name: str
    key_name: str


@dataclass(frozen=True, slots=True)
class SeenPlan:
    """A plan with all that follows from it.

    Attributes:
        entries: what happened to it, oldest first.
        waves: each time that it is carried out.
        shortfalls: money and hours, needed and there.
        findings: what should be seen to.
    """

    plan: Plan
    entries: tuple[PlanEntry, ...]
    waves: tuple[Wave, ...]
    shortfalls: tuple[Shortfall, ...]
    findings: tuple[PlanFinding, ...]


async def list_plans(
    session: Session,
    organisation_id: UUID,
    *,
    survey_id: UUID | None,
    state: PlanState | None,
    kind: PlanKind | None,
    limit: int,
    cursor: str | None,
) -> tuple[list[Plan], str | None]:
    """A page of plans, newest first, and the cursor of the next page.

    Raises:
        NotFound: no such survey here.
        InvalidCursor: the cursor is not one of this list with these filters.
    """
    if survey_id is not None:
        await check_survey(session, organisation_id, survey_id)
    filters = {"survey": survey_id, "state": state, "kind": kind}
    query = {"list": "plans", "organisation": organisation_id, **filters}
    before = id_in_cursor(cursor, query)
    found = await queries.plans_before(
        session, organisation_id, survey_id=survey_id, state=state, kind=kind, before=before, limit=limit + 1
    )
    return page_of(found, limit, query)


async def get_plan(session: Session, organisation_id: UUID, plan_id: UUID) -> SeenPlan:
    """A plan with its history, waves, shortfalls, and what should be seen to.

    Raises:
        NotFound: no such plan here.
    """
    found = await queries.plan_by_id(session, organisation_id, plan_id)
    if found is None:
        raise NotFound("plan", plan_id)
    return SeenPlan(
        plan=found,
        entries=await queries.entries_of(session, organisation_id, plan_id),
        waves=waves_of(found.details),
        shortfalls=shortfalls_of(found.details),
        findings=await _findings(session, organisation_id, found.details),
    )


async def make_plan(session: Session, organisation_id: UUID, details: PlanDetails, *, by: Writer, clock: Clock) -> UUID:
    """A new plan, a draft; its id.

    Raises:
        NotFound: no such survey here.
        Invalid: it contradicts itself, or names a feature or process that is not there.
    """
    await refuse_unknown_survey(session, organisation_id, details)
    await refuse_faults(session, organisation_id, details)
    now, plan_id = clock.now(), new_id()
    plan = Plan(plan_id, PlanState.DRAFT, details, 0, None, by.name, now, now, 1)
    await queries.add_plan(session, organisation_id, plan)
    entry = PlanEntry(None, PlanState.DRAFT, None, (), by.name, by.key_name, now)
    await queries.add_entry(session, organisation_id, plan_id, new_id(), entry)
    return plan_id


async def edit_plan(
    session: Session, organisation_id: UUID, plan_id: UUID, details: PlanDetails, *, if_revision: int, clock: Clock
) -> None:
    """Have a draft say this from now on.

    Raises:
        NotFound: no such plan here, or no such survey.
        PreconditionFailed: it has changed since ``if_revision``.
        PlanSettled: it is no draft any more.
        Invalid: as `make_plan`; or a plan of another kind.
    """
    await refuse_unknown_survey(session, organisation_id, details)
    held = await hold_plan(session, organisation_id, plan_id, if_revision)
    if held.state is not PlanState.DRAFT:
        raise PlanSettled(f"The plan is {held.state}: revise it, with the signal that gives reason to.")
    refuse_another_kind(held, details)
    await refuse_faults(session, organisation_id, details)
    await queries.change_plan(session, organisation_id, plan_id, at=clock.now(), details=details)


async def move_plan(
    session: Session,
    organisation_id: UUID,
    plan_id: UUID,
    to: PlanState,
    reason: str | None,
    *,
    by: Writer,
    if_revision: int | None,
    clock: Clock,
) -> None:
    """Approve a plan, run it, or close it; what it is warned of at that moment is written down.

    Raises:
        NotFound: no such plan here.
        PreconditionFailed: it has changed since ``if_revision``.
        PlanMoveNotAllowed: no way leads there from where it stands.
        PlanNotReady: it is to be approved and has faults.
    """
    held = await hold_plan(session, organisation_id, plan_id, if_revision)
    if to not in PLAN_WAYS[held.state]:
        possible = ", ".join(PLAN_WAYS[held.state]) or "nowhere: that is final"
        raise PlanMoveNotAllowed(f"It is {held.state}; from there it can go to {possible}.")
    findings = await _findings(session, organisation_id, held.details)
    now = clock.now()
    if to is PlanState.APPROVED:
        faults = [
            Fault(finding.pointer, finding.code, finding.detail)
            for finding in findings
            if finding.severity is Severity.FAULT
        ]
        if faults:
            raise PlanNotReady(faults[0].detail, faults)
        first = PlanRevision(1, held.details, None, by.name, by.key_name, now)
        await queries.add_revision(session, organisation_id, plan_id, first)
        await queries.change_plan(session, organisation_id, plan_id, at=now, state=to, number=1, approved_at=now)
    else:
        await queries.change_plan(session, organisation_id, plan_id, at=now, state=to)
    warned = tuple(dict.fromkeys(finding.code for finding in findings))
    entry = PlanEntry(held.state, to, reason, warned, by.name, by.key_name, now)
    await queries.add_entry(session, organisation_id, plan_id, new_id(), entry)


async def hold_plan(session: Session, organisation_id: UUID, plan_id: UUID, if_revision: int | None) -> Plan:
    """The plan, held until the transaction ends.

    Raises:
        NotFound: no such plan here.
        PreconditionFailed: it has changed since ``if_revision``.
    """
    held = await queries.plan_by_id(session, organisation_id, plan_id, for_update=True)
    if held is None:
        raise NotFound("plan", plan_id)
    if if_revision is not None and held.revision != if_revision:
        raise PreconditionFailed("The plan has changed since you read it: read it again.")
    return held


def refuse_another_kind(held: Plan, details: PlanDetails) -> None:
    """Hold a plan to what it was made for.

    Raises:
        Invalid: the details are of another kind.
    """
    if details.kind is not held.details.kind:
        detail = f"The plan is one of {held.details.kind}: make another for {details.kind}."
        raise Invalid([Fault("/kind", "kind_fixed", detail)])


async def refuse_unknown_survey(session: Session, organisation_id: UUID, details: PlanDetails) -> None:
    """Make sure that the survey of a plan is there.

    Raises:
        NotFound: it is not.
    """
    if details.survey_id is not None:
        await check_survey(session, organisation_id, details.survey_id)


async def refuse_faults(session: Session, organisation_id: UUID, details: PlanDetails) -> None:
    """Refuse what no plan may say.

    Raises:
        Invalid: it contradicts itself, or names a feature or process that is not there.
    """
    known = await features_among(session, organisation_id, _features_in(details))
    named = [
        *((f"/features/{place}", key) for place, key in enumerate(details.features)),
        *((f"/needs/{place}/feature", need.feature) for place, need in enumerate(details.needs) if need.feature),
    ]
    unknown = [
        Fault(pointer, "unknown_feature", f"There is no feature {key}: put it first.")
        for pointer, key in named
        if key not in known
    ]
    processes = [("/process", details.process)] if details.process else []
    faults = [
        *faults_of(details),
        *unknown,
        *await unknown_parts(session, organisation_id, PartKind.PROCESS, processes),
    ]
    if faults:
        raise Invalid(faults)


async def _findings(session: Session, organisation_id: UUID, details: PlanDetails) -> tuple[PlanFinding, ...]:
    questions, confidentiality = None, None
    if details.survey_id is not None:
        survey = await get_survey(session, organisation_id, details.survey_id)
        questions = {question.key: question.feature for question in survey.questionnaire.questions}
        confidentiality = survey.confidentiality
    features = await features_among(session, organisation_id, _features_in(details))
    return check_plan(details, PlanContext(questions, confidentiality, frozenset(features)))


def _features_in(details: PlanDetails) -> set[str]:
    return {*details.features, *(need.feature for need in details.needs if need.feature)}
