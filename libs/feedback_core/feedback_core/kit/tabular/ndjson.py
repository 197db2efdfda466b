"""NDJSON: one object per line; a column is a key, or a path through nested objects, ``customer.region``."""

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import IO, Any, Final

from feedback_core.kit.tabular.cells import cell_of
from feedback_core.kit.tabular.lines import Lines
from feedback_core.kit.tabular.table import BrokenRow, Row, Table
from feedback_core.kit.tabular.types import ColumnsMissing, FileLayout, FileUnreadable, RowCode

_PEEKED: Final = 100
_ABSENT: Final = object()

_MALFORMED: Final = BrokenRow(RowCode.MALFORMED_ROW.value, "The line is not JSON, or names a key twice.")
_NOT_AN_OBJECT: Final = BrokenRow(RowCode.NOT_AN_OBJECT.value, "The line is JSON, but not an object.")


def open_ndjson(file: IO[bytes], layout: FileLayout) -> Table:
    """The rows of an NDJSON file.

    Raises:
        FileUnreadable: it is empty, of another encoding, or a line is endless.
        ColumnsMissing: none of the first hundred objects has any of the columns.
    """
    sources = [str(source) for source in layout.sources]
    unseen = set(sources)
    rows = _rows(Lines(file, layout.encoding), sources, unseen)
    peeked = list(islice(rows, _PEEKED))
    if not peeked:
        raise FileUnreadable("The file has no rows.")
    if len(unseen) == len(sources) and not all(isinstance(cells, BrokenRow) for _, cells in peeked):
        raise ColumnsMissing(f"None of the first {len(peeked)} lines has any of the columns of the layout.")
    places: dict[str | int, int] = {source: place for place, source in enumerate(sources)}
    return Table(places, len(sources), chain(peeked, rows), lambda: [name for name in sources if name in unseen])


def _rows(lines: Lines, sources: Sequence[str], unseen: set[str]) -> Iterator[Row]:
    getters = [(source, _getter(source)) for source in sources]
    decode = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_constant).decode
    while True:
        lines.begin_row()
        line = next(lines, None)
        if line is None:
            return
        if lines.fault is not None:
            yield lines.number, lines.fault
            continue
        if line.isspace():
            continue
        try:
            document = decode(line)
        except (ValueError, RecursionError):
            yield lines.number, _MALFORMED
            continue
        if not isinstance(document, dict):
            yield lines.number, _NOT_AN_OBJECT
            continue
        cells = []
        for source, get in getters:
            value = get(document)
            if value is not _ABSENT and unseen:
                unseen.discard(source)
            cells.append("" if value is _ABSENT else cell_of(value))
        yield lines.number, cells


def _getter(path: str) -> Callable[[dict[str, Any]], object]:
    """Finds a value: under the key as written, or else along its dots."""
    steps = path.split(".")

    def get(document: dict[str, Any]) -> object:
        value: object = document.get(path, _ABSENT)
        if value is not _ABSENT or len(steps) == 1:
            return value
        value = document
        for step in steps:
            value = value.get(step, _ABSENT) if isinstance(value, dict) else _ABSENT
        return value

    return get


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        raise ValueError("a key is there twice")
    return document


def _no_constant(name: str) -> object:
    raise ValueError(name)
