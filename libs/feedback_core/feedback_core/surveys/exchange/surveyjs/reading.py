"""A model of SurveyJS as a questionnaire, and what of it a questionnaire cannot say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from feedback_core.kit.errors import Fault, Invalid
from feedback_core.kit.pointers import step
from feedback_core.surveys.codes import FaultCode
from feedback_core.surveys.exchange.drafting import (
    MOST_ELEMENTS,
    RATINGS,
    Asked,
    Shown,
    questionnaire_of,
    scale_as_written,
)
from feedback_core.surveys.exchange.expressions.reading import SURVEYJS
from feedback_core.surveys.exchange.keys import question_key
from feedback_core.surveys.exchange.surveyjs.fields import Fields
from feedback_core.surveys.exchange.surveyjs.questions import TYPES, Reader
from feedback_core.surveys.exchange.texts import Texts
from feedback_core.surveys.exchange.types import Beside, BesideModel, NotExchangeable, RemarkCode, Remarks, Taken
from feedback_core.surveys.types import LANGUAGE, MAX_TEXT_LENGTH, NPS_SCALE, Question, QuestionType

ROOT: Final = "/model"
DEEPEST: Final = 20
"""Panels within panels."""


def from_surveyjs(model: Mapping[str, object], *, language: str | None, beside: BesideModel) -> Taken:
    """The questionnaire of a model; pointers begin with ``/model``.

    Args:
        model: the JSON of SurveyJS.
        language: of every text that does not say its own; ``None``: the model's locale, else English, as there.
        beside: what the model has no word for.

    Raises:
        NotExchangeable: it is no model, or larger than a questionnaire can be.
        Invalid: what stands beside it does not belong to it.
    """
    remarks = Remarks()
    locale = model.get("locale")
    own = language or (locale if isinstance(locale, str) and LANGUAGE.fullmatch(locale) else "en")
    texts = Texts(own, remarks)
    fields = Fields(model, ROOT, texts, remarks)
    fields.usual(locale=locale, clearInvisibleValues="onHidden", maxCommentLength=MAX_TEXT_LENGTH)
    title = fields.text("title") or ""
    asked = _Walk(texts, remarks, beside).of(fields)
    fields.left_out()
    if not asked:
        raise NotExchangeable(ROOT, "The model has no question that can be taken: give it pages with elements.")
    asked = _with_beside(asked, beside, remarks)
    questionnaire = questionnaire_of(title, texts, asked, beside.attributes, dialect=SURVEYJS, remarks=remarks)
    return Taken(questionnaire, tuple(remarks.kept), remarks.total)


class _Walk:
    """Goes through pages and panels, and takes the questions in the order in which they are put."""

    def __init__(self, texts: Texts, remarks: Remarks, beside: BesideModel) -> None:
        self._texts = texts
        self._remarks = remarks
        self._reader = Reader(texts, remarks, beside)
        self._keys: set[str] = set()
        self._elements = 0

    def of(self, model: Fields) -> list[Asked]:
        pages = model.items("pages")
        asked = [each for index, page in enumerate(pages) for each in self._panel(page, f"{ROOT}/pages/{index}", (), 0)]
        for name in ("elements", "questions"):
            asked += self._elements_of(model.items(name), model.at(name), (), 0)
        return asked

    def _panel(self, value: object, pointer: str, shown: tuple[Shown, ...], depth: int) -> Iterator[Asked]:
        if depth > DEEPEST:
            raise NotExchangeable(pointer, f"Nest at most {DEEPEST} panels.")
        self._count(pointer)
        fields = Fields(value, pointer, self._texts, self._remarks)
        fields.take("name")
        fields.usual(type="panel", visible=True)
        if fields.take("visible") is False:
            detail = "It is never visible: the questions in it were left out."
            self._remarks.add(fields.at("visible"), RemarkCode.QUESTION_LEFT_OUT, detail)
            return
        shown = (*shown, *_shown(fields))
        elements = fields.items("elements")
        fields.left_out()
        yield from self._elements_of(elements, fields.at("elements"), shown, depth)

    def _elements_of(
        self, elements: Sequence[object], pointer: str, shown: tuple[Shown, ...], depth: int
    ) -> Iterator[Asked]:
        for index, element in enumerate(elements):
            place = f"{pointer}/{index}"
            if isinstance(element, Mapping) and element.get("type") == "panel":
                yield from self._panel(element, place, shown, depth + 1)
            else:
                yield from self._question(element, place, shown)

    def _question(self, element: object, pointer: str, shown: tuple[Shown, ...]) -> Iterator[Asked]:
        self._count(pointer)
        fields = Fields(element, pointer, self._texts, self._remarks)
        kind, name = fields.name("type") or "", fields.name("name") or ""
        never = fields.take("visible") is False
        read = TYPES.get(kind)
        if read is None or never:
            why = "It is never visible" if never else f'There is no question like "{kind[:40]}"'
            self._remarks.add(pointer, RemarkCode.QUESTION_LEFT_OUT, f"{why}: it was left out.")
            return
        key = question_key(name, self._keys)
        self._keys.add(key)
        if key != name:
            self._remarks.add(fields.at("name"), RemarkCode.KEY_CHANGED, f"The key of this question is {key}.")
        title = fields.text("title")
        question = Question(
            key=key,
            type=QuestionType.TEXT,
            text=title if title is not None else self._texts.words(name, fields.at("name")),
            required=fields.flag("isRequired"),
        )
        conditions = (*shown, *_shown(fields))
        values: dict[str, str] = {}
        question = read(self._reader, question, fields, values)
        fields.left_out()
        yield Asked(name, question, conditions, values)

    def _count(self, pointer: str) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise NotExchangeable(pointer, f"Give at most {MOST_ELEMENTS} pages, panels and questions.")


def _shown(fields: Fields) -> tuple[Shown, ...]:
    expression = fields.name("visibleIf")
    return () if expression is None or not expression.strip() else (Shown(expression, fields.at("visibleIf")),)


def _with_beside(asked: Sequence[Asked], beside: BesideModel, remarks: Remarks) -> list[Asked]:
    """The questions with what is said beside the model; of ratings of which nothing is said, what was guessed."""
    faults = [
        Fault(f"/beside/questions{step(key)}", FaultCode.UNKNOWN_QUESTION.value, "The model has no such question.")
        for key in beside.questions.keys() - {each.question.key for each in asked}
    ]
    completed = []
    for each in asked:
        said = beside.questions.get(each.question.key, Beside())
        faults += _contradictions(each.question, said)
        completed.append(replace(each, question=_completed(each.question, said, remarks)))
    if faults:
        raise Invalid(sorted(faults, key=lambda fault: fault.pointer))
    return completed


def _contradictions(question: Question, said: Beside) -> Iterator[Fault]:
    pointer = f"/beside/questions/{question.key}"
    if said.type not in {None, question.type}:
        is_nps = said.type is QuestionType.NPS
        if question.type not in RATINGS or said.type not in RATINGS or (is_nps and question.scale != NPS_SCALE):
            detail = "The question of the model takes other answers than this type."
            yield Fault(f"{pointer}/type", FaultCode.TYPE_CHANGED.value, detail)
    if said.unit is not None and question.type is not QuestionType.NUMBER:
        yield Fault(f"{pointer}/unit", FaultCode.FIELD_NOT_OF_TYPE.value, "Only a number has a unit.")


def _completed(question: Question, said: Beside, remarks: Remarks) -> Question:
    kind = said.type or question.type
    if said.type is None and kind in RATINGS:
        detail = f"SurveyJS does not say what a rating asks; it was taken as {kind.value}. Say otherwise in beside."
        remarks.add(f"/beside/questions/{question.key}/type", RemarkCode.TYPE_GUESSED, detail)
    return replace(
        question,
        type=kind,
        scale=scale_as_written(kind, question.scale),
        feature=said.feature,
        unit=said.unit,
    )
