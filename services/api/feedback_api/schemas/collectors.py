"""Shapes of collectors."""

from datetime import datetime
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field

from feedback_api.schemas.common import Input, Line, Output
from feedback_api.schemas.questionnaires import LanguageTag, Text
from feedback_api.schemas.responses import Moment
from feedback_core.collectors.types import Collector, CollectorDetails, CollectorState
from feedback_core.planning.types import CollectionMethod
from feedback_core.surveys.types import MAX_ATTRIBUTE_VALUES

_MOST_CHARACTERS: Final = 5_000

_EXAMPLE: Final[dict[str, Any]] = {
    "name": "Poster at the north entrance",
    "language": "en",
    "introduction": "Three questions about your visit today.",
    "thank_you": "Thank you. What comes of it hangs at the entrance next month.",
    "method": "online_questionnaire",
    "attributes": {"region": "north"},
}


def _not_long(text: str | dict[str, str]) -> str | dict[str, str]:
    words = [text] if isinstance(text, str) else list(text.values())
    if any(len(each) > _MOST_CHARACTERS for each in words):
        message = f"must have at most {_MOST_CHARACTERS} characters"
        raise ValueError(message)
    if not any(each.strip() for each in words):
        message = "must not be blank"
        raise ValueError(message)
    return text


Told = Annotated[Text, AfterValidator(_not_long)]


class CollectorIn(Input):
    """A collector, as it is to be from now on."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    name: Line = Field(description="As you call it; respondents are not shown it")
    language: LanguageTag | None = Field(
        default=None,
        description="In which the page is shown unless the reader chooses another; null: what their browser asks for",
    )
    introduction: Told | None = Field(
        default=None, description="Read before the first question: a string in the survey's language, or by language"
    )
    thank_you: Told | None = Field(default=None, description="Read after the last; null: a plain thank you")
    opens_at: Moment | None = Field(default=None, description="Null: at once")
    closes_at: Moment | None = Field(default=None, description="Null: with the survey")
    method: CollectionMethod = Field(
        default=CollectionMethod.ONLINE_QUESTIONNAIRE,
        description="That responses are counted under; `kiosk`: many people use the device, one after the other",
    )
    attributes: dict[str, Annotated[str, Field(max_length=200)]] = Field(
        default_factory=dict,
        max_length=MAX_ATTRIBUTE_VALUES,
        description="That every response through it has; of those that the survey declares",
    )
    state: CollectorState = Field(default=CollectorState.OPEN, description="`ended` is for good")

    def details(self) -> CollectorDetails:
        """For the domain."""
        return CollectorDetails(
            name=self.name,
            language=self.language,
            introduction=self.introduction,
            thank_you=self.thank_you,
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            method=self.method,
            attributes=self.attributes,
            state=self.state,
        )


class CollectorOut(Output):
    """A collector, and its link."""

    id: UUID
    survey_id: UUID
    name: str
    language: str | None
    introduction: str | dict[str, str] | None
    thank_you: str | dict[str, str] | None
    opens_at: datetime | None
    closes_at: datetime | None
    method: CollectionMethod
    attributes: dict[str, str]
    state: CollectorState
    url: str = Field(description="The hosted questionnaire; whoever has the link may answer")
    created_by: str = Field(description="Name of the API key")
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, found: Collector, url: str) -> Self:
        """From the domain."""
        said = found.details
        return cls(
            id=found.id,
            survey_id=found.survey_id,
            name=said.name,
            language=said.language,
            introduction=said.introduction if said.introduction is None else _plain(said.introduction),
            thank_you=said.thank_you if said.thank_you is None else _plain(said.thank_you),
            opens_at=said.opens_at,
            closes_at=said.closes_at,
            method=said.method,
            attributes=dict(said.attributes),
            state=said.state,
            url=url,
            created_by=found.created_by,
            created_at=found.created_at,
            updated_at=found.updated_at,
        )


def _plain(text: Any) -> str | dict[str, str]:  # noqa: ANN401 - a text of the domain
    return text if isinstance(text, str) else dict(text)
