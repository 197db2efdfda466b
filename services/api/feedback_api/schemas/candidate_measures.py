"""Shapes of the measures that standards could be held on."""

from typing import Self
from uuid import UUID

from pydantic import Field

from feedback_api.schemas.common import Output
from feedback_api.schemas.kpis import IntervalOut
from feedback_api.schemas.service import LinkedOut
from feedback_core.standards.selection.types import RankedMeasure


class ImportanceOut(Output):
    """As the newest analysis of drivers found it."""

    outcome: str = Field(description="The question that it was measured on")
    share: float = Field(description="Of what explains the outcome, 0 to 1")
    interval: IntervalOut | None
    run_id: UUID = Field(description="The analysis")


class SpreadOut(Output):
    """How far answers lie apart."""

    value: float = Field(description="Standard deviation over the largest that the scale allows, 0 to 1")
    n: int


class MeasureCostOut(Output):
    """What it takes to know the measure."""

    answers: int = Field(description="For an interval with the margin that was asked for")
    amount: float | None = Field(description="Of these at the price given; null: none was")


class CandidateMeasureOut(Output):
    """A question on a scale, or a row of a matrix, and its places: 1 is best, equal ones share one."""

    question: str
    item: str | None = Field(description="Row of a matrix")
    feature: LinkedOut | None
    assumed_importance: int | None = Field(description="Of the feature, from 1 (little) to 5 (most)")
    importance: ImportanceOut | None = Field(description="Null: no analysis of drivers has it")
    spread: SpreadOut | None = Field(description="Null: too few answered, or all alike")
    cost: MeasureCostOut | None = Field(description="Null likewise")
    standards: list[str] = Field(description="Keys of the standards that are held on it")
    by_importance: int
    by_spread: int
    by_cost: int
    mean_rank: float = Field(description="Of the three places")
    why: str = Field(description="The arithmetic, and what is not known")

    @classmethod
    def of(cls, ranked: RankedMeasure) -> Self:
        """From the domain."""
        measure = {name: getattr(ranked.measure, name) for name in cls.model_fields if hasattr(ranked.measure, name)}
        places = {name: getattr(ranked, name) for name in cls.model_fields if hasattr(ranked, name)}
        return cls.model_validate({**measure, **places})


class CandidateMeasuresOut(Output):
    """All of a survey, the best first."""

    items: list[CandidateMeasureOut]
