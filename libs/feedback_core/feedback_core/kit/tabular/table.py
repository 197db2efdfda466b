"""A file as rows of cells; and which column stands where."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from feedback_core.kit.pointers import printable
from feedback_core.kit.tabular.types import Cell, ColumnRef, ColumnsMissing, FileLayout, FileUnreadable, RowCode

_MOST_NAMED: Final = 12
_LONGEST_NAMED: Final = 60


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that cannot be read at all."""

    code: str
    detail: str


Row: TypeAlias = tuple[int, Sequence[Cell] | BrokenRow]
"""Where a row begins (its line, from 1; of a workbook: the row), and its cells."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file that is being read.

    Attributes:
        places: where each column that is read stands in a row.
        width: cells of every row.
        rows: read as they are asked for; rows without any value are passed over.
        never_seen: asked after the last row, the columns that no row had.
    """

    places: dict[ColumnRef, int]
    width: int
    rows: Iterator[Row]
    never_seen: Callable[[], Sequence[str]] = field(default=tuple)


def places_in_header(layout: FileLayout, header: Sequence[str]) -> dict[ColumnRef, int]:
    """Where the columns that are read stand, by the names in the header.

    Raises:
        ColumnsMissing: the header lacks some.
        FileUnreadable: it has one of them twice.
    """
    sources = layout.sources
    names = [name.strip() for name in header]
    wanted = {source: str(source).strip() for source in sources}
    missing = [source for source, name in wanted.items() if name not in names]
    if missing:
        raise ColumnsMissing(f"The file has no column {_named(missing)}. Its header has: {_named(names)}.")
    twice = [source for source, name in wanted.items() if names.count(name) > 1]
    if twice:
        raise FileUnreadable(f"The header has {_named(twice)} more than once: rename one of them.")
    return {source: names.index(name) for source, name in wanted.items()}


def places_by_number(layout: FileLayout, width: int) -> dict[ColumnRef, int]:
    """Where the columns that are read stand, by their numbers.

    Raises:
        ColumnsMissing: a number is beyond the last column.
    """
    sources = [int(source) for source in layout.sources]
    missing = [source for source in sources if source > width]
    if missing:
        raise ColumnsMissing(f"The file has no column {_named(missing)}: its first row has {width}.")
    return {source: source - 1 for source in sources}


def ragged(cells: int, width: int) -> BrokenRow:
    """A row that has more or fewer cells than the first one."""
    return BrokenRow(RowCode.RAGGED_ROW.value, f"The row has {cells} fields, the first one has {width}.")


def _named(names: Sequence[object]) -> str:
    shown = ", ".join(f'"{printable(str(name)[:_LONGEST_NAMED])}"' for name in names[:_MOST_NAMED])
    return shown + (", …" if len(names) > _MOST_NAMED else "")
