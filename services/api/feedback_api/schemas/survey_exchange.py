"""Shapes of surveys that come from other tools and go to them."""

from typing import Annotated, Any, Final, Self

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from feedback_api.schemas.common import Input, Output
from feedback_api.schemas.questionnaires import Attribute, DraftKey, LanguageTag, Part, Words
from feedback_api.schemas.surveys import SurveyOut
from feedback_core.surveys.exchange.types import MOST_REMARKS, Beside, BesideModel, Remark, RemarkCode
from feedback_core.surveys.exchange.use_cases import Imported, NewSurvey, WhatIsBeside
from feedback_core.surveys.types import (
    SURVEY_KEY,
    Confidentiality,
    Questionnaire,
    QuestionType,
    questionnaire_from_json,
    questionnaire_to_json,
)

MODEL: Final[JsonDict] = {
    "title": "Your visit",
    "locale": "en",
    "pages": [
        {
            "name": "page1",
            "elements": [
                {"type": "rating", "name": "nps", "title": "Would you recommend us?", "rateMin": 0, "rateMax": 10},
                {"type": "comment", "name": "why", "title": "What went wrong?", "visibleIf": "{nps} <= 6"},
            ],
        }
    ],
}

_MOST_BESIDE: Final = 2_000


class BesideQuestion(Part):
    """What the model has no word for of one question."""

    type: Annotated[QuestionType, Field(strict=False)] | None = Field(
        default=None, description="Which of the types that take the same answers: `nps` of what SurveyJS calls a rating"
    )
    feature: DraftKey | None = Field(default=None, description="Feature of the service that it is about")
    unit: Annotated[Words, Field(max_length=100)] | None = Field(default=None, description="What a number counts")

    def said(self) -> Beside:
        """For the domain."""
        return Beside(self.type, self.feature, self.unit)


class BesideSurveyJs(Part):
    """What the model has no word for; as it comes out, so it goes in."""

    questions: dict[DraftKey, BesideQuestion] = Field(
        default_factory=dict, max_length=_MOST_BESIDE, description="By question key"
    )
    attributes: list[Attribute] = Field(
        default_factory=list, description="What a response may say of its respondent, beside its answers"
    )

    def said(self) -> BesideModel:
        """For the domain."""
        attributes = [attribute.model_dump(by_alias=True) for attribute in self.attributes]
        document = {"title": "", "language": "en", "questions": [], "attributes": attributes}
        questions = {key: question.said() for key, question in self.questions.items()}
        return BesideModel(questions, questionnaire_from_json(document).attributes)

    @classmethod
    def of(cls, beside: BesideModel) -> Self:
        """As it is shown."""
        document = questionnaire_to_json(Questionnaire("", "en", (), beside.attributes))
        questions = {
            key: {
                name: value
                for name, value in (("type", said.type), ("feature", said.feature), ("unit", said.unit))
                if value is not None
            }
            for key, said in beside.questions.items()
        }
        return cls.model_validate({"questions": questions, "attributes": document.get("attributes", [])})


class SurveyJsIn(Input):
    """A model of SurveyJS that becomes the draft of a new survey."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "key": "from-surveyjs",
                    "model": MODEL,
                    "beside": {
                        "questions": {"nps": {"type": "nps", "feature": "overall"}},
                        "attributes": [{"key": "region", "values": ["north", "south"]}],
                    },
                }
            ]
        }
    )

    key: Annotated[str, Field(pattern=SURVEY_KEY.pattern)] = Field(
        description="Unique in the organisation; never changes", examples=["from-surveyjs"]
    )
    confidentiality: Confidentiality | None = Field(
        default=None, description="The most identifying mode in which a response may be recorded; else identified"
    )
    language: LanguageTag | None = Field(
        default=None, description="Of every text that does not say its own. Left out: the model's locale, else English"
    )
    model: dict[str, Any] = Field(description="The JSON of the survey, as SurveyJS takes it")
    beside: BesideSurveyJs = Field(default_factory=BesideSurveyJs)

    def new(self) -> NewSurvey:
        """For the domain."""
        return NewSurvey(self.key, self.confidentiality or Confidentiality.IDENTIFIED, self.language)


class LeftOutOut(Output):
    """One thing that is not on the other side as it was."""

    pointer: str = Field(description="JSON pointer into what was read; of a workbook `/sheet/row/column`")
    code: RemarkCode
    detail: str

    @classmethod
    def of(cls, remark: Remark) -> Self:
        """As it is shown."""
        return cls(pointer=remark.pointer, code=remark.code, detail=remark.detail)


class SurveyImportOut(Output):
    """The survey that was made, and everything that is not in it as it was in the document."""

    survey: SurveyOut
    left_out: list[LeftOutOut] = Field(description=f"The first {MOST_REMARKS}")
    left_out_total: int

    @classmethod
    def of(cls, imported: Imported) -> Self:
        """As it is shown."""
        return cls(
            survey=SurveyOut.of(imported.survey),
            left_out=[LeftOutOut.of(remark) for remark in imported.taken.remarks],
            left_out_total=imported.taken.remarks_total,
        )


class BesideOut(Output):
    """What the model of a version has no word for, and why."""

    version: int
    beside: BesideSurveyJs = Field(description="Send it back with the model, and nothing is lost")
    left_out: list[LeftOutOut] = Field(description=f"Pointers are into the version; the first {MOST_REMARKS}")
    left_out_total: int

    @classmethod
    def of(cls, found: WhatIsBeside) -> Self:
        """As it is shown."""
        return cls(
            version=found.version,
            beside=BesideSurveyJs.of(found.beside),
            left_out=[LeftOutOut.of(remark) for remark in found.remarks.kept],
            left_out_total=found.remarks.total,
        )
