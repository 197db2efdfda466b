"""CSV and its relatives (RFC 4180), with any delimiter and quote.

Quotes are taken strictly: where they do not pair, the row is refused rather than guessed at.
"""

import csv
from collections.abc import Iterator, Sequence
from typing import IO, Final

from feedback_core.kit.tabular.lines import Lines
from feedback_core.kit.tabular.mojibake import repairer
from feedback_core.kit.tabular.table import (
    BrokenRow,
    Row,
    Table,
    places_by_number,
    places_in_header,
    ragged,
)
from feedback_core.kit.tabular.types import FileLayout, FileUnreadable, RowCode

_MOST_COLUMNS: Final = 10_000


def open_delimited(file: IO[bytes], layout: FileLayout) -> Table:
    """The rows of a CSV file.

    Raises:
        FileUnreadable: it is empty, of another encoding, or a line is endless.
        ColumnsMissing: it lacks columns that the mapping reads.
    """
    lines = Lines(file, layout.encoding)
    rows = _rows(
        lines, csv.reader(lines, delimiter=layout.delimiter or ",", quotechar=layout.quote or '"', strict=True)
    )
    line, first = next(rows, (0, ()))
    if not first:
        raise FileUnreadable("The file has no rows.")
    if isinstance(first, BrokenRow):
        raise FileUnreadable(f"The first row, in line {line}, cannot be read: {first.detail}")
    if len(first) > _MOST_COLUMNS:
        raise FileUnreadable(f"The first row has more than {_MOST_COLUMNS} fields.")
    if not layout.header:
        return Table(places_by_number(layout, len(first)), len(first), _of_width(len(first), rows, (line, first)))
    repair = repairer(wanted=layout.repair_mojibake)
    places = places_in_header(layout, [repair(name) for name in first])
    return Table(places, len(first), _of_width(len(first), rows))


def _rows(lines: Lines, reader: Iterator[list[str]]) -> Iterator[tuple[int, Sequence[str] | BrokenRow]]:
    while True:
        line = lines.number + 1
        lines.begin_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as wrong:
            place = "it" if lines.number == line else f"lines {line} to {lines.number}"
            detail = f"A quote is not closed, or stands inside a field ({wrong}); nothing of {place} is read."
            yield line, lines.fault or BrokenRow(RowCode.MALFORMED_ROW.value, detail)
            continue
        if lines.fault is not None:
            yield line, lines.fault
        elif any(cells):
            yield line, cells


def _of_width(
    width: int, rows: Iterator[tuple[int, Sequence[str] | BrokenRow]], *before: tuple[int, Sequence[str]]
) -> Iterator[Row]:
    yield from before
    for line, cells in rows:
        if isinstance(cells, BrokenRow) or len(cells) == width:
            yield line, cells
        else:
            yield line, ragged(len(cells), width)
