"""Shapes of drivers analyses."""

from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from feedback_api.schemas.analyses.parts import SURVEY, FrameIn, Level, Weighting, Word, in_utc, zone_of
from feedback_api.schemas.analyses.runs import AnalysisRunOut
from feedback_api.schemas.common import Flag, Input, Key
from feedback_api.schemas.times import Moment
from feedback_core.analyses.types import AnalysisKind, AnalysisRequest
from feedback_core.bias.types import Frame
from feedback_core.db.session import Session
from feedback_core.drivers.types import DriversOutcome, DriversParameters
from feedback_core.drivers.use_cases import check_drivers

DRIVERS_EXAMPLE: Final[JsonDict] = {
    "kind": "drivers",
    "survey_id": SURVEY,
    "outcome": "nps",
    "drivers": ["wait", "ease"],
    "from": "2026-01-01",
    "to": "2027-01-01",
}


class DriversIn(Input):
    """What goes with an outcome, how much, and where is it worth acting?"""

    model_config = ConfigDict(json_schema_extra={"examples": [DRIVERS_EXAMPLE]})

    kind: Literal[AnalysisKind.DRIVERS]
    survey_id: UUID
    outcome: Word = Field(description="Question to be explained, or `question.row` of a matrix", examples=["nps"])
    drivers: list[Word] = Field(
        default_factory=list,
        max_length=100,
        description="Questions (or rows) that may explain it; without `drivers` and `features`, every other scale "
        "question but nps",
    )
    features: list[Word] = Field(
        default_factory=list, max_length=100, description="Features whose scale questions are drivers as well"
    )
    start: Moment | None = Field(default=None, alias="from", description="First instant, or day")
    end: Moment | None = Field(default=None, alias="to", description="First instant (or day) no longer in it")
    where: dict[Key, Annotated[list[Word], Field(min_length=1, max_length=100)]] = Field(
        default_factory=dict, max_length=20, description="Attribute (or `method`) to the values allowed"
    )
    frame: FrameIn | None = Field(default=None, description="With it, answers are weighted to the population")
    weighting: Weighting = None
    method: Literal["johnson", "lmg"] = Field(
        default="johnson", description="How the explained share is divided: relative weights, or Shapley values"
    )
    intervals: Flag = Field(default=True, description="Resample for intervals and ranks; takes longer")
    level: Level = 0.95

    async def checked(self, session: Session, organisation_id: UUID) -> AnalysisRequest:
        """The request, held against the survey."""
        zone = await zone_of(session, organisation_id, None)
        parameters = DriversParameters(
            outcome=self.outcome,
            drivers=tuple(self.drivers),
            features=tuple(self.features),
            start=in_utc(self.start, zone),
            end=in_utc(self.end, zone),
            where={attribute: tuple(values) for attribute, values in self.where.items()},
            frame=Frame(self.frame.margins) if self.frame else None,
            method=self.method,
            intervals=self.intervals,
            level=self.level,
            weighting=self.weighting,
        )
        return await check_drivers(session, organisation_id, self.survey_id, parameters)


class DriversAnalysisOut(AnalysisRunOut):
    """A run of a drivers analysis."""

    kind: Literal[AnalysisKind.DRIVERS]
    parameters: DriversParameters = Field(description="As asked for, with what was left out filled in")
    result: DriversOutcome | None = Field(description="Null until it has succeeded")
