"""Shapes of invitations: batches that are asked for, what became of them, and of each invitation."""

from datetime import datetime, time
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from feedback_api.schemas.common import AS_WHOLE, Flag, Input, Key, Line, LongText, Output
from feedback_api.schemas.frames import Said
from feedback_api.schemas.responses import Moment
from feedback_core.fieldwork.invited import disposition_of_invitation
from feedback_core.fieldwork.types import ContactPolicy, Disposition
from feedback_core.invitations.types.batches import (
    MOST_DAYS,
    MOST_LANGUAGES,
    MOST_RECIPIENTS,
    MOST_REMINDERS,
    BatchSettings,
    MessageTexts,
    NewBatch,
    QuietHours,
    Recipient,
    Reminder,
)
from feedback_core.invitations.types.invitations import Invitation
from feedback_core.invitations.types.states import EndReason, InvitationState
from feedback_core.invitations.use_cases.batches import Counted
from feedback_core.invitations.use_cases.invitations import Told
from feedback_core.jobs.types import JobStatus
from feedback_core.planning.types import CollectionMethod
from feedback_core.sampling.types.frames import Contact

Language = Annotated[str, Field(min_length=2, max_length=35)]
Days = Annotated[int, Field(strict=True, ge=1, le=MOST_DAYS), AS_WHOLE]
ClockTime = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["21:00"])]
Text = Annotated[LongText, Field(max_length=10_000)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["EUR"])]
Cost = Annotated[float, Field(strict=True, ge=0, le=1e9, allow_inf_nan=False)]

_MAIL: Final[dict[str, Any]] = {
    "subject": "{organisation} would like to hear from you",
    "text": "Dear {name},\n\nhow was it? {link}\n\nNever ask me again: {opt_out}",
}
_LETTERS: JsonDict = {
    "survey_id": "01990000-0000-7000-8000-000000000000",
    "name": "Letters of spring 2026",
    "method": "postal_questionnaire",
    "recipients": [{"ref": "C-1001", "name": "Ada Kim", "stratum": "north"}],
    "link_url": "https://www.example.org/answer?token={token}",
}
_MAILS: JsonDict = {
    "survey_id": "01990000-0000-7000-8000-000000000000",
    "name": "Spring 2026",
    "method": "email",
    "recipients": [{"email": "ada@example.org", "name": "Ada Kim", "ref": "C-1001", "language": "en"}],
    "link_url": "https://www.example.org/answer?token={token}",
    "messages": {"en": _MAIL},
    "language": "en",
    "reminders": [{"after_days": 3}, {"after_days": 7}],
    "quiet_hours": {"from": "21:00", "to": "08:00"},
}


class MessageBody(Input):
    """A message; `{name}`, `{link}`, `{opt_out}`, `{organisation}`, `{survey}`, `{ends_on}` stand for what differs."""

    model_config = ConfigDict(from_attributes=True)

    subject: Line | None = Field(default=None, description="Of an e-mail; a short message has none")
    text: Text = Field(description="With `{link}` in it, and in an e-mail `{opt_out}`; e-mails get an HTML part of it")


Messages = Annotated[dict[Language, MessageBody], Field(max_length=MOST_LANGUAGES)]


class ReminderBody(Input):
    """A message to those who have not answered, refused or opted out."""

    model_config = ConfigDict(from_attributes=True)

    after_days: Days = Field(description="Since the first message")
    messages: Messages = Field(default_factory=dict, description="By language; the first message again, if left out")


class QuietHoursBody(Input):
    """When nobody is written to, by the organisation's clock; over midnight if it ends before it begins."""

    model_config = ConfigDict(populate_by_name=True)

    begin: ClockTime = Field(alias="from")
    end: ClockTime = Field(alias="to")


class RecipientIn(Input):
    """Somebody invited by name. Contacts are kept encrypted, and for a time only."""

    ref: Said | None = Field(default=None, description="Your own name for them")
    email: Said | None = None
    phone: Said | None = None
    name: Said | None = None
    language: Language | None = None
    stratum: Line | None = Field(default=None, description="By which figures of the fieldwork are given")
    interviewer: Line | None = Field(default=None, description="Who asks them")

    def recipient(self) -> Recipient:
        """For the domain."""
        contact = Contact(name=self.name, email=self.email, phone=self.phone)
        return Recipient(contact, self.ref, self.language, self.stratum, self.interviewer)


class HowBody(Input):
    """How a batch goes out."""

    messages: Messages = Field(
        default_factory=dict, description="By language; for methods `email` and `sms`, which are sent from here"
    )
    language: Language | None = Field(default=None, description="Of those of whom no other is known")
    language_attribute: Key | None = Field(
        default=None, description="Of a sample's frame: where units' language stands"
    )
    reminders: list[ReminderBody] = Field(default_factory=list, max_length=MOST_REMINDERS)
    quiet_hours: QuietHoursBody | None = None
    per_minute: Annotated[int, Field(strict=True, ge=1, le=100_000), AS_WHOLE] = Field(
        default=300, description="Messages that go out in a minute at most"
    )
    resumable: Flag = Field(
        default=True,
        description="False: who has begun goes on only where they began, and the link is of no use to others",
    )
    link_url: Annotated[str, Field(min_length=1, max_length=1_000)] | None = Field(
        default=None, description="Where links lead, with `{token}`; the hosted page of the collector, if left out"
    )
    message_cost: Cost = Field(default=0.0, description="Of one message, in the smallest unit of the currency")
    currency: Currency | None = None


class InvitationBatchIn(HowBody):
    """Whom to invite: the units of a sample, or people by name."""

    model_config = ConfigDict(json_schema_extra={"examples": [_LETTERS, _MAILS]})

    survey_id: UUID
    name: Line
    method: CollectionMethod
    sample_id: UUID | None = None
    recipients: list[RecipientIn] = Field(default_factory=list, max_length=MOST_RECIPIENTS)
    collector_id: UUID | None = Field(default=None, description="Whose hosted page people answer on")
    wave: Line | None = None
    send_at: Moment | None = Field(default=None, description="At once, if left out")
    expires_after_days: Days = Field(default=30, description="After sending begins, links end")
    keep_days: Annotated[int, Field(strict=True, ge=0, le=3_650), AS_WHOLE] = Field(
        default=90, description="Contacts of people by name are kept for so long after that"
    )

    def batch(self) -> NewBatch:
        """For the domain."""
        return NewBatch(
            survey_id=self.survey_id,
            name=self.name,
            method=self.method,
            sample_id=self.sample_id,
            recipients=tuple(each.recipient() for each in self.recipients),
            collector_id=self.collector_id,
            wave=self.wave,
            settings=self._settings(),
            send_at=self.send_at,
            expires_after_days=self.expires_after_days,
            keep_days=self.keep_days,
        )

    def _settings(self) -> BatchSettings:
        quiet = self.quiet_hours
        return BatchSettings(
            messages=_texts(self.messages),
            language=self.language,
            language_attribute=self.language_attribute,
            reminders=tuple(Reminder(each.after_days, _texts(each.messages)) for each in self.reminders),
            quiet=QuietHours(time.fromisoformat(quiet.begin), time.fromisoformat(quiet.end)) if quiet else None,
            per_minute=self.per_minute,
            resumable=self.resumable,
            link_url=self.link_url,
            message_cost=self.message_cost,
            currency=self.currency,
        )


class BatchErrorOut(Output):
    """Why the last attempt to go on failed."""

    code: str = Field(examples=["mail_not_taken"])
    detail: str


class InvitationBatchOut(Output):
    """A batch, and how many of its invitations stand where."""

    id: UUID
    survey_id: UUID
    sample_id: UUID | None
    collector_id: UUID | None
    name: str
    method: CollectionMethod
    wave: str | None
    how: HowBody
    invitations: dict[InvitationState, int] = Field(description="By state; treat what you don't know as ended")
    is_filled: bool = Field(description="Whether everybody has their invitation")
    status: JobStatus | None = Field(description="Of the work that is done now, or was done last")
    error: BatchErrorOut | None
    send_at: datetime
    expires_at: datetime
    next_at: datetime | None = Field(description="When there is something to do: to send, to remind, to end")
    cancelled_at: datetime | None
    requested_by: str = Field(description="Name of the API key")
    created_at: datetime

    @classmethod
    def of(cls, counted: Counted) -> Self:
        """From the domain."""
        batch = counted.batch
        job = batch.job
        own = {name: getattr(batch, name) for name in cls.model_fields if hasattr(batch, name)}
        return cls.model_validate(
            {
                **own,
                "how": _how(batch.settings),
                "invitations": counted.counts,
                "is_filled": batch.filled_at is not None,
                "status": None if job is None else job.status,
                "error": None if job is None or job.error is None else BatchErrorOut.model_validate(job.error),
            }
        )


class InvitationStepOut(Output):
    """What happened to an invitation."""

    number: int
    happening: str = Field(description="A state, or `reminded` or `not_taken`: it is tried again", examples=["sent"])
    state: InvitationState
    reason: EndReason | None
    noted_by: str
    at: datetime


class InvitationOut(Output):
    """An invitation; how its person is reached is never shown."""

    id: UUID
    invitation_batch_id: UUID
    survey_id: UUID
    sample_id: UUID | None
    unit_id: UUID | None
    ref: str | None = Field(description="Of a unit of a frame")
    method: CollectionMethod
    wave: str | None
    stratum: str | None
    interviewer: str | None
    language: str | None
    state: InvitationState = Field(description="Treat what you don't know as ended")
    reason: EndReason | None
    disposition: Disposition | None = Field(description="After AAPOR, as it stands now; null: not asked, or taken back")
    created_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    opened_at: datetime | None
    started_at: datetime | None = Field(description="The day only, where the survey promises anonymity")
    completed_at: datetime | None = Field(description="The same")
    ended_at: datetime | None
    expires_at: datetime
    next_at: datetime | None = Field(description="When the next message goes out")
    reminders_sent: int
    cost: float = Field(description="Of its messages")
    response_id: UUID | None = Field(description="Never, where the survey promises anonymity")

    @classmethod
    def of(cls, told: Told) -> Self:
        """From the domain."""
        return cls.model_validate(_fields(told))


class InvitationDetailOut(InvitationOut):
    """An invitation with what happened to it."""

    steps: list[InvitationStepOut]

    @classmethod
    def of_whole(cls, told: Told) -> Self:
        """From the domain."""
        return cls.model_validate({**_fields(told), "steps": [InvitationStepOut.model_validate(s) for s in told.steps]})


class StepIn(Input):
    """What happened outside: a letter went out or came back, somebody said something on the telephone."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"happening": "refused"}]})

    happening: Literal["sent", "delivered", "refused", "ineligible", "bounced"]


class PersonalLinkOut(Output):
    """The link of one person: whoever has it answers in their name."""

    token: str
    url: str
    opt_out_url: str


def _texts(messages: dict[str, MessageBody]) -> dict[str, MessageTexts]:
    return {language: MessageTexts(text=each.text, subject=each.subject) for language, each in messages.items()}


def _how(settings: BatchSettings) -> HowBody:
    own = {name: getattr(settings, name) for name in HowBody.model_fields if hasattr(settings, name)}
    quiet = settings.quiet
    own["quiet_hours"] = (
        None
        if quiet is None
        else QuietHoursBody.model_validate({"from": f"{quiet.begin:%H:%M}", "to": f"{quiet.end:%H:%M}"})
    )
    own["messages"] = {language: MessageBody.model_validate(each) for language, each in settings.messages.items()}
    own["reminders"] = [
        ReminderBody(
            after_days=each.after_days,
            messages={language: MessageBody.model_validate(texts) for language, texts in each.messages.items()},
        )
        for each in settings.reminders
    ]
    return HowBody.model_validate(own)


def _fields(told: Told) -> dict[str, object]:
    found: Invitation = told.invitation
    own = {name: getattr(found, name) for name in InvitationOut.model_fields if hasattr(found, name)}
    return {
        **own,
        "invitation_batch_id": found.batch_id,
        "ref": told.ref,
        "disposition": disposition_of_invitation(found, ContactPolicy()),
    }
