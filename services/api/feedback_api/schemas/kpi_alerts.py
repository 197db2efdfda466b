"""Shapes of alerts on KPIs."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import ConfigDict, Field

from feedback_api.schemas.analyses.parts import SURVEY, Amount, Level
from feedback_api.schemas.common import AS_WHOLE, Flag, Input, Line, Output, Page
from feedback_api.schemas.standards import KpiMetricBody, MetricOut
from feedback_core.standards.alerts.types import CHECK_EVERY, Alert, AlertDetails, AlertState
from feedback_core.standards.types import Demand

_MINUTES = int(CHECK_EVERY.total_seconds() // 60)


class KpiAlertIn(Input):
    """What an alert watches."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Waits in the north get long",
                    "metric": {
                        "kind": "kpi",
                        "survey_id": SURVEY,
                        "kpi": "csat",
                        "question": "wait",
                        "where": {"region": ["north"]},
                    },
                    "direction": "at_least",
                    "threshold": 0.6,
                    "days": 28,
                    "minimum_n": 30,
                }
            ]
        }
    )

    name: Line
    metric: KpiMetricBody
    direction: Demand = Field(description="On which side the figure is to be; as the KPI's own direction")
    threshold: Amount = Field(description="In the units of the KPI; of a share 0 to 1")
    days: Annotated[int, Field(ge=1, le=366, strict=True), AS_WHOLE] = Field(
        description="Whose answers count: today's and those of the days before, in the organisation's time zone"
    )
    minimum_n: Annotated[int, Field(ge=1, le=1_000_000, strict=True), AS_WHOLE] = Field(
        default=1, description="Answers, below which nothing is told; the organisation's own minimum holds beside it"
    )
    level: Level = 0.95
    enabled: Flag = Field(default=True, description="False: nobody looks until it is enabled again")

    def details(self) -> AlertDetails:
        """The same, for the domain."""
        return AlertDetails(
            name=self.name,
            metric=self.metric.metric(),
            direction=self.direction,
            threshold=self.threshold,
            days=self.days,
            minimum_n=self.minimum_n,
            level=self.level,
            enabled=self.enabled,
        )


class AlertFigureOut(Output):
    """The figure as it was last looked at."""

    value: float
    low: float
    high: float
    n: int
    period_start: datetime
    period_end: datetime


class KpiAlertOut(Output):
    """An alert as it stands."""

    key: str = Field(examples=["slow_north"])
    name: str
    metric: MetricOut
    direction: Demand
    threshold: float
    days: int
    minimum_n: int
    level: float
    enabled: bool
    state: AlertState = Field(
        description="breached: the whole interval lay beyond the threshold, and has not lain on the good side since;"
        " clear: the other way round; undecided: neither yet"
    )
    since: datetime | None = Field(description="When it came to be so; null where nothing was decided yet")
    checked_at: datetime | None = Field(description=f"When it was last looked at; every {_MINUTES} minutes it is")
    figure: AlertFigureOut | None = Field(description="As it then was; null where none may be shown")
    reason: str | None = Field(description="Why the last look decided nothing")
    created_at: datetime

    @classmethod
    def of(cls, alert: Alert) -> Self:
        """From the domain."""
        said = {name: getattr(alert.details, name) for name in cls.model_fields if hasattr(alert.details, name)}
        stands = {name: getattr(alert, name) for name in cls.model_fields if hasattr(alert, name)}
        return cls.model_validate({**said, **stands, "metric": MetricOut.of(alert.details.metric)})


class KpiAlertPage(Page[KpiAlertOut]):
    """Alerts by key."""
