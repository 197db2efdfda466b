"""Shapes of what is told back to customers."""

from datetime import datetime
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import Flag, Input, Line, Output
from feedback_core.cases.publishing.addresses import PublicAddress
from feedback_core.cases.publishing.types import Feed, FigureLink, Item, Progress, Written

Told = Annotated[
    str, Field(min_length=1, max_length=2_000, pattern=r"^[^\x00-\x09\x0b-\x1f]*[^\x00-\x20][^\x00-\x09\x0b-\x1f]*$")
]

_EXAMPLE: Final[dict[str, Any]] = {
    "you_said": "You wait too long in the morning.",
    "we_did": "A second desk is open from 8 to 10.",
    "action_id": "0198c5a2-7d1c-7b7e-8f0a-5d0a4f6f9a13",
    "published": False,
}


class PublicFigureIn(Input):
    """A figure of a run that is to be shown."""

    analysis_id: UUID
    pointer: Annotated[str, Field(max_length=500, pattern=r"^(/[^\x00-\x1f]*)?$")] = Field(
        description="JSON pointer into the result", examples=["/features/0/figure"]
    )
    label: Line = Field(description="What it is, as customers understand it")


class YouSaidIn(Input):
    """What customers said, and what is done about it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    you_said: Told
    we_did: Told
    action_id: UUID = Field(description="What is done; to be published, it is under way or done")
    figures: Annotated[list[PublicFigureIn], Field(max_length=20)] = Field(
        default_factory=list, description="Of at least the organisation's minimum of answers; frozen as they now stand"
    )
    published: Flag = Field(default=False, description="Whether everybody may read it")

    def written(self) -> Written:
        """For the domain."""
        figures = tuple(FigureLink(link.analysis_id, link.pointer, link.label) for link in self.figures)
        return Written(self.you_said, self.we_did, self.action_id, figures, self.published)


class PublicFigureOut(Output):
    """A figure as everybody reads it."""

    label: str
    value: float
    low: float | None = Field(description="Lower limit of its interval")
    high: float | None
    n: int = Field(description="Answers behind it")


class LinkedFigureOut(PublicFigureOut):
    """The same, with where it was taken from."""

    analysis_id: UUID = Field(validation_alias="run_id")
    pointer: str


class YouSaidOut(Output):
    """What customers said, and what is done about it."""

    id: UUID
    survey_id: UUID
    action_id: UUID
    you_said: str
    we_did: str
    figures: list[LinkedFigureOut]
    progress: Progress | None = Field(description="Of the action; null: it is planned, or was given up")
    published_at: datetime | None
    shown: bool = Field(description="Whether everybody may read it now: published, and under way or done")
    public_url: str = Field(description="The page; with `.json`, the same as data")
    written_by: str
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, found: Item, organisation_id: UUID) -> Self:
        """From the domain."""
        return cls(
            id=found.id,
            survey_id=found.survey_id,
            action_id=found.action_id,
            you_said=found.you_said,
            we_did=found.we_did,
            figures=[LinkedFigureOut.model_validate(figure) for figure in found.figures],
            progress=found.progress,
            published_at=found.published_at,
            shown=found.is_shown,
            public_url=PublicAddress(organisation_id, found.survey_id).path("html"),
            written_by=found.written_by,
            created_at=found.created_at,
            updated_at=found.updated_at,
        )


class PublicItemOut(Output):
    """What customers said, and what is done about it."""

    you_said: str
    we_did: str
    progress: Progress = Field(description="`under_way` or `done`")
    figures: list[PublicFigureOut]
    published_at: datetime


class PublicFeedOut(Output):
    """What everybody may read of a survey, what was published last first; the latest hundred."""

    title: str
    language: str
    items: list[PublicItemOut]

    @classmethod
    def of(cls, feed: Feed) -> Self:
        """From the domain."""
        items = [PublicItemOut.model_validate(item) for item in feed.items]
        return cls(title=feed.title, language=feed.language, items=items)
