"""Shapes of trend analyses."""

from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from feedback_api.schemas.analyses.parts import SURVEY, Amount, KpiAnalysisIn, Word, in_utc, zone_of
from feedback_api.schemas.analyses.runs import AnalysisRunOut
from feedback_api.schemas.common import AS_WHOLE, Flag, Input, Key, Line
from feedback_api.schemas.times import Day
from feedback_core.analyses.types import AnalysisKind, AnalysisRequest
from feedback_core.db.session import Session
from feedback_core.kpis.types import Bucket
from feedback_core.trends.types import ErrorModel, KnownEvent, TrendOutcome, TrendParameters
from feedback_core.trends.use_cases import check_trend

Horizon = Annotated[int, Field(strict=True, ge=0, le=24), AS_WHOLE]
TREND_EXAMPLE: Final[JsonDict] = {"kind": "trend", "survey_id": SURVEY, "kpi": "nps", "bucket": "month"}


TREND_EVENT_EXAMPLE: Final[JsonDict] = {
    "kind": "trend",
    "survey_id": SURVEY,
    "kpi": "nps",
    "bucket": "month",
    "interruption": {"at": "2025-06-01", "label": "the new booking page"},
}


class InterruptionIn(Input):
    """A known event: what did it change in level and slope? It takes 8 periods with a value before it, and 8 after."""

    at: Day = Field(description="First day on which it could have an effect")
    label: Line = Field(description="What the sentence calls it", examples=["the new booking page"])
    errors: ErrorModel = Field(
        default="gls_reml", description="How neighbouring errors are allowed for: AR(1), Newey-West, or not at all"
    )


class TrendIn(KpiAnalysisIn):
    """Is there a trend or a change of level, and when?"""

    model_config = ConfigDict(json_schema_extra={"examples": [TREND_EXAMPLE, TREND_EVENT_EXAMPLE]})

    kind: Literal[AnalysisKind.TREND]
    bucket: Bucket = Field(default=Bucket.MONTH, description="Length of a period; weeks begin on Monday")
    where: dict[Key, Annotated[list[Word], Field(min_length=1, max_length=100)]] = Field(
        default_factory=dict, max_length=20, description="Attribute (or `method`) to the values allowed"
    )
    target: Amount | None = Field(default=None, description="What the KPI should reach, in its own units")
    tz: Word | None = Field(default=None, description="IANA name; the organisation's if left out")
    rebase: list[Day] = Field(
        default_factory=list,
        max_length=20,
        description="Days from which the process is known to have changed for good: control limits begin anew there",
    )
    horizon: Horizon = Field(default=3, description="Periods to forecast; 0: none")
    waves: Flag = Field(default=False, description="Count only periods with answers, whatever lies between them")
    weighting: Word | None = Field(
        default=None, description="Key of a weighting scheme of the survey; every period is weighted by itself"
    )
    interruption: InterruptionIn | None = Field(default=None, description="A known event whose effect is asked for")
    laney: Literal["auto", "always", "never"] = Field(
        default="auto", description="Whether charts of counts have Laney's limits: from a median of 1000, if not said"
    )

    async def checked(self, session: Session, organisation_id: UUID) -> AnalysisRequest:
        """The request, held against the survey."""
        zone = await zone_of(session, organisation_id, self.tz)
        parameters = TrendParameters(
            kpi=self.kpi,
            question=self.question,
            item=self.item,
            choice=self.choice,
            start=in_utc(self.start, zone),
            end=in_utc(self.end, zone),
            bucket=self.bucket,
            where={attribute: tuple(values) for attribute, values in self.where.items()},
            target=self.target,
            level=self.level,
            tz=self.tz,
            rebase=tuple(self.rebase),
            horizon=self.horizon,
            waves=self.waves,
            weighting=self.weighting,
            interruption=KnownEvent(**self.interruption.model_dump()) if self.interruption else None,
            laney=self.laney,
        )
        return await check_trend(session, organisation_id, self.survey_id, parameters)


class TrendAnalysisOut(AnalysisRunOut):
    """A run of a trend analysis."""

    kind: Literal[AnalysisKind.TREND]
    parameters: TrendParameters = Field(description="As asked for, with what was left out filled in")
    result: TrendOutcome | None = Field(description="Null until it has succeeded")
