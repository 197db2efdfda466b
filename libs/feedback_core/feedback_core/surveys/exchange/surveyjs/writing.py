"""A questionnaire as a model of SurveyJS, whose result the response route takes as it is.

Names of questions are their keys, and the values of answers are those that are stored: points as numbers, choices by
key, a matrix as an object of rows.
"""

from typing import Any, Final

from feedback_core.surveys.exchange.expressions.writing import SurveyJsWriter
from feedback_core.surveys.exchange.types import RemarkCode, Remarks
from feedback_core.surveys.types import (
    MAX_TEXT_LENGTH,
    Question,
    Questionnaire,
    QuestionType,
    Text,
    comparisons_in,
)
from feedback_core.surveys.validation.checks import FIRST_DATE, LAST_DATE

Json = dict[str, Any]

MOST_BUTTONS: Final = 20
"""Points that a rating shows from its two ends; of a longer scale every point is named."""

OFFERING: Final = {
    QuestionType.SINGLE_CHOICE: "radiogroup",
    QuestionType.MULTIPLE_CHOICE: "checkbox",
    QuestionType.RANKING: "ranking",
}
_PLAIN_TYPE: Final = frozenset({QuestionType.NPS, QuestionType.CES, QuestionType.CSAT})


def as_surveyjs(questionnaire: Questionnaire) -> Json:
    """The model."""
    writer = SurveyJsWriter(questionnaire.questions)
    return {
        "title": _text(questionnaire.title, questionnaire),
        "locale": questionnaire.language,
        # A question that is hidden again has no answer, here as there.
        "clearInvisibleValues": "onHidden",
        "maxCommentLength": MAX_TEXT_LENGTH,
        "pages": [
            {
                "name": "page1",
                "elements": [_element(question, questionnaire, writer) for question in questionnaire.questions],
            }
        ],
    }


def left_out_of_surveyjs(questionnaire: Questionnaire) -> Remarks:
    """What the model cannot say of the questionnaire; pointers are into the questionnaire's document."""
    remarks = Remarks()
    for index, attribute in enumerate(questionnaire.attributes):
        detail = f"The attribute {attribute.key} stands beside the answers of a response, not in the model."
        remarks.add(f"/attributes/{index}", RemarkCode.FIELD_LEFT_OUT, detail)
    for index, question in enumerate(questionnaire.questions):
        pointer = f"/questions/{index}"
        if question.type in _PLAIN_TYPE:
            detail = f"SurveyJS has no {question.type.value} question: it is a rating there."
            remarks.add(f"{pointer}/type", RemarkCode.TYPE_CHANGED, detail)
        if question.feature is not None:
            detail = "Respondents are not told which feature a question is about."
            remarks.add(f"{pointer}/feature", RemarkCode.FIELD_LEFT_OUT, detail)
        if question.unit is not None:
            detail = "SurveyJS has no units: it stands in the description of the question."
            remarks.add(f"{pointer}/unit", RemarkCode.FIELD_LEFT_OUT, detail)
        if _is_compared_loosely(question, questionnaire):
            detail = (
                "SurveyJS takes upper and lower case, and 1 and 01, for the same: its own branching may differ here."
            )
            remarks.add(f"{pointer}/show_if", RemarkCode.COMPARED_LOOSELY, detail)
    return remarks


def _element(question: Question, questionnaire: Questionnaire, writer: SurveyJsWriter) -> Json:
    element: Json = {
        **_of_type(question, questionnaire),
        "name": question.key,
        "title": _text(question.text, questionnaire),
    }
    if question.required:
        element["isRequired"] = True
    if question.show_if is not None:
        element["visibleIf"] = writer.expression(question.show_if)
    return element


def _of_type(question: Question, questionnaire: Questionnaire) -> Json:  # noqa: PLR0911  # one return per kind of question
    match question.type:
        case QuestionType.SINGLE_CHOICE | QuestionType.MULTIPLE_CHOICE | QuestionType.RANKING:
            return _choosing(question, questionnaire)
        case QuestionType.MATRIX:
            return _matrix(question, questionnaire)
        case QuestionType.NUMBER:
            limits = {name: limit for name in ("min", "max") if (limit := getattr(question, name)) is not None}
            described = {} if question.unit is None else {"description": question.unit}
            return {"type": "text", "inputType": "number", **limits, **described}
        case QuestionType.DATE:
            return {"type": "text", "inputType": "date", "min": FIRST_DATE, "max": LAST_DATE}
        case QuestionType.BOOLEAN:
            # Two buttons can be left alone; a switch always shows an answer.
            return {"type": "boolean", "displayMode": "radio"}
        case QuestionType.TEXT:
            return {"type": "comment"} | ({} if question.max_length is None else {"maxLength": question.max_length})
    return _rating(question)


def _rating(question: Question) -> Json:
    scale = question.answer_scale
    assert scale is not None, "a published question of this type has a scale"
    if len(scale.points) > MOST_BUTTONS:
        return {
            "type": "rating",
            "autoGenerate": False,
            "rateValues": list(scale.points),
            "displayMode": "dropdown",
        }
    return {"type": "rating", "rateMin": scale.min, "rateMax": scale.max}


def _choosing(question: Question, questionnaire: Questionnaire) -> Json:
    element: Json = {
        "type": OFFERING[question.type],
        "choices": [
            {"value": choice.key, "text": _text(choice.label, questionnaire)}
            | ({"isExclusive": True} if choice.exclusive else {})
            for choice in question.choices
        ],
    }
    # Who ranks may leave out what does not matter.
    return element | {"selectToRankEnabled": True} if question.type is QuestionType.RANKING else element


def _matrix(question: Question, questionnaire: Questionnaire) -> Json:
    scale = question.answer_scale
    assert scale is not None, "a published matrix has a scale"
    element: Json = {
        "type": "matrix",
        "columns": list(scale.points),
        "rows": [{"value": row.key, "text": _text(row.label, questionnaire)} for row in question.rows],
    }
    return element | {"eachRowRequired": True} if question.required else element


def _text(text: Text, questionnaire: Questionnaire) -> str | dict[str, str]:
    """A text in one language as a string, which SurveyJS shows whatever the language is."""
    if isinstance(text, str):
        return text
    own = questionnaire.language.lower()
    if {tag.lower() for tag in text} == {own}:
        return next(iter(text.values()))
    return dict(text)


def _is_compared_loosely(question: Question, questionnaire: Questionnaire) -> bool:
    if question.show_if is None:
        return False
    asked = {comparison.question for comparison in comparisons_in(question.show_if)}
    return any(_look_alike(each) for each in questionnaire.questions if each.key in asked)


def _look_alike(question: Question) -> bool:
    return len({_loose(choice.key) for choice in question.choices}) < len(question.choices)


def _loose(key: str) -> object:
    try:
        return float(key)
    except ValueError:
        return key.lower()
