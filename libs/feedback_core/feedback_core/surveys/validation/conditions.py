"""Conditions, compiled: whether a question is shown, from the answers before it."""

from collections.abc import Callable, Mapping
from typing import TypeAlias, cast

from feedback_core.surveys.types import AllOf, AnyOf, Comparison, Condition, Not, Op

Answers: TypeAlias = Mapping[str, object]
Shown: TypeAlias = Callable[[Answers], bool]


def compile_condition(condition: Condition) -> Shown:
    """A function of the checked answers so far, for a condition without faults.

    Every comparison with a question that has no answer is false, ``not_equals`` too.
    """
    match condition:
        case Comparison():
            return _compile_comparison(condition)
        case Not(inner):
            negated = compile_condition(inner)
            return lambda said: not negated(said)
        case AllOf(conditions):
            every = tuple(compile_condition(part) for part in conditions)
            return lambda said: all(part(said) for part in every)
        case AnyOf(conditions):
            some = tuple(compile_condition(part) for part in conditions)
            return lambda said: any(part(said) for part in some)


def _compile_comparison(comparison: Comparison) -> Shown:  # noqa: PLR0911  # one return per op
    key, value = comparison.question, comparison.value
    match comparison.op:
        case Op.EQUALS:
            return lambda said: said.get(key) == value
        case Op.NOT_EQUALS:
            return lambda said: key in said and said[key] != value
        case Op.IN:
            values = frozenset(cast("tuple[object, ...]", value))
            return lambda said: said.get(key) in values
        case Op.AT_LEAST:
            return _at_least(key, value)
        case Op.AT_MOST:
            return _at_most(key, value)
        case Op.ANSWERED:
            return lambda said: key in said
        case Op.INCLUDES:
            return lambda said: value in cast("list[object]", said.get(key, ()))


# Answer and value are both numbers or both dates (ISO dates sort as text): the check and the faults see to that.


def _at_least(key: str, value: object) -> Shown:
    least = cast("float", value)
    return lambda said: key in said and cast("float", said[key]) >= least


def _at_most(key: str, value: object) -> Shown:
    most = cast("float", value)
    return lambda said: key in said and cast("float", said[key]) <= most
