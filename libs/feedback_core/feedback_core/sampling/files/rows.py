"""From a row of a file to what it says of a unit: pure."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from feedback_core.kit.errors import Fault
from feedback_core.kit.tabular.mojibake import repairer
from feedback_core.kit.tabular.types import Cell, ColumnRef, ImportFormat
from feedback_core.sampling.files.types import FrameFileFault, FrameMapping, UnitColumn, UnitField
from feedback_core.sampling.types.frames import Contact, FrameSettings, NewUnit, UnitFault

_NUMBER: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_LONGEST_NUMBER: Final = 40
_KEYED: Final = frozenset({UnitField.ATTRIBUTE, UnitField.MEASURE})


@dataclass(frozen=True, slots=True)
class UnreadableCell:
    """A cell that cannot be read."""

    column: str
    code: str
    detail: str


def faults_of_mapping(mapping: FrameMapping, frame: FrameSettings) -> list[Fault]:
    """Everything that is wrong with a mapping, in itself and against the frame."""
    faults: list[Fault] = []
    seen: set[tuple[UnitField, str | None]] = set()
    named = mapping.format is ImportFormat.NDJSON or mapping.header is not False
    keys = {UnitField.ATTRIBUTE: frame.attributes, UnitField.MEASURE: frame.measures}
    for place, column in enumerate(mapping.columns):
        pointer = f"/columns/{place}"
        if isinstance(column.column, str) is not named:
            detail = "Give the name of the column." if named else "Give the number of the column, from 1."
            faults.append(Fault(f"{pointer}/column", FrameFileFault.WRONG_COLUMN_NAME.value, detail))
        if column.to in _KEYED and column.key is None:
            faults.append(Fault(f"{pointer}/key", FrameFileFault.KEY_MISSING.value, f"Say which {column.to} it is."))
        elif column.to in _KEYED and column.key not in keys[column.to]:
            known = ", ".join(keys[column.to]) or "none"
            is_attribute = column.to is UnitField.ATTRIBUTE
            code = UnitFault.UNKNOWN_ATTRIBUTE.value if is_attribute else UnitFault.UNKNOWN_MEASURE.value
            faults.append(Fault(f"{pointer}/key", code, f"The frame has: {known}."))
        elif column.to not in _KEYED and column.key is not None:
            detail = "Only attributes and measures have a key."
            faults.append(Fault(f"{pointer}/key", FrameFileFault.KEY_NOT_EXPECTED.value, detail))
        if (column.to, column.key) in seen and column.to is not UnitField.NAME:
            faults.append(Fault(pointer, FrameFileFault.MAPPED_TWICE.value, "Another column says the same."))
        seen.add((column.to, column.key))
        if column.values and column.to is not UnitField.ATTRIBUTE:
            detail = "Only values of attributes stand for others."
            faults.append(Fault(f"{pointer}/values", FrameFileFault.KEY_NOT_EXPECTED.value, detail))
    if (UnitField.REF, None) not in seen:
        faults.append(Fault("/columns", UnitFault.REF_MISSING.value, "Say which column is the ref of a unit."))
    return faults + _options(mapping)


def _options(mapping: FrameMapping) -> list[Fault]:
    of = {
        "delimiter": {ImportFormat.CSV},
        "quote": {ImportFormat.CSV},
        "encoding": {ImportFormat.CSV, ImportFormat.NDJSON},
        "header": {ImportFormat.CSV, ImportFormat.XLSX},
        "sheet": {ImportFormat.XLSX},
    }
    return [
        Fault(f"/{name}", FrameFileFault.OPTION_NOT_OF_FORMAT.value, f"A file of {mapping.format} has no {name}.")
        for name, formats in of.items()
        if getattr(mapping, name) is not None and mapping.format not in formats
    ]


class UnitReader:
    """Reads rows of one file."""

    def __init__(self, mapping: FrameMapping, places: Mapping[ColumnRef, int]) -> None:
        self._columns = [(column, places[column.column]) for column in mapping.columns]
        self._repair: Callable[[str], str] = repairer(wanted=mapping.repair_mojibake)

    def read(self, cells: Sequence[Cell]) -> NewUnit | list[UnreadableCell]:
        """What a row says, or what of it cannot be read."""
        faults: list[UnreadableCell] = []
        attributes: dict[str, str] = {}
        measures: dict[str, float] = {}
        said: dict[UnitField, str] = {}
        for column, place in self._columns:
            text = self._text(column, cells[place], faults)
            if text is None:
                continue
            if column.to is UnitField.ATTRIBUTE:
                assert column.key is not None
                attributes[column.key] = column.values.get(text, text)
            elif column.to is UnitField.MEASURE:
                assert column.key is not None
                number = _number(text)
                if number is None:
                    detail = "Give a number, with a point before the decimals."
                    faults.append(UnreadableCell(str(column.column), UnitFault.UNREADABLE_NUMBER.value, detail))
                else:
                    measures[column.key] = number
            else:
                said[column.to] = f"{said[column.to]} {text}" if column.to in said else text
        if faults:
            return faults
        contact = Contact(
            said.get(UnitField.NAME),
            said.get(UnitField.EMAIL),
            said.get(UnitField.PHONE),
            said.get(UnitField.POSTCODE),
        )
        return NewUnit(said.get(UnitField.REF, ""), attributes, measures, contact)

    def _text(self, column: UnitColumn, cell: Cell, faults: list[UnreadableCell]) -> str | None:
        if isinstance(cell, tuple):
            detail = "Give a single value, not a list."
            faults.append(UnreadableCell(str(column.column), UnitFault.WRONG_TYPE.value, detail))
            return None
        text = cell.date().isoformat() if isinstance(cell, datetime) else self._repair(cell).strip()
        return None if not text or text in column.blank else text


def _number(text: str) -> float | None:
    if len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    return None
