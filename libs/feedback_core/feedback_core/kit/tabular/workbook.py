"""XLSX: the cached values of one sheet, row by row, dates as dates.

A workbook is a zip of XML, either of which can be made to grow without bounds: sizes are limited before anything is
unpacked, as declared and as unpacked, and entities are never expanded.
"""

import re
import warnings
import zipfile
from collections.abc import Collection, Iterator
from datetime import date, datetime
from itertools import islice
from typing import IO, Any, Final, Self, cast

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped] # no stubs are installed
from openpyxl import DEFUSEDXML
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from feedback_core.kit.pointers import printable
from feedback_core.kit.tabular.mojibake import repairer
from feedback_core.kit.tabular.table import (
    Row,
    Table,
    places_by_number,
    places_in_header,
    ragged,
)
from feedback_core.kit.tabular.types import Cell, FileLayout, FileUnreadable

assert DEFUSEDXML, "openpyxl reads XML safely only with defusedxml"

MOST_PARTS: Final = 2_000
MOST_BYTES: Final = 2**30
"""Bytes of all parts of a workbook, unpacked."""

MOST_RATIO: Final = 200
"""How many times larger a workbook may be unpacked; real ones are 5 to 30 times larger."""

MOST_STRING_BYTES: Final = 2**27
MOST_PART_BYTES: Final = 2**24
"""Bytes of a part that is held in memory as a whole: the shared strings, and every other but sheets and pictures."""

MOST_ROW_BYTES: Final = 2**24
"""Bytes unpacked for one row."""

MOST_ROWS: Final = 1_048_576
_SMALL: Final = 2**24
_SHEET: Final = re.compile(r"xl/(worksheets|media)/[^/]+")
_STRINGS: Final = "xl/sharedStrings.xml"
_ENTITIES: Final = "The workbook defines XML entities, which are not expanded."
_DAMAGED: Final = "The workbook is damaged: open it and save it again."


def open_workbook(file: IO[bytes], layout: FileLayout) -> Table:
    """The rows of one sheet of a workbook.

    Raises:
        FileUnreadable: it is no workbook, too large unpacked, damaged, or has no such sheet.
        ColumnsMissing: it lacks columns that the mapping reads.
    """
    _check_size(file)
    rows = _rows(file, layout.sheet)
    number, first = next(rows, (0, ()))
    if not first:
        raise FileUnreadable("The sheet has no rows.")
    if not layout.header:
        return Table(places_by_number(layout, len(first)), len(first), _of_width(len(first), rows, (number, first)))
    repair = repairer(wanted=layout.repair_mojibake)
    places = places_in_header(layout, [repair(str(name)) for name in first])
    return Table(places, len(first), _of_width(len(first), rows))


def read_sheets(
    file: IO[bytes], names: Collection[str], *, most_bytes: int, most_rows: int
) -> dict[str, list[tuple[int, list[Cell]]]]:
    """The rows of a small workbook's sheets, each with its number, by the sheet's name in lower case.

    Args:
        file: the workbook.
        names: of the sheets, in lower case; of those that are not there nothing is said.
        most_bytes: of all parts, unpacked.
        most_rows: of one sheet.

    Raises:
        FileUnreadable: it is no workbook, damaged, or larger than that.
    """
    _check_size(file, most_bytes)
    try:
        pages = {name.strip().lower(): name for name in _pages(file, _Archive(file))}
    except FileUnreadable:
        raise
    except DefusedXmlException:
        raise FileUnreadable(_ENTITIES) from None
    except Exception as error:
        raise FileUnreadable(_DAMAGED) from error
    sheets: dict[str, list[tuple[int, list[Cell]]]] = {}
    for name in names:
        if name in pages:
            sheets[name] = list(islice(_rows(file, pages[name]), most_rows + 1))
            if len(sheets[name]) > most_rows:
                raise FileUnreadable(f'The sheet "{printable(pages[name])}" has more than {most_rows} rows.')
    return sheets


def _check_size(file: IO[bytes], most_bytes: int = MOST_BYTES) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise FileUnreadable("The file is not an XLSX workbook.") from None
    finally:
        file.seek(0)
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > most_bytes or (unpacked > _SMALL and unpacked > MOST_RATIO * packed):
        raise FileUnreadable("The workbook is too large unpacked: save the sheet as CSV.")
    for part in parts:
        limit = MOST_STRING_BYTES if part.filename == _STRINGS else MOST_PART_BYTES
        if part.file_size > limit and not _SHEET.fullmatch(part.filename):
            raise FileUnreadable("A part of the workbook is too large: save the sheet as CSV.")


def _rows(file: IO[bytes], sheet: str | None) -> Iterator[tuple[int, list[Cell]]]:
    try:
        yield from _unguarded_rows(file, sheet)
    except FileUnreadable:
        raise
    except DefusedXmlException:
        raise FileUnreadable(_ENTITIES) from None
    except Exception as error:
        # A damaged workbook can make the library raise anything.
        raise FileUnreadable(_DAMAGED) from error


def _unguarded_rows(file: IO[bytes], sheet: str | None) -> Iterator[tuple[int, list[Cell]]]:
    # Of features that it does not know the library warns; none of them changes a value.
    warnings.filterwarnings("ignore", module="openpyxl")
    archive = _Archive(file)
    pages = _pages(file, archive)
    name = sheet if sheet is not None else next(iter(pages), "")
    if name not in pages:
        raise FileUnreadable(f'The workbook has no sheet "{name}"; it has: {", ".join(map(printable, pages))}.')
    for number, values in enumerate(pages[name].iter_rows(max_row=MOST_ROWS, values_only=True), start=1):
        archive.begin_row()
        cells = [_cell(value) for value in values]
        if any(cells):
            yield number, cells


def _pages(file: IO[bytes], archive: "_Archive") -> dict[str, Any]:
    """The sheets of a workbook by name; of the rest only what it takes to read their cells."""
    reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
    reader.archive = archive
    reader.read_manifest()
    reader.read_strings()
    reader.read_workbook()
    apply_stylesheet(archive, reader.wb)
    return {
        sheet.name: _Page(reader.wb, sheet.name, rel.target, reader.shared_strings)
        for sheet, rel in reader.parser.find_sheets()
        if rel.target in reader.valid_files and "chartsheet" not in rel.Type
    }


class _Page(ReadOnlyWorksheet):
    """A sheet whose rows are read as they are asked for."""

    def _get_size(self) -> None:
        """Leave the size open: the one that a sheet declares may be wrong, and finding another reads all of it."""


class _Archive(zipfile.ZipFile):
    """The parts of a workbook, with a limit to what is unpacked of a sheet for one row."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)
        self._unpacked = 0

    def begin_row(self) -> None:
        """Count anew."""
        self._unpacked = 0

    def count(self, unpacked: int) -> None:
        """Count what has been unpacked.

        Raises:
            FileUnreadable: it is too much for one row.
        """
        self._unpacked += unpacked
        if self._unpacked > MOST_ROW_BYTES:
            raise FileUnreadable("A row of the workbook is too large: save the sheet as CSV.")

    def open(self, name: Any, *args: Any, **options: Any) -> IO[bytes]:  # noqa: ANN401 -- as in the base
        """A part, to be read; those of sheets are counted."""
        part = super().open(name, *args, **options)
        return cast("IO[bytes]", _Counted(self, part)) if _SHEET.fullmatch(str(name)) else part


class _Counted:
    """A part that tells what is read of it."""

    def __init__(self, archive: _Archive, part: IO[bytes]) -> None:
        self._archive = archive
        self._part = part

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, size: int = -1) -> bytes:
        read = self._part.read(size)
        self._archive.count(len(read))
        return read

    def close(self) -> None:
        self._part.close()


def _of_width(width: int, rows: Iterator[tuple[int, list[Cell]]], *before: tuple[int, list[Cell]]) -> Iterator[Row]:
    yield from before
    for number, cells in rows:
        if len(cells) <= width:
            yield number, cells + [""] * (width - len(cells))
        elif any(cells[width:]):
            yield number, ragged(len(cells), width)
        else:
            yield number, cells[:width]


def _cell(value: object) -> Cell:
    if value is None:
        return ""
    if isinstance(value, str | datetime):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 -- local; its zone is the mapping's
    return str(value)
