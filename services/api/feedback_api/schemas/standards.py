"""Shapes of standards."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from feedback_api.schemas.analyses.parts import SURVEY, Amount, Word
from feedback_api.schemas.common import Input, Key, Line, LongText, Output, Page
from feedback_api.schemas.service import PartName
from feedback_api.schemas.times import Day
from feedback_core.standards.types import Agreement, Demand, Metric, Standard, StandardDetails, Statistic

Where = Annotated[
    dict[Key, Annotated[list[Word], Field(min_length=1, max_length=1000)]],
    Field(max_length=50, description="Attribute (or `method`) to the values allowed; left out: everybody"),
]
AT_LEAST_EXAMPLE: Final[JsonDict] = {
    "name": "A short wait",
    "statement": "At least seven in ten visitors call the wait good or very good.",
    "metric": {"kind": "kpi", "survey_id": SURVEY, "kpi": "csat", "question": "wait"},
    "direction": "at_least",
    "target": 0.7,
    "tolerance": 0.02,
    "owner": "Head of front desk",
    "feature": "waiting_time",
    "process": "reception",
    "valid_from": "2025-01-01",
    "agreed": [{"by": "Customer council", "on": "2024-12-10"}, {"by": "Head of front desk", "on": "2024-12-12"}],
}
AT_MOST_EXAMPLE: Final[JsonDict] = {
    "name": "Few refunds",
    "statement": "On average no more than two refunds to a customer.",
    "metric": {"kind": "observed", "survey_id": SURVEY, "question": "refunds", "statistic": "mean"},
    "direction": "at_most",
    "target": 2,
    "valid_from": "2025-01-01",
}


class KpiMetricBody(Input):
    """A KPI, as it is defined, of one survey."""

    kind: Literal["kpi"]
    survey_id: UUID
    kpi: Key = Field(examples=["csat"])
    question: Word | None = Field(default=None, description="Needed where several questions fit")
    item: Word | None = Field(default=None, description="Row of a matrix, or choice of a ranking")
    choice: Word | None = Field(default=None, description="Whose share it is")
    where: Where = Field(default_factory=dict)

    def metric(self) -> Metric:
        """The same, for the domain."""
        return Metric(
            survey_id=self.survey_id,
            kpi=self.kpi,
            question=self.question,
            item=self.item,
            choice=self.choice,
            where=_conditions(self.where),
        )


class ObservedMetricBody(Input):
    """What was measured, not what people think of it: the numbers given to a number question."""

    kind: Literal["observed"]
    survey_id: UUID
    question: Word = Field(description="A number question", examples=["minutes"])
    statistic: Statistic = Field(description="mean, median, or share_within: share of the numbers within limits")
    lowest: Amount | None = Field(default=None, description="Of share_within: the smallest number that counts")
    highest: Amount | None = Field(default=None, description="Of share_within: the largest number that counts")
    where: Where = Field(default_factory=dict)

    @model_validator(mode="after")
    def _limits(self) -> Self:
        """Limits belong to a share within them, which needs one at least."""
        given = self.lowest is not None or self.highest is not None
        if given != (self.statistic is Statistic.SHARE_WITHIN):
            message = "give lowest, highest or both with share_within, and with nothing else"
            raise ValueError(message)
        if self.lowest is not None and self.highest is not None and self.lowest > self.highest:
            message = "the lowest number that counts lies above the highest"
            raise ValueError(message)
        return self

    def metric(self) -> Metric:
        """The same, for the domain."""
        return Metric(
            survey_id=self.survey_id,
            statistic=self.statistic,
            lowest=self.lowest,
            highest=self.highest,
            question=self.question,
            where=_conditions(self.where),
        )


MetricBody = Annotated[KpiMetricBody | ObservedMetricBody, Field(discriminator="kind")]


class AgreementBody(Input):
    """Who agreed, and on which day."""

    model_config = ConfigDict(from_attributes=True)

    by: Line = Field(description="A person, or a body of people", examples=["Customer council"])
    on: Day = Field(examples=["2024-12-10"])


class StandardIn(Input):
    """What a standard says; a field left out is empty."""

    model_config = ConfigDict(json_schema_extra={"examples": [AT_LEAST_EXAMPLE, AT_MOST_EXAMPLE]})

    name: Line
    statement: LongText = Field(description="The standard in plain words, as customers may read it")
    metric: MetricBody
    direction: Demand = Field(description="On which side of the target the figure is to be; as the KPI's own direction")
    target: Amount = Field(description="In the units of the metric; of a share 0 to 1")
    tolerance: float = Field(
        default=0,
        ge=0,
        le=1e12,
        allow_inf_nan=False,
        strict=True,
        description="By how much the target may be missed and the standard is met all the same; same units",
    )
    owner: Line | None = Field(default=None, description="Who answers for it")
    feature: PartName | None = Field(default=None, description="Key of the feature that it is about")
    process: PartName | None = Field(
        default=None, description="Key of the process that supports it; left out: that of the feature"
    )
    valid_from: Day = Field(description="First day on which it holds, in the organisation's time zone")
    valid_to: Day | None = Field(default=None, description="First day on which it does not hold any more")
    agreed: list[AgreementBody] = Field(default_factory=list, max_length=100)

    def details(self) -> StandardDetails:
        """The same, for the domain."""
        return StandardDetails(
            name=self.name,
            statement=self.statement,
            metric=self.metric.metric(),
            direction=self.direction,
            target=self.target,
            tolerance=self.tolerance,
            owner=self.owner,
            feature=self.feature,
            process=self.process,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            agreed=tuple(Agreement(each.by, each.on) for each in self.agreed),
        )


class MetricOut(BaseModel):
    """What a standard is held against, as it was put."""

    kind: Literal["kpi", "observed"]
    survey_id: UUID
    kpi: str | None = None
    statistic: Statistic | None = None
    lowest: float | None = None
    highest: float | None = None
    question: str | None = None
    item: str | None = None
    choice: str | None = None
    where: dict[str, list[str]]

    @classmethod
    def of(cls, metric: Metric) -> Self:
        """From the domain."""
        said: dict[str, Any] = {name: getattr(metric, name) for name in cls.model_fields if hasattr(metric, name)}
        where = {attribute: list(values) for attribute, values in metric.where.items()}
        return cls(**{**said, "kind": "observed" if metric.kpi is None else "kpi", "where": where})


class AgreementOut(Output):
    """Who agreed, and on which day."""

    by: str
    on: date


class StandardOut(Output):
    """A version of a standard."""

    key: str = Field(examples=["short_wait"])
    version: int = Field(description="Its ETag; every verdict names the version that it is on")
    name: str
    statement: str
    metric: MetricOut
    direction: Demand
    target: float
    tolerance: float
    threshold: float = Field(description="The target less what is tolerated: what decides")
    owner: str | None
    feature: str | None
    process: str | None
    valid_from: date
    valid_to: date | None
    agreed: list[AgreementOut]
    defined_by: str = Field(description="Name of the API key")
    defined_at: datetime

    @classmethod
    def of(cls, standard: Standard) -> Self:
        """From the domain."""
        details = standard.details
        said = {name: getattr(details, name) for name in cls.model_fields if hasattr(details, name)}
        return cls.model_validate(
            {
                **said,
                "key": standard.key,
                "version": standard.version,
                "metric": MetricOut.of(details.metric),
                "agreed": [AgreementOut.model_validate(each) for each in details.agreed],
                "defined_by": standard.defined_by,
                "defined_at": standard.defined_at,
            }
        )


class StandardPage(Page[StandardOut]):
    """Standards by key, or the versions of one."""


def _conditions(where: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {attribute: tuple(sorted(set(values))) for attribute, values in where.items()}
