"""A file as rows of cells; and which column stands where."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from feedback_core.responses.imports.templates import columns_of
from feedback_core.responses.imports.types import (
    ColumnRef,
    ColumnsMissing,
    FileUnreadable,
    ImportFault,
    ImportMapping,
    Target,
)
from feedback_core.responses.imports.values import Cell
from feedback_core.surveys.pointers import printable

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
        places: where each column that the mapping reads stands in a row.
        width: cells of every row.
        rows: read as they are asked for; rows without any value are passed over.
        never_seen: asked after the last row, the columns that no row had.
    """

    places: dict[ColumnRef, int]
    width: int
    rows: Iterator[Row]
    never_seen: Callable[[], Sequence[str]] = field(default=tuple)


def sources_of(mapping: ImportMapping, *, named: bool) -> tuple[ColumnRef, ...]:
    """Every column that a mapping reads, once, in its order; ignored ones are not read."""
    return tuple(
        dict.fromkeys(
            source
            for column in mapping.columns
            if column.to is not Target.IGNORE
            for source in columns_of(column, named=named)
        )
    )


def places_in_header(mapping: ImportMapping, header: Sequence[str]) -> dict[ColumnRef, int]:
    """Where the columns of a mapping stand, by the names in the header.

    Raises:
        ColumnsMissing: the header lacks some.
        FileUnreadable: it has one of them twice.
    """
    sources = sources_of(mapping, named=True)
    names = [name.strip() for name in header]
    wanted = {source: str(source).strip() for source in sources}
    missing = [source for source, name in wanted.items() if name not in names]
    if missing:
        raise ColumnsMissing(f"The file has no column {_named(missing)}. Its header has: {_named(names)}.")
    twice = [source for source, name in wanted.items() if names.count(name) > 1]
    if twice:
        raise FileUnreadable(f"The header has {_named(twice)} more than once: rename one of them.")
    return {source: names.index(name) for source, name in wanted.items()}


def places_by_number(mapping: ImportMapping, width: int) -> dict[ColumnRef, int]:
    """Where the columns of a mapping stand, by their numbers.

    Raises:
        ColumnsMissing: a number is beyond the last column.
    """
    sources = [int(source) for source in sources_of(mapping, named=False)]
    missing = [source for source in sources if source > width]
    if missing:
        raise ColumnsMissing(f"The file has no column {_named(missing)}: its first row has {width}.")
    return {source: source - 1 for source in sources}


def ragged(cells: int, width: int) -> BrokenRow:
    """A row that has more or fewer cells than the first one."""
    return BrokenRow(ImportFault.RAGGED_ROW.value, f"The row has {cells} fields, the first one has {width}.")


def _named(names: Sequence[object]) -> str:
    shown = ", ".join(f'"{printable(str(name)[:_LONGEST_NAMED])}"' for name in names[:_MOST_NAMED])
    return shown + (", …" if len(names) > _MOST_NAMED else "")
