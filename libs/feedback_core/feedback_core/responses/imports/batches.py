"""Rows of a file in batches, mapped; what was done in an earlier attempt is passed over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from feedback_core.responses.imports.reading import BrokenRow, Table
from feedback_core.responses.imports.rows import Finding, MappedRow, RowMapper
from feedback_core.responses.types import NewResponse

ROWS_PER_BATCH: Final = 2_000


@dataclass(slots=True)
class Batch:
    """Consecutive rows.

    Attributes:
        read: how many.
        responses: of the rows that were mapped.
        findings: what is to be said of rows, by line; those without a response are rejected.
    """

    read: int = 0
    responses: list[NewResponse] = field(default_factory=list)
    findings: dict[int, list[Finding]] = field(default_factory=dict)


class Batches:
    """Reads and maps a file, batch by batch."""

    def __init__(self, table: Table, mapper: RowMapper, *, skip: int) -> None:
        """Begin after the first ``skip`` rows."""
        self._table = table
        self._mapper = mapper
        self._skip = skip

    @property
    def columns(self) -> Mapping[str, str]:
        """The column that each place of a response comes from, by pointer: ``/answers/nps``."""
        return self._mapper.columns

    def next(self) -> Batch | None:
        """The next rows; ``None`` after the last.

        Raises:
            FileUnreadable: the rest of the file cannot be read.
        """
        rows = self._table.rows
        if self._skip:
            next(islice(rows, self._skip - 1, self._skip), None)
            self._skip = 0
        batch = Batch()
        append, map_row = batch.responses.append, self._mapper.map
        for line, cells in islice(rows, ROWS_PER_BATCH):
            batch.read += 1
            if isinstance(cells, BrokenRow):
                batch.findings[line] = [Finding(None, cells.code, cells.detail)]
                continue
            mapped = map_row(line, cells)
            if isinstance(mapped, MappedRow):
                batch.findings[line] = mapped.findings
                if mapped.response is not None:
                    append(mapped.response)
            else:
                append(mapped)
        return batch if batch.read else None
