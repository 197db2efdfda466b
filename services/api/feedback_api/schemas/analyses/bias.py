"""Shapes of sampling-bias assessments."""

from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from feedback_api.schemas.analyses.parts import SURVEY, Amount, KpiAnalysisIn, Word, in_utc, zone_of
from feedback_api.schemas.analyses.runs import AnalysisRunOut
from feedback_api.schemas.common import AS_WHOLE, Input, Key, Line
from feedback_core.analyses.types import AnalysisKind, AnalysisRequest
from feedback_core.bias.types import (
    InvitedGroup,
    Outcomes,
    Reach,
    SamplingBiasOutcome,
    SamplingBiasParameters,
    SamplingFrame,
    Stage,
)
from feedback_core.bias.use_cases import check_sampling_bias
from feedback_core.db.session import Session
from feedback_core.fieldwork.types import Dispositions

SAMPLING_BIAS_EXAMPLE: Final[JsonDict] = {
    "kind": "sampling_bias",
    "survey_id": SURVEY,
    "kpi": "nps",
    "from": "2026-01-01",
    "to": "2026-04-01",
    "frame": {"margins": {"region": {"north": 0.6, "south": 0.4}}},
}
SAMPLING_BIAS_FIELDWORK_EXAMPLE: Final[JsonDict] = {
    "kind": "sampling_bias",
    "survey_id": SURVEY,
    "kpi": "nps",
    "frame": {
        "invited": [
            {"attributes": {"region": "north"}, "invited": 1200},
            {"attributes": {"region": "south"}, "invited": 800},
        ],
        "reach": {
            "attribute": "region",
            "population": {"north": 3000, "south": 2000},
            "stages": [
                {"name": "no address", "left": {"north": 2700, "south": 1500}},
                {"name": "opted out", "left": {"north": 2600, "south": 1450}},
            ],
        },
        "outcomes": {
            "dispositions": {
                "complete": 500,
                "refusal": 300,
                "non_contact": 100,
                "unknown_other": 1000,
                "ineligible": 100,
            }
        },
    },
}

People = Annotated[int, Field(strict=True, ge=0, le=1_000_000_000), AS_WHOLE]
Invited = Annotated[int, Field(strict=True, ge=1, le=1_000_000_000), AS_WHOLE]
Dispositioned = Annotated[float, Field(strict=True, ge=0, le=1e9, allow_inf_nan=False)]
Eligible = Annotated[float, Field(strict=True, ge=0, le=1)]


class InvitedGroupIn(Input):
    """So many people invited with these categories."""

    attributes: dict[Key, Word] = Field(min_length=1, max_length=20, examples=[{"region": "north", "age": "18_34"}])
    invited: Invited


class StageIn(Input):
    """Who is left after one step on the way to being invited."""

    name: Line = Field(description="As it reads after “lost at”", examples=["no address"])
    left: dict[Word, People] = Field(max_length=1000, description="Category to people left")


class ReachIn(Input):
    """Whom of the population the survey could reach, by one attribute."""

    attribute: Key
    population: dict[Word, People] = Field(min_length=2, max_length=1000, description="Category to people")
    stages: list[StageIn] = Field(min_length=1, max_length=20, description="In order; each leaves no more than before")

    def reach(self) -> Reach:
        """For the domain."""
        return Reach(self.attribute, self.population, tuple(Stage(stage.name, stage.left) for stage in self.stages))


class DispositionsIn(Input):
    """Invitations by final disposition (AAPOR): counts, or sums of design weights."""

    complete: Dispositioned = Field(description="I: complete interviews")
    partial: Dispositioned = Field(default=0, description="P: enough was answered to count")
    refusal: Dispositioned = Field(default=0, description="R: refusals and break-offs")
    non_contact: Dispositioned = Field(default=0, description="NC: eligible, never reached")
    other: Dispositioned = Field(default=0, description="O: eligible and reached, but unable")
    unknown_household: Dispositioned = Field(default=0, description="UH: not known whether anybody is eligible")
    unknown_other: Dispositioned = Field(default=0, description="UO: not known for another reason, as unopened mail")
    ineligible: Dispositioned = Field(default=0, description="NE: known not to belong to the population")


class OutcomesIn(Input):
    """What became of the invitations."""

    dispositions: DispositionsIn
    e: Eligible | None = Field(
        default=None, description="Eligible share of those of unknown eligibility; estimated if left out"
    )

    def outcomes(self) -> Outcomes:
        """For the domain."""
        return Outcomes(Dispositions(**self.dispositions.model_dump()), self.e)


class SamplingFrameIn(Input):
    """What is known of the population that was to be heard, and of the fieldwork."""

    margins: dict[Key, Annotated[dict[Word, Amount], Field(max_length=1000)]] = Field(
        default_factory=dict,
        max_length=50,
        description="Attribute to value to its share, percentage or count in the population; those of the weighting "
        "scheme, or of the invited, if left out",
        examples=[{"region": {"north": 0.6, "south": 0.4}}],
    )
    invited: list[InvitedGroupIn] = Field(
        default_factory=list,
        max_length=5000,
        description="Everybody invited, by the combinations of some attributes: response propensities, R-indicators",
    )
    reach: ReachIn | None = Field(default=None, description="Whom the survey could reach: coverage")
    outcomes: OutcomesIn | None = Field(default=None, description="What became of the invitations: outcome rates")

    def frame(self) -> SamplingFrame:
        """For the domain."""
        return SamplingFrame(
            margins=self.margins,
            invited=tuple(InvitedGroup(group.attributes, group.invited) for group in self.invited),
            reach=self.reach.reach() if self.reach else None,
            outcomes=self.outcomes.outcomes() if self.outcomes else None,
        )


class SamplingBiasIn(KpiAnalysisIn):
    """Whom do the answers over- and under-represent, and what does that do to the KPI?"""

    model_config = ConfigDict(json_schema_extra={"examples": [SAMPLING_BIAS_EXAMPLE, SAMPLING_BIAS_FIELDWORK_EXAMPLE]})

    kind: Literal[AnalysisKind.SAMPLING_BIAS]
    frame: SamplingFrameIn = Field(default_factory=SamplingFrameIn)
    weighting: Word | None = Field(
        default=None,
        description="Key of a weighting scheme of the survey; the KPI is weighted by it, not raked to the margins",
    )

    async def checked(self, session: Session, organisation_id: UUID) -> AnalysisRequest:
        """The request, held against the survey."""
        zone = await zone_of(session, organisation_id, None)
        parameters = SamplingBiasParameters(
            kpi=self.kpi,
            frame=self.frame.frame(),
            question=self.question,
            item=self.item,
            choice=self.choice,
            start=in_utc(self.start, zone),
            end=in_utc(self.end, zone),
            level=self.level,
            weighting=self.weighting,
        )
        return await check_sampling_bias(session, organisation_id, self.survey_id, parameters)


class SamplingBiasAnalysisOut(AnalysisRunOut):
    """A run of a sampling-bias assessment."""

    kind: Literal[AnalysisKind.SAMPLING_BIAS]
    parameters: SamplingBiasParameters = Field(description="As asked for, with what was left out filled in")
    result: SamplingBiasOutcome | None = Field(description="Null until it has succeeded")
