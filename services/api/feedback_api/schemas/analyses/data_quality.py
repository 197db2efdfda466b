"""Shapes of analyses of data quality."""

from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from feedback_api.schemas.analyses.parts import SURVEY, Level, Word, in_utc, zone_of
from feedback_api.schemas.analyses.runs import AnalysisRunOut
from feedback_api.schemas.common import Input, Key
from feedback_api.schemas.inclusion_rules import ItemScaleBody
from feedback_api.schemas.times import Moment
from feedback_core.analyses.types import AnalysisKind, AnalysisRequest
from feedback_core.data_quality.asking import check_data_quality
from feedback_core.data_quality.types import MOST_SCALES, DataQualityOutcome, DataQualityParameters
from feedback_core.db.session import Session

DATA_QUALITY_EXAMPLE: Final[JsonDict] = {
    "kind": "data_quality",
    "survey_id": SURVEY,
    "kpi": "nps",
    "by": ["region"],
    "from": "2026-01-01",
    "to": "2027-01-01",
}


class DataQualityIn(Input):
    """What are the answers worth: signs of careless ones, missing ones, scales that hold or do not?"""

    model_config = ConfigDict(json_schema_extra={"examples": [DATA_QUALITY_EXAMPLE]})

    kind: Literal[AnalysisKind.DATA_QUALITY]
    survey_id: UUID
    kpi: Key | None = Field(default=None, description="Shown with and without suspect responses", examples=["nps"])
    question: Word | None = Field(default=None, description="Of the KPI: needed where several questions fit")
    item: Word | None = Field(default=None, description="Of the KPI: row of a matrix, or choice of a ranking")
    choice: Word | None = Field(default=None, description="Of the KPI: whose share is asked for")
    start: Moment | None = Field(default=None, alias="from", description="First instant, or day")
    end: Moment | None = Field(default=None, alias="to", description="First instant (or day) no longer in it")
    where: dict[Key, Annotated[list[Word], Field(min_length=1, max_length=100)]] = Field(
        default_factory=dict, max_length=20, description="Attribute (or `method`) to the values allowed"
    )
    by: list[Key] = Field(
        default_factory=list,
        max_length=5,
        description="Attributes whose groups are told apart, an interviewer for instance; `method` always is",
    )
    scales: list[ItemScaleBody] | None = Field(
        default=None,
        max_length=MOST_SCALES,
        description="Sets of items; those of the inclusion rule if left out. Every other matrix is a scale by itself",
    )
    level: Level = 0.95

    async def checked(self, session: Session, organisation_id: UUID) -> AnalysisRequest:
        """The request, held against the survey."""
        zone = await zone_of(session, organisation_id, None)
        parameters = DataQualityParameters(
            kpi=self.kpi,
            question=self.question,
            item=self.item,
            choice=self.choice,
            start=in_utc(self.start, zone),
            end=in_utc(self.end, zone),
            where={attribute: tuple(values) for attribute, values in self.where.items()},
            by=tuple(self.by),
            scales=None if self.scales is None else tuple(scale.scale() for scale in self.scales),
            level=self.level,
        )
        return await check_data_quality(session, organisation_id, self.survey_id, parameters)


class DataQualityAnalysisOut(AnalysisRunOut):
    """A run of an analysis of data quality."""

    kind: Literal[AnalysisKind.DATA_QUALITY]
    parameters: DataQualityParameters = Field(description="As asked for")
    result: DataQualityOutcome | None = Field(description="Null until it has succeeded")
