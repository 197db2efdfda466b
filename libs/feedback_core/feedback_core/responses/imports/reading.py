"""Reading a file as the mapping of an import says."""

from typing import IO

from feedback_core.kit.tabular import BrokenRow, Table
from feedback_core.kit.tabular import open_table as open_file
from feedback_core.kit.tabular.types import FileLayout, ImportFormat
from feedback_core.responses.imports.templates import columns_of
from feedback_core.responses.imports.types import ImportMapping, Target

__all__ = ["BrokenRow", "Table", "open_table"]


def open_table(file: IO[bytes], mapping: ImportMapping) -> Table:
    """The rows of a file, as the mapping says that they are written.

    Raises:
        FileUnreadable: the file is not of the format or encoding that the mapping says; while rows are read, too.
        ColumnsMissing: it lacks columns that the mapping reads.
    """
    return open_file(file, layout_of(mapping))


def layout_of(mapping: ImportMapping) -> FileLayout:
    """How the file is written, with every column that the mapping reads, once; ignored ones are not read."""
    named = mapping.format is ImportFormat.NDJSON or mapping.header is not False
    sources = dict.fromkeys(
        source
        for column in mapping.columns
        if column.to is not Target.IGNORE
        for source in columns_of(column, named=named)
    )
    return FileLayout(
        format=mapping.format,
        sources=tuple(sources),
        delimiter=mapping.delimiter,
        quote=mapping.quote,
        encoding=mapping.encoding,
        header=mapping.header is not False,
        sheet=mapping.sheet,
        repair_mojibake=mapping.repair_mojibake,
    )
