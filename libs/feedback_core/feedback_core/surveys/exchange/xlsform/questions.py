"""The types of questions of XLSForm, each as one of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from feedback_core.surveys.exchange.drafting import (
    RATINGS,
    Asked,
    Shown,
    choices_of,
    guessed_rating,
    scale_as_written,
    scale_between,
    scale_of,
)
from feedback_core.surveys.exchange.keys import question_key
from feedback_core.surveys.exchange.texts import Texts
from feedback_core.surveys.exchange.types import NotExchangeable, RemarkCode, Remarks
from feedback_core.surveys.exchange.xlsform.cells import Row
from feedback_core.surveys.exchange.xlsform.limits import limits_of, parameters_of
from feedback_core.surveys.exchange.xlsform.words import FEATURE, KEY, TYPE, UNIT, yes_and_no
from feedback_core.surveys.exchange.xlsform.workbook import Line
from feedback_core.surveys.types import (
    CHOICE_KEY,
    MAX_NUMBER,
    NPS_SCALE,
    Question,
    QuestionType,
    Scale,
    Text,
)
from feedback_core.surveys.types import Row as MatrixRow

_YES: Final = frozenset({"yes", "true", "true()", "1"})
_NO: Final = frozenset({"", "no", "false", "false()", "0"})
_CHOOSING: Final = {
    "select_one": QuestionType.SINGLE_CHOICE,
    "select_multiple": QuestionType.MULTIPLE_CHOICE,
    "rank": QuestionType.RANKING,
}
_LONGEST_UNIT: Final = 100

MOST_CHOICES: Final = 50_000
"""Choices of all questions of a form together: many may name one list."""


class Reader:
    """Reads questions from rows and from the lists of choices."""

    def __init__(self, choices: Sequence[Line], texts: Texts, remarks: Remarks) -> None:
        self._texts = texts
        self._remarks = remarks
        self._keys: set[str] = set()
        self._offered = 0
        self._lists: dict[str, list[Row]] = {}
        self._read: dict[str, list[tuple[str, Text, str]]] = {}
        for line in choices:
            row = Row(line, texts, remarks)
            self._lists.setdefault(row.take("list_name", "list name"), []).append(row)

    def question(self, row: Row, kind: str, shown: tuple[Shown, ...]) -> Asked | None:
        """A question from its row; ``None``: there is none like it."""
        base, _, listed = kind.partition(" ")
        if base not in _CHOOSING and base not in {"integer", "int", "decimal", "text", "string", "date", "range"}:
            return None
        name = row.take("name")
        question = self._begun(row, name)
        if base in _CHOOSING:
            asked = self._choosing(row, question, _CHOOSING[base], self._listed(row, listed))
        else:
            asked = Asked(name, self._plain(row, question, base))
        row.left_out()
        return replace(asked, name=name, shown=shown)

    def matrix(self, group: Row, rows: Sequence[Row], kinds: Sequence[str], shown: tuple[Shown, ...]) -> Asked:
        """A group of questions on one scale as a matrix."""
        name = group.take("name")
        question = replace(self._begun(group, name), type=QuestionType.MATRIX)
        for column in (TYPE, "appearance"):
            group.take(column)
        group.left_out()
        listed = self._listed(group, kinds[0].partition(" ")[2])
        scale = scale_of([value for value, _, _ in listed])
        if scale is None or _have_words(listed):
            self._words_lost(group)
            scale = scale or scale_between(1, len(listed))
        keys: dict[str, str] = {}
        lines: list[MatrixRow] = []
        required = []
        for row in rows:
            row.take("type")
            row_name = row.take("name")
            key = question_key(row.take(KEY) or row_name, set(keys.values()))
            keys[row_name] = key
            label = row.text("label")
            lines.append(MatrixRow(key, self._texts.words(row_name, row.at("name")) if label is None else label))
            required.append(self._required(row))
            row.left_out()
        if any(required) and not all(required):
            detail = "A matrix is required in every row or in none: it was taken as not required."
            self._remarks.add(group.place, RemarkCode.LIMIT_CHANGED, detail)
        question = replace(question, scale=scale, rows=tuple(lines), required=all(required))
        return Asked(name, question, shown, rows=keys)

    def _begun(self, row: Row, name: str) -> Question:
        wanted = row.take(KEY) or name
        key = question_key(wanted, self._keys)
        self._keys.add(key)
        if key != wanted:
            self._remarks.add(row.at("name"), RemarkCode.KEY_CHANGED, f"The key of this question is {key}.")
        label = row.text("label")
        feature = row.take(FEATURE)
        if feature and not CHOICE_KEY.fullmatch(feature):
            self._remarks.add(row.at(FEATURE), RemarkCode.FIELD_LEFT_OUT, "That is no key of a feature.")
            feature = ""
        return Question(
            key=key,
            type=QuestionType.TEXT,
            text=self._texts.words(name, row.at("name")) if label is None else label,
            feature=feature or None,
            required=self._required(row),
        )

    def _required(self, row: Row) -> bool:
        written = row.take("required", "bind::required").lower()
        if written not in _YES | _NO:
            detail = "A question is required or not, whatever else is answered: it was taken as not required."
            self._remarks.add(row.at("required"), RemarkCode.FIELD_LEFT_OUT, detail)
        return written in _YES

    def _plain(self, row: Row, question: Question, base: str) -> Question:
        if base == "range":
            return self._range(row, question)
        said = row.take(TYPE)
        limits = limits_of(constraint := row.take("constraint"))
        changed = None
        match base:
            case "text" | "string":
                question = replace(question, max_length=limits.longest if limits else None)
                changed = limits and (limits.least, limits.most) != (None, None)
            case "date":
                question = replace(question, type=QuestionType.DATE)
                changed = bool(constraint)
            case _:
                question = self._number(row, question)
                if limits:
                    question = replace(question, min=limits.least, max=limits.most)
                if base in {"integer", "int"}:
                    detail = "A number may have decimals: it is no longer held to be whole."
                    self._remarks.add(row.at("type"), RemarkCode.LIMIT_CHANGED, detail)
        if limits is None or changed or limits.alone:
            self._constraint_lost(row)
        self._check_type(row, said, question.type)
        return question

    def _number(self, row: Row, question: Question) -> Question:
        unit = self._texts.words(row.words(UNIT), row.at(UNIT))[:_LONGEST_UNIT]
        row.drop("hint", unit)
        return replace(question, type=QuestionType.NUMBER, unit=unit or None)

    def _range(self, row: Row, question: Question) -> Question:
        parameters = parameters_of(row.take("parameters"))
        low, high, step = (_number(parameters.get(name, usual)) for name, usual in _RANGE)
        scale = scale_between(low, high) if step == 1 and low is not None and high is not None else None
        if scale is not None:
            return self._rated(row, question, scale, row.take(TYPE))
        if step is not None:
            detail = "It is no scale of whole numbers: it was taken as a number between its ends."
            self._remarks.add(row.at("parameters"), RemarkCode.TYPE_CHANGED, detail)
        return replace(question, type=QuestionType.NUMBER, min=low, max=high)

    def _rated(self, row: Row, question: Question, scale: Scale, said: str) -> Question:
        if said in RATINGS and (said != QuestionType.NPS or scale == NPS_SCALE):
            kind = QuestionType(said)
        else:
            kind = guessed_rating(question.key)
            if kind is QuestionType.NPS and scale != NPS_SCALE:
                kind = QuestionType.RATING
            detail = f"The form does not say what is rated; it was taken as {kind.value}."
            self._remarks.add(row.at(TYPE), RemarkCode.TYPE_GUESSED, detail)
        return replace(question, type=kind, scale=scale_as_written(kind, scale))

    def _choosing(self, row: Row, question: Question, kind: QuestionType, listed: list[tuple[str, Text, str]]) -> Asked:
        values = [value for value, _, _ in listed]
        scale = scale_of(values)
        appearance = row.take("appearance")
        said = row.take(TYPE)
        is_likert = "likert" in appearance and said != QuestionType.SINGLE_CHOICE
        if kind is QuestionType.SINGLE_CHOICE and scale is not None and (said in RATINGS or is_likert):
            if _have_words(listed):
                self._words_lost(row)
            return Asked("", self._rated(row, question, scale, said))
        if appearance:
            self._remarks.add(row.at("appearance"), RemarkCode.FIELD_LEFT_OUT, "A questionnaire has nothing like it.")
        if kind is QuestionType.SINGLE_CHOICE and set(values) == {"true", "false"} and said == QuestionType.BOOLEAN:
            if {value: label for value, label, _ in listed} != self._yes_no(listed):
                self._words_lost(row)
            return Asked("", replace(question, type=QuestionType.BOOLEAN))
        limits = limits_of(row.take("constraint"))
        if limits is None or not limits.alone <= set(values) or (limits.alone and kind is not _MULTIPLE):
            self._constraint_lost(row)
        alone = limits.alone if limits and kind is _MULTIPLE else set()
        choices, keys = choices_of(listed, self._remarks, exclusive=alone)
        self._check_type(row, said, kind)
        return Asked("", replace(question, type=kind, choices=choices), values=keys)

    def _yes_no(self, listed: Sequence[tuple[str, Text, str]]) -> Mapping[str, Text]:
        """How the two answers are called in a form of ours, in the languages of this one."""
        tags = next((tuple(label) for _, label, _ in listed if not isinstance(label, str)), (self._texts.language,))
        words = {tag: yes_and_no(tag) for tag in tags}
        by_place = [{tag: both[place] for tag, both in words.items()} for place in (0, 1)]
        yes, no = (self._texts.text(dict(each), "") for each in by_place)
        return {"true": yes, "false": no}

    def _listed(self, row: Row, listed: str) -> list[tuple[str, Text, str]]:
        """Value, label and place of each choice of a list."""
        name, _, other = listed.partition(" ")
        if other:
            detail = "An answer in own words beside the choices was left out."
            self._remarks.add(row.at("type"), RemarkCode.FIELD_LEFT_OUT, detail)
        self._offered += len(self._lists.get(name, ()))
        if self._offered > MOST_CHOICES:
            raise NotExchangeable(row.at("type"), f"Offer at most {MOST_CHOICES} choices in all questions together.")
        if name not in self._read:
            self._read[name] = [self._choice(each) for each in self._lists.get(name, ())]
        return self._read[name]

    def _choice(self, row: Row) -> tuple[str, Text, str]:
        value = row.take("name", "value")
        label = row.text("label")
        row.left_out()
        return value, self._texts.words(value, row.at("name")) if label is None else label, row.place

    def _check_type(self, row: Row, said: str, kind: QuestionType) -> None:
        if said and said != kind:
            detail = f"The row is a question of another type: it was taken as {kind.value}."
            self._remarks.add(row.at(TYPE), RemarkCode.TYPE_CHANGED, detail)

    def _words_lost(self, row: Row) -> None:
        detail = "The points of a scale have no words: what they are called was left out."
        self._remarks.add(row.at("type"), RemarkCode.TEXT_CHANGED, detail)

    def _constraint_lost(self, row: Row) -> None:
        detail = "A questionnaire cannot say this constraint: it was left out, wholly or in part."
        self._remarks.add(row.at("constraint"), RemarkCode.LIMIT_CHANGED, detail)


def _have_words(listed: Sequence[tuple[str, Text, str]]) -> bool:
    """Whether points of a scale are called something else than their numbers."""
    return any(
        words != value
        for value, label, _ in listed
        for words in ((label,) if isinstance(label, str) else label.values())
    )


_MULTIPLE: Final = QuestionType.MULTIPLE_CHOICE
_RANGE: Final = (("start", "1"), ("end", "10"), ("step", "1"))


def _number(written: str) -> float | None:
    try:
        value = float(written)
    except ValueError:
        return None
    if not -MAX_NUMBER <= value <= MAX_NUMBER:
        return None
    return int(value) if value.is_integer() else value
