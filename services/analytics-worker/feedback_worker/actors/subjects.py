"""Retention, erasure and anonymity, requests of data subjects, and keys."""

from datetime import timedelta

from feedback_core.jobs.runs import JobRun
from feedback_core.subjects.payloads import AnswerRequest, ApplyRetention, EraseFromSurvey, ForgetExports, Reseal
from feedback_worker.actor import actor


@actor(job=EraseFromSurvey, time_limit=timedelta(hours=6), max_retries=10, loads="feedback_core.subjects.survey_jobs")
async def erase_from_survey(run: JobRun[EraseFromSurvey]) -> None:
    """Take out of a survey what was asked for."""
    from feedback_core.subjects import survey_jobs

    await survey_jobs.run_erasure(run)


@actor(job=ApplyRetention, time_limit=timedelta(hours=6), max_retries=10, loads="feedback_core.subjects.survey_jobs")
async def apply_retention(run: JobRun[ApplyRetention]) -> None:
    """Take out of a survey what it is not to keep any more."""
    from feedback_core.subjects import survey_jobs

    await survey_jobs.apply_retention(run)


@actor(job=AnswerRequest, time_limit=timedelta(hours=6), max_retries=10, loads="feedback_core.subjects.requests.jobs")
async def answer_request(run: JobRun[AnswerRequest]) -> None:
    """Export or erase everything that is held on somebody."""
    from feedback_core.subjects.requests import jobs

    await jobs.answer_request(run)


@actor(job=ForgetExports, time_limit=timedelta(minutes=10), max_retries=5, loads="feedback_core.subjects.requests.jobs")
async def forget_exports(run: JobRun[ForgetExports]) -> None:
    """Delete exports that nobody fetched in time."""
    from feedback_core.subjects.requests import jobs

    await jobs.forget_exports(run)


@actor(job=Reseal, time_limit=timedelta(hours=6), max_retries=10, loads="feedback_core.subjects.sealing")
async def reseal(run: JobRun[Reseal]) -> None:
    """Encrypt anew, with the newest key, what an older one has sealed."""
    from feedback_core.subjects import sealing

    await sealing.reseal(run)
