"""Shapes of surveys and their versions."""

from datetime import datetime
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from feedback_api.problems import ProblemFault
from feedback_api.schemas.common import AS_WHOLE, Input, Output, Page
from feedback_api.schemas.questionnaires import Attribute, LanguageTag, Question, Text
from feedback_core.surveys.types import (
    LONGEST_AUTO_CLOSE,
    SHORTEST_AUTO_CLOSE,
    SURVEY_KEY,
    Audience,
    Confidentiality,
    Questionnaire,
    Survey,
    SurveySettings,
    SurveyState,
    SurveyVersion,
    Take,
    questionnaire_from_json,
    questionnaire_to_json,
)

_MOST_FAULTS: Final = 100

_POST_VISIT: Final[JsonDict] = {
    "key": "post-visit",
    "title": "Your visit",
    "language": "en",
    "attributes": [{"key": "region", "label": "Region", "values": ["north", "south"]}],
    "questions": [
        {"key": "nps", "type": "nps", "text": "How likely are you to recommend us?", "feature": "overall"},
        {
            "key": "wait",
            "type": "rating",
            "scale": {"min": 1, "max": 5},
            "text": "How was the wait?",
            "feature": "waiting_time",
        },
        {
            "key": "why",
            "type": "text",
            "text": {"en": "What went wrong?", "de": "Was ging schief?"},
            "show_if": {"question": "nps", "op": "at_most", "value": 6},
        },
    ],
}


class Asks(BaseModel):
    """The fields of a questionnaire, as they come in and go out."""

    title: Text = Field(examples=["Your visit"])
    language: LanguageTag = Field(description="BCP 47 tag of every text that is a plain string")
    attributes: list[Attribute] = Field(
        default_factory=list, description="What a response may say of its respondent; figures can be broken down by it"
    )
    questions: list[Question] = Field(description="In the order in which they are put")


class SurveyIn(Asks, Input):
    """A survey: its key and promise, and the questionnaire that becomes its draft."""

    model_config = ConfigDict(json_schema_extra={"examples": [_POST_VISIT]})

    key: Annotated[str, Field(pattern=SURVEY_KEY.pattern)] = Field(
        description="Unique in the organisation; never changes", examples=["post-visit"]
    )
    confidentiality: Confidentiality | None = Field(
        default=None,
        description="The most identifying mode in which a response may be recorded. Left out: identified for a new"
        " survey, unchanged for one that is there. Once published it can only become stricter",
    )

    def questionnaire(self) -> Questionnaire:
        """What it asks, for the domain."""
        return questionnaire_from_json(self.model_dump(include=set(Asks.model_fields), by_alias=True))


class ConfidentialityIn(Input):
    """What is kept of who answers."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"confidentiality": "anonymous"}]})

    confidentiality: Confidentiality


class SurveySettingsBody(Input):
    """How answers are gathered and counted, whatever is published."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={"examples": [{"auto_close_after_hours": 48, "responses_per_respondent": "latest"}]},
    )

    auto_close_after_hours: Annotated[
        int, Field(strict=True, ge=SHORTEST_AUTO_CLOSE, le=LONGEST_AUTO_CLOSE), AS_WHOLE
    ] = Field(default=24, description="So long after it was opened, an open response is closed as it stands")
    responses_per_respondent: Take = Field(
        default=Take.ALL,
        description="Which responses of one known respondent count, unless a KPI's definition says otherwise",
    )

    audience: Audience | None = Field(
        default=None,
        description="Who is asked; it stays once the survey was published. `staff` answer anonymous or pseudonymous;"
        " figures from fewer than ten are withheld. Left out: as it is",
    )

    def settings(self) -> SurveySettings:
        """For the domain."""
        audience = self.audience or Audience.CUSTOMERS
        return SurveySettings(self.auto_close_after_hours, self.responses_per_respondent, audience)


class SurveyOut(Asks, Output):
    """A survey with its draft; without a draft, with its latest version."""

    id: UUID
    key: str
    state: SurveyState
    confidentiality: Confidentiality
    published_version: int | None = Field(description="Number of the version that takes answers, or took the last ones")
    has_draft: bool = Field(description="Whether the questionnaire shown is a draft")
    faults: list[ProblemFault] = Field(
        description=f"Why the draft cannot be published yet, the first {_MOST_FAULTS}; empty if it can"
    )
    settings: SurveySettingsBody
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None

    @classmethod
    def of(cls, survey: Survey) -> Self:
        """The survey as it is shown."""
        faults = [ProblemFault(pointer=f.pointer, code=f.code, detail=f.detail) for f in survey.faults[:_MOST_FAULTS]]
        return cls(
            **fields_of(survey.questionnaire),
            id=survey.survey_id,
            key=survey.key,
            state=survey.state,
            confidentiality=survey.confidentiality,
            published_version=survey.published_version,
            has_draft=survey.has_draft,
            faults=faults,
            settings=SurveySettingsBody.model_validate(survey.settings),
            created_at=survey.created_at,
            updated_at=survey.updated_at,
            closed_at=survey.closed_at,
        )


class SurveyVersionOut(Asks, Output):
    """A published version, which never changes."""

    id: UUID
    survey_id: UUID
    number: int = Field(description="1 for the first version of the survey")
    published_at: datetime

    @classmethod
    def of(cls, version: SurveyVersion) -> Self:
        """The version as it is shown."""
        return cls(
            **fields_of(version.questionnaire),
            id=version.version_id,
            survey_id=version.survey_id,
            number=version.number,
            published_at=version.published_at,
        )


class SurveySummaryOut(Output):
    """A survey in a list."""

    id: UUID = Field(validation_alias="survey_id")
    key: str
    title: str = Field(description="In the survey's own language")
    state: SurveyState
    confidentiality: Confidentiality
    published_version: int | None
    has_draft: bool
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None


class SurveyPage(Page[SurveySummaryOut]):
    """Surveys, newest first."""


def fields_of(questionnaire: Questionnaire) -> dict[str, Any]:
    """The fields of a questionnaire, for its shape."""
    return Asks.model_validate(questionnaire_to_json(questionnaire)).__dict__
