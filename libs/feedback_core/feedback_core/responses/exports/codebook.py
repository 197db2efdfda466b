"""The codebook of an export: what every column means, question by question, over the versions of the survey."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from feedback_core.responses.exports.columns import (
    CellType,
    Column,
    ColumnKind,
    Columns,
    Versions,
    items_of,
    questions_in_order,
)
from feedback_core.surveys.types import AttributeValue, Choice, Question, QuestionType, Row, text_in

NO_VALUE: Final = (
    "Nothing stands in a cell where the response has no such value. `unanswered` lists the questions that were put and"
    " got no answer; a question that is neither answered nor in that list was not put: hidden by an earlier answer, or"
    " not part of the version that was answered (`survey_version`)."
)
NOTES: Final = {
    "no_value": NO_VALUE,
    "instants": "RFC 3339, in UTC; in XLSX date and time in UTC.",
    "multiple_choice": "true: chosen; false: offered, not chosen. Nothing: no answer, or not offered by the version.",
    "ranking": "The rank from 1. Nothing: no answer, or not ranked.",
    "formulas": "In CSV a text that begins with = + - @, a tab or a carriage return has an apostrophe before it, so"
    " that no spreadsheet runs it. The other formats have it as said.",
    "change": "upsert: the response as it stands; erased: it was erased; left: the filters leave it out now. Delete the"
    " last two from your copy by response_id.",
}

_MEANINGS: Final = {
    "change": "What to do with the row in a copy",
    "response_id": "The response",
    "survey_version": "Number of the version that was answered",
    "external_id": "Your own name for the response; never of an anonymous one",
    "respondent_ref": "The same for the same respondent of this survey; never of an anonymous response",
    "status": "How far the respondent came",
    "method": "How the answers were collected",
    "confidentiality": "What may be told of who answered: the stricter of the response's and the survey's",
    "submitted_at": "When it was said",
    "started_at": "When the first question was seen",
    "received_at": "When the service recorded it",
    "excluded": "Whether somebody decided that it counts in no figure",
    "suspect": "Whether the survey's inclusion rule counts it beside the figures",
    "import_id": "The import that it came with",
    "import_line": "Its line in the imported file",
    "unanswered": "Keys of the questions that were put and have no answer, with spaces between them",
}
_RESPONDENT: Final = "Who answered, of identified responses"


@dataclass(frozen=True, slots=True)
class Value:
    """One value that a column may have, and its label; ``None``: the value says it all."""

    value: str
    label: str | None


@dataclass(frozen=True, slots=True)
class ColumnEntry:
    """What a column means.

    Attributes:
        question: key of the question.
        question_type: of the question.
        item: row of the matrix, choice of the multiple choice or ranking.
        text: what the respondent read; of a column without a question: what it tells.
        item_label: what the respondent read of the item.
        scale_min: least value, of an answer on a scale.
        scale_max: greatest value.
        unit: what a number counts.
        values: that can be given, where they are listed.
        versions: numbers of the versions that have it; empty: every one.
        feature: key of the feature of the service that the question is about.
    """

    column: str
    kind: ColumnKind
    type: CellType
    question: str | None
    question_type: QuestionType | None
    item: str | None
    attribute: str | None
    text: str
    item_label: str | None
    scale_min: int | None
    scale_max: int | None
    unit: str | None
    values: tuple[Value, ...]
    versions: tuple[int, ...]
    feature: str | None


@dataclass(frozen=True, slots=True)
class Codebook:
    """What the columns of an export mean, in their order; texts are in the language of the latest version."""

    title: str
    language: str
    versions: tuple[int, ...]
    columns: tuple[ColumnEntry, ...]


def codebook_of(columns: Columns, versions: Versions) -> Codebook:
    """The codebook of these columns; at least one version is there."""
    latest = versions[max(versions)]
    writer = _Writer(versions, latest.language)
    return Codebook(
        title=writer.words(latest.title),
        language=latest.language,
        versions=tuple(sorted(versions)),
        columns=tuple(writer.entry(column) for column in columns.all),
    )


class _Writer:
    """Writes entries in one language."""

    def __init__(self, versions: Versions, language: str) -> None:
        self._versions = versions
        self._language = language
        self._questions = questions_in_order(versions)

    def words(self, text: object) -> str:
        return text_in(text, self._language, fallback=self._language)  # type: ignore[arg-type]

    def entry(self, column: Column) -> ColumnEntry:
        if column.kind is ColumnKind.ANSWER:
            assert column.key is not None
            return self._answer(column, self._questions[column.key])
        text, values = _MEANINGS.get(column.name, _RESPONDENT), tuple[Value, ...]()
        attribute = column.key if column.kind is ColumnKind.ATTRIBUTE else None
        if attribute is not None:
            text, values = self._attribute(attribute)
        return ColumnEntry(
            column=column.name,
            kind=column.kind,
            type=column.type,
            question=None,
            question_type=None,
            item=None,
            attribute=attribute,
            text=text,
            item_label=None,
            scale_min=None,
            scale_max=None,
            unit=None,
            values=values,
            versions=column.versions,
            feature=None,
        )

    def _answer(self, column: Column, question: Question) -> ColumnEntry:
        scale = question.answer_scale
        choices = question.type is QuestionType.SINGLE_CHOICE
        return ColumnEntry(
            column=column.name,
            kind=column.kind,
            type=column.type,
            question=question.key,
            question_type=question.type,
            item=column.item,
            attribute=None,
            text=self.words(question.text),
            item_label=self._item_label(question.key, column.item),
            scale_min=scale.min if scale else None,
            scale_max=scale.max if scale else None,
            unit=question.unit,
            values=self._offered(question.key) if choices else (),
            versions=column.versions,
            feature=question.feature,
        )

    def _attribute(self, key: str) -> tuple[str, tuple[Value, ...]]:
        """The label of an attribute as last declared, and every value that some version declares."""
        declared = [
            attribute
            for number in sorted(self._versions, reverse=True)
            for attribute in self._versions[number].attributes
            if attribute.key == key
        ]
        label = declared[0].label
        values = self._values([value for attribute in declared for value in attribute.values])
        return key if label is None else self.words(label), values

    def _offered(self, key: str) -> tuple[Value, ...]:
        return self._values([choice for question in self._asked(key) for choice in items_of(question)])

    def _values(self, values: Sequence[AttributeValue | Choice | Row]) -> tuple[Value, ...]:
        labels: dict[str, str | None] = {}
        for value in values:
            labels.setdefault(value.key, None if value.label is None else self.words(value.label))
        return tuple(Value(key, label) for key, label in labels.items())

    def _item_label(self, key: str, item: str | None) -> str | None:
        if item is None:
            return None
        return next(value.label for value in self._offered(key) if value.value == item)

    def _asked(self, key: str) -> list[Question]:
        found = (self._versions[number].question(key) for number in sorted(self._versions, reverse=True))
        return [question for question in found if question is not None]
