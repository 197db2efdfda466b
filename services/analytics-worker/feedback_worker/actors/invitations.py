"""Invitations."""

from datetime import timedelta

from feedback_core.invitations.types.batches import ConductBatch
from feedback_core.jobs.runs import JobRun
from feedback_core.kit.settings import InvitationSettings, SmsSettings, SmtpSettings
from feedback_worker.actor import actor


@actor(job=ConductBatch, time_limit=timedelta(hours=1), max_retries=10, loads="feedback_core.invitations.jobs")
async def conduct_batch(run: JobRun[ConductBatch]) -> None:
    """Do what is due of a batch of invitations."""
    from feedback_core.invitations import jobs

    await jobs.conduct(run, smtp=SmtpSettings(), sms=SmsSettings(), settings=InvitationSettings())
