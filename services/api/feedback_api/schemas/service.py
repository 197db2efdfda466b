"""Shapes of the service: features, processes, offers, touchpoints."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import AS_WHOLE, Input, Line, LongText, Output, Page
from feedback_api.schemas.times import Day
from feedback_core.service.calc import FootprintComparison
from feedback_core.service.types import (
    PART_KEY,
    Feature,
    FeatureDetails,
    Footprint,
    Part,
    PartDetails,
)

PartName = Annotated[str, Field(pattern=PART_KEY.pattern)]
Amount = Annotated[float, Field(strict=True, ge=0, le=1e9, allow_inf_nan=False)]


class FeatureIn(Input):
    """What is said of a feature; a field left out is empty."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Waiting time",
                    "description": "From arrival to being called",
                    "process": "reception",
                    "owner": "Head of front desk",
                    "offers": ["visit"],
                    "touchpoints": ["front_desk"],
                    "assumed_importance": 4,
                }
            ]
        }
    )

    name: Line
    description: LongText | None = None
    process: PartName | None = Field(default=None, description="Key of the process that produces it")
    owner: Line | None = Field(default=None, description="Who answers for it")
    offers: list[PartName] = Field(default_factory=list, max_length=100, description="Keys of the offers that have it")
    touchpoints: list[PartName] = Field(
        default_factory=list, max_length=100, description="Keys of the touchpoints at which customers meet it"
    )
    assumed_importance: Annotated[int, Field(ge=1, le=5, strict=True), AS_WHOLE] | None = Field(
        default=None,
        description="How much you think it matters to customers, from 1 (little) to 5 (most); analyses of drivers show"
        " it beside what they measure",
    )

    def details(self) -> FeatureDetails:
        """The same, for the domain; a key that is given twice is meant once."""
        offers, touchpoints = (tuple(dict.fromkeys(keys)) for keys in (self.offers, self.touchpoints))
        return FeatureDetails(
            self.name, self.description, self.process, self.owner, offers, touchpoints, self.assumed_importance
        )


class FeatureOut(Output):
    """Something about the service that customers judge."""

    key: str = Field(description="What questions refer to it by", examples=["waiting_time"])
    name: str = Field(
        description="Made from the key until somebody says better, if a published question called for it",
        examples=["Waiting time"],
    )
    description: str | None
    process: str | None = Field(description="Key of the process that produces it")
    owner: str | None
    offers: list[str] = Field(description="Keys, in their order")
    touchpoints: list[str] = Field(description="Keys, in their order")
    assumed_importance: int | None = Field(description="From 1 (little) to 5 (most); null: nobody has said")
    created_at: datetime

    @classmethod
    def of(cls, feature: Feature) -> Self:
        """The feature as it is shown."""
        details = feature.details
        return cls(
            key=feature.key,
            name=details.name,
            description=details.description,
            process=details.process,
            owner=details.owner,
            offers=sorted(details.offers),
            touchpoints=sorted(details.touchpoints),
            assumed_importance=details.assumed_importance,
            created_at=feature.created_at,
        )


class FeaturePage(Page[FeatureOut]):
    """Features by key."""


class LinkedOut(Output):
    """Something of the service, and who answers for it."""

    key: str
    name: str
    owner: str | None


class ServiceLinksOut(Output):
    """Where a finding belongs."""

    feature: LinkedOut | None
    process: LinkedOut | None
    offers: list[LinkedOut]
    touchpoints: list[LinkedOut]


class FootprintBody(Input):
    """What one unit of a process takes; a figure left out was not measured, which is not nothing."""

    model_config = ConfigDict(from_attributes=True)

    unit: Line = Field(description="What is counted, in the singular", examples=["visit"])
    paper_sheets: Amount | None = None
    travel_km: Amount | None = None
    energy_kwh: Amount | None = None
    source: Line | None = Field(default=None, description="Where the figures come from")
    as_of: Day | None = Field(default=None, description="Day that they are of")


class PartIn(Input):
    """What is said of an offer or a touchpoint; a field left out is empty."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "Visit", "description": "A visit to the office", "owner": "Head of services"}]
        }
    )

    name: Line
    description: LongText | None = None
    owner: Line | None = Field(default=None, description="Who answers for it")

    def details(self) -> PartDetails:
        """The same, for the domain."""
        return PartDetails(self.name, self.description, self.owner)


class ProcessIn(PartIn):
    """What is said of a process; a field left out is empty."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Reception",
                    "owner": "Head of front desk",
                    "footprint": {
                        "unit": "visit",
                        "paper_sheets": 2,
                        "travel_km": 0,
                        "energy_kwh": 0.4,
                        "source": "Meter readings and stationery orders",
                        "as_of": "2026-01-31",
                    },
                }
            ]
        }
    )

    footprint: FootprintBody | None = None

    def details(self) -> PartDetails:
        """The same, for the domain."""
        footprint = Footprint(**dict(self.footprint)) if self.footprint else None
        return PartDetails(self.name, self.description, self.owner, footprint)


class PartOut(Output):
    """An offer, or a touchpoint."""

    key: str = Field(description="What features refer to it by", examples=["visit"])
    name: str
    description: str | None
    owner: str | None
    created_at: datetime

    @classmethod
    def of(cls, part: Part) -> Self:
        """The part as it is shown."""
        return cls(key=part.key, created_at=part.created_at, **cls.said(part.details))

    @classmethod
    def said(cls, details: PartDetails) -> dict[str, str | None]:
        """What is said of it."""
        return {"name": details.name, "description": details.description, "owner": details.owner}


class FootprintOut(Output):
    """What one unit of a process takes."""

    unit: str
    paper_sheets: float | None
    travel_km: float | None
    energy_kwh: float | None
    source: str | None
    as_of: date | None


class ProcessOut(PartOut):
    """A process that produces features."""

    footprint: FootprintOut | None

    @classmethod
    def of(cls, part: Part) -> Self:
        """The process as it is shown."""
        footprint = part.details.footprint
        shown = FootprintOut.model_validate(footprint) if footprint else None
        return cls(key=part.key, created_at=part.created_at, footprint=shown, **cls.said(part.details))


class PartPage(Page[PartOut]):
    """Offers, or touchpoints, by key."""


class ProcessPage(Page[ProcessOut]):
    """Processes by key."""


class ProcessComparisonIn(Input):
    """Which processes to hold side by side, and for how much work."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"processes": ["reception", "online_booking"], "units": 1200}]}
    )

    processes: list[PartName] = Field(min_length=2, max_length=20, json_schema_extra={"uniqueItems": True})
    units: float = Field(default=1, strict=True, gt=0, le=1e9, allow_inf_nan=False, description="Units of work")


class ProcessUseOut(Output):
    """What one process takes for all of the work; null: not measured."""

    process: str
    paper_sheets: float | None
    travel_km: float | None
    energy_kwh: float | None


class LeastOut(Output):
    """Which process takes least of each; null where one was not measured, or they take the same."""

    paper_sheets: str | None
    travel_km: str | None
    energy_kwh: str | None


class ProcessComparisonOut(Output):
    """Processes side by side."""

    units: float
    uses: list[ProcessUseOut]
    least: LeastOut
    sentence: str = Field(description="What can be said, in plain words")

    @classmethod
    def of(cls, comparison: FootprintComparison) -> Self:
        """From the domain."""
        return cls(
            units=comparison.units,
            uses=[ProcessUseOut.model_validate(use) for use in comparison.uses],
            least=LeastOut(**comparison.least),
            sentence=comparison.sentence,
        )
