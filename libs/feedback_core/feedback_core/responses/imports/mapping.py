"""Faults of a mapping, held against the survey that it is for: everything that can be known before the file is read."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final
from zoneinfo import ZoneInfo

from feedback_core.kit.errors import Fault
from feedback_core.kit.pointers import step
from feedback_core.kit.tabular.types import ColumnRef, ImportFormat
from feedback_core.planning.types import CollectionMethod
from feedback_core.responses.imports.templates import MalformedTemplate, columns_of
from feedback_core.responses.imports.times import DIRECTIVES, UnknownDateFormat, UnreadableTime, local_times
from feedback_core.responses.imports.types import (
    RESPONDENT_KEYS,
    Canonical,
    ColumnMapping,
    Constant,
    ImportFault,
    ImportMapping,
    Match,
    Target,
)
from feedback_core.responses.imports.values import SEVERAL, loose
from feedback_core.responses.types import ResponseFault
from feedback_core.surveys.codes import FaultCode
from feedback_core.surveys.types import (
    Confidentiality,
    PublishedSurvey,
    Question,
    QuestionType,
    ResponseStatus,
)
from feedback_core.surveys.validation.checks import Refusal, check_for, listed, one_of, point_of

METHODS: Final = tuple(method.value for method in CollectionMethod)
STATUSES: Final = tuple(status.value for status in ResponseStatus)
CONFIDENTIALITIES: Final = tuple(mode.value for mode in Confidentiality)

_KEYED: Final = frozenset({Target.QUESTION, Target.ATTRIBUTE, Target.RESPONDENT})
_FIXED: Final = frozenset({Target.ATTRIBUTE, Target.METHOD, Target.STATUS, Target.SUBMITTED_AT})
_RECODED: Final = frozenset(Target) - {Target.IGNORE, Target.SUBMITTED_AT, Target.STARTED_AT}
_OF_FORMAT: Final = {
    ImportFormat.CSV: frozenset({"delimiter", "quote", "encoding", "header"}),
    ImportFormat.NDJSON: frozenset({"encoding"}),
    ImportFormat.XLSX: frozenset({"header", "sheet"}),
}


def find_mapping_faults(mapping: ImportMapping, survey: PublishedSurvey) -> list[Fault]:
    """Everything wrong with a mapping, with pointers from the request: ``/mapping/columns/3/key``."""
    return [fault.under("/mapping") for fault in _Finder(mapping, survey).faults()]


class _Finder:
    """Looks for faults; holds what has been mapped so far."""

    def __init__(self, mapping: ImportMapping, survey: PublishedSurvey) -> None:
        self._mapping = mapping
        self._survey = survey
        self._attributes = {
            attribute.key: tuple(value.key for value in attribute.values)
            for attribute in survey.questionnaire.attributes
        }
        self._named = mapping.format is ImportFormat.NDJSON or mapping.header is not False
        self._mapped: set[tuple[object, ...]] = set()
        self._read: dict[ColumnRef, Target] = {}

    def faults(self) -> Iterator[Fault]:
        """All of them, in the order of the mapping."""
        yield from self._option_faults()
        for index, column in enumerate(self._mapping.columns):
            yield from (fault.under(f"/columns/{index}") for fault in self._column_faults(column))
        for index, constant in enumerate(self._mapping.constants):
            yield from (fault.under(f"/constants/{index}") for fault in self._constant_faults(constant))
        if not any(column.to is Target.QUESTION for column in self._mapping.columns):
            yield _fault("/columns", ImportFault.NO_QUESTION, "Map at least one column to a question.")

    def _option_faults(self) -> Iterator[Fault]:
        mapping = self._mapping
        for name in sorted(frozenset.union(*_OF_FORMAT.values()) - _OF_FORMAT[mapping.format]):
            if getattr(mapping, name) is not None:
                detail = f"A file of format {mapping.format} has no {name}: leave it out."
                yield _fault(f"/{name}", ImportFault.OPTION_NOT_OF_FORMAT, detail)
        if (mapping.delimiter or ",") == (mapping.quote or '"'):
            yield _fault("/delimiter", ImportFault.UNUSABLE_DELIMITER, "Give another character than the quote.")
        yield from _date_format_faults("/date_format", mapping.date_format)
        if mapping.time_zone is not None and not is_time_zone(mapping.time_zone):
            yield _fault("/time_zone", ImportFault.UNKNOWN_TIME_ZONE, "Give an IANA name, as Europe/London.")
        survey = self._survey.confidentiality
        if mapping.confidentiality and not mapping.confidentiality.is_at_least_as_strict_as(survey):
            detail = f"The survey keeps responses {survey}: give that, or a stricter one."
            yield _fault("/confidentiality", ResponseFault.CONFIDENTIALITY_LOOSER, detail)

    def _column_faults(self, column: ColumnMapping) -> Iterator[Fault]:
        yield from self._source_faults(column)
        yield from self._key_faults(column)
        yield from _option_faults_of(column)
        if column.match is Match.LOOSE:
            yield from _ambiguous(column)
        question = self._question(column)
        if column.to is Target.QUESTION:
            if question is None:
                return
            yield from _question_faults(column, question)
        several = question is not None and question.type in SEVERAL
        target = (column.to, column.key, column.item)
        if column.to is not Target.IGNORE and not several:
            yield from self._twice(target)
        if target_takes := self._taken(column, question):
            for raw, value in column.values.items():
                if value is not None:
                    yield from _value_faults(f"/values{step(raw)}", target_takes, value)

    def _source_faults(self, column: ColumnMapping) -> Iterator[Fault]:
        if (column.column is None) == (column.template is None):
            yield _fault("", ImportFault.NO_SOURCE, "Give either column or template.")
            return
        try:
            sources = columns_of(column, named=self._named)
        except MalformedTemplate:
            wanted = "names" if self._named else "numbers"
            detail = f"Put column {wanted} in braces, as {{Year}} or {{1}}; a brace itself is written twice."
            yield _fault("/template", ImportFault.MALFORMED_TEMPLATE, detail)
            return
        if not sources:
            yield _fault("/template", ImportFault.MALFORMED_TEMPLATE, "Put at least one column in braces.")
        if column.column is not None and isinstance(column.column, int) == self._named:
            detail = "Give its name." if self._named else "Without a header, give its number, counted from 1."
            yield _fault("/column", ImportFault.WRONG_COLUMN_NAME, detail)
        for source in sources:
            known = self._read.setdefault(source, column.to)
            if (known is Target.IGNORE) != (column.to is Target.IGNORE):
                detail = "The column is mapped and ignored at once: leave one of them out."
                yield _fault("/column" if column.template is None else "/template", ImportFault.COLUMN_TWICE, detail)

    def _key_faults(self, column: ColumnMapping) -> Iterator[Fault]:
        if column.to not in _KEYED:
            if column.key is not None:
                yield _fault("/key", ImportFault.KEY_NOT_EXPECTED, f"What goes to {column.to} has no key.")
            return
        questionnaire = self._survey.questionnaire
        if column.key is None:
            yield _fault("/key", ImportFault.KEY_MISSING, f"Say which {column.to} it is.")
        elif column.to is Target.QUESTION and questionnaire.question(column.key) is None:
            asked = listed(question.key for question in questionnaire.questions)
            yield _fault("/key", FaultCode.UNKNOWN_QUESTION, f"The survey has no such question; it has: {asked}.")
        elif column.to is Target.ATTRIBUTE:
            yield from self._attribute_faults(column.key)
        elif column.to is Target.RESPONDENT:
            yield from self._respondent_faults(column.key)

    def _attribute_faults(self, key: str) -> Iterator[Fault]:
        if key not in self._attributes:
            declared = listed(self._attributes) or "none"
            detail = f"The survey declares no such attribute; it declares: {declared}."
            yield _fault("/key", FaultCode.UNKNOWN_ATTRIBUTE, detail)

    def _respondent_faults(self, key: str) -> Iterator[Fault]:
        if key not in RESPONDENT_KEYS:
            yield _fault("/key", ImportFault.UNKNOWN_RESPONDENT_FIELD, f"Give one of: {listed(RESPONDENT_KEYS)}.")
        kept = self._mapping.confidentiality or self._survey.confidentiality
        if kept is Confidentiality.ANONYMOUS:
            detail = "An anonymous response names nobody: leave the column out."
            yield _fault("/to", ResponseFault.IDENTITY_NOT_ALLOWED, detail)

    def _constant_faults(self, constant: Constant) -> Iterator[Fault]:
        if constant.to not in _FIXED:
            yield _fault("/to", ImportFault.OPTION_NOT_OF_TARGET, f"Give one of: {listed(sorted(_FIXED))}.")
            return
        if constant.to is Target.ATTRIBUTE:
            if constant.key is None:
                yield _fault("/key", ImportFault.KEY_MISSING, "Say which attribute it is.")
                return
            yield from self._attribute_faults(constant.key)
        elif constant.key is not None:
            yield _fault("/key", ImportFault.KEY_NOT_EXPECTED, f"What goes to {constant.to} has no key.")
        yield from self._twice((constant.to, constant.key, None))
        if constant.to is Target.SUBMITTED_AT:
            yield from _time_faults(constant.value, self._mapping.date_format)
        elif takes := self._taken(ColumnMapping(constant.to, key=constant.key), None):
            yield from _value_faults("/value", takes, constant.value)

    def _twice(self, target: tuple[object, ...]) -> Iterator[Fault]:
        if target in self._mapped:
            yield _fault("/to", ImportFault.MAPPED_TWICE, "Something else is mapped to this already: leave one out.")
        self._mapped.add(target)

    def _question(self, column: ColumnMapping) -> Question | None:
        if column.to is not Target.QUESTION or column.key is None:
            return None
        return self._survey.questionnaire.question(column.key)

    def _taken(self, column: ColumnMapping, question: Question | None) -> Callable[[object], object] | None:
        """The check of what a target takes; ``None`` where anything goes, or nothing is known of the target."""
        match column.to:
            case Target.QUESTION:
                return None if question is None else _question_takes(question)
            case Target.ATTRIBUTE if column.key in self._attributes:
                return one_of(self._attributes[column.key])
            case Target.METHOD:
                return one_of(METHODS)
            case Target.STATUS:
                return one_of(STATUSES)
            case Target.CONFIDENTIALITY:
                return one_of(CONFIDENTIALITIES)
            case _:
                return None


def is_time_zone(name: str) -> bool:
    """Whether the database of time zones has this name."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _question_takes(question: Question) -> Callable[[object], object]:
    if question.type is QuestionType.MATRIX:
        assert question.answer_scale is not None
        return point_of(question.answer_scale)
    if question.type in SEVERAL:
        return one_of(choice.key for choice in question.choices)
    return check_for(question)


def _question_faults(column: ColumnMapping, question: Question) -> Iterator[Fault]:
    if question.type is QuestionType.MATRIX:
        rows = tuple(row.key for row in question.rows)
        if column.item is None:
            yield _fault("/item", ImportFault.ITEM_MISSING, f"Say which row of the matrix it is: {listed(rows)}.")
        elif column.item not in rows:
            yield _fault("/item", FaultCode.UNKNOWN_ROW, f"There is no such row; use: {listed(rows)}.")
    elif column.item is not None:
        yield _fault("/item", ImportFault.ITEM_NOT_EXPECTED, "Only a matrix has rows.")
    if column.separator is not None and question.type not in SEVERAL:
        detail = "Only a multiple choice or a ranking has several values in one cell."
        yield _fault("/separator", ImportFault.OPTION_NOT_OF_TARGET, detail)
    if column.date_format is not None and question.type is not QuestionType.DATE:
        yield _fault("/date_format", ImportFault.OPTION_NOT_OF_TARGET, "The question does not ask for a date.")


def _option_faults_of(column: ColumnMapping) -> Iterator[Fault]:
    is_question = column.to is Target.QUESTION
    if not is_question and column.item is not None:
        yield _fault("/item", ImportFault.ITEM_NOT_EXPECTED, "Only a matrix has rows.")
    if not is_question and column.separator is not None:
        yield _fault("/separator", ImportFault.OPTION_NOT_OF_TARGET, f"What goes to {column.to} is a single value.")
    if column.values and column.to not in _RECODED:
        yield _fault("/values", ImportFault.OPTION_NOT_OF_TARGET, f"What goes to {column.to} is not recoded.")
    if column.blank and column.to is Target.IGNORE:
        yield _fault("/blank", ImportFault.OPTION_NOT_OF_TARGET, "The column is ignored.")
    if column.date_format is not None:
        if column.to not in {Target.SUBMITTED_AT, Target.STARTED_AT, Target.QUESTION}:
            yield _fault("/date_format", ImportFault.OPTION_NOT_OF_TARGET, f"What goes to {column.to} is no date.")
        yield from _date_format_faults("/date_format", column.date_format)


def _ambiguous(column: ColumnMapping) -> Iterator[Fault]:
    said: dict[str, Canonical] = {}
    for raw, value in [*column.values.items(), *((raw, None) for raw in column.blank)]:
        known = said.setdefault(loose(raw), value)
        if (type(known), known) != (type(value), value):
            detail = 'Another value differs from this one only by case or spaces: set match to "exact", or leave one.'
            yield _fault(f"/values{step(raw)}", ImportFault.AMBIGUOUS_VALUES, detail)


def _value_faults(pointer: str, takes: Callable[[object], object], value: object) -> Iterable[Fault]:
    try:
        takes(value)
    except Refusal as refusal:
        return [fault.under(pointer) for fault in refusal.faults]
    return ()


def _date_format_faults(pointer: str, date_format: str) -> Iterator[Fault]:
    try:
        local_times(date_format)
    except UnknownDateFormat as wrong:
        detail = f'{wrong} Give "iso", "unix", "unix_ms", or a pattern of {DIRECTIVES}.'
        yield _fault(pointer, ImportFault.UNKNOWN_DATE_FORMAT, detail)


def _time_faults(value: str, date_format: str) -> Iterator[Fault]:
    try:
        local_times(date_format)(value)
    except UnknownDateFormat:
        return  # named where the format stands
    except UnreadableTime as wrong:
        yield _fault("/value", wrong.code, wrong.detail)


def _fault(pointer: str, code: FaultCode | ImportFault | ResponseFault, detail: str) -> Fault:
    return Fault(pointer, code.value, detail)
