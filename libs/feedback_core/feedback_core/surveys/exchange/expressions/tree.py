"""An expression as it was read, before anything is known of the questions that it names."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Name:
    """The answer to the question of this name."""

    name: str


@dataclass(frozen=True, slots=True)
class Here:
    """The answer to the question that the expression stands at (``.`` in XLSForm)."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as it is written."""

    value: str | int | float | bool


@dataclass(frozen=True, slots=True)
class Values:
    """A list of values as they are written."""

    values: tuple[str | int | float | bool, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function of some arguments; the functions are those of the language."""

    function: str
    arguments: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """Two sides and what stands between them, by its name in ``conditions.py``."""

    operator: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Filled:
    """Whether something has an answer, or has none."""

    operand: "Expression"
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Negation:
    """The opposite."""

    operand: "Expression"


@dataclass(frozen=True, slots=True)
class Every:
    """All of them."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of them."""

    parts: tuple["Expression", ...]


Expression: TypeAlias = Name | Here | Literal | Values | Call | Relation | Filled | Negation | Every | Some


class Unsayable(Exception):
    """An expression that cannot be read, or that no condition can say; its text is a sentence that says why."""
