"""Shapes of the definitions of KPIs."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import AS_WHOLE, Flag, Input, Key, Line, Output
from feedback_core.kpis.queries.definitions import StoredDefinition
from feedback_core.kpis.types import Boxes, KpiDefinition, Measure, Nature, NpsGroups, Take
from feedback_core.surveys.types import MAX_SCALE_VALUE, QuestionType

Value = Annotated[int, Field(strict=True, ge=-MAX_SCALE_VALUE, le=MAX_SCALE_VALUE), AS_WHOLE]
Values = Annotated[list[Value], Field(max_length=1_000)]
Points = Annotated[float, Field(strict=True, ge=-1e9, le=1e9, allow_inf_nan=False)]
Answer = Annotated[str, Field(min_length=1, max_length=63, pattern=r"^[^\x00-\x1f]+$")]
Least = Annotated[int, Field(strict=True, ge=1, le=1_000_000), AS_WHOLE]


class BoxesBody(Input):
    """Answers from `lowest` to `highest`, both included."""

    model_config = ConfigDict(from_attributes=True)

    lowest: Points | None = None
    highest: Points | None = None


class NpsGroupsBody(Input):
    """Which answers make a promoter, a passive, a detractor."""

    model_config = ConfigDict(from_attributes=True)

    promoters: Values
    passives: Values = Field(default_factory=list)
    detractors: Values


class KpiIn(Input):
    """How a KPI is made. Fields that do not belong to its measure are refused."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Answered within an hour",
                    "unit": "share, 0 to 1",
                    "measure": "top_box",
                    "question_types": ["number"],
                    "question": "minutes_to_first_response",
                    "boxes": {"highest": 60},
                    "higher_is_better": True,
                    "nature": "observed",
                },
                {
                    "name": "Net Promoter Score on five points",
                    "unit": "points, -100 to 100",
                    "measure": "nps",
                    "question_types": ["rating"],
                    "groups": {"promoters": [5], "passives": [4], "detractors": [1, 2, 3]},
                    "higher_is_better": True,
                },
            ]
        }
    )

    name: Line
    unit: Line = Field(description="What a value is in, for the reader", examples=["minutes"])
    measure: Measure = Field(
        description="nps, top_box (share of answers in the boxes), mean, median, share (of a choice), "
        "ratio (of the totals of two numbers) or count (of responses)"
    )
    question_types: list[QuestionType] = Field(
        default_factory=list, max_length=12, description="Of questions that it may be asked of; none for a count"
    )
    found_by_type: QuestionType | None = Field(
        default=None, description="Where no question is named, the only one of this type is meant"
    )
    question: Key | None = Field(default=None, description="It is always of this question; of a ratio, above the line")
    denominator: Key | None = Field(default=None, description="Of a ratio: the question below the line")
    choice: Answer | None = Field(default=None, description="Of a share: it is always of this choice")
    boxes: BoxesBody | None = Field(
        default=None, description="Of a top_box; if left out, the best two beyond the middle of the scale"
    )
    groups: NpsGroupsBody | None = Field(default=None, description="Of an NPS on another scale than 0 to 10")
    points: dict[Answer, Points] | None = Field(
        default=None, max_length=1_000, description="Of a mean: what each answer is worth; others do not count"
    )
    counts_partials: Flag = Field(default=False, description="Whether answers of unfinished responses count")
    counts_suspects: Flag = Field(
        default=False, description="Whether responses count that a survey's inclusion rule holds for suspect"
    )
    take: Take | None = Field(
        default=None,
        description="Which responses of one known respondent count, of those in the selected time; "
        "null: as the survey's `responses_per_respondent` says",
    )
    minimum_n: Least = Field(
        default=1, description="Fewest answers that it is shown for; the organisation's minimum holds beside it"
    )
    higher_is_better: Flag | None = Field(default=None, description="Null where neither end is good")
    nature: Nature = Nature.OPINION

    def definition(self, key: str) -> KpiDefinition:
        """The same, for the domain."""
        return KpiDefinition(
            key=key,
            name=self.name,
            unit=self.unit,
            measure=self.measure,
            question_types=frozenset(self.question_types),
            higher_is_better=self.higher_is_better,
            found_by_type=self.found_by_type,
            question=self.question,
            denominator=self.denominator,
            choice=self.choice,
            boxes=Boxes(self.boxes.lowest, self.boxes.highest) if self.boxes else None,
            groups=NpsGroups(**{name: tuple(values) for name, values in self.groups}) if self.groups else None,
            points=self.points,
            counts_partials=self.counts_partials,
            counts_suspects=self.counts_suspects,
            take=self.take,
            minimum_n=self.minimum_n,
            nature=self.nature,
        )


class KpiOut(Output):
    """A version of a KPI's definition."""

    key: str = Field(examples=["nps"])
    version: int = Field(description="Its ETag; every figure names the version that made it")
    name: str
    unit: str
    measure: Measure
    question_types: list[QuestionType] = Field(
        description="Of questions it can be asked of; empty: it counts responses"
    )
    found_by_type: QuestionType | None
    question: str | None
    denominator: str | None
    choice: str | None
    boxes: BoxesBody | None
    groups: NpsGroupsBody | None
    points: dict[str, float] | None
    counts_partials: bool
    counts_suspects: bool
    take: Take | None
    minimum_n: int
    higher_is_better: bool | None
    nature: Nature
    inclusion: str = Field(description="Which responses count, in words")
    defined_by: str | None = Field(description="Name of the API key; null for what every organisation begins with")
    defined_at: datetime | None

    @classmethod
    def of(cls, stored: StoredDefinition) -> Self:
        """From the domain."""
        definition = stored.definition
        return cls.model_validate(
            {
                **{name: getattr(definition, name) for name in cls.model_fields if hasattr(definition, name)},
                "question_types": sorted(definition.question_types),
                "defined_by": stored.defined_by,
                "defined_at": stored.defined_at,
            }
        )


class KpisOut(Output):
    """Every KPI of the organisation."""

    items: list[KpiOut]
