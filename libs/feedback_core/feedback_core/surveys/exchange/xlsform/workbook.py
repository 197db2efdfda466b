"""Sheets of cells as a workbook, and a workbook as sheets of cells."""

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from feedback_core.kit.tabular.types import Cell, FileUnreadable
from feedback_core.surveys.exchange.types import NotExchangeable
from feedback_core.surveys.exchange.xlsform.words import ATTRIBUTES, CHOICES, SETTINGS, SURVEY
from feedback_core.surveys.exchange.xlsform.writing import Sheets

MOST_BYTES: Final = 2**24
"""Bytes of a form, unpacked: far more than a questionnaire can need."""

MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 500


def as_workbook(sheets: Sheets) -> bytes:
    """The workbook; every cell is a text, never a formula."""
    # Late: the API starts without it.
    import xlsxwriter

    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        bold = book.add_format({"bold": True})
        for name, rows in sheets.items():
            if not rows:
                continue
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            columns = list(dict.fromkeys(column for row in rows for column in row))
            for place, column in enumerate(columns):
                sheet.write_string(0, place, column, bold)
            for number, row in enumerate(rows, start=1):
                for place, column in enumerate(columns):
                    if row.get(column):
                        sheet.write_string(number, place, row[column])
    return file.getvalue()


class Line(dict[str, str]):
    """A row of a sheet: cells by column, the empty ones left out."""

    def __init__(self, sheet: str, number: int, cells: Mapping[str, str]) -> None:
        super().__init__(cells)
        self.sheet = sheet
        self.number = number

    def at(self, column: str) -> str:
        """Pointer to a cell."""
        return f"/{self.sheet}/{self.number}/{column}".replace("~", "~0")

    @property
    def place(self) -> str:
        """Pointer to the row."""
        return f"/{self.sheet}/{self.number}"


def from_workbook(content: bytes) -> dict[str, list[Line]]:
    """The lines of the sheets of a form, by name.

    Raises:
        NotExchangeable: it is no workbook, or larger than a questionnaire can be.
    """
    # Late: the API starts without it.
    from feedback_core.kit.tabular.workbook import read_sheets

    names = (SURVEY, CHOICES, SETTINGS, ATTRIBUTES)
    try:
        sheets = read_sheets(io.BytesIO(content), names, most_bytes=MOST_BYTES, most_rows=MOST_ROWS)
    except FileUnreadable as error:
        raise NotExchangeable("", str(error).replace(": save the sheet as CSV", "")) from None
    return {name: _lines(name, rows) for name, rows in sheets.items()}


def _lines(sheet: str, rows: list[tuple[int, list[Cell]]]) -> list[Line]:
    if not rows:
        return []
    (_, header), *others = rows
    if len(header) > MOST_COLUMNS:
        raise NotExchangeable(f"/{sheet}", f"Give at most {MOST_COLUMNS} columns.")
    columns = [_text(name).strip() for name in header]
    return [
        Line(sheet, number, {column: text for column, text in zip(columns, map(_text, cells), strict=False) if text})
        for number, cells in others
    ]


def _text(cell: Cell) -> str:
    return cell.date().isoformat() if isinstance(cell, datetime) else str(cell)
