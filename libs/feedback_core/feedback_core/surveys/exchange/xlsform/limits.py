"""Constraints of an XLSForm, as far as questions have such limits."""

import re
from dataclasses import dataclass, field
from typing import Final

from feedback_core.surveys.exchange.expressions.reading import XLSFORM, read_expression
from feedback_core.surveys.exchange.expressions.tree import (
    Call,
    Every,
    Expression,
    Here,
    Literal,
    Relation,
    Unsayable,
)

_PARAMETER: Final = re.compile(r"(\w{1,40})\s{0,9}=\s{0,9}([^\s,;]{1,40})")
_FLIPPED: Final = {">=": "<=", "<=": ">=", "<": ">", ">": "<", "=": "="}


@dataclass(slots=True)
class Limits:
    """What a constraint holds an answer to.

    Attributes:
        alone: values that are chosen alone or not at all.
    """

    least: float | None = None
    most: float | None = None
    longest: int | None = None
    alone: set[str] = field(default_factory=set)


def limits_of(constraint: str) -> Limits | None:
    """The limits that a constraint says; ``None``: it says something else."""
    limits = Limits()
    if not constraint:
        return limits
    try:
        tree = read_expression(constraint, XLSFORM)
    except Unsayable:
        return None
    parts = tree.parts if isinstance(tree, Every) else (tree,)
    return limits if all(_enter(part, limits) for part in parts) else None


def _enter(part: Expression, limits: Limits) -> bool:  # noqa: PLR0911 -- one for each kind of limit
    match part:
        case Relation(operator, Literal() as value, Here() | Call() as side) if operator in _FLIPPED:
            return _enter(Relation(_FLIPPED[operator], side, value), limits)
        case Relation(">=", Here(), Literal(int() | float() as value)):
            limits.least = value
            return True
        case Relation("<=", Here(), Literal(int() | float() as value)):
            limits.most = value
            return True
        case Relation("<=", Call("string-length", (Here(),)), Literal(int() as value)):
            limits.longest = value
            return True
        case Relation("<", Call("string-length", (Here(),)), Literal(int() as value)):
            limits.longest = value - 1
            return True
        case Call("not", (Every((Call("selected", (Here(), Literal(str() as value))), several)),)):
            limits.alone.add(value)
            return several in _SEVERAL
    return False


_COUNT: Final = Call("count-selected", (Here(),))
_SEVERAL: Final = (Relation(">", _COUNT, Literal(1)), Relation(">=", _COUNT, Literal(2)))


def parameters_of(written: str) -> dict[str, str]:
    """Parameters of a range: ``start=0 end=10 step=1``."""
    return dict(_PARAMETER.findall(written[:1_000]))
