"""Shapes of performance: measures, where people and teams stand, and what they reply."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.schemas.charts import VegaLite
from feedback_api.schemas.common import AS_WHOLE, Input, Line, LongText, Output, Page
from feedback_api.schemas.kpis import EstimateOut, IntervalOut
from feedback_api.schemas.practice import StandardName
from feedback_api.schemas.recommendations import OnBehalfOf
from feedback_api.schemas.times import Moment
from feedback_core.people.performance.types import (
    LEAST_N,
    Measure,
    MeasureDetails,
    Performance,
    Reply,
    Subject,
    SubjectKind,
    UnitStanding,
)
from feedback_core.standards.types import Undecided, Verdict

AttributeName = Annotated[str, Field(max_length=63, pattern=r"^[a-z][a-z0-9_]*$")]


class MeasureIn(Input):
    """What is measured of whom."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "A short wait, by agent",
                    "of": "person",
                    "standard": "short_wait",
                    "attribute": "region",
                    "case_mix": ["method"],
                    "minimum_n": 30,
                }
            ]
        }
    )

    name: Line
    of: SubjectKind
    standard: StandardName = Field(description="Key of the standard that they are held against")
    attribute: AttributeName = Field(description="Of its survey: its values are the references of people or teams")
    case_mix: list[AttributeName] = Field(
        default_factory=list,
        max_length=10,
        description="Attributes (or `method`) by which cases differ that nobody chose; figures are adjusted for them",
    )
    minimum_n: Annotated[int, Field(strict=True, ge=LEAST_N, le=100_000), AS_WHOLE] = Field(
        default=30, description="Fewest answers of a figure; the organisation's and the KPI's minimum hold beside it"
    )

    def details(self) -> MeasureDetails:
        """For the domain."""
        return MeasureDetails(self.name, self.of, self.standard, self.attribute, tuple(self.case_mix), self.minimum_n)


class MeasureOut(Output):
    """A version of a measure."""

    key: str
    version: int
    name: str
    of: SubjectKind
    standard: str
    attribute: str
    case_mix: list[str]
    minimum_n: int
    defined_by: str = Field(description="Name of the API key")
    defined_at: datetime

    @classmethod
    def of_measure(cls, found: Measure) -> Self:
        """From the domain."""
        details = found.details
        return cls(
            key=found.key,
            version=found.version,
            name=details.name,
            of=details.of,
            standard=details.standard,
            attribute=details.attribute,
            case_mix=list(details.case_mix),
            minimum_n=details.minimum_n,
            defined_by=found.defined_by,
            defined_at=found.defined_at,
        )


class MeasurePage(Page[MeasureOut]):
    """A page of measures."""


class ShrunkOut(Output):
    """A figure drawn towards all by how little it rests on."""

    value: float
    interval: IntervalOut
    reliability: float = Field(description="Share of the way that its own answers count, 0 to 1")


class JudgementOut(Output):
    """Whether the standard is reached, from the interval of the adjusted figure."""

    verdict: Verdict
    undecided: Undecided | None
    margin: float | None = Field(description="Figure less threshold, positive on the good side")


class StandingOut(Output):
    """Where one person or team stands. Everything is null where too few answered."""

    reference: str
    subject_id: UUID | None = Field(description="Of the person or team; null: nobody here has this reference")
    withheld: bool = Field(description="Too few answered, or others could be told from it")
    estimate: EstimateOut | None = Field(description="As answered")
    expected: float | None = Field(description="What a typical one would reach with their cases")
    adjusted: EstimateOut | None = Field(
        description="What they would reach with everybody's cases; as answered where no case mix is named"
    )
    not_adjusted: str | None = Field(description="Why there is no adjusted figure")
    shrunk: ShrunkOut | None = Field(description="Of the adjusted figure; null where there is no order")
    tier: int | None = Field(
        description="1: better than all together, 3: worse, 2: cannot be told from them; null where there is no order"
    )
    judgement: JudgementOut | None


class ReplyHeadOut(Output):
    """A reply, without the words: those are read beside the figure or the review."""

    id: UUID
    staff_id: UUID | None
    team_id: UUID | None
    review_id: UUID | None
    measure: str | None
    start: datetime | None = Field(serialization_alias="from")
    end: datetime | None = Field(serialization_alias="to")
    written_by: str
    key_name: str = Field(description="Name of the API key")
    written_at: datetime

    @classmethod
    def of(cls, found: Reply) -> Self:
        """From the domain."""
        said = {name: getattr(found, name) for name in cls.model_fields if name not in {"staff_id", "team_id"}}
        return cls.model_validate({**said, **named(found.subject)})


class ReplyOut(ReplyHeadOut):
    """What somebody says to a figure or review of theirs. It is never changed."""

    text: str


class PerformanceUnitOut(StandingOut):
    """Where one person or team stands, with what they replied to figures of this time."""

    replies: list[ReplyOut]

    @classmethod
    def of(cls, found: UnitStanding, replies: tuple[Reply, ...]) -> Self:
        """From the domain."""
        said = StandingOut.model_validate(found).model_dump()
        return cls.model_validate({**said, "replies": [ReplyOut.of(each) for each in replies]})


class PerformanceOut(Output):
    """What a measure says of those whom the key may see, in the order of their references."""

    measure: MeasureOut
    standard_version: int
    kpi: str
    unit: str
    start: datetime | None = Field(serialization_alias="from")
    end: datetime | None = Field(serialization_alias="to")
    level: float
    minimum_n: int = Field(description="Fewest answers of a figure that is shown")
    overall: float | None = Field(description="Figure that all are drawn towards; null where there is no order")
    differ: bool | None = Field(description="Whether they differ by more than sampling explains")
    explained: float | None = Field(description="Share of the spread of answers that the case mix explains")
    sentence: str
    warnings: list[str]
    units: list[PerformanceUnitOut]
    chart: VegaLite

    @classmethod
    def of(cls, found: Performance) -> Self:
        """From the domain."""
        standings = found.standings
        units = [
            PerformanceUnitOut.of(unit, found.replies.get(unit.subject_id, ()) if unit.subject_id else ())
            for unit in standings.units
        ]
        return cls(
            measure=MeasureOut.of_measure(found.measure),
            standard_version=found.standard_version,
            kpi=found.kpi,
            unit=found.unit,
            start=found.start,
            end=found.end,
            level=found.level,
            minimum_n=found.minimum_n,
            overall=standings.overall,
            differ=standings.differ,
            explained=standings.explained,
            sentence=standings.sentence,
            warnings=list(standings.warnings),
            units=units,
            chart=found.chart.spec if found.chart else {},
        )


class OfSubject(Input):
    """A body that is about a person or a team: one of both."""

    staff_id: UUID | None = Field(default=None, description="Whom it is about")
    team_id: UUID | None = Field(default=None, description="Or which team")


class FigureReplyIn(OfSubject):
    """What somebody says to a figure of theirs."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "staff_id": "01890a5d-ac96-774b-bcce-b302099a8057",
                    "from": "2026-01-01",
                    "to": "2026-04-01",
                    "text": "I had the complaints desk in February.",
                }
            ]
        }
    )

    start: Moment | None = Field(default=None, alias="from", description="Of the figure")
    end: Moment | None = Field(default=None, alias="to", description="Of the figure")
    text: LongText
    on_behalf_of: OnBehalfOf = None


class ReviewReplyIn(Input):
    """What somebody says to a review of theirs."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "I agree, but for the week of the move."}]})

    text: LongText
    on_behalf_of: OnBehalfOf = None


def named(subject: Subject) -> Mapping[str, UUID | None]:
    """Whom something is about, as the two fields of an answer."""
    is_person = subject.kind is SubjectKind.PERSON
    return {"staff_id": subject.id if is_person else None, "team_id": None if is_person else subject.id}
