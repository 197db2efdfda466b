"""The worker's part of KPIs: folding what has come in into the cells."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.jobs.runs import JobRun
from feedback_core.jobs.types import JobPayload
from feedback_core.jobs.use_cases import request_job
from feedback_core.kpis.queries import folding, ratio_folding
from feedback_core.organisations.use_cases import get_organisation

RESPONSES_PER_FOLD = 100_000


@dataclass(frozen=True, slots=True)
class FoldResponses(JobPayload):
    """Fold the unfolded responses of a survey."""

    kind: ClassVar[str] = "kpis.fold"

    survey_id: UUID


async def request_due_folds(system: Session, *, now: datetime) -> int:
    """Ask for a fold of every survey that has something to fold; at most one is open per survey."""
    due = await folding.surveys_due(system)
    for organisation_id, survey_id in due:
        await request_job(system, organisation_id, FoldResponses(survey_id), now=now, dedupe_key=str(survey_id))
    return len(due)


async def run_fold(run: JobRun[FoldResponses]) -> None:
    """Fold part by part, each in a transaction, until nothing is left that can be folded now."""
    more = True
    while more:
        async with run.transaction() as session:
            more = await fold_part(session, run.organisation_id, run.payload.survey_id)


async def fold_part(
    session: Session, organisation_id: UUID, survey_id: UUID, *, most: int = RESPONSES_PER_FOLD
) -> bool:
    """Fold about ``most`` responses; whether more can be folded now."""
    organisation = await get_organisation(session, organisation_id)
    lower = await folding.lock_watermark(session, organisation_id, survey_id)
    part = await folding.next_range(session, organisation_id, survey_id, lower, most=most)
    if part.upper > part.lower:
        await folding.fold(session, organisation_id, survey_id, organisation.time_zone, part)
    await ratio_folding.want_pairs(session, organisation_id, survey_id)
    await ratio_folding.drop_unwanted_pairs(session, organisation_id, survey_id)
    folded = max(part.upper, part.lower)
    for pair in await ratio_folding.pairs_below(session, organisation_id, survey_id, folded):
        to = await folding.end_of_part(session, organisation_id, survey_id, pair.watermark, folded, most=most)
        await ratio_folding.fold_pair(session, organisation_id, survey_id, organisation.time_zone, pair, upper=to)
    if await ratio_folding.pairs_below(session, organisation_id, survey_id, folded):
        return True
    return part.upper > part.lower and await folding.has_unfolded(session, organisation_id, survey_id, folded)
