"""CSV as RFC 4180 has it, in UTF-8; no cell of it is a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from feedback_core.responses.exports.columns import CellType, Columns
from feedback_core.responses.exports.records import Entry, cells_of

_FORMULA: Final = frozenset("=+-@\t\r")


def instant_text(instant: datetime) -> str:
    """An instant in UTC as RFC 3339 has it."""
    return instant.replace(tzinfo=None).isoformat() + "Z"


class DelimitedWriter:
    """Writes lines that end with CR LF, the first one names the columns.

    A text that begins like a formula has an apostrophe before it, so that no spreadsheet runs it.

    Source: OWASP, CSV injection, https://owasp.org/www-community/attacks/CSV_Injection.
    """

    def __init__(self, columns: Columns, *, identities: bool) -> None:
        self.values_shortened = 0
        self._columns = columns
        self._identities = identities
        # By type, once for all rows: numbers and what is empty are written as they are.
        self._places = {
            cell_type: [place for place, column in enumerate(columns.all) if column.type is cell_type]
            for cell_type in CellType
        }
        self._header: bytes = _lines([columns.names])

    def add(self, entries: Sequence[Entry]) -> bytes:
        """Lines of entries."""
        rows = (self._row(cells_of(entry, self._columns, identities=self._identities)) for entry in entries)
        lines, self._header = self._header + _lines(rows), b""
        return lines

    def end(self) -> Iterator[bytes]:
        """The header, where there was nothing to write."""
        if self._header:
            yield self._header

    def close(self) -> None:
        """Nothing is held."""

    def _row(self, cells: list[Any]) -> list[Any]:
        for place in self._places[CellType.TEXT]:
            if (text := cells[place]) and text[0] in _FORMULA:
                cells[place] = "'" + text
        for place in self._places[CellType.BOOLEAN]:
            if (flag := cells[place]) is not None:
                cells[place] = "true" if flag else "false"
        for place in self._places[CellType.INSTANT]:
            if (instant := cells[place]) is not None:
                cells[place] = instant_text(instant)
        for place in self._places[CellType.DATE]:
            if (day := cells[place]) is not None:
                cells[place] = day.isoformat()
        return cells


def _lines(rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
