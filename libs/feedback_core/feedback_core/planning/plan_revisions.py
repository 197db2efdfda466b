"""Revising plans: each revision with the signal behind it, kept, and compared with others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import numbers_in_cursor, page_of
from feedback_core.kit.errors import NotFound
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.planning import plan_queries as queries
from feedback_core.planning.calc.conduct import differences_between
from feedback_core.planning.documents import document_of
from feedback_core.planning.plans import Writer, hold_plan, refuse_another_kind, refuse_faults, refuse_unknown_survey
from feedback_core.planning.types.plan_findings import Difference
from feedback_core.planning.types.plans import (
    PlanDetails,
    PlanNotApproved,
    PlanRevision,
    PlanSettled,
    PlanState,
    Signal,
)


@dataclass(frozen=True, slots=True)
class ComparedRevisions:
    """Two revisions of a plan, and where they differ."""

    before: PlanRevision
    after: PlanRevision
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class PlannedBy:
    """The plan that an analysis was fixed in before it was asked for.

    Attributes:
        number: of the revision that held then.
        planned_at: when the plan first said so.
        before_collecting: whether that was before the first day of its first wave.
    """

    plan_id: UUID
    number: int
    title: str
    planned_at: datetime
    before_collecting: bool


async def revise_plan(
    session: Session,
    organisation_id: UUID,
    plan_id: UUID,
    details: PlanDetails,
    signal: Signal,
    *,
    by: Writer,
    if_revision: int,
    clock: Clock,
) -> PlanRevision:
    """Change an approved or running plan, with the signal that gives reason to; what it said before is kept.

    Raises:
        NotFound: no such plan here, or no such survey.
        PreconditionFailed: it has changed since ``if_revision``.
        PlanNotApproved: it is a draft, which is edited.
        PlanSettled: it is closed.
        Invalid: as for a new plan.
    """
    await refuse_unknown_survey(session, organisation_id, details)
    held = await hold_plan(session, organisation_id, plan_id, if_revision)
    if held.state is PlanState.DRAFT:
        raise PlanNotApproved("The plan is a draft: edit it, and approve it first.")
    if held.state is PlanState.CLOSED:
        raise PlanSettled("The plan is closed: nothing of it is changed any more.")
    refuse_another_kind(held, details)
    await refuse_faults(session, organisation_id, details)
    now = clock.now()
    kept = PlanRevision(held.number + 1, details, signal, by.name, by.key_name, now)
    await queries.add_revision(session, organisation_id, plan_id, kept)
    await queries.change_plan(session, organisation_id, plan_id, at=now, details=details, number=kept.number)
    return kept


async def list_revisions(
    session: Session, organisation_id: UUID, plan_id: UUID, *, limit: int, cursor: str | None
) -> tuple[list[PlanRevision], str | None]:
    """A page of the revisions of a plan, the latest first, and the cursor of the next page.

    Raises:
        NotFound: no such plan here.
        InvalidCursor: the cursor is not one of this list.
    """
    await _check_plan(session, organisation_id, plan_id)
    query = {"list": "plan_revisions", "organisation": organisation_id, "plan": plan_id}
    before = None
    if cursor is not None:
        (before,) = numbers_in_cursor(cursor, query)
    found = await queries.revisions_before(session, organisation_id, plan_id, before=before, limit=limit + 1)
    return page_of(found, limit, query, at=lambda each: each.number)


async def get_revision(session: Session, organisation_id: UUID, plan_id: UUID, number: int) -> PlanRevision:
    """One revision.

    Raises:
        NotFound: no such plan here, or no such revision of it.
    """
    await _check_plan(session, organisation_id, plan_id)
    found = await queries.revision_by_number(session, organisation_id, plan_id, number)
    if found is None:
        raise NotFound("revision", number)
    return found


async def compare_revisions(
    session: Session, organisation_id: UUID, plan_id: UUID, number: int, *, since: int | None
) -> ComparedRevisions:
    """Where a revision differs from an earlier one, or from the one before it.

    Raises:
        NotFound: no such plan here, or no such revision of it.
    """
    after = await get_revision(session, organisation_id, plan_id, number)
    before = await get_revision(session, organisation_id, plan_id, max(1, number - 1) if since is None else since)
    found = differences_between(document_of(before.details), document_of(after.details))
    return ComparedRevisions(before, after, found)


async def planned_by(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    *,
    kind: str,
    kpi: str | None,
    asked_at: datetime,
) -> PlannedBy | None:
    """The plan that had fixed an analysis of a survey before it was asked for; ``None``: it was not planned.

    Of a plan counts the revision that held then. Of several plans, the one that said so first.
    """
    by_plan: dict[UUID, list[PlanRevision]] = {}
    for plan_id, revision in await queries.revisions_of_survey(session, organisation_id, survey_id):
        if revision.revised_at <= asked_at:
            by_plan.setdefault(plan_id, []).append(revision)
    if not by_plan:
        return None
    zone = (await get_organisation(session, organisation_id)).time_zone
    found = [
        planned
        for plan_id, revisions in by_plan.items()
        if (planned := _planned(plan_id, revisions, kind, kpi, zone)) is not None
    ]
    return min(found, key=lambda planned: (planned.planned_at, planned.plan_id), default=None)


def _planned(
    plan_id: UUID, revisions: Sequence[PlanRevision], kind: str, kpi: str | None, zone: str
) -> PlannedBy | None:
    holds = [revision for revision in revisions if _says(revision.details, kind, kpi)]
    last = revisions[-1]
    if not holds or holds[-1] is not last:
        return None
    said = last
    for revision in reversed(revisions):
        if not _says(revision.details, kind, kpi):
            break
        said = revision
    first_day = last.details.starts_on
    early = first_day is not None and said.revised_at.astimezone(ZoneInfo(zone)).date() < first_day
    return PlannedBy(plan_id, last.number, last.details.title, said.revised_at, early)


def _says(details: PlanDetails, kind: str, kpi: str | None) -> bool:
    planned = details.analysis.analyses if details.analysis else ()
    return any(each.kind == kind and each.kpi in {None, kpi} for each in planned)


async def _check_plan(session: Session, organisation_id: UUID, plan_id: UUID) -> None:
    if await queries.plan_by_id(session, organisation_id, plan_id) is None:
        raise NotFound("plan", plan_id)
