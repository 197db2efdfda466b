"""One check per kind of answer: a closure that gives the answer back as it is kept, or refuses it.

A check gives ``None`` for what says nothing: blank text, an empty list of choices, a matrix without rows. Types are
compared exactly (``type(x) is int``): JSON has no subclasses, a boolean is not an integer, and this is the hot path.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Final, TypeAlias

from feedback_core.kit.errors import Fault
from feedback_core.kit.pointers import printable, step
from feedback_core.surveys.codes import FaultCode
from feedback_core.surveys.types import MAX_NUMBER, MAX_TEXT_LENGTH, Question, QuestionType, Scale

AnswerValue: TypeAlias = int | float | bool | str | list[str] | dict[str, int]
"""An answer as JSON: number, boolean, string, keys of choices in order, or points by row."""

Check: TypeAlias = Callable[[object], AnswerValue | None]

FIRST_DATE: Final = "1900-01-01"
LAST_DATE: Final = "2200-12-31"

_MOST_NAMED: Final = 100
_MOST_LISTED: Final = 12
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Refusal(Exception):
    """An answer that cannot be taken; pointers of its faults start at the answer itself."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(*faults)
        self.faults = faults


def check_for(question: Question) -> Check:  # noqa: PLR0911  # one return per kind of question
    """The check of answers to a question that has no faults."""
    scale = question.answer_scale or Scale(0, 0)
    choices = tuple(choice.key for choice in question.choices)
    match question.type:
        case QuestionType.NPS | QuestionType.CES | QuestionType.CSAT | QuestionType.RATING:
            return point_of(scale)
        case QuestionType.SINGLE_CHOICE:
            return one_of(choices)
        case QuestionType.MULTIPLE_CHOICE:
            return several_of(choices, exclusive=(choice.key for choice in question.choices if choice.exclusive))
        case QuestionType.RANKING:
            return several_of(choices)
        case QuestionType.MATRIX:
            return points_by_row((row.key for row in question.rows), scale)
        case QuestionType.NUMBER:
            return number_between(question.min, question.max)
        case QuestionType.DATE:
            return calendar_date
        case QuestionType.BOOLEAN:
            return true_or_false
        case QuestionType.TEXT:
            return text_up_to(MAX_TEXT_LENGTH if question.max_length is None else question.max_length)


def point_of(scale: Scale) -> Callable[[object], int]:
    """A whole number on the scale; ``9.0`` is taken as ``9``, as JSON does not tell them apart."""
    low, high = scale.min, scale.max
    detail = f"Give a whole number from {low} to {high}."
    wrong_type = _fault(FaultCode.WRONG_TYPE, detail)
    off_scale = _fault(FaultCode.OFF_SCALE, detail)

    def check(value: object) -> int:
        if type(value) is int:
            point = value
        elif type(value) is not float:
            raise Refusal(wrong_type)
        elif not value.is_integer():
            raise Refusal(off_scale)
        else:
            point = int(value)
        if low <= point <= high:
            return point
        raise Refusal(off_scale)

    return check


def number_between(least: float | None, most: float | None) -> Check:
    """A finite number within the limits, kept as written; without limits, within ``MAX_NUMBER`` either way."""
    low = -MAX_NUMBER if least is None else _held(least)
    high = MAX_NUMBER if most is None else _held(most)
    detail = f"Give a number from {low:.15g} to {high:.15g}."
    wrong_type = _fault(FaultCode.WRONG_TYPE, detail)
    out_of_range = _fault(FaultCode.OUT_OF_RANGE, detail)

    def check(value: object) -> int | float:
        if type(value) is not int and type(value) is not float:
            raise Refusal(wrong_type)
        if low <= value <= high:
            return value
        raise Refusal(out_of_range)

    return check


def _held(limit: float) -> float:
    """A limit within ``MAX_NUMBER`` either way; ``find_faults`` asks about limits that are not."""
    return min(MAX_NUMBER, max(-MAX_NUMBER, limit))


def calendar_date(value: object) -> str:
    """A day that the calendar has, written ``YYYY-MM-DD``, from 1900 to 2200."""
    if type(value) is not str:
        raise Refusal(_fault(FaultCode.WRONG_TYPE, "Give a date as a string YYYY-MM-DD."))
    if not _DATE.fullmatch(value):
        raise Refusal(_fault(FaultCode.NOT_A_DATE, "Write the date as YYYY-MM-DD."))
    try:
        date.fromisoformat(value)
    except ValueError:
        raise Refusal(_fault(FaultCode.NOT_A_DATE, "The calendar has no such day.")) from None
    if FIRST_DATE <= value <= LAST_DATE:
        return value
    raise Refusal(_fault(FaultCode.OUT_OF_RANGE, f"Give a date from {FIRST_DATE} to {LAST_DATE}."))


def true_or_false(value: object) -> bool:
    """A JSON boolean."""
    if type(value) is bool:
        return value
    raise Refusal(_fault(FaultCode.WRONG_TYPE, "Give true or false."))


def text_up_to(max_length: int) -> Check:
    """Text that PostgreSQL can store, of at most ``max_length`` code points; blank text is no answer."""
    wrong_type = _fault(FaultCode.WRONG_TYPE, "Give a string.")
    nul = _fault(FaultCode.NUL_CHARACTER, "Leave out the character U+0000.")
    surrogate = _fault(FaultCode.LONE_SURROGATE, "Leave out the half surrogate pairs (U+D800 to U+DFFF).")
    too_long = _fault(FaultCode.TOO_LONG, f"Give at most {max_length} characters.")

    def check(value: object) -> str | None:
        if type(value) is not str:
            raise Refusal(wrong_type)
        if not value or value.isspace():
            return None
        if len(value) > max_length:
            raise Refusal(too_long)
        if "\0" in value:
            raise Refusal(nul)
        if not is_unicode(value):
            raise Refusal(surrogate)
        return value

    return check


def is_unicode(text: str) -> bool:
    """Whether a string can be written as UTF-8, that is, holds no lone surrogate."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def one_of(choices: Iterable[str]) -> Check:
    """The key of one choice."""
    keys = frozenset(choices)
    detail = f"Give one of: {listed(choices)}."
    wrong_type = _fault(FaultCode.WRONG_TYPE, detail)
    unknown = _fault(FaultCode.UNKNOWN_CHOICE, detail)

    def check(value: object) -> str:
        if type(value) is not str:
            raise Refusal(wrong_type)
        if value in keys:
            return value
        raise Refusal(unknown)

    return check


def several_of(choices: Iterable[str], *, exclusive: Iterable[str] = ()) -> Check:
    """A list of different choices, in the order said; one that is exclusive stands alone."""
    keys = frozenset(choices)
    alone = frozenset(exclusive)
    detail = f"Give a list of: {listed(choices)}."
    wrong_type = _fault(FaultCode.WRONG_TYPE, detail)

    def check(value: object) -> list[str] | None:
        if type(value) is not list:
            raise Refusal(wrong_type)
        if not value:
            return None
        for item in value:
            if type(item) is not str or item not in keys:
                raise _refused_items(value, keys, detail)
        if len(value) > 1 and (len(set(value)) < len(value) or not alone.isdisjoint(value)):
            raise _refused_combination(value, alone)
        return value

    return check


def _refused_items(items: list[object], keys: frozenset[str], detail: str) -> Refusal:
    faults = []
    for index, item in enumerate(items):
        if type(item) is not str:
            faults.append(_fault(FaultCode.WRONG_TYPE, detail, f"/{index}"))
        elif item not in keys:
            faults.append(_fault(FaultCode.UNKNOWN_CHOICE, detail, f"/{index}"))
        if len(faults) == _MOST_NAMED:
            break
    return Refusal(*faults)


def _refused_combination(items: list[str], alone: frozenset[str]) -> Refusal:
    faults = []
    seen: set[str] = set()
    for index, item in enumerate(items):
        if item in seen:
            faults.append(_fault(FaultCode.DUPLICATE_CHOICE, "Name each choice once.", f"/{index}"))
        elif item in alone:
            detail = "Give this choice alone, or leave it out."
            faults.append(_fault(FaultCode.EXCLUSIVE_CHOICE, detail, f"/{index}"))
        seen.add(item)
        if len(faults) == _MOST_NAMED:
            break
    return Refusal(*faults)


def points_by_row(rows: Iterable[str], scale: Scale) -> Check:
    """An object of row keys to points of the scale; a row that is ``null`` is not answered."""
    keys = tuple(rows)
    known = frozenset(keys)
    point = point_of(scale)
    wrong_type = _fault(
        FaultCode.WRONG_TYPE,
        f"Give an object with a whole number from {scale.min} to {scale.max} for each of: {listed(keys)}.",
    )
    unknown = f"There is no such row; use: {listed(keys)}."

    def check(value: object) -> dict[str, int] | None:
        if type(value) is not dict:
            raise Refusal(wrong_type)
        points: dict[str, int] = {}
        faults: list[Fault] = []
        for row, said in value.items():
            if row not in known:
                faults.append(_fault(FaultCode.UNKNOWN_ROW, unknown, step(row)))
            elif said is not None:
                try:
                    points[row] = point(said)
                except Refusal as refusal:
                    faults += (fault.under(step(row)) for fault in refusal.faults)
            if len(faults) == _MOST_NAMED:
                break
        if faults:
            raise Refusal(*faults)
        return points or None

    return check


def listed(keys: Iterable[str]) -> str:
    """Keys for a sentence, cut after a dozen."""
    names = tuple(keys)
    return ", ".join(printable(name) for name in names[:_MOST_LISTED]) + (", …" if len(names) > _MOST_LISTED else "")


def _fault(code: FaultCode, detail: str, pointer: str = "") -> Fault:
    return Fault(pointer, code.value, detail)
