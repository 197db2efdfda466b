"""Reading files row by row, whatever their format, in memory that does not grow with them."""

from typing import IO

from feedback_core.responses.imports.reading.table import BrokenRow, Row, Table
from feedback_core.responses.imports.types import ImportFormat, ImportMapping

__all__ = ["BrokenRow", "Row", "Table", "open_table"]


def open_table(file: IO[bytes], mapping: ImportMapping) -> Table:
    """The rows of a file, as the mapping says that they are written.

    Raises:
        FileUnreadable: the file is not of the format or encoding that the mapping says; while rows are read, too.
        ColumnsMissing: it lacks columns that the mapping reads.
    """
    # Each format is imported when it is asked for: a workbook takes a library that is slow to import.
    match mapping.format:
        case ImportFormat.CSV:
            from feedback_core.responses.imports.reading.delimited import open_delimited as open_format
        case ImportFormat.NDJSON:
            from feedback_core.responses.imports.reading.ndjson import open_ndjson as open_format
        case ImportFormat.XLSX:
            from feedback_core.responses.imports.reading.workbook import open_workbook as open_format
    return open_format(file, mapping)
