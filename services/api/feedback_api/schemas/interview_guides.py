"""Shapes of interview guides."""

from datetime import datetime
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from feedback_api.schemas.common import Input, Key, Line, LongText, Output
from feedback_api.schemas.questionnaires import LanguageTag
from feedback_core.responses.guides.types import Guide, GuideQuestion, StoredGuide
from feedback_core.surveys.types import MAX_QUESTIONS

_Lines = Annotated[list[Line], Field(max_length=30)]
_EXAMPLE: Final[JsonDict] = {
    "language": "en",
    "title": "How was your visit?",
    "introduction": "Good morning, I am calling for the city library. It takes ten minutes.",
    "consent": "May I write down what you say? Only the library reads it.",
    "questions": [
        {"ask": "Tell me about your last visit.", "probes": ["What happened then?"]},
        {
            "question": "nps",
            "prompts": ["10 means surely, 0 not at all."],
            "probes": ["What makes it that number?"],
            "note": "Wait. Do not suggest a number.",
        },
    ],
    "closing": "Thank you. Is there anything that I did not ask?",
}


class GuideQuestionBody(Input):
    """How a question is put."""

    model_config = ConfigDict(from_attributes=True)

    question: Key | None = Field(default=None, description="Key of the survey's question; null: one asked beside them")
    ask: LongText | None = Field(default=None, description="What is said; null: the words of the survey")
    prompts: _Lines = Field(default_factory=list, description="May be offered where nothing comes to mind")
    probes: _Lines = Field(default_factory=list, description="How to ask on, without leading")
    note: LongText | None = Field(default=None, description="For the interviewer alone")


class GuideBody(Input):
    """What an interviewer says from beginning to end."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [_EXAMPLE]})

    language: LanguageTag
    title: Line
    introduction: LongText
    consent: LongText | None = Field(default=None, description="How consent is asked for")
    questions: list[GuideQuestionBody] = Field(min_length=1, max_length=MAX_QUESTIONS)
    closing: LongText

    def guide(self) -> Guide:
        """For the domain."""
        return Guide(
            language=self.language,
            title=self.title,
            introduction=self.introduction,
            consent=self.consent,
            questions=tuple(
                GuideQuestion(each.question, each.ask, tuple(each.prompts), tuple(each.probes), each.note)
                for each in self.questions
            ),
            closing=self.closing,
        )


class InterviewGuideOut(Output):
    """A version of the guide of a survey; its ETag is the version."""

    survey_id: UUID
    version: int
    guide: GuideBody
    written_by: str
    written_at: datetime

    @classmethod
    def of(cls, stored: StoredGuide) -> Self:
        """From the domain."""
        return cls.model_validate(stored)
