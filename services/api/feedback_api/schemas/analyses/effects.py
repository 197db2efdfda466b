"""Shapes of analyses of the effect of a change."""

from datetime import date
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from feedback_api.schemas.analyses.parts import SURVEY, KpiAnalysisIn, Word, in_utc, zone_of
from feedback_api.schemas.analyses.runs import AnalysisRunOut
from feedback_api.schemas.common import Key, Line
from feedback_api.schemas.times import Day
from feedback_core.analyses.types import AnalysisKind, AnalysisRequest
from feedback_core.db.session import Session
from feedback_core.kpis.types import Bucket
from feedback_core.recommendations.effect.types import EffectOutcome, EffectParameters
from feedback_core.recommendations.effect.use_cases import check_effect

Groups = dict[Key, Annotated[list[Word], Field(min_length=1, max_length=100)]]
EFFECT_EXAMPLE: Final[JsonDict] = {
    "kind": "effect",
    "survey_id": SURVEY,
    "kpi": "csat",
    "question": "wait",
    "change_on": "2025-06-01",
    "label": "the second desk",
    "where": {"region": ["north"]},
    "control": {"region": ["south"]},
}


class EffectIn(KpiAnalysisIn):
    """Did a change work? Against a control group, else against its course before, else against the time before."""

    model_config = ConfigDict(json_schema_extra={"examples": [EFFECT_EXAMPLE]})

    kind: Literal[AnalysisKind.EFFECT]
    change_on: Day | None = Field(
        default=None, description="First day on which it could have an effect; as the action says, if left out"
    )
    action_id: UUID | None = Field(default=None, description="The action that changed something")
    label: Line | None = Field(default=None, description="What the sentence calls it")
    bucket: Bucket = Field(default=Bucket.MONTH, description="Length of a period of the series")
    where: Groups = Field(
        default_factory=dict, max_length=20, description="Those whom the change is for, by attribute or `method`"
    )
    control: Groups = Field(
        default_factory=dict, max_length=20, description="Those whom it is not for; none may be in both"
    )
    smallest: Annotated[float, Field(gt=0, le=1e12, allow_inf_nan=False, strict=True)] | None = Field(
        default=None, description="Change that would matter, in units of the KPI; 5 % of its scale if left out"
    )
    wanted: Literal["higher", "lower"] | None = Field(default=None, description="Which way is better, as the KPI says")
    power: Annotated[float, Field(ge=0.55, le=0.99, strict=True)] = Field(
        default=0.8, description="Probability of finding such a change, for the date when it could be told"
    )
    tz: Word | None = Field(default=None, description="IANA name; the organisation's if left out")
    weighting: Word | None = Field(default=None, description="Key of a weighting scheme of the survey")

    async def checked(self, session: Session, organisation_id: UUID) -> AnalysisRequest:
        """The request, held against the survey."""
        zone = await zone_of(session, organisation_id, self.tz)
        # What was left out is filled in by the check.
        parameters = EffectParameters(
            kpi=self.kpi,
            change_on=self.change_on or date.min,
            label=self.label or "",
            smallest=self.smallest or 0.0,
            wanted=self.wanted or "higher",
            question=self.question,
            item=self.item,
            choice=self.choice,
            action_id=self.action_id,
            start=in_utc(self.start, zone),
            end=in_utc(self.end, zone),
            bucket=self.bucket,
            where={attribute: tuple(values) for attribute, values in self.where.items()},
            control={attribute: tuple(values) for attribute, values in self.control.items()},
            power=self.power,
            level=self.level,
            tz=self.tz,
            weighting=self.weighting,
        )
        return await check_effect(
            session,
            organisation_id,
            self.survey_id,
            parameters,
            change_on=self.change_on,
            label=self.label,
            smallest=self.smallest,
            wanted=self.wanted,
        )


class EffectAnalysisOut(AnalysisRunOut):
    """A run of an analysis of an effect."""

    kind: Literal[AnalysisKind.EFFECT]
    parameters: EffectParameters = Field(description="As asked for, with what was left out filled in")
    result: EffectOutcome | None = Field(description="Null until it has succeeded")
