"""From questions as they were taken to a questionnaire: what every reader does alike."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeGuard

from feedback_core.surveys.exchange.expressions.conditions import Known, condition_of, values_in, within_limits
from feedback_core.surveys.exchange.expressions.reading import Dialect, read_expression
from feedback_core.surveys.exchange.expressions.tree import Unsayable
from feedback_core.surveys.exchange.keys import choice_key
from feedback_core.surveys.exchange.texts import Texts
from feedback_core.surveys.exchange.types import RemarkCode, Remarks
from feedback_core.surveys.types import (
    MAX_SCALE_POINTS,
    MAX_SCALE_VALUE,
    NPS_SCALE,
    AllOf,
    Attribute,
    Choice,
    Condition,
    Question,
    Questionnaire,
    QuestionType,
    Scale,
    Text,
    comparisons_in,
)

MOST_ELEMENTS: Final = 2_000
"""Questions, groups and notes of one document."""

MOST_COMPARISONS: Final = 20_000
"""Values that all conditions of one document compare with: that of a group stands at every question in it."""

MOST_OF_A_VALUE: Final = 1_000
"""Characters of the value of a choice that are looked at."""

RATINGS: Final = (QuestionType.NPS, QuestionType.CES, QuestionType.CSAT, QuestionType.RATING)
"""Types that take a point of a scale; other tools tell them apart by nothing."""

_DEFAULTS: Final = {
    QuestionType.NPS: NPS_SCALE,
    QuestionType.CES: Scale(1, 7),
    QuestionType.CSAT: Scale(1, 5),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """An expression that must be true for a question to be shown, and where it stands."""

    expression: str
    pointer: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was taken, its conditions not yet read.

    Attributes:
        name: in the document.
        values: as in ``Known``.
        rows: names that the rows of a matrix have as questions of their own, with the key of each.
    """

    name: str
    question: Question
    shown: tuple[Shown, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)


def questionnaire_of(
    title: Text,
    texts: Texts,
    asked: Sequence[Asked],
    attributes: Sequence[Attribute],
    *,
    dialect: Dialect,
    remarks: Remarks,
) -> Questionnaire:
    """The questionnaire, with the conditions that can be said; of each other a remark."""
    conditions = _Conditions(asked, dialect, remarks)
    questions = tuple(replace(each.question, show_if=conditions.of(each)) for each in asked)
    return Questionnaire(title, texts.language, questions, tuple(attributes))


class _Conditions:
    """Reads each expression once: that of a group stands at every question in it."""

    def __init__(self, asked: Sequence[Asked], dialect: Dialect, remarks: Remarks) -> None:
        self._known: dict[str, Known] = {}
        for each in reversed(asked):
            self._known |= {name: Known(each.question, row=row) for name, row in each.rows.items()}
            self._known[each.name] = Known(each.question, each.values)
        self._dialect = dialect
        self._remarks = remarks
        self._read: dict[str, Condition | Unsayable] = {}
        self._compared = 0

    def of(self, asked: Asked) -> Condition | None:
        """When the question is shown."""
        parts: list[Condition] = []
        for each in asked.shown:
            read = self._of(each.expression)
            if isinstance(read, Unsayable):
                self._not_kept(each.pointer, read)
                return None
            parts.append(read)
        if not parts:
            return None
        try:
            condition = within_limits(AllOf(tuple(parts)))
        except Unsayable as error:
            self._not_kept(asked.shown[-1].pointer, error)
            return None
        self._compared += sum(map(values_in, comparisons_in(condition)))
        if self._compared <= MOST_COMPARISONS:
            return condition
        why = Unsayable(f"All conditions together compare with more than {MOST_COMPARISONS} values.")
        self._not_kept(asked.shown[-1].pointer, why)
        return None

    def _of(self, expression: str) -> Condition | Unsayable:
        if expression not in self._read:
            try:
                self._read[expression] = condition_of(read_expression(expression, self._dialect), self._known)
            except Unsayable as error:
                self._read[expression] = error
        return self._read[expression]

    def _not_kept(self, pointer: str, error: Unsayable) -> None:
        detail = f"The question is shown to everybody, as its condition cannot be kept. {error}"
        self._remarks.add(pointer, RemarkCode.CONDITION_LEFT_OUT, detail)


def guessed_rating(name: str) -> QuestionType:
    """The type of a rating, by a word of its name: nps, ces or csat."""
    words = set(re.split(r"[^a-z]+", name.lower()))
    return next((kind for kind in RATINGS if kind.value in words), QuestionType.RATING)


def scale_as_written(kind: QuestionType, scale: Scale | None) -> Scale | None:
    """The scale, left out where the type has it by itself."""
    return None if scale == _DEFAULTS.get(kind) else scale


def scale_between(low: float, high: float) -> Scale | None:
    """A scale of whole numbers, if there is one between these."""
    if low != int(low) or high != int(high) or max(abs(low), abs(high)) > MAX_SCALE_VALUE:
        return None
    return Scale(int(low), int(high)) if 0 < high - low < MAX_SCALE_POINTS else None


def scale_of(points: Sequence[object]) -> Scale | None:
    """The scale that has exactly these points, in this order or the other way round."""
    whole = [int(point) for point in points if _is_whole(point)]
    if len(whole) < len(points) or len(whole) < 2:  # noqa: PLR2004 -- the fewest points of a scale
        return None
    low, high = min(whole), max(whole)
    up = list(range(low, high + 1)) if high - low < MAX_SCALE_POINTS else []
    return scale_between(low, high) if whole in (up, up[::-1]) else None


def _is_whole(point: object) -> TypeGuard[int | str]:
    if isinstance(point, str):
        return re.fullmatch(r"-?[0-9]{1,7}", point) is not None
    return isinstance(point, int) and not isinstance(point, bool)


def choices_of(
    offered: Iterable[tuple[object, Text, str]], remarks: Remarks, *, exclusive: Collection[object] = ()
) -> tuple[tuple[Choice, ...], dict[str, str]]:
    """Choices from values, labels and the pointer of each, and the keys by value."""
    choices: list[Choice] = []
    keys: dict[str, str] = {}
    taken: set[str] = set()
    for value, label, pointer in offered:
        written = as_value(value)
        key = choice_key(written, taken)
        if key != written:
            remarks.add(pointer, RemarkCode.KEY_CHANGED, f"The key of this choice is {key}.")
        taken.add(key)
        keys.setdefault(written, key)
        choices.append(Choice(key, label, exclusive=value in exclusive))
    return tuple(choices), keys


def as_value(value: object) -> str:
    """A value of a choice as it is compared with: a string."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)[:MOST_OF_A_VALUE]
