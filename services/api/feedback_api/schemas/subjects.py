"""Shapes of audit, retention, erasures of a survey, and requests of data subjects."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AwareDatetime, BeforeValidator, ConfigDict, Field, model_validator

from feedback_api.schemas.common import AS_WHOLE, Input, Line, Output
from feedback_api.schemas.responses import Name, as_instant
from feedback_core.jobs.types import JobStatus
from feedback_core.organisations.types import AuditAction
from feedback_core.subjects.types import (
    Comments,
    ErasureKind,
    Mentions,
    RequestKind,
    Retention,
    RetentionAction,
    StoredRetention,
    Subject,
    SubjectRequest,
    SurveyErasure,
)

_MOST_DAYS = 36_500


class AuditEventOut(Output):
    """Something that was done."""

    id: UUID
    at: datetime
    action: AuditAction
    actor: str = Field(description="Name of the API key, or of the part of the service that did it by itself")
    thing: str = Field(description="What it was done to", examples=["survey"])
    thing_id: str | None = Field(description="Null: the organisation as a whole")
    details: dict[str, Any] = Field(description="Numbers and words of the service; never what somebody said")


class RetentionIn(Input):
    """How long a survey keeps what was said: a number of days, or up to an instant."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"action": "anonymise", "days": 730, "comments": "erase"},
                {"action": "erase", "until": "2030-01-01T00:00:00Z"},
            ]
        }
    )

    action: RetentionAction = Field(
        description="`erase`: responses go, also from the figures. `anonymise`: who gave them goes, the figures stay"
    )
    days: Annotated[int, Field(strict=True, ge=1, le=_MOST_DAYS), AS_WHOLE] | None = Field(
        default=None, description="After submission"
    )
    until: Annotated[AwareDatetime, BeforeValidator(as_instant)] | None = Field(
        default=None, description="From then on nothing is kept"
    )
    comments: Comments = Field(default=Comments.KEEP, description="Of `anonymise`: what becomes of answers in words")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.days is None) == (self.until is None):
            message = "give either days or until"
            raise ValueError(message)
        if self.action is RetentionAction.ERASE and self.comments is Comments.ERASE:
            message = "comments go with the responses that are erased: leave comments out"
            raise ValueError(message)
        return self

    def retention(self) -> Retention:
        """For the domain."""
        return Retention(self.action, self.comments, self.days, self.until)


class RetentionOut(Output):
    """How long a survey keeps what was said."""

    action: RetentionAction
    days: int | None
    until: datetime | None
    comments: Comments
    set_by: str = Field(description="Name of the API key")
    set_at: datetime
    next_run_at: datetime = Field(description="The next night in the organisation's time zone")

    @classmethod
    def of(cls, stored: StoredRetention) -> Self:
        """From the domain."""
        held = stored.retention
        return cls(
            action=held.action,
            days=held.days,
            until=held.until,
            comments=held.comments,
            set_by=stored.set_by,
            set_at=stored.set_at,
            next_run_at=stored.next_run_at,
        )


class AnonymiseIn(Input):
    """Why a survey is made anonymous, and how."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "The study has ended", "minimum": 5, "comments": "keep"}]}
    )

    reason: Line
    minimum: Annotated[int, Field(strict=True, ge=2, le=1000), AS_WHOLE] | None = Field(
        default=None,
        description="Fewest responses that may say the same of their respondents (k); the organisation's, if left out",
    )
    comments: Comments = Field(default=Comments.KEEP, description="What becomes of answers in words")


class TouchedOut(Output):
    """A store that was looked through."""

    store: str
    rows: int = Field(description="Taken out of it; of an export: found in it")


class StaysOut(Output):
    """What stays."""

    store: str
    why: str
    rows: int | None = Field(description="Null where it is not counted")


class ReportOut(Output):
    """What was done, store by store."""

    touched: list[TouchedOut]
    stays: list[StaysOut]


class SurveyErasureOut(Output):
    """What was asked to be taken out of a survey, and what became of it."""

    id: UUID
    survey_id: UUID
    kind: ErasureKind
    parameters: dict[str, Any]
    reason: str
    requested_by: str = Field(description="Name of the API key, or `retention`")
    status: JobStatus
    report: ReportOut | None = Field(description="Grows while it runs")
    created_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, found: SurveyErasure) -> Self:
        """From the domain."""
        return cls(
            id=found.id,
            survey_id=found.survey_id,
            kind=found.kind,
            parameters=dict(found.parameters),
            reason=found.reason,
            requested_by=found.requested_by,
            status=found.job.status,
            report=None if found.report is None else ReportOut.model_validate(found.report),
            created_at=found.created_at,
            finished_at=found.finished_at,
        )


class SubjectIn(Input):
    """Whom a request is about, by at least one of these. A name finds only those of whom nothing else is known."""

    id: Name | None = Field(default=None, description="Your own name for them")
    email: Name | None = None
    phone: Name | None = None
    name: Name | None = None
    external_id: Name | None = Field(default=None, description="Of a response; finds anonymous ones too")
    response_id: UUID | None = None

    def subject(self) -> Subject:
        """For the domain."""
        return Subject(self.id, self.email, self.phone, self.name, self.external_id, self.response_id)


class SubjectRequestIn(Input):
    """What a data subject asks for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "erase", "subject": {"email": "ada@example.org"}, "reason": "Asked for by letter"}]
        }
    )

    kind: RequestKind
    subject: SubjectIn
    mentions: Mentions = Field(
        default=Mentions.ERASE,
        description="Of an erasure: what becomes of comments of others in which the e-mail address or number stands",
    )
    reason: Line = Field(description="Whom it is about is taken out of it")


class SubjectRequestOut(Output):
    """A request, without whom it is about."""

    id: UUID
    kind: RequestKind
    named_by: list[str] = Field(description="By which fields the subject was named")
    reason: str
    requested_by: str = Field(description="Name of the API key")
    status: JobStatus
    report: ReportOut | None = Field(description="Grows while it runs")
    created_at: datetime
    finished_at: datetime | None
    export_until: datetime | None = Field(description="Until when the export can be fetched; null: there is none")

    @classmethod
    def of(cls, found: SubjectRequest) -> Self:
        """From the domain."""
        return cls(
            id=found.id,
            kind=found.kind,
            named_by=list(found.named_by),
            reason=found.reason,
            requested_by=found.requested_by,
            status=found.job.status,
            report=None if found.report is None else ReportOut.model_validate(found.report),
            created_at=found.created_at,
            finished_at=found.finished_at,
            export_until=found.export_until,
        )


class SubjectExportOut(Output):
    """Everything that is held on somebody."""

    made_at: datetime
    responses: list[dict[str, Any]] = Field(description="With identity, decisions, and what was read out of comments")
    mentions: list[dict[str, Any]] = Field(description="Comments of others in which an address or number stands")
    stores: dict[str, list[dict[str, Any]]] = Field(description="What else is held, by store")
