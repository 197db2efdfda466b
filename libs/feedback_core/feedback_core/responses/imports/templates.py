"""Templates: one value composed of several columns, as ``{Year} {Campaign}``; ``{{`` and ``}}`` are braces."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from feedback_core.kit.tabular.types import ColumnRef
from feedback_core.responses.imports.types import ColumnMapping

_PIECE: Final = re.compile(r"(?P<brace>\{\{|\}\})|\{(?P<column>[^{}]+)\}|(?P<text>[^{}]+)")
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,4}")


class MalformedTemplate(ValueError):
    """A brace is not closed, or nothing stands between braces."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template, taken apart: ``literals`` has one more than ``columns`` and stands around them."""

    literals: tuple[str, ...]
    columns: tuple[str, ...]

    def composer(self, positions: Sequence[int]) -> Callable[[Sequence[object]], str]:
        """Composes the value from the cells of a row, given where the columns stand; ``""`` if one of them is blank."""
        first, *rest = self.literals
        after = tuple(zip(positions, rest, strict=True))

        def compose(cells: Sequence[object]) -> str:
            composed = first
            for position, literal in after:
                cell = str(cells[position]).strip()
                if not cell:
                    return ""
                composed += cell + literal
            return composed

        return compose


def parse_template(template: str) -> Template:
    """The template taken apart.

    Raises:
        MalformedTemplate: a brace is not closed, or nothing stands between braces.
    """
    literals, columns = [""], []
    end = 0
    for piece in _PIECE.finditer(template):
        if piece.start() != end:
            break
        end = piece.end()
        if piece["column"] is not None:
            columns.append(piece["column"])
            literals.append("")
        else:
            literals[-1] += piece["text"] if piece["text"] is not None else piece["brace"][0]
    if end != len(template):
        raise MalformedTemplate(template)
    return Template(tuple(literals), tuple(columns))


def columns_of(mapping: ColumnMapping, *, named: bool) -> tuple[ColumnRef, ...]:
    """The columns that a mapping reads: by name, or by number where there is no header.

    Raises:
        MalformedTemplate: the template is, or a column of it is not a number where it has to be one.
    """
    if mapping.template is None:
        return () if mapping.column is None else (mapping.column,)
    columns = parse_template(mapping.template).columns
    if named:
        return columns
    if not all(_NUMBER.fullmatch(column) for column in columns):
        raise MalformedTemplate(mapping.template)
    return tuple(int(column) for column in columns)


def positions_of(columns: Sequence[ColumnRef], places: Mapping[ColumnRef, int]) -> tuple[int, ...]:
    """Where columns stand in a row."""
    return tuple(places[column] for column in columns)
