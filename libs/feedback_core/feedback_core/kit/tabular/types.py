"""Vocabulary of files of rows: how they are written, which columns are read, and what can be wrong with them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias

from feedback_core.kit.errors import Invalid

MAX_LINE: Final = 2**20
"""Characters of one line of a file."""

ColumnRef: TypeAlias = str | int
"""A column by its name in the header, by its number (from 1) where there is no header, or by its path in NDJSON."""

Cell: TypeAlias = str | datetime | tuple[str, ...]
"""Text, a point in time (from a workbook), or several texts (a list in NDJSON); ``""`` is a blank one."""


class ImportFormat(StrEnum):
    """What kind of file it is."""

    CSV = "csv"
    NDJSON = "ndjson"
    XLSX = "xlsx"


class Encoding(StrEnum):
    """How the characters of a text file are written; a byte order mark is passed over."""

    UTF_8 = "utf-8"
    UTF_8_SIG = "utf-8-sig"
    WINDOWS_1252 = "windows-1252"
    LATIN_1 = "latin-1"
    UTF_16 = "utf-16"


class RowCode(StrEnum):
    """Codes of a row that cannot be read at all."""

    RAGGED_ROW = "ragged_row"
    MALFORMED_ROW = "malformed_row"
    BROKEN_ENCODING = "broken_encoding"
    NOT_AN_OBJECT = "not_an_object"
    NUL_CHARACTER = "nul_character"


class FileUnreadable(Invalid):
    """The file as a whole cannot be read as the mapping says."""

    code = "file_unreadable"

    def __init__(self, detail: str) -> None:
        super().__init__((), detail)


class ColumnsMissing(Invalid):
    """The file lacks columns that the mapping names."""

    code = "columns_missing"

    def __init__(self, detail: str) -> None:
        super().__init__((), detail)


@dataclass(frozen=True, slots=True)
class FileLayout:
    """How a file is written, and which of its columns are read.

    Attributes:
        format: what kind of file it is.
        sources: columns that are read, each once: by name, or all by number where there is no header.
        delimiter: between fields of CSV; ``None``: comma.
        quote: around fields of CSV; ``None``: double quote.
        encoding: of CSV and NDJSON; ``None``: UTF-8.
        header: whether the first line, or row, names the columns.
        sheet: of a workbook; ``None``: the first.
        repair_mojibake: mend names in the header that are UTF-8 read as Windows-1252.
    """

    format: ImportFormat
    sources: tuple[ColumnRef, ...]
    delimiter: str | None = None
    quote: str | None = None
    encoding: Encoding | None = None
    header: bool = True
    sheet: str | None = None
    repair_mojibake: bool = False
