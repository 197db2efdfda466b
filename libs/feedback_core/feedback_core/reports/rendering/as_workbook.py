"""An edition as XLSX: a sheet of words, a sheet per table, and a codebook of every column."""

import io
from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Any, Final

import xlsxwriter

from feedback_core.reports.model import Cell, Column, Edition, Figure, Picture, Points, Section, Table, Words
from feedback_core.responses.exports.writing.workbook import fitting

_PARTS: Final = (
    ("", "value, as the analysis has it; empty: withheld"),
    ("_low", "lower limit of its interval"),
    ("_high", "upper limit of its interval"),
    ("_level", "coverage of the interval"),
    ("_n", "answers behind it"),
    ("_text", "as a reader sees it"),
)
_WIDE: Final = 100
_NARROW: Final = 22
_ALL: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


def workbook_of(edition: Edition) -> bytes:
    """The workbook. Every text is a text, never a formula or a link, whatever it begins with."""
    content = io.BytesIO()
    # Its clock would be in the file: the same edition is the same bytes.
    book = xlsxwriter.Workbook(content, _ALL)
    book.set_properties(
        {
            "title": edition.title[:255],
            "author": edition.organisation[:255],
            "created": edition.cut.as_of.astimezone(UTC).replace(tzinfo=None, microsecond=0),
        }
    )
    pages = _Pages(book)
    pages.write("report", ("section", "text"), list(_words(edition)), widths=(_NARROW, _WIDE))
    codebook: list[Sequence[Cell]] = []
    for section, table in edition.tables():
        columns = [_expanded(column, table, number) for number, column in enumerate(table.columns)]
        header = [name for column in columns for name, _ in column]
        rows = [_cells(table, row) for row in table.rows]
        pages.write(table.key, header, rows)
        told = [
            (table.key, name, meaning, table.caption, table.nature.words)
            for column in columns
            for name, meaning in column
        ]
        codebook += [(*entry, section.title) for entry in told]
    told_of = ("sheet", "column", "meaning", "table", "nature", "section")
    pages.write("codebook", told_of, codebook, widths=(_NARROW, _NARROW, _WIDE))
    book.close()
    return content.getvalue()


class _Pages:
    """Sheets, one after the other."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401 -- the library has no types
        self._book = book
        self._bold = book.add_format({"bold": True})
        self._wrapped = book.add_format({"text_wrap": True, "valign": "top"})

    def write(
        self, name: str, header: Sequence[str], rows: Sequence[Sequence[Cell]], *, widths: Sequence[int] = ()
    ) -> None:
        """A sheet with a header."""
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(header) - 1, 0), _NARROW)
        for number, width in enumerate(widths):
            sheet.set_column(number, number, width)
        for number, title in enumerate(header):
            sheet.write_string(0, number, title, self._bold)
        for place, row in enumerate(rows, 1):
            for number, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(place, number, fitting(cell), self._wrapped)
                elif isinstance(cell, int | float):
                    sheet.write_number(place, number, cell)


def _words(edition: Edition) -> Iterator[Sequence[Cell]]:
    yield "title", edition.title
    yield "organisation", edition.organisation
    yield "audience", edition.audience_name
    for sentence in edition.lead:
        yield "in short", sentence
    for section in edition.sections:
        for text in _texts(section):
            yield section.title, text
    yield "content_sha256", edition.sha256()


def _texts(section: Section) -> Iterator[str]:
    for block in section.blocks:
        match block:
            case Words(text=text):
                yield text
            case Points(items=items):
                yield from items
            case Picture(chart=chart):
                yield chart.description
            case Table(key=key, caption=caption):
                yield f"{caption}: sheet {key}"


def _has_figures(table: Table, number: int) -> bool:
    return any(isinstance(row[number], Figure) for row in table.rows)


def _expanded(column: Column, table: Table, number: int) -> list[tuple[str, str]]:
    """Names and meanings of the columns of the sheet: a figure has one for each of its parts."""
    if not _has_figures(table, number):
        return [(column.key, column.meaning)]
    return [(f"{column.key}{ending}", f"{column.meaning}: {meaning}") for ending, meaning in _PARTS]


def _cells(table: Table, row: Sequence[Cell]) -> list[Cell]:
    cells: list[Cell] = []
    for number, cell in enumerate(row):
        if isinstance(cell, Figure):
            cells += [cell.value, cell.low, cell.high, cell.level, cell.n, cell.text]
        else:
            cells.append(cell)
            cells += [None] * (len(_PARTS) - 1) if _has_figures(table, number) else []
    return cells
