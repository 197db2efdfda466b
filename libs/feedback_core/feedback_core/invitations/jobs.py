"""The worker's part of invitations: everything that is due of a batch, in one job, and when there is more to do.

A message is sent between two transactions: one that was handed over just before a worker died goes out again, with
the same Message-ID, or the same Idempotency-Key.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from feedback_core.collectors.links import SurveyLinks
from feedback_core.db.session import Session
from feedback_core.invitations.conducting.filling import fill
from feedback_core.invitations.conducting.following import follow
from feedback_core.invitations.conducting.posting import Hand, Posting
from feedback_core.invitations.gateway import post_message
from feedback_core.invitations.letters import Letter, Sender, mail_of
from feedback_core.invitations.links import PersonalLinks
from feedback_core.invitations.queries import batches as queries
from feedback_core.invitations.queries.invitations import forget_contacts, in_states
from feedback_core.invitations.types.batches import SENT_FROM_HERE, Batch, ConductBatch
from feedback_core.invitations.types.states import PROGRESS, InvitationState
from feedback_core.invitations.use_cases.moving import Happened, move
from feedback_core.jobs.runs import JobRun
from feedback_core.kit.errors import NotFound
from feedback_core.kit.mail import MailRefused, send_message
from feedback_core.kit.regions import regions_of
from feedback_core.kit.settings import InvitationSettings, SmsSettings, SmtpSettings
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.planning.types import CollectionMethod
from feedback_core.surveys.use_cases import get_survey

PART: Final = 500
LOOK_AGAIN: Final = timedelta(minutes=1)
"""After which what was begun is looked at again."""


async def conduct(
    run: JobRun[ConductBatch], *, smtp: SmtpSettings, sms: SmsSettings, settings: InvitationSettings
) -> None:
    """Do what is due of a batch, and note when there is more."""
    organisation_id = run.organisation_id
    async with run.snapshot() as session:
        batch = await _found(session, run)
    if batch.cancelled_at is None and batch.filled_at is None and batch.sample_id is not None:
        await fill(run, batch)
    await follow(run, batch)
    await _expire(run, batch)
    held_back: datetime | None = None
    if batch.cancelled_at is None and batch.method in SENT_FROM_HERE and run.clock.now() >= batch.send_at:
        async with run.snapshot() as session:
            sender = await _sender(session, run, batch)
        links = PersonalLinks(SurveyLinks.from_settings(run.secrets), organisation_id, settings.link_base_url or "")
        held_back = await Posting(run, batch, sender, links, _hand(run, batch, smtp, sms)).post()
    async with run.completion() as session:
        if run.clock.now() >= batch.keep_until:
            await forget_contacts(session, organisation_id, batch.id)
        current = await queries.batch_by_id(session, organisation_id, batch.id, hold=True)
        if current is not None:
            await queries.note_next(
                session, organisation_id, batch.id, await _next(session, run, current, held_back), job_id=run.job_id
            )


async def _found(session: Session, run: JobRun[ConductBatch]) -> Batch:
    found = await queries.batch_by_id(session, run.organisation_id, run.payload.batch_id)
    if found is None:
        raise NotFound("invitation batch", run.payload.batch_id)
    return found


async def _expire(run: JobRun[ConductBatch], batch: Batch) -> None:
    """End those whose time is over; what bounced has ended already."""
    while True:
        async with run.transaction() as session:
            now = run.clock.now()
            over = await in_states(session, run.organisation_id, batch.id, PROGRESS, expired_by=now, limit=PART)
            ended = [Happened(each, InvitationState.EXPIRED) for each in over]
            await move(session, run.organisation_id, ended, by="invitations", at=now)
        if len(over) < PART:
            return


async def _sender(session: Session, run: JobRun[ConductBatch], batch: Batch) -> Sender:
    organisation = await get_organisation(session, run.organisation_id)
    questionnaire = (await get_survey(session, run.organisation_id, batch.survey_id)).questionnaire
    return Sender(
        organisation=organisation.name,
        zone=ZoneInfo(organisation.time_zone),
        regions=regions_of(organisation.time_zone),
        survey_title=questionnaire.title,
        survey_language=questionnaire.language,
    )


def _hand(run: JobRun[ConductBatch], batch: Batch, smtp: SmtpSettings, sms: SmsSettings) -> Hand:
    """How a message of the batch is handed over."""

    async def by_mail(letter: Letter) -> None:
        try:
            message = mail_of(letter, smtp.sender or "", at=run.clock.now())
        except ValueError:
            raise MailRefused("No mail can be made for this address.") from None
        await send_message(message, letter.address, smtp)

    async def by_gateway(letter: Letter) -> None:
        await asyncio.to_thread(post_message, sms, to=letter.address, text=letter.text, message_id=letter.id)

    return by_mail if batch.method is CollectionMethod.EMAIL else by_gateway


async def _next(
    session: Session, run: JobRun[ConductBatch], batch: Batch, held_back: datetime | None
) -> datetime | None:
    """When there is something to do: never before what holds messages back has passed."""
    found, now = await queries.what_is_next(session, run.organisation_id, batch.id), run.clock.now()
    times: list[datetime] = []
    if found.is_named:
        times.append(batch.keep_until)
    if found.over is not None:
        times.append(found.over)
    if found.is_begun:
        times.append(now + LOOK_AGAIN)
    if batch.cancelled_at is None and found.next_message is not None and batch.method in SENT_FROM_HERE:
        times.append(max(found.next_message, held_back or found.next_message))
    return min(times, default=None)
