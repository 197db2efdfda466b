"""What whoever has a personal link does: look, answer bit by bit or at once, say no, be asked no more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.invitations.calc.steps import ended_by
from feedback_core.invitations.conducting.following import settle
from feedback_core.invitations.openings import begun_by, opener_of
from feedback_core.invitations.queries import batches as batch_queries
from feedback_core.invitations.queries import sending
from feedback_core.invitations.queries.invitations import invitation_by_id
from feedback_core.invitations.recipients import reached
from feedback_core.invitations.types.invitations import Invitation, PersonalLink
from feedback_core.invitations.types.states import ENDED, EndReason, InvitationEnded, InvitationState
from feedback_core.invitations.use_cases.moving import Happened, move
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import NotFound
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.responses.open_responses.opening import open_response
from feedback_core.responses.open_responses.resuming import another_token
from feedback_core.responses.open_responses.types import Opened, Opening
from feedback_core.responses.open_responses.use_cases import submit
from feedback_core.responses.privacy import Privacy
from feedback_core.responses.types import Duplicate, Recorded, Respondent
from feedback_core.sampling.queries import contacts as contact_queries
from feedback_core.sampling.queries.contacts import Named
from feedback_core.sampling.types.frames import OptOutBy
from feedback_core.sampling.use_cases.units import contacts_of
from feedback_core.sampling.vault import ContactVault
from feedback_core.surveys.types import Confidentiality, ResponseStatus
from feedback_core.surveys.types.texts import text_in
from feedback_core.surveys.use_cases import published_survey

LOOK_AGAIN: Final = timedelta(minutes=1)
BY: Final = "invited"


@dataclass(frozen=True, slots=True)
class Keys:
    """What opens contacts, and hides who answers."""

    vault: ContactVault
    privacy: Privacy


async def follow_link(session: Session, organisation_id: UUID, invitation_id: UUID, *, clock: Clock) -> PersonalLink:
    """What a personal link leads to; that it was followed is noted.

    Raises:
        NotFound: no such invitation.
    """
    found = await _held(session, organisation_id, invitation_id)
    now = clock.now()
    moved = await move(session, organisation_id, [Happened(found, InvitationState.OPENED)], by=BY, at=now)
    found = moved[0] if moved else found
    organisation = await get_organisation(session, organisation_id)
    survey = await published_survey(session, organisation_id, found.survey_id)
    questionnaire = survey.questionnaire
    language = found.language or questionnaire.language
    return PersonalLink(
        organisation=organisation.name,
        survey_id=found.survey_id,
        survey_title=text_in(questionnaire.title, language, fallback=questionnaire.language),
        confidentiality=survey.confidentiality,
        state=found.state,
        language=found.language,
        expires_at=found.expires_at,
        may_answer=takes_answers(found, now),
    )


async def begin_answering(
    session: Session,
    organisation_id: UUID,
    invitation_id: UUID,
    *,
    answers: Mapping[str, object],
    attributes: Mapping[str, object],
    secret: bytes,
    keys: Keys,
    clock: Clock,
) -> Opened:
    """Begin to answer, or go on where its person stopped: a token for an open response.

    What is said beside a response that was begun before is not looked at: its own routes take answers.

    Raises:
        NotFound: no such invitation.
        InvitationEnded: it has ended.
        SurveyClosed: the survey takes no more answers.
        ResponseRefused: something is wrong with the answers or attributes.
    """
    found = await _answering(session, organisation_id, invitation_id, keys, clock=clock)
    begun, key = await begun_by(session, organisation_id, found, keys.privacy)
    if begun is not None:
        if not found.resumable:
            raise InvitationEnded("This invitation was begun, and is answered where it was.")
        return await another_token(session, organisation_id, found.survey_id, begun.id, secret=secret)
    survey = await published_survey(session, organisation_id, found.survey_id)
    opened = await open_response(
        session,
        organisation_id,
        found.survey_id,
        Opening(
            answers=answers,
            attributes=attributes,
            idempotency_key=key,
            method=found.method,
            respondent=await respondent_of(session, organisation_id, found, survey.confidentiality, keys.vault),
        ),
        by=opener_of(found),
        secret=secret,
        privacy=keys.privacy,
        clock=clock,
    )
    await note_started(session, organisation_id, found, open_response_id=opened.draft.opened.id, at=clock.now())
    return opened


async def answer_at_once(
    session: Session,
    organisation_id: UUID,
    invitation_id: UUID,
    *,
    status: ResponseStatus,
    answers: Mapping[str, object],
    attributes: Mapping[str, object],
    secret: bytes,
    request_id: str,
    keys: Keys,
    clock: Clock,
) -> Recorded | Duplicate:
    """Answer in one request; what was begun before is ended with these answers. Once: then the link has ended.

    Raises:
        NotFound: no such invitation.
        InvitationEnded: it has ended, or was answered.
        SurveyClosed: the survey takes no more answers.
        ResponseRefused: something is wrong with the answers or attributes, or required ones are missing.
    """
    opened = await begin_answering(
        session,
        organisation_id,
        invitation_id,
        answers={},
        attributes={},
        secret=secret,
        keys=keys,
        clock=clock,
    )
    begun = opened.draft.opened
    outcome = await submit(
        session,
        organisation_id,
        begun.survey_id,
        begun.id,
        status=status,
        answers=answers,
        attributes=attributes,
        request_id=request_id,
        privacy=keys.privacy,
        clock=clock,
    )
    found = await _held(session, organisation_id, invitation_id)
    state, reason = ended_by(outcome.receipt.status)
    ended = Happened(found, state, reason, open_response_id=begun.id, response_id=outcome.receipt.id)
    await move(session, organisation_id, [ended], by=BY, at=clock.now())
    return outcome


async def refuse(session: Session, organisation_id: UUID, invitation_id: UUID, *, clock: Clock) -> None:
    """Say no to this one; saying so again, or after it has ended, changes nothing.

    Raises:
        NotFound: no such invitation.
    """
    found = await _held(session, organisation_id, invitation_id)
    happened = Happened(found, InvitationState.REFUSED, EndReason.LINK)
    await move(session, organisation_id, [happened], by=BY, at=clock.now())


async def opt_out(
    session: Session,
    organisation_id: UUID,
    invitation_id: UUID,
    *,
    reason: EndReason,
    by: str,
    vault: ContactVault,
    clock: Clock,
) -> None:
    """Be asked no more, by whatever they are known, in every frame; again changes nothing.

    It holds whatever has become of this invitation.

    Raises:
        NotFound: no such invitation.
    """
    found = await _held(session, organisation_id, invitation_id)
    due = await sending.reached_by(session, organisation_id, invitation_id)
    assert due is not None
    contacts = await contacts_of(session, organisation_id, vault)
    (contact, ref), now = reached(due, vault), clock.now()
    named = [
        Named(kind, contact_ref, ref if kind is OptOutBy.REF else None)
        for kind, contact_ref in (
            (OptOutBy.EMAIL, contacts.email(contact.email)),
            (OptOutBy.PHONE, contacts.phone(contact.phone)),
            (OptOutBy.REF, contacts.ref(ref) if ref is not None else None),
        )
        if contact_ref is not None
    ]
    for each in named:
        await contact_queries.note_opt_out(session, organisation_id, each, reason=reason.value, by=by, at=now)
    await move(session, organisation_id, [Happened(found, InvitationState.OPTED_OUT, reason)], by=by, at=now)


async def is_opted_out(session: Session, organisation_id: UUID, invitation_id: UUID) -> bool:
    """Whether somebody is asked no more, by whatever way they said so.

    Raises:
        NotFound: no such invitation.
    """
    due = await sending.reached_by(session, organisation_id, invitation_id)
    if due is None:
        raise NotFound("invitation", "under this link")
    return due.is_opted_out or due.invitation.state is InvitationState.OPTED_OUT


def takes_answers(found: Invitation, now: datetime) -> bool:
    """Whether an invitation may be answered now."""
    return found.state not in ENDED and now < found.expires_at


async def respondent_of(
    session: Session, organisation_id: UUID, found: Invitation, confidentiality: Confidentiality, vault: ContactVault
) -> Respondent | None:
    """Who answers, as far as the survey lets it be kept: a unit by its ref, as its sample knows it."""
    if confidentiality is Confidentiality.ANONYMOUS:
        return None
    due = await sending.reached_by(session, organisation_id, found.id)
    if due is None:
        return None
    contact, ref = reached(due, vault)
    if confidentiality is Confidentiality.PSEUDONYMOUS:
        if ref is not None:
            return Respondent(id=ref)
        return Respondent(email=contact.email) if contact.email is not None else None
    who = Respondent(ref, contact.name, contact.email, contact.phone)
    return who if any((who.id, who.name, who.email, who.phone)) else None


async def note_started(
    session: Session, organisation_id: UUID, found: Invitation, *, open_response_id: UUID | None, at: datetime
) -> None:
    """An answer was begun: what becomes of it is looked at from now on."""
    happened = Happened(found, InvitationState.STARTED, open_response_id=open_response_id)
    await move(session, organisation_id, [happened], by=BY, at=at)
    await batch_queries.wake(session, organisation_id, found.batch_id, at=at + LOOK_AGAIN)


async def _answering(
    session: Session, organisation_id: UUID, invitation_id: UUID, keys: Keys, *, clock: Clock
) -> Invitation:
    """An invitation that may be answered now, held."""
    found = await _held(session, organisation_id, invitation_id)
    if found.state is InvitationState.STARTED:
        settled = await settle(session, organisation_id, [found], keys.privacy, at=clock.now())
        found = settled[0] if settled else found
    if not takes_answers(found, clock.now()):
        raise InvitationEnded("This invitation has ended: it was answered, taken back, or its time is over.")
    return found


async def _held(session: Session, organisation_id: UUID, invitation_id: UUID) -> Invitation:
    found = await invitation_by_id(session, organisation_id, invitation_id, hold=True)
    if found is None:
        raise NotFound("invitation", "under this link")
    return found
