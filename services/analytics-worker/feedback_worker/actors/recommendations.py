"""Actors of recommendations."""

from datetime import timedelta

from feedback_core.analyses.payloads import RunEffect, RunReview
from feedback_core.jobs.runs import JobRun
from feedback_core.recommendations.evidence.ticks import CheckEvidence
from feedback_core.recommendations.overdue import TellOverdue, tell_overdue
from feedback_worker.actor import actor


@actor(job=RunReview, time_limit=timedelta(minutes=15), max_retries=5, loads="feedback_core.recommendations.jobs")
async def review(run: JobRun[RunReview]) -> None:
    """Review every feature of a survey."""
    from feedback_core.recommendations.jobs import run_review

    await run_review(run)


@actor(
    job=RunEffect, time_limit=timedelta(minutes=10), max_retries=5, loads="feedback_core.recommendations.effect.jobs"
)
async def effect(run: JobRun[RunEffect]) -> None:
    """Say whether a change worked."""
    from feedback_core.recommendations.effect.jobs import run_effect

    await run_effect(run)


@actor(job=TellOverdue, time_limit=timedelta(minutes=5), max_retries=5)
async def tell_what_is_overdue(run: JobRun[TellOverdue]) -> None:
    """Tell what is overdue."""
    await tell_overdue(run)


@actor(
    job=CheckEvidence,
    time_limit=timedelta(minutes=5),
    max_retries=5,
    loads="feedback_core.recommendations.evidence.watching",
)
async def check_whether_evidence_holds(run: JobRun[CheckEvidence]) -> None:
    """Tell whose evidence was overtaken."""
    from feedback_core.recommendations.evidence.watching import check_evidence

    await check_evidence(run)
