"""Proposing what analyses found: under the procedure that the organisation has now."""

from collections.abc import Sequence
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.events.use_cases import record_events
from feedback_core.kit.clock import Clock
from feedback_core.kit.ids import new_id
from feedback_core.recommendations import events, queries
from feedback_core.recommendations.evidence.watching import newly_overtaken
from feedback_core.recommendations.procedures.calc import due_at, escalates_at
from feedback_core.recommendations.procedures.types import STANDARD
from feedback_core.recommendations.procedures.use_cases import get_procedure
from feedback_core.recommendations.queries import Entry
from feedback_core.recommendations.types import Candidate


async def entry_under(session: Session, organisation_id: UUID, key: str = STANDARD, *, clock: Clock) -> Entry:
    """Where a recommendation that comes now enters under a procedure.

    Raises:
        NotFound: there is no such procedure.
    """
    stored = await get_procedure(session, organisation_id, key)
    step = stored.procedure.step(stored.procedure.start)
    assert step is not None  # held when it was stored
    now = clock.now()
    return Entry(key, stored.version, step.key, due_at(step, now), escalates_at(step, now))


async def propose_candidates(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    run_id: UUID,
    candidates: Sequence[Candidate],
    *,
    clock: Clock,
) -> list[UUID]:
    """Propose what a run found, in the transaction that keeps it; what is there already gets one more sighting."""
    entry = await entry_under(session, organisation_id, clock=clock)
    proposals = [(new_id(), candidate) for candidate in candidates]
    found = await queries.propose(session, organisation_id, survey_id, run_id, proposals, at=clock.now(), entry=entry)
    ids = [recommendation_id for recommendation_id, _ in found]
    told = [
        events.created(recommendation_id, survey_id, run_id, candidate.kind, by="analysis")
        for (recommendation_id, is_new), candidate in zip(found, candidates, strict=True)
        if is_new
    ]
    met = [one for each in ids if (one := await queries.recommendation_by_id(session, organisation_id, each))]
    told += [events.overtaken(each) for each in await newly_overtaken(session, organisation_id, met)]
    await record_events(session, organisation_id, told, clock=clock)
    return ids
