"""Shapes of culture: notes, and assessments by dimension with their evidence."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import AS_WHOLE, Input, Line, LongText, Output, Page
from feedback_api.schemas.recommendations import OnBehalfOf
from feedback_api.schemas.times import Day, Moment, instant_of
from feedback_core.people.culture.types import (
    DIMENSION_KEY,
    LEVELS,
    Assessment,
    DimensionCourse,
    EvidenceKind,
    JudgedDimension,
    KpiLink,
    Note,
    NoteDetails,
    NoteKind,
    NoteLink,
    RunLink,
)

DimensionName = Annotated[str, Field(pattern=DIMENSION_KEY, examples=["customer_focus"])]
Word = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
_SOMETHING = "01890a5d-ac96-774b-bcce-b302099a8057"


class NoteIn(Input):
    """Something that was read, seen or heard."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "observation",
                    "source": "Front desk, a Monday morning",
                    "text": "Everybody looks up when somebody comes in.",
                    "observed_on": "2026-03-02",
                    "dimensions": ["customer_focus"],
                }
            ]
        }
    )

    kind: NoteKind
    source: Line = Field(description="Which document, place or occasion; sealed at rest")
    text: LongText = Field(description="What it says, or what was seen; sealed at rest")
    observed_on: Day
    dimensions: list[DimensionName] = Field(default_factory=list, max_length=50, description="That it speaks of")
    on_behalf_of: OnBehalfOf = None

    def details(self) -> NoteDetails:
        """For the domain."""
        return NoteDetails(self.kind, self.source, self.text, self.observed_on, tuple(self.dimensions))


class NoteHeadOut(Output):
    """A note, without the words: those are read with `GET /v1/culture/notes/{note_id}`."""

    id: UUID
    kind: NoteKind
    observed_on: date
    dimensions: list[str]
    written_by: str
    key_name: str = Field(description="Name of the API key")
    written_at: datetime

    @classmethod
    def of(cls, found: Note) -> Self:
        """From the domain."""
        return cls.model_validate(_note(found))


class NoteOut(NoteHeadOut):
    """A note."""

    source: str
    text: str

    @classmethod
    def of(cls, found: Note) -> Self:
        """From the domain."""
        return cls.model_validate({**_note(found), "source": found.details.source, "text": found.details.text})


class NotePage(Page[NoteOut]):
    """A page of notes."""


def _note(found: Note) -> dict[str, object]:
    details = found.details
    return {
        "id": found.id,
        "kind": details.kind,
        "observed_on": details.observed_on,
        "dimensions": list(details.dimensions),
        "written_by": found.written_by,
        "key_name": found.key_name,
        "written_at": found.written_at,
    }


class RunEvidenceIn(Input):
    """A figure or finding of an analysis."""

    kind: Literal["run"]
    analysis_id: UUID
    pointer: Annotated[str, Field(max_length=500, pattern=r"^(/[^\x00]*)?$")] = Field(
        description="JSON pointer into its result", examples=["/trend/sentence"]
    )
    value: float | None = Field(default=None, allow_inf_nan=False, description="As quoted; held against the run")
    statement: LongText | None = Field(default=None, description="What it says; made from the figure if left out")

    def link(self, _: str) -> RunLink:
        """For the domain."""
        return RunLink(self.analysis_id, self.pointer, self.value, self.statement)


class KpiEvidenceIn(Input):
    """A figure of a survey, of staff or of customers, read and frozen now."""

    kind: Literal["kpi"]
    survey_id: UUID
    kpi: Word
    question: Word | None = None
    item: Word | None = None
    choice: Word | None = None
    where: dict[Word, list[Word]] = Field(default_factory=dict, max_length=20)
    start: Moment | None = Field(default=None, alias="from")
    end: Moment | None = Field(default=None, alias="to")
    statement: LongText | None = None

    def link(self, zone: str) -> KpiLink:
        """For the domain."""
        return KpiLink(
            kpi=self.kpi,
            survey_id=self.survey_id,
            question=self.question,
            item=self.item,
            choice=self.choice,
            where={name: tuple(values) for name, values in self.where.items()},
            start=instant_of(self.start, zone),
            end=instant_of(self.end, zone),
            statement=self.statement,
        )


class NoteEvidenceIn(Input):
    """A note, and what it shows, in words that name nobody."""

    kind: Literal["note"]
    note_id: UUID
    statement: LongText

    def link(self, _: str) -> NoteLink:
        """For the domain."""
        return NoteLink(self.note_id, self.statement)


EvidenceIn = Annotated[RunEvidenceIn | KpiEvidenceIn | NoteEvidenceIn, Field(discriminator="kind")]


class JudgedDimensionIn(Input):
    """How one dimension is judged, and from what."""

    key: DimensionName
    label: Line
    level: Annotated[int, Field(strict=True, ge=LEVELS[0], le=LEVELS[1]), AS_WHOLE] = Field(
        description="1: nothing of it is to be seen; 5: it is how things are done here, whoever is there"
    )
    statement: LongText = Field(description="Why, in words that name nobody")
    evidence: list[EvidenceIn] = Field(max_length=50)


class AssessmentIn(Input):
    """A look at the culture on a day."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "Spring 2026",
                    "as_of": "2026-03-31",
                    "dimensions": [
                        {
                            "key": "customer_focus",
                            "label": "Customer focus",
                            "level": 3,
                            "statement": "It is meant and often done; mornings show where it ends.",
                            "evidence": [
                                {"kind": "note", "note_id": _SOMETHING, "statement": "People look up."},
                                {"kind": "kpi", "survey_id": _SOMETHING, "kpi": "nps"},
                                {"kind": "run", "analysis_id": _SOMETHING, "pointer": "/trend/sentence"},
                            ],
                        }
                    ],
                }
            ]
        }
    )

    title: Line
    as_of: Day
    dimensions: list[JudgedDimensionIn] = Field(min_length=1, max_length=50)
    on_behalf_of: OnBehalfOf = None

    def judged(self, zone: str) -> list[JudgedDimension]:
        """For the domain; days are those of the organisation's time zone."""
        return [
            JudgedDimension(
                each.key, each.label, each.level, each.statement, tuple(one.link(zone) for one in each.evidence)
            )
            for each in self.dimensions
        ]


class FrozenEvidenceOut(Output):
    """A piece of evidence as of then."""

    kind: EvidenceKind
    statement: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    kpi: str | None
    survey_id: UUID | None
    audience: str | None = Field(description="Of the survey: customers, or staff")
    run_id: UUID | None = Field(description="The analysis")
    pointer: str | None
    note_id: UUID | None = Field(description="The note; it may have been deleted since")
    note_kind: NoteKind | None
    observed_on: date | None


class AssessedDimensionOut(Output):
    """How one dimension was judged, with its evidence as of then."""

    key: str
    label: str
    level: int
    statement: str
    evidence: list[FrozenEvidenceOut]


class AssessmentOut(Output):
    """A look at the culture on a day; never changed."""

    id: UUID
    title: str
    as_of: date
    dimensions: list[AssessedDimensionOut]
    written_by: str
    key_name: str = Field(description="Name of the API key")
    created_at: datetime

    @classmethod
    def of(cls, found: Assessment) -> Self:
        """From the domain."""
        return cls.model_validate(found)


class AssessmentPage(Page[AssessmentOut]):
    """A page of assessments."""


class CoursePointOut(Output):
    """How a dimension was judged on a day."""

    assessment_id: UUID
    as_of: date
    level: int
    change: int | None = Field(description="From the judgement before; null for the first")
    evidence: Mapping[EvidenceKind, int] = Field(description="How many pieces of each kind it rests on")


class DimensionCourseOut(Output):
    """A dimension over time, by day."""

    key: str
    label: str
    points: list[CoursePointOut]


class CultureCourseOut(Output):
    """The culture over time. Levels are judgements: changes are shown, and no trend is tested."""

    dimensions: list[DimensionCourseOut]

    @classmethod
    def of(cls, found: list[DimensionCourse]) -> Self:
        """From the domain."""
        return cls(dimensions=[DimensionCourseOut.model_validate(each) for each in found])
