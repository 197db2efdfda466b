"""Inviting a sample, or people by name; looking at what became of a batch; taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from feedback_core.collectors.queries import collector_of_survey
from feedback_core.db.session import Session
from feedback_core.invitations.checks import faults_of
from feedback_core.invitations.queries import batches as queries
from feedback_core.invitations.queries.invitations import InvitationToAdd, add_invitations, in_states
from feedback_core.invitations.queries.recipients import opted_out_among
from feedback_core.invitations.recipients import sealed
from feedback_core.invitations.types.batches import (
    SENT_FROM_HERE,
    Batch,
    BatchCancelled,
    BatchFault,
    ConductBatch,
    NewBatch,
    Recipient,
    SendingNotConfigured,
)
from feedback_core.invitations.types.states import EndReason, InvitationState
from feedback_core.invitations.use_cases.moving import Happened, move
from feedback_core.jobs.use_cases import get_job, request_job
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import Fault, Invalid, NotFound
from feedback_core.kit.ids import new_id
from feedback_core.kit.settings import InvitationSettings, SmsSettings, SmtpSettings
from feedback_core.planning.types import CollectionMethod
from feedback_core.responses.use_cases import survey_taking_answers
from feedback_core.sampling.types.samples import SampleNotDrawn
from feedback_core.sampling.use_cases.frames import frame_in_use
from feedback_core.sampling.use_cases.samples import get_sample
from feedback_core.sampling.use_cases.units import contacts_of
from feedback_core.sampling.vault import Contacts, ContactVault
from feedback_core.surveys.types import Confidentiality
from feedback_core.surveys.use_cases import check_survey

_PART: Final = 1_000
_NOT_BEGUN: Final = (
    InvitationState.CREATED,
    InvitationState.SENT,
    InvitationState.DELIVERED,
    InvitationState.OPENED,
)


@dataclass(frozen=True, slots=True)
class Ways:
    """How messages go out, as it is set."""

    smtp: SmtpSettings
    sms: SmsSettings
    settings: InvitationSettings


@dataclass(frozen=True, slots=True)
class Counted:
    """A batch, and how many of its invitations are in which state."""

    batch: Batch
    counts: dict[InvitationState, int]


async def invite(
    session: Session,
    organisation_id: UUID,
    said: NewBatch,
    *,
    ways: Ways,
    vault: ContactVault,
    by: str,
    clock: Clock,
) -> Counted:
    """Invite a sample, or people by name; the worker makes the invitations of a sample, and sends.

    Raises:
        NotFound: no such survey, sample or collector here.
        SurveyNotPublished: the survey has no version yet.
        SurveyClosed: it takes no more answers.
        SampleNotDrawn: the sample is not drawn.
        FrameEmptied: the time of its frame is over.
        Invalid: something is wrong with it; each fault is named with a pointer.
        SendingNotConfigured: messages of this way cannot be sent.
    """
    now = clock.now()
    contacts = await contacts_of(session, organisation_id, vault)
    faults = faults_of(said, contacts, now)
    if faults:
        raise Invalid(faults)
    survey = await survey_taking_answers(session, organisation_id, said.survey_id)
    await _check_places(session, organisation_id, said)
    _check_ways(said.method, ways)
    send_at = said.send_at or now
    expires_at = send_at + timedelta(days=said.expires_after_days)
    batch_id = new_id()
    job_id = await request_job(session, organisation_id, ConductBatch(batch_id), now=now, dedupe_key=str(batch_id))
    batch = Batch(
        id=batch_id,
        survey_id=said.survey_id,
        sample_id=said.sample_id,
        collector_id=said.collector_id,
        name=said.name,
        method=said.method,
        wave=said.wave,
        settings=said.settings,
        keeps_response=survey.confidentiality is not Confidentiality.ANONYMOUS,
        filled_to=None,
        filled_at=now if said.sample_id is None else None,
        send_at=send_at,
        expires_at=expires_at,
        keep_until=expires_at + timedelta(days=said.keep_days),
        next_at=now,
        cancelled_at=None,
        requested_by=by,
        created_at=now,
        revision=1,
        job=await get_job(session, organisation_id, job_id),
    )
    await queries.add_batch(session, organisation_id, batch)
    if said.recipients:
        rows = await _named(session, organisation_id, said, contacts)
        next_at = send_at if said.method in SENT_FROM_HERE else None
        await add_invitations(session, organisation_id, batch_id, rows, next_at=next_at, by=by, at=now)
    return await _counted(session, organisation_id, batch)


async def get_batch(session: Session, organisation_id: UUID, batch_id: UUID, *, hold: bool = False) -> Counted:
    """A batch, and what became of its invitations.

    Raises:
        NotFound: no such batch here.
    """
    found = await queries.batch_by_id(session, organisation_id, batch_id, hold=hold)
    if found is None:
        raise NotFound("invitation batch", batch_id)
    return await _counted(session, organisation_id, found)


async def list_batches(
    session: Session, organisation_id: UUID, *, survey_id: UUID | None, cursor: str | None, limit: int
) -> tuple[list[Counted], str | None]:
    """A page of batches, newest first, and the cursor of the next one.

    Raises:
        NotFound: no such survey here.
        InvalidCursor: the cursor belongs to another query.
    """
    if survey_id is not None:
        await check_survey(session, organisation_id, survey_id)
    query: dict[str, object] = {"list": "invitation batches", "organisation": organisation_id, "survey": survey_id}
    before = id_in_cursor(cursor, query)
    found = await queries.batches_before(session, organisation_id, survey_id=survey_id, before=before, limit=limit + 1)
    page, following = page_of(found, limit, query)
    counts = await queries.counts_of(session, organisation_id, [batch.id for batch in page])
    return [Counted(batch, counts[batch.id]) for batch in page], following


async def cancel_batch(session: Session, organisation_id: UUID, batch_id: UUID, *, by: str, clock: Clock) -> Counted:
    """Take a batch back: nothing more is sent, and links of those who have not begun end; who has may finish.

    Raises:
        NotFound: no such batch here.
        BatchCancelled: it was taken back before.
    """
    batch = (await get_batch(session, organisation_id, batch_id, hold=True)).batch
    if batch.cancelled_at is not None:
        raise BatchCancelled("This batch was taken back before.")
    now = clock.now()
    await queries.note_cancelled(session, organisation_id, batch_id, at=now)
    while held := await in_states(session, organisation_id, batch_id, _NOT_BEGUN, limit=_PART):
        ended = [Happened(each, InvitationState.CANCELLED, EndReason.BATCH_CANCELLED) for each in held]
        await move(session, organisation_id, ended, by=by, at=now)
    await queries.silence(session, organisation_id, batch_id)
    return await get_batch(session, organisation_id, batch_id)


async def _counted(session: Session, organisation_id: UUID, batch: Batch) -> Counted:
    return Counted(batch, (await queries.counts_of(session, organisation_id, [batch.id]))[batch.id])


async def _check_places(session: Session, organisation_id: UUID, said: NewBatch) -> None:
    if said.collector_id is not None:
        found = await collector_of_survey(session, organisation_id, said.survey_id, said.collector_id)
        if found is None:
            raise NotFound("collector", said.collector_id)
    if said.sample_id is None:
        return
    sample = await get_sample(session, organisation_id, said.sample_id)
    if sample.outcome is None:
        raise SampleNotDrawn("The sample is not drawn.")
    if sample.survey_id not in {None, said.survey_id}:
        raise Invalid([Fault("/sample_id", BatchFault.OTHER_SURVEY.value, "The sample is for another survey.")])
    frame = await frame_in_use(session, organisation_id, sample.frame_id)
    attribute = said.settings.language_attribute
    if attribute is not None and attribute not in frame.settings.attributes:
        detail = "The frame has no attribute of this key."
        raise Invalid([Fault("/language_attribute", BatchFault.UNKNOWN_ATTRIBUTE.value, detail)])


def _check_ways(method: CollectionMethod, ways: Ways) -> None:
    needed = {
        CollectionMethod.EMAIL: (("SMTP_HOST", ways.smtp.host), ("SMTP_SENDER", ways.smtp.sender)),
        CollectionMethod.SMS: (("SMS_GATEWAY_URL", ways.sms.gateway_url),),
    }.get(method)
    if needed is None:
        return
    needed = (*needed, ("INVITATIONS_LINK_BASE_URL", ways.settings.link_base_url))
    missing = [name for name, value in needed if not value]
    if missing:
        raise SendingNotConfigured(f"Nothing can be sent by {method.value} before {', '.join(missing)} is set.")


async def _named(session: Session, organisation_id: UUID, said: NewBatch, contacts: Contacts) -> list[InvitationToAdd]:
    """People by name as they are written down: their contacts sealed; who opted out gets no message."""
    rows = [_row(each, contacts) for each in said.recipients]
    refs = [ref for row in rows for ref in (row.email_ref, row.phone_ref, row.ref_ref) if ref is not None]
    out = await opted_out_among(session, organisation_id, refs)
    address = {CollectionMethod.EMAIL: "email_ref", CollectionMethod.SMS: "phone_ref"}.get(said.method)
    return [_barred(row, out, address) for row in rows]


def _row(each: Recipient, contacts: Contacts) -> InvitationToAdd:
    return InvitationToAdd(
        id=new_id(),
        stratum=each.stratum,
        interviewer=each.interviewer,
        contact=sealed(each.contact, each.ref, contacts.vault),
        email_ref=contacts.email(each.contact.email),
        phone_ref=contacts.phone(each.contact.phone),
        ref_ref=contacts.ref(each.ref) if each.ref is not None else None,
        language=each.language,
    )


def _barred(row: InvitationToAdd, out: Sequence[bytes] | set[bytes], address: str | None) -> InvitationToAdd:
    if {row.email_ref, row.phone_ref, row.ref_ref} & set(out):
        return replace(row, state=InvitationState.OPTED_OUT, reason=EndReason.OPTED_OUT_BEFORE)
    if address is not None and getattr(row, address) is None:
        return replace(row, state=InvitationState.BOUNCED, reason=EndReason.NO_ADDRESS)
    return row
