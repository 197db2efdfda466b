"""HTTP shapes of schedules of reports."""

from datetime import datetime
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import Flag, Input, Output, Page
from feedback_api.schemas.reports import EditionIn
from feedback_core.reports.schedules.types import PlannedEdition, ReportPlan, ReportSchedule
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
