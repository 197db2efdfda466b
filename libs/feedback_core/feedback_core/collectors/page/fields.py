"""What the fields of a form say: from what was posted to answers, and from answers back to fields."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias, cast

from feedback_core.collectors.page.numbers import number_in, number_out
from feedback_core.surveys.types import Question, QuestionType, Scale
from feedback_core.surveys.validation import AnswerValue

Fields: TypeAlias = Mapping[str, Sequence[str]]
"""What was posted, by the name of the field."""

MOST_RADIO_POINTS: Final = 11
"""Points of a scale that are shown one by one; of a longer one the number is written."""

MOST_RADIO_CHOICES: Final = 20
MOST_RADIO_CELLS: Final = 240
"""Rows times points of a matrix that is shown so."""

MOST_LISTED_PLACES: Final = 10
NO_ANSWER: Final = "-"
"""What a field says by which an answer is taken away; no key of a choice, and no number, is written so."""

_POINTS: Final = frozenset({QuestionType.NPS, QuestionType.CES, QuestionType.CSAT, QuestionType.RATING})


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with an answer: the name of the sentence that says so, and what it names.

    Attributes:
        part: the row of a matrix that it is about.
    """

    word: str
    names: Mapping[str, str] = field(default_factory=dict)
    part: str | None = None


@dataclass(frozen=True, slots=True)
class FormRead:
    """What a form says.

    Attributes:
        answers: JSON values by question key; ``None`` takes an answer away. Others stay as they are.
        troubles: by question key, of what cannot even be read.
    """

    answers: Mapping[str, object]
    troubles: Mapping[str, Trouble]


def field_name(key: str, part: str | None = None) -> str:
    """The name of the field of a question, or of one row or choice of it."""
    return f"a.{key}" if part is None else f"a.{key}.{part}"


def read_form(questions: Sequence[Question], posted: Fields, *, answered: Collection[str], language: str) -> FormRead:
    """What was posted about some questions.

    A field that is left blank takes an answer away only if the page showed that answer; a page that was drawn before
    it was given, in another window or by the back button, does not.

    Args:
        questions: that were shown.
        posted: the fields of the form.
        answered: keys of the questions whose answers the page showed.
        language: in which numbers are written.
    """
    answers: dict[str, object] = {}
    troubles: dict[str, Trouble] = {}
    for question in questions:
        said = _said(question, posted, language)
        if isinstance(said, Trouble):
            troubles[question.key] = said
        elif said is not None:
            answers[question.key] = said
        elif question.key in answered:
            answers[question.key] = None
    return FormRead(answers, troubles)


def fields_of(  # noqa: PLR0911 - one return per kind of question
    question: Question, answer: AnswerValue | None, language: str
) -> dict[str, list[str]]:
    """The fields that say an answer."""
    if answer is None:
        return {}
    key = question.key
    match question.type:
        case QuestionType.MATRIX:
            return {field_name(key, row): [str(point)] for row, point in cast("dict[str, int]", answer).items()}
        case QuestionType.RANKING:
            ranked = enumerate(cast("list[str]", answer), start=1)
            return {field_name(key, choice): [str(place)] for place, choice in ranked}
        case QuestionType.MULTIPLE_CHOICE:
            return {field_name(key): list(cast("list[str]", answer))}
        case QuestionType.BOOLEAN:
            return {field_name(key): ["yes" if answer else "no"]}
        case QuestionType.NUMBER:
            return {field_name(key): [number_out(cast("float", answer), language)]}
        case _:
            return {field_name(key): [str(answer)]}


def asks_by_number(question: Question) -> bool:
    """Whether points of the question's scale are written, since there are too many to be shown one by one."""
    points = len((question.answer_scale or Scale(0, 0)).points)
    if question.type is QuestionType.MATRIX:
        return points > MOST_RADIO_POINTS or points * len(question.rows) > MOST_RADIO_CELLS
    return points > MOST_RADIO_POINTS


def _said(  # noqa: PLR0911 - one return per kind of question
    question: Question, posted: Fields, language: str
) -> object | Trouble | None:
    """A JSON value, ``None`` where nothing is said, or what is wrong."""
    one = _one(posted, field_name(question.key))
    match question.type:
        case QuestionType.MULTIPLE_CHOICE:
            return list(posted.get(field_name(question.key), ())) or None
        case QuestionType.MATRIX:
            return _rows(question, posted, language)
        case QuestionType.RANKING:
            return _ranked(question, posted, language)
        case QuestionType.TEXT:
            # Browsers send line ends as the protocol has them, and count each as one character.
            return one.replace("\r\n", "\n") if one.strip() else None
        case _ if one.strip() in {"", NO_ANSWER}:
            return None
        case QuestionType.NUMBER:
            value = number_in(one, language)
            return Trouble("not_a_number") if value is None else value
        case QuestionType.BOOLEAN:
            return {"yes": True, "no": False}.get(one, one)
        case kind if kind in _POINTS:
            return _point(question, one, language)
        case _:
            return one.strip()


def _rows(question: Question, posted: Fields, language: str) -> object | Trouble | None:
    points: dict[str, object] = {}
    for row in question.rows:
        one = _one(posted, field_name(question.key, row.key)).strip()
        if one in {"", NO_ANSWER}:
            continue
        point = _point(question, one, language)
        if isinstance(point, Trouble):
            return Trouble(point.word, point.names, part=row.key)
        points[row.key] = point
    return points or None


def _ranked(question: Question, posted: Fields, language: str) -> object | Trouble | None:
    """Choices by their places; places that nobody has are passed over, since the order is clear without them."""
    places: dict[int, str] = {}
    last = str(len(question.choices))
    for choice in question.choices:
        one = _one(posted, field_name(question.key, choice.key)).strip()
        if one in {"", NO_ANSWER}:
            continue
        place = number_in(one, language)
        if not isinstance(place, int) or not 1 <= place <= len(question.choices):
            return Trouble("not_a_place", {"most": last}, part=choice.key)
        if place in places:
            return Trouble("place_taken_twice", {"place": str(place)}, part=choice.key)
        places[place] = choice.key
    return [choice for _, choice in sorted(places.items())] or None


def _point(question: Question, one: str, language: str) -> int | Trouble:
    scale = question.answer_scale or Scale(0, 0)
    value = number_in(one, language)
    if isinstance(value, int) and scale.min <= value <= scale.max:
        return value
    return Trouble("not_a_point", {"least": str(scale.min), "most": str(scale.max)})


def _one(posted: Fields, name: str) -> str:
    values = posted.get(name, ())
    return values[0] if values else ""
