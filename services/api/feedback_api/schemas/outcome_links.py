"""Shapes of outcome links."""

from dataclasses import asdict
from typing import Self

from pydantic import Field

from feedback_api.schemas.charts import VegaLite
from feedback_api.schemas.common import Output
from feedback_api.schemas.kpis import IntervalOut
from feedback_core.charts.types import Chart
from feedback_core.kpis.use_cases import OutcomeLinkFound


class OutcomeGroupOut(Output):
    """Those who gave one answer; of a group that is withheld nothing is told."""

    answer: str
    withheld: bool
    n: int | None
    counted: int | None = Field(description="Of them, those whose outcome is one that counts")
    share: float | None
    interval: IntervalOut | None


class TrendInSharesOut(Output):
    """Whether the share rises or falls from one answer to the next."""

    z: float = Field(description="Of the Cochran-Armitage test")
    p_value: float
    rises: bool | None = Field(description="With satisfaction")
    shown: bool = Field(description="Whether the p-value is below 1 - level")
    n: int


class OddsRatioOut(Output):
    """Odds of the outcome among those who gave a best answer, over those of all others."""

    value: float
    interval: IntervalOut
    best: list[str] = Field(description="The answers that count as best")
    warnings: list[str]


class OutcomeLinkOut(Output):
    """How often the outcome came, by how satisfied customers had said they were."""

    survey_id: str
    satisfaction: str
    outcome: str
    counts: list[str]
    recorded: bool = Field(
        description="Whether the outcome is an attribute that you recorded, not something that respondents said"
    )
    time_zone: str
    inclusion: str = "complete responses that nobody excluded"
    sentence: str
    n: int | None
    left_out: int | None = Field(description="Complete responses that lack one of the two")
    groups: list[OutcomeGroupOut] = Field(description="The lowest answer first")
    trend: TrendInSharesOut | None
    odds_ratio: OddsRatioOut | None
    not_testable: str | None = Field(description="Why there is no test")
    cannot_tell: list[str] = Field(description="What this does not show")
    chart: VegaLite

    @classmethod
    def of(cls, survey_id: str, found: OutcomeLinkFound, chart: Chart) -> Self:
        """From the domain."""
        head = {
            "survey_id": survey_id,
            "satisfaction": found.satisfaction.name,
            "outcome": found.outcome.name,
            "counts": found.counts,
            "recorded": found.recorded,
            "time_zone": found.time_zone,
        }
        return cls.model_validate({**head, **asdict(found.link), "chart": chart.spec})
