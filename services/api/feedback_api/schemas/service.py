"""Shapes of features."""

from datetime import datetime
from typing import Self

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import Input, Line, LongText, Output, Page
from feedback_core.service.types import Feature, FeatureDetails


class FeatureIn(Input):
    """What is said of a feature; a field left out is empty."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Waiting time",
                    "description": "From arrival to being called",
                    "process": "Reception",
                    "owner": "Head of front desk",
                }
            ]
        }
    )

    name: Line
    description: LongText | None = None
    process: Line | None = Field(default=None, description="Name of the process that produces it")
    owner: Line | None = Field(default=None, description="Who answers for it")

    def details(self) -> FeatureDetails:
        """The same, for the domain."""
        return FeatureDetails(self.name, self.description, self.process, self.owner)


class FeatureOut(Output):
    """Something about the service that customers judge."""

    key: str = Field(description="What questions refer to it by", examples=["waiting_time"])
    name: str = Field(
        description="Made from the key until somebody says better, if a published question called for it",
        examples=["Waiting time"],
    )
    description: str | None
    process: str | None
    owner: str | None
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
            created_at=feature.created_at,
        )


class FeaturePage(Page[FeatureOut]):
    """Features by key."""
