"""Reading files row by row, whatever their format, in memory that does not grow with them."""

from typing import IO

from feedback_core.kit.tabular.table import BrokenRow, Row, Table
from feedback_core.kit.tabular.types import FileLayout, ImportFormat

__all__ = ["BrokenRow", "Row", "Table", "open_table"]


def open_table(file: IO[bytes], layout: FileLayout) -> Table:
    """The rows of a file that is written as the layout says.

    Raises:
        FileUnreadable: the file is not of the format or encoding of the layout; while rows are read, too.
        ColumnsMissing: it lacks columns that are to be read.
    """
    # Each format is imported when it is asked for: a workbook takes a library that is slow to import.
    match layout.format:
        case ImportFormat.CSV:
            from feedback_core.kit.tabular.delimited import open_delimited as open_format
        case ImportFormat.NDJSON:
            from feedback_core.kit.tabular.ndjson import open_ndjson as open_format
        case ImportFormat.XLSX:
            from feedback_core.kit.tabular.workbook import open_workbook as open_format
    return open_format(file, layout)
