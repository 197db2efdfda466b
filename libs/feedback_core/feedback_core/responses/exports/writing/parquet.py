"""Parquet, typed, in row groups, through the streaming engine of Polars."""

import queue
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl
from polars.io.plugins import register_io_source

from feedback_core.responses.exports.columns import CellType, Columns
from feedback_core.responses.exports.records import Entry, cells_of
from feedback_core.responses.exports.writing.writer import pieces_of

_TYPES: Final[Mapping[CellType, Any]] = {
    CellType.TEXT: pl.String,
    CellType.INTEGER: pl.Int64,
    CellType.NUMBER: pl.Float64,
    CellType.BOOLEAN: pl.Boolean,
    CellType.DATE: pl.Date,
    CellType.INSTANT: pl.Datetime("us", "UTC"),
}
_MOST_ROWS: Final = 50_000
_MOST_CELLS: Final = 2_000_000
_WAITING: Final = 2
_SECONDS: Final = 0.2


class _Abandoned(Exception):
    """The file will not come to its end."""


class ParquetWriter:
    """Hands frames to a thread that sinks them into a file, so that a row group is all that is held."""

    def __init__(self, columns: Columns, *, identities: bool, folder: Path) -> None:
        self.values_shortened = 0
        self._columns = columns
        self._identities = identities
        self._path = folder / "responses.parquet"
        self._schema = {column.name: _TYPES[column.type] for column in columns.all}
        # None: the end; an error: nobody wants the file any more.
        self._frames: queue.Queue[pl.DataFrame | _Abandoned | None] = queue.Queue(_WAITING)
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._sink, name="parquet", daemon=True)
        self._thread.start()

    def add(self, entries: Sequence[Entry]) -> bytes:
        """Take more entries; the file is not there before its end."""
        rows = [cells_of(entry, self._columns, identities=self._identities) for entry in entries]
        self._hand(pl.DataFrame(rows, schema=self._schema, orient="row"))
        return b""

    def end(self) -> Iterator[bytes]:
        """The whole file."""
        self._hand(None)
        self._thread.join()
        if self._error is not None:
            raise self._error
        yield from pieces_of(self._path)

    def close(self) -> None:
        """End the thread."""
        while self._thread.is_alive():
            try:
                self._frames.put(_Abandoned(), timeout=_SECONDS)
            except queue.Full:
                continue
            self._thread.join()

    def _hand(self, frame: pl.DataFrame | None) -> None:
        while True:
            if self._error is not None:
                raise self._error
            try:
                self._frames.put(frame, timeout=_SECONDS)
            except queue.Full:
                continue
            return

    def _sink(self) -> None:
        group = max(1, min(_MOST_ROWS, _MOST_CELLS // len(self._schema)))
        try:
            register_io_source(self._source, schema=self._schema).sink_parquet(
                self._path, row_group_size=group, engine="streaming", maintain_order=True
            )
        except BaseException as error:  # noqa: BLE001 -- it is raised again where the next frame is handed over
            self._error = error

    def _source(self, *_: object) -> Iterator[pl.DataFrame]:
        while (frame := self._frames.get()) is not None:
            if isinstance(frame, _Abandoned):
                raise frame
            yield frame
