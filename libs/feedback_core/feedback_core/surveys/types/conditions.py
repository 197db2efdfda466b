"""When a question is shown: comparisons with earlier answers, joined by all, any and not."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

MAX_CONDITION_DEPTH: Final = 10
"""Levels of ``all``, ``any`` and ``not`` within one condition."""

MAX_COMPARISONS: Final = 100
"""Comparisons within one condition."""

Scalar: TypeAlias = str | int | float | bool


class Op(StrEnum):
    """What a comparison asks of the answer; each is false while the question has no answer.

    ``includes`` asks whether a choice is among those chosen or ranked; ``answered`` takes no value.
    """

    EQUALS = "equals"
    NOT_EQUALS = "not_equals"
    IN = "in"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ANSWERED = "answered"
    INCLUDES = "includes"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The answer to ``question`` stands in relation ``op`` to ``value`` (a tuple for ``in``)."""

    question: str
    op: Op
    value: Scalar | tuple[Scalar, ...] | None = None


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of the conditions is true."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the conditions is true."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The condition is not true; so also where the question it asks about has no answer."""

    condition: "Condition"


Condition: TypeAlias = Comparison | AllOf | AnyOf | Not


def comparisons_in(condition: Condition) -> Iterator[Comparison]:
    """Every comparison of a condition, in reading order."""
    if isinstance(condition, Comparison):
        yield condition
    elif isinstance(condition, Not):
        yield from comparisons_in(condition.condition)
    else:
        for part in condition.conditions:
            yield from comparisons_in(part)
