"""Shapes of samples: the design that is asked for, what was drawn, and who came in later."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from feedback_api.schemas.common import AS_WHOLE, Flag, Input, Key, Line, Output
from feedback_api.schemas.frames import ContactOut, CoverageOut, Said, Seed
from feedback_core.jobs.types import JobStatus
from feedback_core.planning.types import AllocationRule
from feedback_core.sampling.types.designs import (
    MOST_STRATA,
    Channel,
    Coordination,
    Design,
    DesignKind,
    ReplacementRule,
    StratumIn,
)
from feedback_core.sampling.types.frames import Contact
from feedback_core.sampling.types.samples import Released, Replaced, Sample, SampleOutcome, SampleUnit
from feedback_core.sampling.use_cases.refills import More, Refill

Units = Annotated[int, Field(strict=True, ge=1, le=10_000_000), AS_WHOLE]
Share = Annotated[float, Field(strict=True, ge=0, le=1)]
Positive = Annotated[float, Field(strict=True, ge=1e-9, le=1e12, allow_inf_nan=False)]
Values = dict[Key, Said | None]

_STRATIFIED: JsonDict = {
    "frame_id": "01990000-0000-7000-8000-000000000000",
    "name": "Spring 2026",
    "design": {
        "kind": "stratified",
        "n": 10,
        "strata_by": ["region"],
        "rule": "neyman",
        "strata": [
            {"values": {"region": "north"}, "standard_deviation": 42},
            {"values": {"region": "south"}, "standard_deviation": 55},
        ],
        "replacement": {"reasons": ["moved away"], "most_share": 0.1},
    },
}
_SIMPLE: JsonDict = {
    "frame_id": "01990000-0000-7000-8000-000000000000",
    "name": "Spring 2026",
    "design": {"kind": "simple", "n": 1},
}


class StratumBody(Input):
    """What is said of one stratum."""

    model_config = ConfigDict(from_attributes=True)

    values: Values = Field(description="Of each attribute in `strata_by`; null: of whom it is not known")
    units: Annotated[int, Field(strict=True, ge=0, le=10_000_000), AS_WHOLE] | None = Field(
        default=None, description="To be drawn of it, where no rule spreads them"
    )
    standard_deviation: Positive = Field(default=1.0, description="Of the answers in it; for neyman, optimal and power")
    unit_cost: Positive = Field(default=1.0, description="Of one answer; for optimal")


class CoordinationBody(Input):
    """How the sample stands to an earlier one of the same frame, kind and strata."""

    model_config = ConfigDict(from_attributes=True)

    sample_id: UUID
    overlap: Share = Field(description="Part of it that is drawn again: 1 everybody, 0 nobody, 0.75 lets a quarter go")


class ReplacementBody(Input):
    """When others of the frame come in after the sample is drawn."""

    model_config = ConfigDict(from_attributes=True)

    reasons: list[Line] = Field(min_length=1, max_length=20, description="Only for these")
    most_share: Share = Field(default=1.0, description="Of the units drawn at first: no more come in later")


class DesignBody(Input):
    """How a sample is drawn; each kind takes its own fields."""

    model_config = ConfigDict(from_attributes=True)

    kind: DesignKind
    n: Units | None = Field(default=None, description="Units to be drawn")
    where: dict[Key, Annotated[list[Said], Field(min_length=1, max_length=500)]] = Field(
        default_factory=dict, max_length=20, description="Only units with one of these values are the population"
    )
    reachable_by: Channel | None = Field(default=None, description="Others count as not covered")
    rests: Flag = Field(default=True, description="Whether the contact rule of the frame holds")
    counts_as_contact: Flag = Field(default=True, description="Whether those drawn count as asked, for contact rules")
    short: Literal["refuse", "take_all"] = Field(
        default="refuse", description="What becomes of a stratum, or frame, that has fewer than are wanted"
    )
    sort_by: list[Key] = Field(default_factory=list, max_length=10, description="Systematic: the order of the list")
    strata_by: list[Key] = Field(
        default_factory=list, max_length=10, description="Stratified: attributes whose values together are a stratum"
    )
    rule: AllocationRule | None = Field(default=None, description="Stratified: how `n` is spread")
    strata: list[StratumBody] = Field(default_factory=list, max_length=MOST_STRATA)
    floor: Annotated[int, Field(strict=True, ge=0, le=1_000_000), AS_WHOLE] = Field(
        default=2, description="Stratified by a rule: least units of a stratum; smaller ones are taken whole"
    )
    exponent: Share = Field(default=0.5, description="Of the power rule")
    cluster_by: Key | None = Field(default=None, description="Cluster: the attribute whose values are the clusters")
    clusters: Units | None = Field(default=None, description="Cluster: how many")
    take: Units | None = Field(default=None, description="Cluster: units of each; all if left out")
    clusters_by_size: Flag = Field(
        default=False, description="Cluster: with probability proportional to how many units they have"
    )
    size: Key | None = Field(default=None, description="Proportional to size: the measure")
    unsized: Literal["refuse", "leave_out"] = Field(
        default="refuse", description="Proportional to size: what becomes of units whose size is not above 0"
    )
    coordination: CoordinationBody | None = Field(default=None, description="Simple, stratified and cluster")
    replacement: ReplacementBody | None = Field(default=None, description="Simple and stratified")

    def design(self) -> Design:
        """For the domain."""
        fields = self.model_dump(exclude={"where", "sort_by", "strata_by", "strata", "coordination", "replacement"})
        together, later = self.coordination, self.replacement
        return Design(
            **fields,
            where={key: tuple(values) for key, values in self.where.items()},
            sort_by=tuple(self.sort_by),
            strata_by=tuple(self.strata_by),
            strata=tuple(StratumIn(**stratum.model_dump()) for stratum in self.strata),
            coordination=None if together is None else Coordination(together.sample_id, together.overlap),
            replacement=None if later is None else ReplacementRule(tuple(later.reasons), later.most_share),
        )


class SampleIn(Input):
    """A sample that is to be drawn."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SIMPLE, _STRATIFIED]})

    frame_id: UUID
    survey_id: UUID | None = Field(
        default=None, description="Whose responses it is for: KPIs of it can then be weighted by `weighting=design`"
    )
    name: Line
    seed: Seed | None = Field(default=None, description="The same one draws the same; one is made if left out")
    design: DesignBody


class DrawnStratumOut(Output):
    """A stratum as it was drawn from."""

    values: dict[str, str | None]
    population: int = Field(description="Units that could be drawn")
    wanted: int
    drawn: int = Field(description="Those that came in later included")
    shortfall: int
    start: int = Field(description="Place on the circle from which units were drawn")


class ClustersOut(Output):
    """Clusters of a sample."""

    drawn: int
    population: int


class OutcomeOut(Output):
    """What a draw came to."""

    drawn: int = Field(description="Units, those that came in later included")
    drawn_at_first: int
    strata: list[DrawnStratumOut]
    coverage: CoverageOut
    clusters: ClustersOut | None
    certain: int = Field(description="Units that were sure to be drawn by their size")
    overlap: int | None = Field(description="Units that are of the sample with which it is coordinated")
    warnings: list[str]

    @classmethod
    def of(cls, outcome: SampleOutcome) -> Self:
        """From the domain."""
        clusters = outcome.clusters
        return cls(
            drawn=outcome.drawn,
            drawn_at_first=outcome.drawn_at_first,
            strata=[DrawnStratumOut.model_validate(stratum) for stratum in outcome.strata],
            coverage=CoverageOut.of(outcome.coverage),
            clusters=None if clusters is None else ClustersOut(drawn=clusters[0], population=clusters[1]),
            certain=outcome.certain,
            overlap=outcome.overlap,
            warnings=list(outcome.warnings),
        )


class SampleErrorOut(Output):
    """Why the sample could not be drawn, or why the last attempt could not."""

    code: str = Field(examples=["design_impossible"])
    detail: str


class SampleOut(Output):
    """A sample; `outcome` is null until it is drawn."""

    id: UUID
    frame_id: UUID
    survey_id: UUID | None
    name: str
    status: JobStatus
    design: DesignBody
    seed: int
    frame_changes: int | None = Field(description="Batches that had come into the frame when it was drawn")
    outcome: OutcomeOut | None
    error: SampleErrorOut | None
    requested_by: str = Field(description="Name of the API key")
    created_at: datetime
    drawn_at: datetime | None

    @classmethod
    def of(cls, sample: Sample) -> Self:
        """From the domain."""
        return cls.model_validate(_fields(sample))


class ReleaseOut(Output):
    """Who came in later."""

    number: int
    reason: str
    units: list[UUID] = Field(description="In the order in which they are to be asked")
    released_by: str
    released_at: datetime


class SampleDetailOut(SampleOut):
    """A sample with who came in later."""

    releases: list[ReleaseOut]

    @classmethod
    def of_whole(cls, sample: Sample, releases: list[Released]) -> Self:
        """From the domain."""
        return cls.model_validate({**_fields(sample), "releases": list(map(ReleaseOut.model_validate, releases))})


def _fields(sample: Sample) -> dict[str, object]:
    job = sample.job
    return {
        "id": sample.id,
        "frame_id": sample.frame_id,
        "survey_id": sample.survey_id,
        "name": sample.name,
        "status": job.status,
        "design": DesignBody.model_validate(sample.design),
        "seed": sample.seed,
        "frame_changes": sample.frame_changes,
        "outcome": None if sample.outcome is None else OutcomeOut.of(sample.outcome),
        "error": None if job.error is None else SampleErrorOut(code=job.error.code, detail=job.error.detail),
        "requested_by": sample.requested_by,
        "created_at": sample.created_at,
        "drawn_at": sample.drawn_at,
    }


class SampleUnitOut(Output):
    """A unit of a sample."""

    position: int = Field(description="In the order in which they are to be asked, from 0")
    unit_id: UUID
    ref: str | None
    stratum: int = Field(description="Place in `outcome.strata`")
    cluster: str | None
    inclusion_probability: float
    weight: float = Field(description="1 / inclusion_probability: how many people it stands for")
    cluster_probability: float | None
    release: int = Field(description="0: drawn at first; else with which refill it came in")
    replaced_for: str | None = Field(description="Why another one is asked in its place")
    contact: ContactOut | None = Field(description="Only with `contacts=true`, and a key with `identities:read`")

    @classmethod
    def of(cls, unit: SampleUnit, contact: Contact | None) -> Self:
        """From the domain."""
        return cls(
            position=unit.position,
            unit_id=unit.unit_id,
            ref=unit.ref,
            stratum=unit.stratum,
            cluster=unit.cluster,
            inclusion_probability=unit.probability,
            weight=1 / unit.probability,
            cluster_probability=unit.cluster_probability,
            release=unit.release,
            replaced_for=unit.replaced_for,
            contact=None if contact is None else ContactOut.model_validate(contact),
        )


class ReplacedIn(Input):
    """A unit in whose place another one is to be asked."""

    ref: Said
    reason: Line = Field(description="One of those of the design's replacement rule")


class MoreIn(Input):
    """Units that are to come into a stratum beside the others."""

    values: Values = Field(default_factory=dict, description="Of the stratum; none where there are no strata")
    units: Annotated[int, Field(strict=True, ge=1, le=100_000), AS_WHOLE]


class RefillIn(Input):
    """Who comes into a sample: those that lie next in their stratum, from the frame alone."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"replace": [{"ref": "C-1001", "reason": "moved away"}]}]}
    )

    replace: list[ReplacedIn] = Field(default_factory=list, max_length=1_000)
    more: list[MoreIn] = Field(default_factory=list, max_length=MOST_STRATA)
    reason: Line | None = Field(default=None, description="Of `more`: one of those of the design's replacement rule")

    def refill(self) -> Refill:
        """For the domain."""
        return Refill(
            replaced=tuple(Replaced(each.ref, each.reason) for each in self.replace),
            more=tuple(More(each.values, each.units) for each in self.more),
            reason=self.reason,
        )


class RefilledOut(Output):
    """The sample as it is now, and who came in."""

    sample: SampleOut
    release: ReleaseOut

    @classmethod
    def of(cls, sample: Sample, release: Released) -> Self:
        """From the domain."""
        return cls(sample=SampleOut.of(sample), release=ReleaseOut.model_validate(release))
