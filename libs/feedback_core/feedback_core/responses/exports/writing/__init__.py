"""Writers of the formats: each makes bytes of entries, batch by batch, in memory that does not grow."""

from pathlib import Path

from feedback_core.responses.exports.codebook import Codebook
from feedback_core.responses.exports.columns import Columns
from feedback_core.responses.exports.types import ExportFormat
from feedback_core.responses.exports.writing.delimited import DelimitedWriter
from feedback_core.responses.exports.writing.lines import LineWriter
from feedback_core.responses.exports.writing.writer import Writer

__all__ = ["Writer", "writer_of"]


def writer_of(
    export_format: ExportFormat, columns: Columns, codebook: Codebook, *, identities: bool, folder: Path
) -> Writer:
    """The writer of a format; what cannot be written from front to back goes into ``folder``, which others remove."""
    match export_format:
        case ExportFormat.CSV:
            return DelimitedWriter(columns, identities=identities)
        case ExportFormat.NDJSON:
            return LineWriter()
        case ExportFormat.PARQUET:
            from feedback_core.responses.exports.writing.parquet import ParquetWriter  # slow to import

            return ParquetWriter(columns, identities=identities, folder=folder)
        case ExportFormat.XLSX:
            from feedback_core.responses.exports.writing.workbook import WorkbookWriter  # slow to import

            return WorkbookWriter(columns, codebook, identities=identities, folder=folder)
