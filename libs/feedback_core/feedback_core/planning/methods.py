"""What can be done with collection methods: look at them, say what they cost and brought here, compare them."""

import asyncio
from collections.abc import Iterator, Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import Fault, Invalid, NotFound, require_current
from feedback_core.kit.ids import new_id
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.planning import method_queries as queries
from feedback_core.planning.calc.methods import compare_methods, method_here
from feedback_core.planning.catalogue import CATALOGUE
from feedback_core.planning.types.collection import CollectionMethod
from feedback_core.planning.types.method_choices import MethodComparison, MethodsRequest, Purpose
from feedback_core.planning.types.methods import (
    Method,
    MethodTerms,
    Outcome,
    OutcomeKept,
    StoredOutcome,
    StoredTerms,
)
from feedback_core.surveys.use_cases import check_survey


async def list_methods(session: Session, organisation_id: UUID) -> Mapping[CollectionMethod, Method]:
    """Every method as the organisation can plan with it: its own terms and measured rates where there are any."""
    terms = await queries.terms_by_method(session, organisation_id)
    outcomes = await queries.outcome_sums(session, organisation_id)
    return {
        method: method_here(profile, terms.get(method), outcomes.get(method)) for method, profile in CATALOGUE.items()
    }


async def get_method(session: Session, organisation_id: UUID, method: CollectionMethod) -> Method:
    """One of them."""
    return (await list_methods(session, organisation_id))[method]


async def get_terms(session: Session, organisation_id: UUID, method: CollectionMethod) -> StoredTerms:
    """What the organisation has said of a method.

    Raises:
        NotFound: nothing yet.
    """
    found = await queries.terms_of(session, organisation_id, method)
    if found is None:
        raise NotFound("own cost", method.value)
    return found


async def put_terms(
    session: Session,
    organisation_id: UUID,
    method: CollectionMethod,
    terms: MethodTerms,
    *,
    if_revision: int | None,
    by: str,
    clock: Clock,
) -> tuple[StoredTerms, bool]:
    """Say what a method costs and takes here, and whether that is the first time.

    Raises:
        PreconditionRequired: something was said before, and the caller does not say which revision was edited.
        PreconditionFailed: it has changed since, or it is gone.
    """
    current = await queries.terms_of(session, organisation_id, method, for_update=True)
    at = clock.now()
    if current is None and if_revision is None:
        if await queries.add_terms(session, organisation_id, method, terms, by=by, at=at):
            return await get_terms(session, organisation_id, method), True
        current = await get_terms(session, organisation_id, method)
    require_current("own cost", current.revision if current else None, if_revision)
    await queries.change_terms(session, organisation_id, method, terms, by=by, at=at)
    return await get_terms(session, organisation_id, method), False


async def delete_terms(session: Session, organisation_id: UUID, method: CollectionMethod) -> None:
    """Reckon with what is assumed again.

    Raises:
        NotFound: nothing was said.
    """
    if not await queries.delete_terms(session, organisation_id, method):
        raise NotFound("own cost", method.value)


async def list_outcomes(
    session: Session, organisation_id: UUID, method: CollectionMethod, *, limit: int, cursor: str | None
) -> tuple[list[StoredOutcome], str | None]:
    """A page of a method's outcomes, the latest entered first, and the cursor of the next page.

    Raises:
        InvalidCursor: the cursor is not one of this list.
    """
    query = {"list": "method_outcomes", "organisation": organisation_id, "method": method}
    before = id_in_cursor(cursor, query)
    found = await queries.outcomes_before(session, organisation_id, method, before=before, limit=limit + 1)
    return page_of(found, limit, query)


async def keep_outcome(
    session: Session, organisation_id: UUID, method: CollectionMethod, outcome: Outcome, *, by: str, clock: Clock
) -> StoredOutcome:
    """Keep what became of those contacted; measured response rates follow from all of these.

    Whoever counts contacts itself says so here when a collection ends, under a reference of its own.

    Raises:
        NotFound: no such survey here.
        Invalid: the method asks nobody, more answered than were contacted, or the collection has not ended.
        OutcomeKept: this method has an outcome under this reference.
    """
    if outcome.survey_id is not None:
        await check_survey(session, organisation_id, outcome.survey_id)
    now = clock.now()
    faults = []
    if not CATALOGUE[method].is_asked:
        detail = f"By {method} nobody is asked, so there is no response rate."
        faults.append(Fault("/path/collection_method", "nobody_is_asked", detail))
    if outcome.completes > outcome.contacts:
        faults.append(Fault("/completes", "more_than_contacts", "No more people can answer than were contacted."))
    zone = (await get_organisation(session, organisation_id)).time_zone
    if outcome.ended_on > now.astimezone(ZoneInfo(zone)).date():
        faults.append(Fault("/ended_on", "not_ended", "Enter it once the collection has ended."))
    if faults:
        raise Invalid(faults)
    stored = StoredOutcome(new_id(), method, outcome, by, now)
    if not await queries.add_outcome(session, organisation_id, stored):
        raise OutcomeKept(f"The outcome {outcome.reference} of {method} is kept already: delete it to enter another.")
    return stored


async def delete_outcome(session: Session, organisation_id: UUID, method: CollectionMethod, outcome_id: UUID) -> None:
    """Take an outcome back that was entered wrongly.

    Raises:
        NotFound: there is none.
    """
    if not await queries.delete_outcome(session, organisation_id, method, outcome_id):
        raise NotFound("outcome", outcome_id)


async def compare(session: Session, organisation_id: UUID, request: MethodsRequest) -> MethodComparison:
    """What each way of collecting comes to, with the organisation's own prices and rates.

    Raises:
        Invalid: a goal or a number of answers is missing for the purpose, or a method is named twice.
        NotPlannable: no number of answers reaches the goal.
    """
    faults = list(_faults_of(request))
    if faults:
        raise Invalid(faults)
    methods = await list_methods(session, organisation_id)
    return await asyncio.to_thread(compare_methods, methods, request)


def _faults_of(request: MethodsRequest) -> Iterator[Fault]:
    if request.purpose is Purpose.EXPLORE:
        if request.goal is not None:
            yield Fault("/goal", "goal_not_wanted", "Reasons are explored without a figure: leave the goal out.")
        if request.answers is None:
            yield Fault("/answers", "answers_missing", "Say how many people you want to hear.")
    else:
        if request.goal is None:
            yield Fault("/goal", "goal_missing", "Say what precision, or which difference, is wanted.")
        if request.answers is not None:
            yield Fault("/answers", "answers_not_wanted", "The number of answers follows from the goal: leave it out.")
    for place, method in enumerate(request.methods):
        if method in request.methods[:place]:
            yield Fault(f"/methods/{place}", "named_twice", f"{method} is named twice.")
