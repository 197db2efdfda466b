"""Shapes of analysis schedules."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.schemas.analyses import AnalysisIn
from feedback_api.schemas.analysis_fields import Word
from feedback_api.schemas.common import AS_WHOLE, Flag, Input, Output, Page
from feedback_core.analyses.schedules import Timing
from feedback_core.analyses.types import AnalysisRequest, AnalysisSchedule, Cadence
from feedback_core.db.session import Session
from feedback_core.kit.errors import Invalid


class AnalysisScheduleIn(Input):
    """An analysis to be asked for again and again."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "analysis": {
                        "kind": "trend",
                        "survey_id": "0198c5a2-7d1c-7b7e-8f0a-5d0a4f6f9a11",
                        "kpi": "nps",
                        "bucket": "week",
                    },
                    "cadence": "weekly",
                    "hour": 6,
                    "tz": "Europe/London",
                }
            ]
        }
    )

    analysis: AnalysisIn = Field(description="As for POST /v1/analyses")
    cadence: Cadence = Field(description="Weekly is on Mondays, monthly on the first of the month")
    hour: Annotated[int, Field(strict=True, ge=0, le=23), AS_WHOLE] = Field(
        description="Of the day, as clocks in `tz` show it"
    )
    tz: Word | None = Field(default=None, description="IANA name; the organisation's if left out")
    enabled: Flag = True

    async def checked(self, session: Session, organisation_id: UUID) -> AnalysisRequest:
        """What is to be asked for, held against the survey."""
        try:
            return await self.analysis.checked(session, organisation_id)
        except Invalid as invalid:
            raise Invalid([fault.under("/analysis") for fault in invalid.faults]) from invalid

    def timing(self) -> Timing:
        """When."""
        return Timing(self.cadence, self.hour, self.tz, enabled=self.enabled)


class AnalysisScheduleOut(Output):
    """A schedule."""

    id: UUID
    analysis: AnalysisIn = Field(description="What is asked for, with what was left out filled in")
    cadence: Cadence
    hour: int
    tz: str
    enabled: bool
    next_run_at: datetime = Field(description="When it asks next, unless it is switched off")
    created_at: datetime


class AnalysisSchedulePage(Page[AnalysisScheduleOut]):
    """Schedules, newest first."""


def schedule_document(schedule: AnalysisSchedule) -> dict[str, Any]:
    """A schedule as JSON: `AnalysisScheduleOut`."""
    return {
        "id": str(schedule.id),
        "analysis": {"kind": schedule.kind, "survey_id": str(schedule.survey_id), **schedule.parameters},
        "cadence": schedule.cadence,
        "hour": schedule.hour,
        "tz": schedule.time_zone,
        "enabled": schedule.enabled,
        "next_run_at": schedule.next_run_at.isoformat(),
        "created_at": schedule.created_at.isoformat(),
    }
