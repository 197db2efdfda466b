"""A questionnaire as the sheets of an XLSForm: rows of cells by column, without the workbook around them."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final, TypeAlias

from feedback_core.surveys.exchange.expressions.reading import MOST_CHARACTERS
from feedback_core.surveys.exchange.expressions.writing import XlsFormWriter
from feedback_core.surveys.exchange.types import RemarkCode, Remarks
from feedback_core.surveys.exchange.xlsform.words import (
    ATTRIBUTES,
    CHOICES,
    FEATURE,
    KEY,
    LEFT_OUT,
    SETTINGS,
    SURVEY,
    TITLE,
    TYPE,
    UNIT,
    language_name,
    yes_and_no,
)
from feedback_core.surveys.types import Question, Questionnaire, QuestionType, Scale, Text

Cells: TypeAlias = dict[str, str]
Sheets: TypeAlias = dict[str, list[Cells]]

MOST_BUTTONS: Final = 11
"""Points of a scale that are listed one by one; a longer one is a range."""

LONGEST_CELL: Final = 32_767
"""UTF-16 code units of one cell."""

_OFFERING: Final = {
    QuestionType.SINGLE_CHOICE: "select_one",
    QuestionType.MULTIPLE_CHOICE: "select_multiple",
    QuestionType.RANKING: "rank",
}
_YES_NO: Final = "yes_no"
_NOTHING: Final = "-"
_RESERVED: Final = frozenset({"data", "meta"})
"""Names that a form has already: of its root, and of what it says of itself."""

# What XML does not know, and line ends that it changes.
_NO_XML: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def as_xlsform(questionnaire: Questionnaire, *, form_id: str, version: int) -> Sheets:
    """The sheets by name; what cannot be said is in the sheet ``left_out``, if there is such."""
    return _Form(questionnaire).sheets(form_id, version)


class _Form:
    def __init__(self, questionnaire: Questionnaire) -> None:
        self._asked = questionnaire
        self._remarks = Remarks()
        self._choices: list[Cells] = []
        self._listed: set[str] = set()
        self._names, self._rows = _names(questionnaire.questions)
        self._writer = XlsFormWriter(questionnaire.questions, self._names, self._rows)
        self._tags = _languages(questionnaire)

    def sheets(self, form_id: str, version: int) -> Sheets:
        survey = [
            row
            for index, question in enumerate(self._asked.questions)
            for row in self._question(question, f"/questions/{index}")
        ]
        title = self._by_language(TITLE, self._asked.title, "/title")
        own = f"{TITLE}::{language_name(self._asked.language)}"
        settings = {
            "form_title": title.pop(own, "") or next(iter(title.values()), form_id),
            "form_id": form_id,
            "version": str(version),
            "default_language": language_name(self._asked.language),
            **title,
        }
        sheets = {SURVEY: survey, CHOICES: self._choices, SETTINGS: [settings]}
        attributes = list(self._attributes())
        if attributes:
            sheets[ATTRIBUTES] = attributes
        if self._remarks.kept:
            sheets[LEFT_OUT] = [
                {"pointer": remark.pointer, "code": remark.code.value, "detail": remark.detail}
                for remark in self._remarks.kept
            ]
        return sheets

    def _question(self, question: Question, pointer: str) -> Iterator[Cells]:
        row: Cells = {
            "type": "",
            "name": self._names[question.key],
            KEY: "" if self._names[question.key] == question.key else question.key,
            **self._by_language("label", question.text, f"{pointer}/text"),
            "relevant": self._relevant(question, pointer),
            TYPE: question.type.value,
            FEATURE: question.feature or "",
        }
        if question.type is QuestionType.MATRIX:
            yield from self._matrix(question, row, pointer)
            return
        yield {**row, "required": "yes" if question.required else "", **self._of_type(question, pointer)}

    def _relevant(self, question: Question, pointer: str) -> str:
        if question.show_if is None:
            return ""
        written = self._writer.expression(question.show_if)
        if len(written) <= MOST_CHARACTERS:
            return written
        detail = "The question is shown to everybody: its condition is longer than a cell can be."
        self._remarks.add(f"{pointer}/show_if", RemarkCode.CONDITION_LEFT_OUT, detail)
        return ""

    def _of_type(self, question: Question, pointer: str) -> Cells:  # noqa: PLR0911  # one return per kind of question
        match question.type:
            case QuestionType.SINGLE_CHOICE | QuestionType.MULTIPLE_CHOICE | QuestionType.RANKING:
                return self._choosing(question, pointer)
            case QuestionType.NUMBER:
                return self._number(question, pointer)
            case QuestionType.DATE:
                return {"type": "date"}
            case QuestionType.BOOLEAN:
                return {"type": f"select_one {self._yes_no()}"}
            case QuestionType.TEXT:
                longest = question.max_length
                return {"type": "text", "constraint": "" if longest is None else f"string-length(.) <= {longest}"}
        scale = question.answer_scale
        assert scale is not None, "a published question of this type has a scale"
        if len(scale.points) > MOST_BUTTONS:
            return {"type": "range", "parameters": f"start={scale.min} end={scale.max} step=1"}
        return {"type": f"select_one {self._points(scale)}", "appearance": "likert"}

    def _choosing(self, question: Question, pointer: str) -> Cells:
        listed = f"choices_{question.key}"
        for index, choice in enumerate(question.choices):
            label = self._by_language("label", choice.label, f"{pointer}/choices/{index}/label")
            self._choices.append({"list_name": listed, "name": choice.key, **label})
        alone = " and ".join(
            f"not(selected(., '{choice.key}') and count-selected(.) > 1)"
            for choice in question.choices
            if choice.exclusive
        )
        if len(alone) > MOST_CHARACTERS:
            detail = "Choices that stand alone are not held to it: their constraint is longer than a cell can be."
            self._remarks.add(f"{pointer}/choices", RemarkCode.LIMIT_CHANGED, detail)
            alone = ""
        return {"type": f"{_OFFERING[question.type]} {listed}", "constraint": alone}

    def _number(self, question: Question, pointer: str) -> Cells:
        limits = ((">=", question.min), ("<=", question.max))
        unit = self._cell(question.unit or "", f"{pointer}/unit")
        shown = {f"hint::{language_name(tag)}": unit for tag in self._tags} if unit else {}
        return {
            "type": "decimal",
            "constraint": " and ".join(f". {sign} {_digits(limit)}" for sign, limit in limits if limit is not None),
            UNIT: unit,
            **shown,
        }

    def _matrix(self, question: Question, group: Cells, pointer: str) -> Iterator[Cells]:
        scale = question.answer_scale
        assert scale is not None, "a published matrix has a scale"
        points = self._points(scale)
        yield {**group, "type": "begin_group", "appearance": "table-list"}
        for index, (row, name) in enumerate(zip(question.rows, self._rows[question.key], strict=True)):
            yield {
                "type": f"select_one {points}",
                "name": name,
                **self._by_language("label", row.label, f"{pointer}/rows/{index}/label"),
                "required": "yes" if question.required else "",
                KEY: row.key,
            }
        yield {"type": "end_group", "name": self._names[question.key]}

    def _points(self, scale: Scale) -> str:
        listed = f"scale_{scale.min}_{scale.max}".replace("-", "m")
        if listed not in self._listed:
            self._listed.add(listed)
            for point in map(str, scale.points):
                labels = {f"label::{language_name(tag)}": point for tag in self._tags}
                self._choices.append({"list_name": listed, "name": point, **labels})
        return listed

    def _yes_no(self) -> str:
        if _YES_NO not in self._listed:
            self._listed.add(_YES_NO)
            for place, value in enumerate(("true", "false")):
                labels = {f"label::{language_name(tag)}": yes_and_no(tag)[place] for tag in self._tags}
                self._choices.append({"list_name": _YES_NO, "name": value, **labels})
        return _YES_NO

    def _attributes(self) -> Iterator[Cells]:
        for number, attribute in enumerate(self._asked.attributes):
            pointer = f"/attributes/{number}"
            label = {} if attribute.label is None else self._by_language("label", attribute.label, f"{pointer}/label")
            for index, value in enumerate(attribute.values):
                place = f"{pointer}/values/{index}/label"
                of_value = {} if value.label is None else self._by_language("value_label", value.label, place)
                yield {"attribute": attribute.key, **label, "value": value.key, **of_value}

    def _by_language(self, column: str, text: Text, pointer: str) -> Cells:
        by_tag = {self._asked.language: text} if isinstance(text, str) else text
        own = self._asked.language
        return {
            f"{column}::{language_name(own if tag.lower() == own.lower() else tag)}": self._cell(words, pointer)
            for tag, words in by_tag.items()
        }

    def _cell(self, words: str, pointer: str) -> str:
        kept = _NO_XML.sub("", words).replace("${", "$ {")
        kept = kept.encode("utf-16-le")[: 2 * LONGEST_CELL].decode("utf-16-le", "ignore")
        if words and not kept.strip():
            kept = _NOTHING
        if kept != words:
            detail = "The text holds what a cell cannot: it was mended or cut."
            self._remarks.add(pointer, RemarkCode.TEXT_CHANGED, detail)
        return kept


def _languages(questionnaire: Questionnaire) -> list[str]:
    """Every language of a questionnaire, its own first."""
    own = questionnaire.language
    texts = [questionnaire.title]
    for question in questionnaire.questions:
        texts += [question.text, *(choice.label for choice in question.choices), *(row.label for row in question.rows)]
    tags = dict.fromkeys(tag for text in texts if not isinstance(text, str) for tag in text)
    return [own, *(tag for tag in tags if tag.lower() != own.lower())]


def _names(questions: Sequence[Question]) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Names of questions, and of the rows of each matrix, as each is a question of its own there; all are different."""
    taken = {question.key for question in questions} | _RESERVED
    names: dict[str, str] = {}
    rows: dict[str, tuple[str, ...]] = {}
    for question in questions:
        names[question.key] = question.key if question.key not in _RESERVED else _free(question.key, taken)
        rows[question.key] = tuple(_free(f"{question.key}__{row.key}", taken) for row in question.rows)
    return names, rows


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def _digits(limit: float) -> str:
    return f"{Decimal(repr(limit)):f}"
