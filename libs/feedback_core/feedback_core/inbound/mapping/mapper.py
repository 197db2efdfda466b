"""From the document of a delivery to what each of its items says: compiled once per version of a mapping."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from feedback_core.inbound.mapping.definition import as_import
from feedback_core.inbound.mapping.expressions import Expression, ExpressionFailed, compile_expression
from feedback_core.inbound.mapping.types import (
    MAX_ITEMS,
    FieldMapping,
    InboundMapping,
    ItemFault,
    ItemOutcome,
    MappingFault,
    NotMapped,
    Said,
    ToErase,
    ToFetch,
    Unwanted,
    Within,
)
from feedback_core.kit.tabular.cells import cell_of
from feedback_core.kit.tabular.types import Cell
from feedback_core.responses.imports.rows import Finding, MappedRow, RowMapper
from feedback_core.responses.imports.times import UnreadableTime, instants, local_times
from feedback_core.responses.imports.types import ImportFault, OnUnreadable, Target
from feedback_core.responses.imports.values import SEVERAL
from feedback_core.responses.types import NewResponse
from feedback_core.surveys.codes import FaultCode
from feedback_core.surveys.types import Confidentiality, PublishedSurvey

Json: TypeAlias = Any

_MAX_PARAMETER: Final = 300


@dataclass(frozen=True, slots=True)
class Item:
    """One of the things that a delivery says.

    Attributes:
        number: from 0, within the delivery.
        value: what ``items`` found, or the payload.
        payload: the delivery as a whole.
        fetched: what was fetched for it; ``None``: nothing yet.
    """

    number: int
    value: Json
    payload: Json
    fetched: Json = None


class Mapper:
    """Maps the deliveries of one source."""

    def __init__(self, mapping: InboundMapping, survey: PublishedSurvey, *, time_zone: str) -> None:
        """Compile a mapping that has no faults; ``time_zone`` is that of times which say none."""
        self.mapping = mapping
        self._survey = survey
        self._fields = [_Field(number, field, mapping, survey) for number, field in enumerate(mapping.fields)]
        self._rejects = {field.pointer: field.rejects for field in self._fields}
        self._places = {field.pointer: field.path.place for field in self._fields}
        as_columns = as_import(mapping)
        places: dict[str | int, int] = {field.pointer: place for place, field in enumerate(self._fields)}
        self._rows = RowMapper(
            as_columns, survey.questionnaire, places, width=len(places), time_zone=time_zone, line_key=""
        )
        self._when = _optional(mapping.when)
        self._items = _optional(mapping.items)
        self._to_instant = instants(ZoneInfo(mapping.time_zone or time_zone))
        occurred = mapping.occurred_at
        self._occurred_at = _optional(occurred.path if occurred else None)
        self._read_time = local_times((occurred.date_format if occurred else None) or mapping.date_format)
        erasure = mapping.erasure
        self._erase_when = _optional(erasure.when if erasure else None)
        self._erase_by = {
            name: _optional(getattr(erasure, name) if erasure else None)
            for name in ("external_id", "respondent_id", "respondent_email")
        }
        self._parameters = {
            name: compile_expression(path) for name, path in (mapping.fetch.parameters if mapping.fetch else {}).items()
        }

    @property
    def pointers(self) -> Mapping[str, str]:
        """The field that each place of a response comes from, by pointer: ``/answers/nps`` from ``/fields/3``."""
        return self._rows.columns

    def place(self, pointer: str) -> str | None:
        """Where a field stands in an item."""
        return self._places.get(pointer)

    def items(self, payload: Json) -> list[Item] | NotMapped:
        """What a delivery says, item by item; none where ``items`` finds nothing."""
        if self._items is None:
            return [Item(0, payload, payload)]
        try:
            found = self._items(payload)
        except ExpressionFailed as failed:
            return _not_mapped("/items", MappingFault.EXPRESSION_FAILED, str(failed))
        if found is None:
            return []
        if not isinstance(found, list):
            return _not_mapped("/items", FaultCode.WRONG_TYPE, "The expression must find an array.")
        if len(found) > MAX_ITEMS:
            return _not_mapped("/items", MappingFault.TOO_MANY_ITEMS, f"Send at most {MAX_ITEMS} at once.")
        return [Item(number, value, payload) for number, value in enumerate(found) if value is not None]

    def read(self, item: Item) -> ItemOutcome:
        """What an item says."""
        try:
            if self._erase_when is not None and _is_true(self._erase_when(item.value)):
                return self._erasure(item, self._time_of(item))
            if self._when is not None and not _is_true(self._when(item.value)):
                return Unwanted()
            occurred_at = self._time_of(item)
            if self._parameters and item.fetched is None:
                return self._fetch(item)
        except ExpressionFailed as failed:
            return _not_mapped("", MappingFault.EXPRESSION_FAILED, str(failed))
        except UnreadableTime as wrong:
            return _not_mapped("/occurred_at", wrong.code, wrong.detail, self._occurred_at)
        return self._response(item, occurred_at)

    def _response(self, item: Item, occurred_at: datetime | None) -> Said | NotMapped:
        faults: list[ItemFault] = []
        cells: list[Cell] = []
        repeated = 0
        for field in self._fields:
            cell, again, fault = field.read(item)
            cells.append(cell)
            repeated += again
            if fault is not None:
                faults.append(fault)
        row = self._rows.map(0, cells)
        response = row.response if isinstance(row, MappedRow) else row
        if isinstance(row, MappedRow):
            # Where nothing could be found, that nothing was found is no news.
            told = {fault.pointer for fault in faults}
            faults += [self._of_field(found.column or "", found) for found in row.findings if found.column not in told]
        if response is None or any(self._rejects.get(fault.pointer, True) for fault in faults):
            return NotMapped(tuple(faults))
        if not response.answers:
            detail = "None of the fields found an answer: mend their paths, or leave such items out with when."
            return _not_mapped("/fields", MappingFault.NOTHING_ANSWERED, detail)
        return Said(self._named(response), occurred_at, tuple(faults), repeated)

    def _named(self, response: NewResponse) -> NewResponse:
        """The response with what only a row of a file has taken off; who wants to be anonymous is not named."""
        kept = response.confidentiality or self._survey.confidentiality
        respondent = None if kept is Confidentiality.ANONYMOUS else response.respondent
        return replace(response, idempotency_key=None, import_line=None, respondent=respondent)

    def _of_field(self, pointer: str, found: Finding) -> ItemFault:
        return ItemFault(pointer, found.code, found.detail, self._places.get(pointer))

    def _time_of(self, item: Item) -> datetime | None:
        if self._occurred_at is None or self.mapping.occurred_at is None:
            return None
        root = item.payload if self.mapping.occurred_at.within is Within.PAYLOAD else item.value
        cell = cell_of(self._occurred_at(root))
        if not isinstance(cell, str):
            raise UnreadableTime(ImportFault.UNREADABLE_TIME, "Give a single value, not a list.")
        return self._to_instant(self._read_time(cell)) if cell.strip() else None

    def _erasure(self, item: Item, occurred_at: datetime | None) -> ToErase | NotMapped:
        said = {name: _single(path, item.value) for name, path in self._erase_by.items()}
        if not any(said.values()):
            detail = "The item asks to forget somebody, and does not say whom."
            return _not_mapped("/erasure", MappingFault.SUBJECT_MISSING, detail)
        return ToErase(said["external_id"], said["respondent_id"], said["respondent_email"], occurred_at)

    def _fetch(self, item: Item) -> ToFetch | NotMapped:
        said = {name: _single(path, item.value) for name, path in self._parameters.items()}
        missing = [name for name, value in said.items() if value is None]
        if missing:
            pointer = f"/fetch/parameters/{missing[0]}"
            detail = "The item does not say what the rest is to be fetched by."
            return _not_mapped(pointer, MappingFault.PARAMETER_MISSING, detail, self._parameters[missing[0]])
        return ToFetch({name: value for name, value in said.items() if value is not None})


class _Field:
    """One field, compiled."""

    def __init__(self, number: int, field: FieldMapping, mapping: InboundMapping, survey: PublishedSurvey) -> None:
        self.pointer = f"/fields/{number}"
        self.path: Expression = compile_expression(field.path)
        self.rejects = (field.on_unreadable or mapping.on_unreadable) is OnUnreadable.REJECT_ROW
        self._within = field.within or (Within.FETCHED if mapping.fetch else Within.ITEM)
        question = survey.questionnaire.question(field.key or "") if field.to is Target.QUESTION else None
        self._several = question is not None and question.type in SEVERAL
        # What names a response cannot be left out of it.
        if field.to not in {Target.QUESTION, Target.ATTRIBUTE}:
            self.rejects = True

    def read(self, item: Item) -> tuple[Cell, int, ItemFault | None]:
        """The cell, how many values in it were there before, and what is wrong with it."""
        try:
            found = self.path(self._root(item))
        except ExpressionFailed as failed:
            return "", 0, self._fault(MappingFault.EXPRESSION_FAILED, str(failed))
        values = found if isinstance(found, list) else [found]
        if any(isinstance(value, (dict, list)) for value in values):
            return "", 0, self._fault(FaultCode.WRONG_TYPE, "Find single values, not objects or arrays of arrays.")
        # Senders are known to give the same answer twice in one response.
        said = [text for text in map(_text, values) if text.strip()]
        distinct = tuple(dict.fromkeys(said))
        repeated = len(said) - len(distinct)
        if self._several and isinstance(found, list):
            return distinct, repeated, None
        if len(distinct) > 1:
            detail = "The expression finds several different values where one is wanted: take one, as with [0]."
            return "", repeated, self._fault(MappingFault.CONTRADICTING_VALUES, detail)
        return distinct[0] if distinct else "", repeated, None

    def _root(self, item: Item) -> Json:
        match self._within:
            case Within.ITEM:
                return item.value
            case Within.PAYLOAD:
                return item.payload
            case Within.FETCHED:
                return item.fetched

    def _fault(self, code: MappingFault | FaultCode, detail: str) -> ItemFault:
        return ItemFault(self.pointer, code.value, detail, self.path.place)


def _text(value: Json) -> str:
    cell = cell_of(value)
    assert isinstance(cell, str)
    return cell


def _single(path: Expression | None, item: Json) -> str | None:
    """What an expression finds, as text that can name something."""
    cell = cell_of(path(item)) if path else ""
    if not isinstance(cell, str) or not cell.strip() or len(cell) > _MAX_PARAMETER:
        return None
    return cell.strip()


def _optional(text: str | None) -> Expression | None:
    return None if text is None else compile_expression(text)


def _is_true(value: Json) -> bool:
    """By JMESPath: false are null, false, and what is empty; 0 is true."""
    return value is True or (value is not None and value is not False and value not in ("", [], {}))


def _not_mapped(
    pointer: str, code: MappingFault | FaultCode | ImportFault, detail: str, path: Expression | None = None
) -> NotMapped:
    return NotMapped((ItemFault(pointer, code.value, detail, path.place if path else None),))
