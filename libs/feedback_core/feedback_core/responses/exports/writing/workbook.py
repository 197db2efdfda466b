"""XLSX row by row: what is written goes to disk, and every text is a text, never a formula."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from feedback_core.responses.exports.codebook import NOTES, Codebook
from feedback_core.responses.exports.columns import Cell, Columns
from feedback_core.responses.exports.records import Entry, cells_of
from feedback_core.responses.exports.writing.writer import pieces_of

ROWS_OF_SHEET: Final = 1_048_576
"""Rows of one sheet, the header included; those beyond go on in another sheet."""

LONGEST_TEXT: Final = 32_767
"""UTF-16 code units of one cell."""

_CUT: Final = " […]"
_FIRST_YEAR: Final = 1900


def fitting(text: str) -> str:
    """As much of a text as a cell holds, with a mark at its end if that is not all."""
    if len(text) * 2 <= LONGEST_TEXT or _units(text) <= LONGEST_TEXT:
        return text
    units = text.encode("utf-16-le")[: 2 * (LONGEST_TEXT - len(_CUT))]
    return units.decode("utf-16-le", "ignore") + _CUT


class WorkbookWriter:
    """Writes sheets of responses, then the codebook."""

    def __init__(
        self,
        columns: Columns,
        codebook: Codebook,
        *,
        identities: bool,
        folder: Path,
        rows_of_sheet: int = ROWS_OF_SHEET,
    ) -> None:
        self.values_shortened = 0
        self._columns = columns
        self._codebook = codebook
        self._identities = identities
        self._rows_of_sheet = rows_of_sheet
        self._path = folder / "responses.xlsx"
        # No option may make more of a text than a text.
        self._book = xlsxwriter.Workbook(
            str(self._path),
            {
                "constant_memory": True,
                "tmpdir": str(folder),
                "use_zip64": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._bold = self._book.add_format({"bold": True})
        self._date = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._instant = self._book.add_format({"num_format": 'yyyy-mm-dd hh:mm:ss "UTC"'})
        self._sheets = 0
        self._row = 0
        self._sheet = self._next_sheet()

    def add(self, entries: Sequence[Entry]) -> bytes:
        """Take more entries; the file is not there before its end."""
        for entry in entries:
            if self._row == self._rows_of_sheet:
                self._sheet = self._next_sheet()
            for number, cell in enumerate(cells_of(entry, self._columns, identities=self._identities)):
                if cell is not None:
                    self._write(self._sheet, number, cell)
            self._row += 1
        return b""

    def end(self) -> Iterator[bytes]:
        """The whole file."""
        self._write_codebook()
        self._book.close()
        yield from pieces_of(self._path)

    def close(self) -> None:
        """Nothing is held but files in the folder."""

    def _next_sheet(self) -> Any:  # noqa: ANN401 -- the library has no types
        self._sheets += 1
        return self._begin("responses" if self._sheets == 1 else f"responses {self._sheets}", self._columns.names)

    def _begin(self, name: str, header: Sequence[str]) -> Any:  # noqa: ANN401 -- the library has no types
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for number, title in enumerate(header):
            sheet.write_string(0, number, title, self._bold)
        self._row = 1
        return sheet

    def _write(self, sheet: Any, number: int, cell: Cell) -> None:  # noqa: ANN401 -- the library has no types
        row = self._row
        if isinstance(cell, str):
            if cell:
                sheet.write_string(row, number, self._fitting(cell))
        elif isinstance(cell, bool):
            sheet.write_boolean(row, number, cell)
        elif isinstance(cell, date) and cell.year < _FIRST_YEAR:
            # A spreadsheet has no earlier days.
            sheet.write_string(row, number, cell.isoformat())
        elif isinstance(cell, datetime):
            sheet.write_datetime(row, number, cell.replace(tzinfo=None), self._instant)
        elif isinstance(cell, date):
            sheet.write_datetime(row, number, cell, self._date)
        else:
            sheet.write_number(row, number, cell)

    def _fitting(self, text: str) -> str:
        fits = fitting(text)
        self.values_shortened += fits is not text
        return fits

    def _write_codebook(self) -> None:
        header = (
            "column",
            "kind",
            "type",
            "question",
            "question_type",
            "item",
            "attribute",
            "text",
            "item_label",
            "scale_min",
            "scale_max",
            "unit",
            "versions",
            "feature",
        )
        entries = self._codebook.columns
        rows: list[list[Cell]] = [
            [_plain(getattr(entry, name)) for name in header if name != "values"] for entry in entries
        ]
        self._table("codebook", header, rows)
        values: list[list[Cell]] = [
            [entry.column, value.value, value.label] for entry in entries for value in entry.values
        ]
        self._table("values", ("column", "value", "label"), values)
        self._table("notes", ("about", "note"), [[about, note] for about, note in NOTES.items()])

    def _table(self, name: str, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        sheet = self._begin(name, header)
        for row in rows:
            for number, cell in enumerate(row):
                if cell is not None:
                    self._write(sheet, number, cell)
            self._row += 1


def _plain(value: object) -> Cell:
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return value if value is None or isinstance(value, int) else str(value)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
