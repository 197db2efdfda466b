"""Shapes of reviews."""

from typing import Final, Literal
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from feedback_api.schemas.analyses.parts import SURVEY, FrameIn, Level, Weighting, in_utc, zone_of
from feedback_api.schemas.analyses.runs import AnalysisRunOut
from feedback_api.schemas.common import Input
from feedback_api.schemas.times import Moment
from feedback_core.analyses.types import AnalysisKind, AnalysisRequest
from feedback_core.bias.types import Frame
from feedback_core.db.session import Session
from feedback_core.kpis.types import Bucket
from feedback_core.recommendations.types import ReviewOutcome, ReviewParameters
from feedback_core.recommendations.use_cases import check_review

REVIEW_EXAMPLE: Final[JsonDict] = {
    "kind": "review",
    "survey_id": SURVEY,
    "from": "2026-01-01",
    "to": "2027-01-01",
    "frame": {"margins": {"region": {"north": 0.6, "south": 0.4}}},
}


class ReviewIn(Input):
    """How good is each feature, is each standard met, where does it go, can it be trusted, what should be done?"""

    model_config = ConfigDict(json_schema_extra={"examples": [REVIEW_EXAMPLE]})

    kind: Literal[AnalysisKind.REVIEW]
    survey_id: UUID
    start: Moment | None = Field(default=None, alias="from", description="First instant, or day")
    end: Moment | None = Field(default=None, alias="to", description="First instant (or day) no longer in it")
    bucket: Bucket = Field(default=Bucket.MONTH, description="Length of the periods in which trends are looked for")
    frame: FrameIn | None = Field(default=None, description="Without it, nobody knows whom the answers stand for")
    weighting: Weighting = None
    level: Level = 0.95

    async def checked(self, session: Session, organisation_id: UUID) -> AnalysisRequest:
        """The request, held against the survey."""
        zone = await zone_of(session, organisation_id, None)
        parameters = ReviewParameters(
            start=in_utc(self.start, zone),
            end=in_utc(self.end, zone),
            bucket=self.bucket,
            frame=Frame(self.frame.margins) if self.frame else None,
            level=self.level,
            weighting=self.weighting,
        )
        return await check_review(session, organisation_id, self.survey_id, parameters)


class ReviewAnalysisOut(AnalysisRunOut):
    """A run of a review; what it proposes is among the recommendations, too."""

    kind: Literal[AnalysisKind.REVIEW]
    parameters: ReviewParameters = Field(description="As asked for, with what was left out filled in")
    result: ReviewOutcome | None = Field(description="Null until it has succeeded")
