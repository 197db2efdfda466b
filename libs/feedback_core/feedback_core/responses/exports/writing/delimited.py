"""CSV as RFC 4180 has it, in UTF-8; no cell of it is a formula."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

from feedback_core.responses.exports.columns import Cell, Columns
from feedback_core.responses.exports.records import Entry, cells_of

_FORMULA: Final = frozenset("=+-@\t\r")


def instant_text(instant: datetime) -> str:
    """An instant in UTC as RFC 3339 has it."""
    return instant.replace(tzinfo=None).isoformat() + "Z"


def guarded(text: str) -> str:
    """A text that no spreadsheet runs as a formula: one that begins like a formula has an apostrophe before it.

    Source: OWASP, CSV injection, https://owasp.org/www-community/attacks/CSV_Injection.
    """
    return "'" + text if text[:1] in _FORMULA and text else text


def cell_text(cell: Cell) -> str:
    """What stands in a cell."""
    if isinstance(cell, str):
        return guarded(cell)
    if cell is None:
        return ""
    if cell is True or cell is False:
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return instant_text(cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)


class DelimitedWriter:
    """Writes lines that end with CR LF, the first one names the columns."""

    def __init__(self, columns: Columns, *, identities: bool) -> None:
        self.values_shortened = 0
        self._columns = columns
        self._identities = identities
        self._header: bytes = self._lines([columns.names])

    def add(self, entries: Sequence[Entry]) -> bytes:
        """Lines of entries."""
        rows = (cells_of(entry, self._columns, identities=self._identities) for entry in entries)
        lines, self._header = self._header + self._lines(rows), b""
        return lines

    def end(self) -> Iterator[bytes]:
        """The header, where there was nothing to write."""
        if self._header:
            yield self._header

    def close(self) -> None:
        """Nothing is held."""

    @staticmethod
    def _lines(rows: object) -> bytes:
        text = io.StringIO()
        csv.writer(text, lineterminator="\r\n").writerows(map(cell_text, row) for row in rows)  # type: ignore[attr-defined]
        return text.getvalue().encode()
