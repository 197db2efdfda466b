"""The columns of an exported table: which there are, what they mean, and what a response has in them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, TypeAlias

from feedback_core.surveys.types import Choice, Question, Questionnaire, QuestionType, Row

Cell: TypeAlias = bool | int | float | str | date | datetime | None
"""What stands in one cell; ``None``: nothing."""

Versions: TypeAlias = Mapping[int, Questionnaire]
"""Published versions of a survey by their numbers."""

_Cells: TypeAlias = Callable[[Any], Sequence[Cell]]


class CellType(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    INSTANT = "instant"


class ColumnKind(StrEnum):
    """What a column tells of."""

    RESPONSE = "response"
    RESPONDENT = "respondent"
    ATTRIBUTE = "attribute"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        key: of the question or attribute; of the respondent: ``id``, ``name``, ``email`` or ``phone``.
        item: row of a matrix, choice of a multiple choice or ranking.
        versions: numbers of the versions that have it; empty: every one.
    """

    name: str
    kind: ColumnKind
    type: CellType
    key: str | None = None
    item: str | None = None
    versions: tuple[int, ...] = ()


def _of_response(name: str, cell_type: CellType = CellType.TEXT) -> Column:
    return Column(name, ColumnKind.RESPONSE, cell_type)


RESPONSE_COLUMNS: Final = (
    _of_response("change"),
    _of_response("response_id"),
    _of_response("survey_version", CellType.INTEGER),
    _of_response("external_id"),
    _of_response("respondent_ref"),
    _of_response("status"),
    _of_response("method"),
    _of_response("confidentiality"),
    _of_response("submitted_at", CellType.INSTANT),
    _of_response("started_at", CellType.INSTANT),
    _of_response("received_at", CellType.INSTANT),
    _of_response("excluded", CellType.BOOLEAN),
    _of_response("suspect", CellType.BOOLEAN),
    _of_response("import_id"),
    _of_response("import_line", CellType.INTEGER),
    _of_response("unanswered"),
)
RESPONDENT_KEYS: Final = ("id", "name", "email", "phone")

_SCALAR: Final = {
    QuestionType.NPS: CellType.INTEGER,
    QuestionType.CES: CellType.INTEGER,
    QuestionType.CSAT: CellType.INTEGER,
    QuestionType.RATING: CellType.INTEGER,
    QuestionType.SINGLE_CHOICE: CellType.TEXT,
    QuestionType.NUMBER: CellType.NUMBER,
    QuestionType.DATE: CellType.DATE,
    QuestionType.BOOLEAN: CellType.BOOLEAN,
    QuestionType.TEXT: CellType.TEXT,
}
_OF_ITEMS: Final = {
    QuestionType.MATRIX: CellType.INTEGER,
    QuestionType.RANKING: CellType.INTEGER,
    QuestionType.MULTIPLE_CHOICE: CellType.BOOLEAN,
}
_READ: Final[Mapping[CellType, Callable[[Any], Cell]]] = {
    CellType.INTEGER: int,
    CellType.DATE: date.fromisoformat,
}


def items_of(question: Question) -> tuple[Choice, ...] | tuple[Row, ...]:
    """What of a question has a column of its own; nothing where the question has one."""
    return question.rows if question.type is QuestionType.MATRIX else question.choices


def questions_in_order(versions: Versions) -> dict[str, Question]:
    """Every question that some version asks, as last asked; those of the latest version first, in its order."""
    asked: dict[str, Question] = {}
    for number in sorted(versions, reverse=True):
        for question in versions[number].questions:
            asked.setdefault(question.key, question)
    return asked


@dataclass(frozen=True, slots=True)
class _Block:
    """The columns of one question, side by side."""

    question: Question
    items: tuple[str, ...]

    @property
    def width(self) -> int:
        return len(self.items) or 1


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a survey, in an order that only a new version of it changes.

    First those of every response, then who answered, then attributes, then answers: one column for each question, row
    of a matrix, or choice of a multiple choice or ranking. What the latest version asks comes first.
    """

    all: tuple[Column, ...]
    attributes: tuple[str, ...]
    _blocks: tuple[_Block, ...]
    _by_version: Mapping[int, tuple[_Cells | None, ...]] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Their names."""
        return [column.name for column in self.all]

    def answers(self, version: int, answers: Mapping[str, Any]) -> list[Cell]:
        """The cells of the answers to a version."""
        cells: list[Cell] = []
        for block, read in zip(self._blocks, self._by_version[version], strict=True):
            answer = None if read is None else answers.get(block.question.key)
            if read is None or answer is None:
                cells += [None] * block.width
            else:
                cells += read(answer)
        return cells


def columns_of(versions: Versions, *, identities: bool, texts: bool) -> Columns:
    """The columns of a survey with these versions.

    Args:
        versions: at least one.
        identities: whether there are columns of who answered.
        texts: whether answers to text questions have columns.
    """
    numbers = sorted(versions, reverse=True)
    asked = {
        key: question
        for key, question in questions_in_order(versions).items()
        if texts or question.type is not QuestionType.TEXT
    }
    blocks = tuple(_Block(question, _items(key, versions, numbers)) for key, question in asked.items())
    attributes = tuple(dict.fromkeys(attribute.key for number in numbers for attribute in versions[number].attributes))
    return Columns(
        all=(
            *RESPONSE_COLUMNS,
            *(_respondent(key) for key in RESPONDENT_KEYS if identities),
            *(_attribute(key, versions) for key in attributes),
            *(column for block in blocks for column in _columns(block, versions)),
        ),
        attributes=attributes,
        _blocks=blocks,
        _by_version={
            number: tuple(_reader(block, questionnaire) for block in blocks)
            for number, questionnaire in versions.items()
        },
    )


def _items(key: str, versions: Versions, numbers: Iterable[int]) -> tuple[str, ...]:
    """The rows or choices that some version offers, those of the latest first."""
    offered = (versions[number].question(key) for number in numbers)
    return tuple(
        dict.fromkeys(
            item.key for question in offered if question and question.type in _OF_ITEMS for item in items_of(question)
        )
    )


def _respondent(key: str) -> Column:
    return Column(f"respondent.{key}", ColumnKind.RESPONDENT, CellType.TEXT, key)


def _attribute(key: str, versions: Versions) -> Column:
    having = tuple(
        number for number in sorted(versions) if key in {attribute.key for attribute in versions[number].attributes}
    )
    return Column(f"attribute.{key}", ColumnKind.ATTRIBUTE, CellType.TEXT, key, versions=having)


def _columns(block: _Block, versions: Versions) -> list[Column]:
    question = block.question
    asking = {number: found for number in sorted(versions) if (found := versions[number].question(question.key))}
    name = f"answer.{question.key}"
    if question.type in _SCALAR:
        return [Column(name, ColumnKind.ANSWER, _SCALAR[question.type], question.key, versions=tuple(asking))]
    return [
        Column(
            f"{name}.{item}",
            ColumnKind.ANSWER,
            _OF_ITEMS[question.type],
            question.key,
            item,
            tuple(number for number, found in asking.items() if item in {offered.key for offered in items_of(found)}),
        )
        for item in block.items
    ]


def _reader(block: _Block, questionnaire: Questionnaire) -> _Cells | None:
    """Makes cells of an answer to this version; ``None`` if it does not ask the question."""
    asked = questionnaire.question(block.question.key)
    if asked is None:
        return None
    items = block.items
    match asked.type:
        case QuestionType.MATRIX:
            return lambda answer: [None if (given := answer.get(row)) is None else int(given) for row in items]
        case QuestionType.RANKING:
            return lambda answer: [answer.index(choice) + 1 if choice in answer else None for choice in items]
        case QuestionType.MULTIPLE_CHOICE:
            offered = {choice.key for choice in asked.choices}
            return lambda answer: [choice in answer if choice in offered else None for choice in items]
    read = _READ.get(_SCALAR[asked.type])
    if read is None:
        return lambda answer: [answer]
    return lambda answer: [read(answer)]
