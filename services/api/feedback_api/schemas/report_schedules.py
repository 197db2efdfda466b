"""HTTP shapes of schedules of reports."""

from datetime import datetime
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import Flag, Input, Line, Output, Page
from feedback_api.schemas.distributions import Address, RecipientOut, RemindAfterDays
from feedback_api.schemas.reports import EditionIn
from feedback_core.kit.sealing import Seal
from feedback_core.reports.distributions.recipients import opened
from feedback_core.reports.distributions.types import Recipient
from feedback_core.reports.schedules.recipients import Subscription
from feedback_core.reports.schedules.types import PlannedEdition, ReportPlan, ReportSchedule, StandingRecipient
from feedback_core.reports.types import Audience, ReportFormat

_EXAMPLE: Final[dict[str, Any]] = {
    "analysis_schedule_id": "01890a5d-ac96-774b-bcce-b302099a8057",
    "editions": [{"audience": "senior_managers", "format": "pdf"}, {"audience": "front_line", "format": "html"}],
}
Editions = Annotated[list[EditionIn], Field(min_length=1, max_length=50)]


class ReportScheduleIn(Input):
    """Which editions are written of each review that an analysis schedule asks for."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    analysis_schedule_id: UUID = Field(description="Of an analysis schedule of reviews")
    editions: Editions
    enabled: Flag = Field(default=True, description="False: reviews until it is enabled again have no editions written")

    def plan(self) -> ReportPlan:
        """For the domain."""
        editions = tuple(PlannedEdition(each.audience, each.format, each.process, each.owner) for each in self.editions)
        return ReportPlan(self.analysis_schedule_id, editions, self.enabled)


class PlannedEditionOut(Output):
    """An edition that is written of each review."""

    audience: Audience
    format: ReportFormat
    process: str | None
    owner: str | None


class ReportScheduleOut(Output):
    """A schedule of reports."""

    id: UUID
    analysis_schedule_id: UUID
    editions: list[PlannedEditionOut]
    enabled: bool
    created_at: datetime

    @classmethod
    def of(cls, schedule: ReportSchedule) -> Self:
        """From the domain."""
        return cls(
            id=schedule.id,
            analysis_schedule_id=schedule.plan.analysis_schedule_id,
            editions=[PlannedEditionOut.model_validate(each) for each in schedule.plan.editions],
            enabled=schedule.plan.enabled,
            created_at=schedule.created_at,
        )


class ReportSchedulesOut(Page[ReportScheduleOut]):
    """A page of schedules, newest first."""


class MailedRecipientIn(Input):
    """Who is sent a mail."""

    name: Line = Field(description="As the mail greets them; sealed at rest")
    email: Address


class StandingRecipientIn(Input):
    """Who is sent which edition whenever it is written."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "edition": {"audience": "senior_managers", "format": "pdf"},
                    "recipient": {"name": "Ada Kim", "email": "ada.kim@example.org"},
                    "remind_after_days": 7,
                }
            ]
        }
    )

    edition: EditionIn = Field(description="One that the schedule plans, as it stands there")
    recipient: MailedRecipientIn
    remind_after_days: RemindAfterDays = None

    def subscription(self) -> Subscription:
        """For the domain."""
        edition, who = self.edition, self.recipient
        planned = PlannedEdition(edition.audience, edition.format, edition.process, edition.owner)
        return Subscription(planned, Recipient(who.name, who.email), self.remind_after_days)


class StandingRecipientOut(Output):
    """Somebody who is sent an edition whenever it is written."""

    id: UUID
    schedule_id: UUID
    edition: PlannedEditionOut
    recipient: RecipientOut
    remind_after_days: int | None
    added_by: str = Field(description="Name of the API key")
    created_at: datetime

    @classmethod
    def of(cls, stored: StandingRecipient, seal: Seal) -> Self:
        """From the domain."""
        return cls(
            id=stored.id,
            schedule_id=stored.schedule_id,
            edition=PlannedEditionOut.model_validate(stored.edition),
            recipient=RecipientOut.model_validate(opened(stored.sealed, seal)),
            remind_after_days=stored.remind_after_days,
            added_by=stored.added_by,
            created_at=stored.created_at,
        )


class StandingRecipientsOut(Page[StandingRecipientOut]):
    """A page of recipients, added last first."""
