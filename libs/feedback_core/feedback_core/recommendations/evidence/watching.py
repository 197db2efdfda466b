"""Telling that evidence was overtaken: by a newer run, or since responses behind it were taken away; once each."""

import hashlib
import json
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.events.use_cases import record_events
from feedback_core.jobs.runs import JobRun
from feedback_core.recommendations import events, queries
from feedback_core.recommendations.evidence import watch_queries
from feedback_core.recommendations.evidence.standing import evidence_of, run_of
from feedback_core.recommendations.evidence.ticks import CheckEvidence
from feedback_core.recommendations.evidence.types import EvidenceState
from feedback_core.recommendations.types import Recommendation, RecommendationState

BATCH: Final = 500
OPEN: Final = (RecommendationState.PROPOSED, RecommendationState.ACCEPTED)
"""States in which it still matters whether the evidence holds."""


async def check_evidence(run: JobRun[CheckEvidence]) -> None:
    """Tell of what is newly overtaken, and note up to where it was looked at, in one transaction."""
    organisation_id, survey_id = run.organisation_id, run.payload.survey_id
    async with run.completion() as session:
        # Read before the evidence: what changes meanwhile is looked at again.
        marks = await watch_queries.marks_of(session, organisation_id, survey_id)
        overtaken: list[UUID] = []
        for state in OPEN:
            wanted = queries.Wanted(survey_id=survey_id, state=state)
            after = None
            while found := await queries.recommendations(session, organisation_id, wanted, after=after, limit=BATCH):
                overtaken += await newly_overtaken(session, organisation_id, found)
                after = (found[-1].priority, found[-1].id)
        await watch_queries.keep_marks(session, organisation_id, survey_id, marks)
        told = [events.overtaken(each) for each in overtaken]
        await record_events(session, organisation_id, told, clock=run.clock)


async def newly_overtaken(session: Session, organisation_id: UUID, found: Sequence[Recommendation]) -> list[UUID]:
    """Those whose evidence does not hold any more and of which that was not told yet; noted as told."""
    standing = await evidence_of(session, organisation_id, found)
    names = {one.id: name_of_evidence(one) for one in found if standing[one.id].state is EvidenceState.OVERTAKEN}
    return [
        recommendation_id
        for recommendation_id, name in names.items()
        if await watch_queries.note_told(session, organisation_id, recommendation_id, name)
    ]


def name_of_evidence(found: Recommendation) -> str:
    """A name for what a recommendation stands on: the same figures of the same runs, the same name."""
    pieces = sorted((str(run_of(found, piece)), str(piece["pointer"])) for piece in found.evidence)
    return hashlib.blake2b(json.dumps(pieces).encode(), digest_size=16).hexdigest()
