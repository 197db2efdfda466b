"""Shapes of sampling-bias assessments."""

from typing import Final, Literal
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from feedback_api.schemas.analyses.parts import SURVEY, FrameIn, KpiAnalysisIn, in_utc, zone_of
from feedback_api.schemas.analyses.runs import AnalysisRunOut
from feedback_core.analyses.types import AnalysisKind, AnalysisRequest
from feedback_core.bias.types import Frame, SamplingBiasOutcome, SamplingBiasParameters
from feedback_core.bias.use_cases import check_sampling_bias
from feedback_core.db.session import Session

SAMPLING_BIAS_EXAMPLE: Final[JsonDict] = {
    "kind": "sampling_bias",
    "survey_id": SURVEY,
    "kpi": "nps",
    "from": "2026-01-01",
    "to": "2026-04-01",
    "frame": {"margins": {"region": {"north": 0.6, "south": 0.4}}},
}


class SamplingBiasIn(KpiAnalysisIn):
    """Whom do the answers over- and under-represent, and what does that do to the KPI?"""

    model_config = ConfigDict(json_schema_extra={"examples": [SAMPLING_BIAS_EXAMPLE]})

    kind: Literal[AnalysisKind.SAMPLING_BIAS]
    frame: FrameIn

    async def checked(self, session: Session, organisation_id: UUID) -> AnalysisRequest:
        """The request, held against the survey."""
        zone = await zone_of(session, organisation_id, None)
        parameters = SamplingBiasParameters(
            kpi=self.kpi,
            frame=Frame(self.frame.margins),
            question=self.question,
            item=self.item,
            choice=self.choice,
            start=in_utc(self.start, zone),
            end=in_utc(self.end, zone),
            level=self.level,
        )
        return await check_sampling_bias(session, organisation_id, self.survey_id, parameters)


class SamplingBiasAnalysisOut(AnalysisRunOut):
    """A run of a sampling-bias assessment."""

    kind: Literal[AnalysisKind.SAMPLING_BIAS]
    parameters: SamplingBiasParameters = Field(description="As asked for, with what was left out filled in")
    result: SamplingBiasOutcome | None = Field(description="Null until it has succeeded")
