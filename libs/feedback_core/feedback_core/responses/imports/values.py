"""From a raw cell to the value that it stands for: recoded, read by the type of its target, and held against it.

A cell is text, a point in time (from a workbook), or several texts (a list in NDJSON). ``""`` is a blank one.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from feedback_core.kit.tabular.types import Cell
from feedback_core.responses.imports.times import UnreadableTime
from feedback_core.responses.imports.types import Canonical, ColumnMapping, ImportFault, Match
from feedback_core.surveys.codes import FaultCode
from feedback_core.surveys.types import Question, QuestionType
from feedback_core.surveys.validation import AnswerValue
from feedback_core.surveys.validation.checks import Refusal, check_for, listed, one_of, point_of

ReadTime: TypeAlias = Callable[[str], datetime]

_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,18}(\.0+)?")
_NUMBER: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_LONGEST_NUMBER: Final = 40
_BOOLEANS: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_ABSENT: Final = object()

SEVERAL: Final = frozenset({QuestionType.MULTIPLE_CHOICE, QuestionType.RANKING})
"""Types of question whose answer may come from several columns, or several values in one."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell that its target does not take."""

    code: str
    detail: str


Convert: TypeAlias = Callable[[Cell], "AnswerValue | Unreadable | None"]
"""The value that a cell stands for; ``None``: it says nothing."""


def loose(text: str) -> str:
    """Text without regard to case, spaces and invisible characters (direction marks, joiners, byte order marks)."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return " ".join(text.casefold().split())


class Recoding:
    """What raw values stand for, and which of them mean that nothing was said."""

    def __init__(self, column: ColumnMapping, declared: Iterable[str] = ()) -> None:
        """Take the recoding of a column.

        Args:
            column: names raw values and what they stand for.
            declared: values that the target declares; each stands for itself.
        """
        self._as_written: dict[str, Canonical] = {key: key for key in declared}
        self._as_written |= {raw.strip(): value for raw, value in column.values.items()}
        self._blank = {raw.strip() for raw in column.blank} | {""}
        self._loose: dict[str, Canonical] = {}
        self._loose_blank: set[str] = set()
        if column.match is Match.LOOSE:
            self._loose = _unambiguous(self._as_written)
            self._loose |= {loose(raw): value for raw, value in column.values.items()}
            self._loose_blank = {loose(raw) for raw in column.blank} | {""}
        self.is_plain = not self._as_written and not column.blank
        """Whether every text stands for itself, but a blank one."""

    def __call__(self, text: str) -> tuple[bool, Canonical]:
        """Whether the text is named, and what it stands for."""
        stripped = text.strip()
        found = self._as_written.get(stripped, _ABSENT)
        if found is not _ABSENT:
            return True, found  # type: ignore[return-value] # what is not absent is a value
        if stripped in self._blank:
            return True, None
        if self._loose_blank:
            key = loose(stripped)
            if key in self._loose:
                return True, self._loose[key]
            if key in self._loose_blank:
                return True, None
        return False, None


def answers_to(question: Question, column: ColumnMapping, read_time: ReadTime) -> Convert:
    """Reads the answers to a question, or to the row of a matrix; of several choices, each by itself."""
    recode = Recoding(column, (choice.key for choice in question.choices))
    check: Callable[[object], AnswerValue | None]
    if question.type is QuestionType.MATRIX:
        assert question.answer_scale is not None
        check = point_of(question.answer_scale)
    elif question.type in SEVERAL:
        check = one_of(choice.key for choice in question.choices)
    else:
        check = check_for(question)
    if question.type is QuestionType.TEXT:
        return _text(recode, check)
    parse = _parser(question, read_time)

    def convert(cell: Cell) -> AnswerValue | Unreadable | None:
        if isinstance(cell, tuple):
            return Unreadable(FaultCode.WRONG_TYPE.value, "Give a single value, not a list.")
        named, value = (False, None) if isinstance(cell, datetime) else recode(cell)
        if named and value is None:
            return None
        try:
            return check(value if named else parse(cell))
        except Refusal as refusal:
            fault = refusal.faults[0]
            return Unreadable(fault.code, fault.detail)
        except UnreadableTime as wrong:
            return Unreadable(wrong.code.value, wrong.detail)
        except ValueError as wrong:
            return Unreadable(ImportFault.UNREADABLE_NUMBER.value, str(wrong))

    return convert


def parts_of(convert: Convert, separator: str | None) -> Callable[[Cell], "list[AnswerValue] | Unreadable | None"]:
    """Reads a cell that holds several choices: a list, or text with a separator; a choice named twice is named once."""

    def convert_parts(cell: Cell) -> list[AnswerValue] | Unreadable | None:
        parts: Iterable[Cell]
        if isinstance(cell, str) and separator is not None:
            parts = cell.split(separator)
        else:
            parts = cell if isinstance(cell, tuple) else (cell,)
        values: list[AnswerValue] = []
        for part in parts:
            value = convert(part)
            if isinstance(value, Unreadable):
                return value
            if value is not None and value not in values:
                values.append(value)
        return values or None

    return convert_parts


def one_named(column: ColumnMapping, declared: Iterable[str], unknown: FaultCode | ImportFault) -> Convert:
    """Reads one of the declared values: of an attribute, a method, a status."""
    keys = tuple(declared)
    known = frozenset(keys)
    recode = Recoding(column, keys)
    refused = Unreadable(unknown.value, f"Give one of: {listed(keys)}.")

    def convert(cell: Cell) -> AnswerValue | Unreadable | None:
        if not isinstance(cell, str):
            return refused
        named, value = recode(cell)
        if not named:
            return refused
        return value if value is None or value in known else refused

    return convert


def as_text(column: ColumnMapping) -> Convert:
    """Reads text that names something: an external id, a respondent."""
    recode = Recoding(column)
    several = Unreadable(FaultCode.WRONG_TYPE.value, "Give a single value, not a list.")

    def convert(cell: Cell) -> AnswerValue | Unreadable | None:
        if isinstance(cell, tuple):
            return several
        text = (cell.isoformat() if isinstance(cell, datetime) else cell).strip()
        if text and recode.is_plain:
            return text
        named, value = recode(text)
        return (None if value is None else str(value)) if named else text

    return convert


def _text(recode: Recoding, check: Callable[[object], AnswerValue | None]) -> Convert:
    def convert(cell: Cell) -> AnswerValue | Unreadable | None:
        if isinstance(cell, tuple):
            return Unreadable(FaultCode.WRONG_TYPE.value, "Give a single value, not a list.")
        text = cell.isoformat() if isinstance(cell, datetime) else cell
        named, value = recode(text)
        try:
            return None if named and value is None else check(str(value) if named else text)
        except Refusal as refusal:
            fault = refusal.faults[0]
            return Unreadable(fault.code, fault.detail)

    return convert


def _parser(question: Question, read_time: ReadTime) -> Callable[[str | datetime], object]:
    match question.type:
        case QuestionType.NUMBER:
            return _number
        case QuestionType.BOOLEAN:
            return _boolean
        case QuestionType.DATE:
            return lambda cell: _day(cell, read_time)
        case QuestionType.SINGLE_CHOICE | QuestionType.MULTIPLE_CHOICE | QuestionType.RANKING:
            return lambda cell: cell.strip() if isinstance(cell, str) else None
        case _:
            return _whole


def _whole(cell: str | datetime) -> object:
    """A whole number; other text is given back, so that the question itself says what it takes."""
    if isinstance(cell, str) and _INTEGER.fullmatch(cell.strip()):
        return int(cell.strip().partition(".")[0])
    return cell


def _number(cell: str | datetime) -> float:
    if isinstance(cell, str):
        text = cell.strip()
        if _INTEGER.fullmatch(text):
            return int(text.partition(".")[0])
        if len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text) and math.isfinite(float(text)):
            return float(text)
    raise ValueError("Give a number, with a point before the decimals.")


def _boolean(cell: str | datetime) -> object:
    return _BOOLEANS.get(cell.strip().casefold()) if isinstance(cell, str) else None


def _day(cell: str | datetime, read_time: ReadTime) -> str:
    return (cell if isinstance(cell, datetime) else read_time(cell)).date().isoformat()


def _unambiguous(values: Mapping[str, Canonical]) -> dict[str, Canonical]:
    """By loose text, without those that the loose comparison cannot tell apart."""
    found: dict[str, Canonical] = {}
    ambiguous: set[str] = set()
    for raw, value in values.items():
        key = loose(raw)
        if key in found and found[key] != value:
            ambiguous.add(key)
        found[key] = value
    return {key: value for key, value in found.items() if key not in ambiguous}
