"""Shapes of benchmarks and practice notes."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import ConfigDict, Field

from feedback_api.schemas.analyses.parts import Amount, Level
from feedback_api.schemas.common import AS_WHOLE, Input, Line, LongText, Output, Page
from feedback_api.schemas.times import Day
from feedback_core.standards.types import (
    STANDARD_KEY,
    Benchmark,
    BenchmarkDetails,
    PracticeNote,
    PracticeNoteDetails,
    StatedInterval,
)

StandardName = Annotated[str, Field(pattern=STANDARD_KEY)]


class StatedIntervalBody(Input):
    """The interval that the source states."""

    model_config = ConfigDict(from_attributes=True)

    low: Amount
    high: Amount
    level: Level = 0.95


class BenchmarkIn(Input):
    """A figure of others; a field left out is not known."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Visitors who call the wait good",
                    "figure": 0.74,
                    "n": 2100,
                    "source": "Annual survey of the association, table 12",
                    "published_on": "2025-11-03",
                    "sector": "Public offices",
                    "comparability": "Same question and scale; asked by telephone, ours on paper.",
                    "standard": "short_wait",
                }
            ]
        }
    )

    name: Line
    figure: Amount = Field(description="In the units of the standard that it stands beside; of a share 0 to 1")
    n: Annotated[int, Field(strict=True, ge=1, le=10**12), AS_WHOLE] | None = Field(
        default=None, description="Answers behind it"
    )
    interval: StatedIntervalBody | None = Field(default=None, description="As the source states it")
    source: Line
    published_on: Day
    sector: Line
    comparability: LongText = Field(description="How far it can be compared: who was asked, how, when")
    standard: StandardName | None = Field(default=None, description="Key of the standard that it stands beside")

    def details(self) -> BenchmarkDetails:
        """The same, for the domain."""
        stated = self.interval
        return BenchmarkDetails(
            name=self.name,
            figure=self.figure,
            n=self.n,
            interval=StatedInterval(stated.low, stated.high, stated.level) if stated else None,
            source=self.source,
            published_on=self.published_on,
            sector=self.sector,
            comparability=self.comparability,
            standard=self.standard,
        )


class StatedIntervalOut(Output):
    """The interval that the source states."""

    low: float
    high: float
    level: float


class BenchmarkOut(Output):
    """A figure of others."""

    key: str
    name: str
    figure: float
    n: int | None
    interval: StatedIntervalOut | None
    source: str
    published_on: date
    sector: str
    comparability: str
    standard: str | None
    created_at: datetime

    @classmethod
    def of(cls, benchmark: Benchmark) -> Self:
        """From the domain."""
        details = benchmark.details
        said = {name: getattr(details, name) for name in cls.model_fields if hasattr(details, name)}
        return cls.model_validate({**said, "key": benchmark.key, "created_at": benchmark.created_at})


class BenchmarkPage(Page[BenchmarkOut]):
    """Benchmarks by key."""


class PracticeNoteIn(Input):
    """How others do it; a field left out is not known."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "Tell people how long it will be",
                    "text": "A board shows the expected wait; people rate the same wait better.",
                    "source": "Journal of service research, 12 (3)",
                    "dated": "2024-05-01",
                    "sector": "Hospitals",
                    "standard": "short_wait",
                }
            ]
        }
    )

    title: Line
    text: LongText
    source: Line
    dated: Day
    sector: Line | None = None
    standard: StandardName | None = Field(default=None, description="Key of the standard that it helps to reach")

    def details(self) -> PracticeNoteDetails:
        """The same, for the domain."""
        return PracticeNoteDetails(self.title, self.text, self.source, self.dated, self.sector, self.standard)


class PracticeNoteOut(Output):
    """How others do it."""

    key: str
    title: str
    text: str
    source: str
    dated: date
    sector: str | None
    standard: str | None
    created_at: datetime

    @classmethod
    def of(cls, note: PracticeNote) -> Self:
        """From the domain."""
        details = note.details
        said = {name: getattr(details, name) for name in cls.model_fields if hasattr(details, name)}
        return cls.model_validate({**said, "key": note.key, "created_at": note.created_at})


class PracticeNotePage(Page[PracticeNoteOut]):
    """Practice notes by key."""
