"""From the cells of a row to a response, or to what is wrong with it: compiled once per file.

Raw values repeat, so what each stands for is kept per column; texts, times and names do not, and are read every time.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from feedback_core.kit.tabular.mojibake import repairer
from feedback_core.kit.tabular.types import Cell, ColumnRef
from feedback_core.planning.types import CollectionMethod
from feedback_core.responses.imports.mapping import CONFIDENTIALITIES, METHODS, STATUSES
from feedback_core.responses.imports.templates import columns_of, parse_template, positions_of
from feedback_core.responses.imports.times import UnreadableTime, instants, local_times
from feedback_core.responses.imports.types import (
    DEFAULT_METHOD,
    ColumnMapping,
    ImportFault,
    ImportMapping,
    OnUnreadable,
    Target,
)
from feedback_core.responses.imports.values import (
    SEVERAL,
    Recoding,
    Unreadable,
    answers_to,
    as_text,
    one_named,
    parts_of,
)
from feedback_core.responses.types import NewResponse, Respondent
from feedback_core.surveys.codes import FaultCode
from feedback_core.surveys.types import Confidentiality, Questionnaire, QuestionType, ResponseStatus
from feedback_core.surveys.validation.checks import Refusal, check_for

MOST_KEPT: Final = 10_000
"""Raw values whose meaning is remembered per column."""

_LONGEST_KEPT: Final = 200
_EXTERNAL_ID: Final = Target.EXTERNAL_ID.value
_SUBMITTED_AT: Final = Target.SUBMITTED_AT.value
_STARTED_AT: Final = Target.STARTED_AT.value
_METHOD: Final = Target.METHOD.value
_STATUS: Final = Target.STATUS.value
_CONFIDENTIALITY: Final = Target.CONFIDENTIALITY.value
_ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a row; whether the row was kept is known later."""

    column: str | None
    code: str
    detail: str
    value: Cell | None = None


@dataclass(frozen=True, slots=True)
class MappedRow:
    """A row with something to be said about it; without a response it is rejected."""

    response: NewResponse | None
    findings: list[Finding]


class _Slot(NamedTuple):
    """Where a value comes from, what it becomes, and what is known of raw values already (``None``: not kept)."""

    position: int
    key: str
    item: str
    known: dict[Cell, Any] | None
    convert: Callable[[Cell], Any]
    label: str


class RowMapper:
    """Maps the rows of one file."""

    def __init__(
        self,
        mapping: ImportMapping,
        questionnaire: Questionnaire,
        places: Mapping[ColumnRef, int],
        *,
        width: int,
        time_zone: str,
        line_key: str,
    ) -> None:
        """Compile a mapping that has no faults.

        Args:
            mapping: what the columns say.
            questionnaire: of the survey.
            places: where each column that the mapping reads stands in a row.
            width: cells of a row; composed values are put behind them.
            time_zone: of times that say none.
            line_key: with the line, names a row that has no external id, whatever the mapping.
        """
        self._mapping = mapping
        self._line_key = line_key
        self._confidentiality: Confidentiality | None = mapping.confidentiality
        self._rejects = mapping.on_unreadable is OnUnreadable.REJECT_ROW
        self._composers: list[Callable[[Sequence[Cell]], str]] = []
        self._labels: dict[str, str] = {}
        self._answers: list[_Slot] = []
        self._several: list[_Slot] = []
        self._rows: list[_Slot] = []
        self._attributes: list[_Slot] = []
        self._respondent: list[_Slot] = []
        self._combined = {
            question.key: check_for(question) for question in questionnaire.questions if question.type in SEVERAL
        }
        # By plain text: the hash of an enum's member is taken in Python, and this is done for every row.
        self._single: list[tuple[str, _Slot]] = []
        self._constants: dict[str, object] = {_METHOD: DEFAULT_METHOD}
        self._constant_attributes: dict[str, str] = {}
        to_instant = instants(ZoneInfo(mapping.time_zone or time_zone))
        for column in mapping.columns:
            if column.to is not Target.IGNORE:
                self._add(column, questionnaire, self._position(column, places, width), to_instant)
        self._set_constants(to_instant)

    @property
    def columns(self) -> Mapping[str, str]:
        """The column that each place of a response comes from, by pointer: ``/answers/nps``."""
        return self._labels

    def map(self, line: int, cells: Sequence[Cell]) -> NewResponse | MappedRow:
        """The response that a row says; if there is anything to say about the row, with that."""
        found: list[Finding] = []
        if self._composers:
            cells = [*cells, *(compose(cells) for compose in self._composers)]
        answers: dict[str, object] = {}
        _fill(answers, self._answers, cells, found)
        if self._rows or self._several:
            self._fill_composed(answers, cells, found)
        attributes: dict[str, object] = dict(self._constant_attributes)
        _fill(attributes, self._attributes, cells, found)
        if found and self._rejects:
            return MappedRow(None, found)
        left_out = len(found)
        response = self._response(line, cells, answers, attributes, found)
        if not found:
            return response
        return MappedRow(response if len(found) == left_out else None, found)

    def _response(
        self,
        line: int,
        cells: Sequence[Cell],
        answers: dict[str, object],
        attributes: dict[str, object],
        refused: list[Finding],
    ) -> NewResponse:
        """The response with its envelope; what is wrong with that goes to ``refused``, for it cannot be left out."""
        said: dict[str, Any] = self._constants
        if self._single:
            said = dict(said)
            for target, slot in self._single:
                value = _value_of(slot, cells)
                if value.__class__ is Unreadable:
                    shown = None if target == _EXTERNAL_ID else cells[slot.position]
                    refused.append(Finding(slot.label, value.code, value.detail, shown))
                elif value is not None:
                    said[target] = value
        external_id = said.get(_EXTERNAL_ID)
        return NewResponse(
            answers,
            attributes,
            external_id,
            None if external_id is not None else f"{self._line_key}:{line}",
            said.get(_SUBMITTED_AT),
            said.get(_STARTED_AT),
            said[_METHOD],
            said.get(_CONFIDENTIALITY, self._confidentiality),
            said.get(_STATUS),
            self._respondent_of(cells, refused) if self._respondent else None,
            line,
        )

    def _respondent_of(self, cells: Sequence[Cell], refused: list[Finding]) -> Respondent | None:
        said: dict[str, str] = {}
        for position, key, _, _, convert, label in self._respondent:
            value = convert(cells[position])
            if isinstance(value, Unreadable):
                refused.append(Finding(label, value.code, value.detail))
            elif value is not None:
                said[key] = value
        return Respondent(**said) if said else None

    def _fill_composed(self, answers: dict[str, Any], cells: Sequence[Cell], found: list[Finding]) -> None:
        """Add answers that come from several cells: rows of matrices, and choices."""
        for slot in self._rows:
            value = _value_of(slot, cells)
            if value.__class__ is Unreadable:
                found.append(Finding(slot.label, value.code, value.detail, cells[slot.position]))
            elif value is not None:
                answers.setdefault(slot.key, {})[slot.item] = value
        unreadable: set[str] = set()
        chosen: dict[str, list[str]] = {}
        for slot in self._several:
            value = _value_of(slot, cells)
            if value.__class__ is Unreadable:
                found.append(Finding(slot.label, value.code, value.detail, cells[slot.position]))
                unreadable.add(slot.key)
            elif value is not None:
                choices = chosen.setdefault(slot.key, [])
                choices += [choice for choice in value if choice not in choices]
        for key, choices in chosen.items():
            if key not in unreadable:
                try:
                    answers[key] = self._combined[key](choices)
                except Refusal as refusal:
                    fault = refusal.faults[0]
                    label = self._labels[f"/answers/{key}"]
                    found.append(Finding(label, fault.code, fault.detail, tuple(choices)))

    def _position(self, column: ColumnMapping, places: Mapping[ColumnRef, int], width: int) -> int:
        if column.template is None:
            assert column.column is not None
            return places[column.column]
        named = self._mapping.header is not False
        positions = positions_of(columns_of(column, named=named), places)
        self._composers.append(parse_template(column.template).composer(positions))
        return width + len(self._composers) - 1

    def _add(
        self,
        column: ColumnMapping,
        questionnaire: Questionnaire,
        position: int,
        to_instant: Callable[[datetime], datetime],
    ) -> None:
        key, item, label = column.key or "", column.item or "", column.label

        def slot(convert: Callable[[Cell], Any], *, kept: bool = True) -> _Slot:
            return _Slot(position, key, item, {} if kept else None, self._repaired(convert), label)

        match column.to:
            case Target.QUESTION:
                question = questionnaire.question(key)
                assert question is not None
                convert = answers_to(question, column, local_times(column.date_format or self._mapping.date_format))
                if question.type in SEVERAL:
                    self._several.append(slot(parts_of(convert, column.separator)))
                elif question.type is QuestionType.MATRIX:
                    self._rows.append(slot(convert))
                else:
                    self._answers.append(slot(convert, kept=question.type is not QuestionType.TEXT))
                self._labels.setdefault(f"/answers/{key}", label)
            case Target.ATTRIBUTE:
                declared = next(a for a in questionnaire.attributes if a.key == key)
                values = [value.key for value in declared.values]
                self._attributes.append(slot(one_named(column, values, FaultCode.UNKNOWN_VALUE)))
                self._labels[f"/attributes/{key}"] = label
            case Target.RESPONDENT:
                self._respondent.append(slot(as_text(column), kept=False))
                self._labels[f"/respondent/{key}"] = label
            case _:
                kept = column.to in {Target.METHOD, Target.STATUS, Target.CONFIDENTIALITY}
                self._single.append((column.to.value, slot(self._envelope(column, to_instant), kept=kept)))
                self._labels[f"/{column.to.value}"] = label

    def _repaired(self, convert: Callable[[Cell], Any]) -> Callable[[Cell], Any]:
        if not self._mapping.repair_mojibake:
            return convert
        repair = repairer(wanted=True)

        def repaired(cell: Cell) -> Any:  # noqa: ANN401 -- of the target's type
            if isinstance(cell, tuple):
                return convert(tuple(repair(part) for part in cell))
            return convert(repair(cell) if isinstance(cell, str) else cell)

        return repaired

    def _envelope(self, column: ColumnMapping, to_instant: Callable[[datetime], datetime]) -> Callable[[Cell], Any]:
        match column.to:
            case Target.METHOD:
                return _as(CollectionMethod, one_named(column, METHODS, ImportFault.UNKNOWN_METHOD))
            case Target.STATUS:
                return _as(ResponseStatus, one_named(column, STATUSES, ImportFault.UNKNOWN_STATUS))
            case Target.CONFIDENTIALITY:
                unknown = ImportFault.UNKNOWN_CONFIDENTIALITY
                return _as(Confidentiality, one_named(column, CONFIDENTIALITIES, unknown))
            case Target.SUBMITTED_AT:
                return _time(column, column.date_format or self._mapping.date_format, to_instant, _NO_SUBMISSION)
            case Target.STARTED_AT:
                return _time(column, column.date_format or self._mapping.date_format, to_instant, None)
            case _:
                return as_text(column)

    def _set_constants(self, to_instant: Callable[[datetime], datetime]) -> None:
        for constant in self._mapping.constants:
            match constant.to:
                case Target.METHOD:
                    self._constants[_METHOD] = CollectionMethod(constant.value)
                case Target.STATUS:
                    self._constants[_STATUS] = ResponseStatus(constant.value)
                case Target.SUBMITTED_AT:
                    local = local_times(self._mapping.date_format)(constant.value)
                    self._constants[_SUBMITTED_AT] = to_instant(local)
                case _:
                    self._constant_attributes[constant.key or ""] = constant.value


_NO_SUBMISSION: Final = Unreadable(
    ImportFault.TIME_MISSING.value, "Say when it was submitted: today's date would put it in the wrong period."
)


def _time(
    column: ColumnMapping,
    date_format: str,
    to_instant: Callable[[datetime], datetime],
    missing: Unreadable | None,
) -> Callable[[Cell], Any]:
    local = local_times(date_format)
    recode = Recoding(column)

    def convert(cell: Cell) -> datetime | Unreadable | None:
        try:
            if isinstance(cell, datetime):
                return to_instant(cell)
            if isinstance(cell, tuple):
                return Unreadable(FaultCode.WRONG_TYPE.value, "Give a single value, not a list.")
            if not cell or (not recode.is_plain and recode(cell)[0]) or cell.isspace():
                return missing
            return to_instant(local(cell))
        except UnreadableTime as wrong:
            return Unreadable(wrong.code.value, wrong.detail)

    return convert


def _as(kind: Callable[[Any], object], convert: Callable[[Cell], Any]) -> Callable[[Cell], Any]:
    def converted(cell: Cell) -> object:
        value = convert(cell)
        return value if value is None or isinstance(value, Unreadable) else kind(value)

    return converted


def _fill(into: dict[str, object], slots: Sequence[_Slot], cells: Sequence[Cell], found: list[Finding]) -> None:
    # Written out, not by way of ``_value_of``: this is the hot path of an import.
    for position, key, _, known, convert, label in slots:
        cell = cells[position]
        value = _ABSENT if known is None else known.get(cell, _ABSENT)
        if value is _ABSENT:
            value = _kept(known, cell, convert(cell))
        if value.__class__ is Unreadable:
            found.append(Finding(label, value.code, value.detail, cell))
        elif value is not None:
            into[key] = value


def _value_of(slot: _Slot, cells: Sequence[Cell]) -> Any:  # noqa: ANN401 -- of the target's type
    cell = cells[slot.position]
    value = _ABSENT if slot.known is None else slot.known.get(cell, _ABSENT)
    return _kept(slot.known, cell, slot.convert(cell)) if value is _ABSENT else value


def _kept(known: dict[Cell, Any] | None, cell: Cell, value: Any) -> Any:  # noqa: ANN401 -- passed through
    if known is not None and len(known) < MOST_KEPT and (not isinstance(cell, str) or len(cell) <= _LONGEST_KEPT):
        known[cell] = value
    return value
