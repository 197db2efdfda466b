"""HTTP shapes of distributions: to whom a report is told, and what became of it."""

from datetime import datetime
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import AS_WHOLE, Input, Line, Output, Page
from feedback_api.schemas.imports import ImportErrorOut
from feedback_core.kit.sealing import Seal
from feedback_core.reports.distributions.recipients import opened, state_of
from feedback_core.reports.distributions.types import (
    MOST_REMINDERS,
    DistributionState,
    Recipient,
    StoredDistribution,
    Way,
)
from feedback_core.reports.distributions.use_cases import Telling
from feedback_core.reports.types import Audience, ReportFormat

_ADA: Final[dict[str, Any]] = {"name": "Ada Kim", "email": "ada.kim@example.org"}
Address = Annotated[
    str,
    Field(
        max_length=254,
        pattern=r"^[^\s@<>\"(),:;\\\[\]\x00-\x1f]+@[^\s@<>\"(),:;\\\[\]\x00-\x1f]+$",
        examples=["ada.kim@example.org"],
        description="E-mail address; sealed at rest",
    ),
]


RemindAfterDays = Annotated[
    Annotated[int, Field(strict=True, ge=1, le=90), AS_WHOLE] | None,
    Field(description=f"Who has not acknowledged is reminded then, at most {MOST_REMINDERS} times; by mail only"),
]


class RecipientIn(Input):
    """Who is told."""

    name: Line = Field(description="As the mail greets them; sealed at rest")
    email: Address | None = Field(default=None, description="Needed for `email`")


class DistributionIn(Input):
    """To whom, and by what way."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"way": "link", "recipient": {"name": "Ada Kim"}},
                {"way": "email", "recipient": _ADA, "remind_after_days": 7},
            ]
        }
    )

    way: Way = Field(description="`email`: the service sends a mail; `link`: you fetch the link and hand it over")
    recipient: RecipientIn
    remind_after_days: RemindAfterDays = None

    def telling(self) -> Telling:
        """For the domain."""
        return Telling(self.way, Recipient(self.recipient.name, self.recipient.email), self.remind_after_days)


class RecipientOut(Output):
    """Who is told."""

    name: str
    email: str | None


class DistributionOut(Output):
    """A distribution as it stands."""

    id: UUID
    report_id: UUID
    way: Way
    recipient: RecipientOut
    state: DistributionState
    error: ImportErrorOut | None = Field(description="Why the mail was not sent, or not yet")
    remind_after_days: int | None
    reminders_sent: int
    next_reminder_at: datetime | None
    requested_by: str = Field(description="Name of the API key, or `schedule`")
    created_at: datetime
    sent_at: datetime | None = Field(description="The mail server took the mail, or the link was made")
    opened_at: datetime | None = Field(description="The file was first fetched by the link")
    acknowledged_at: datetime | None = Field(description="The recipient said to have read it")
    revoked_at: datetime | None

    @classmethod
    def of(cls, stored: StoredDistribution, seal: Seal) -> Self:
        """From the domain."""
        job = stored.job
        return cls(
            id=stored.id,
            report_id=stored.report_id,
            way=stored.way,
            recipient=RecipientOut.model_validate(opened(stored.sealed_recipient, seal)),
            state=state_of(stored),
            error=ImportErrorOut.model_validate(job.error) if job and job.error else None,
            remind_after_days=stored.remind_after_days,
            reminders_sent=stored.reminders_sent,
            next_reminder_at=stored.next_reminder_at,
            requested_by=stored.requested_by,
            created_at=stored.created_at,
            sent_at=stored.sent_at,
            opened_at=stored.opened_at,
            acknowledged_at=stored.acknowledged_at,
            revoked_at=stored.revoked_at,
        )


class DistributionsOut(Page[DistributionOut]):
    """A page of distributions, newest first."""


class LinkOut(Output):
    """The link of one recipient: who has it can read the report and acknowledge it."""

    path: str
    url: str | None = Field(description="Null until REPORTS_LINK_BASE_URL says where recipients reach the API")


class SharedReportOut(Output):
    """What a link leads to."""

    title: str
    organisation: str
    audience: Audience
    format: ReportFormat
    opened_at: datetime | None
    acknowledged_at: datetime | None
    file: str
    acknowledge: str
