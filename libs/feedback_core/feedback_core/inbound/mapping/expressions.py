"""JMESPath expressions of a mapping: compiled once, with a bound on what evaluating them can cost.

JMESPath has no loops, and yet an expression can double its input at every step: ``[@, @][] | [@, @][] | …``. What it
can make of its input, at most, follows from its form: a list or a function adds up what its parts make, a step
multiplies. An expression beyond ``MAX_GROWTH`` is refused when it is defined, so that the work is at most so many times
the payload. One function makes more than its arguments hold, ``join``, and has a limit of its own.

Source: JMESPath specification, https://jmespath.org/specification.html.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any, Final

from jmespath.exceptions import (
    EmptyExpressionError,
    IncompleteExpressionError,
    JMESPathError,
    LexerError,
    ParseError,
)
from jmespath.functions import Functions, signature
from jmespath.parser import Parser
from jmespath.visitor import Options, TreeInterpreter

from feedback_core.kit.pointers import step

MAX_EXPRESSION: Final = 1_000
"""Characters of one expression."""

MAX_DEPTH: Final = 60
"""Levels of one expression."""

MAX_GROWTH: Final = 500
"""How many times its input an expression may make."""

MAX_JOINED: Final = 2**20
"""Characters of a joined text."""

_ADDS: Final = frozenset(
    {
        "multi_select_list",
        "multi_select_dict",
        "function_expression",
        "comparator",
        "or_expression",
        "and_expression",
    }
)
_FUNCTIONS: Final[Mapping[str, Mapping[str, Any]]] = Functions.FUNCTION_TABLE
_FAILURES: Final = (JMESPathError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)


class _BoundedFunctions(Functions):
    """Those of the specification, ``join`` with a limit."""

    @signature({"types": ["string"]}, {"types": ["array-string"]})
    def _func_join(self, glue: str, parts: list[str]) -> str:
        if len(glue) * len(parts) + sum(map(len, parts)) > MAX_JOINED:
            raise ValueError
        return glue.join(parts)


_OPTIONS: Final = Options(custom_functions=_BoundedFunctions())


class ExpressionInvalid(ValueError):
    """It is not JMESPath, names a function that there is none, or could cost too much; says where."""


class ExpressionFailed(Exception):
    """The payload is not what the expression needs: a function was given another type."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression.

    Attributes:
        text: as it was written.
    """

    text: str
    _tree: Any

    def __call__(self, document: object) -> Any:  # noqa: ANN401 -- JSON
        """What it finds in a document; ``None``: nothing.

        Raises:
            ExpressionFailed: the document is not what it needs.
        """
        try:
            return TreeInterpreter(_OPTIONS).visit(self._tree, document)
        except _FAILURES as error:
            raise ExpressionFailed(f"The expression does not fit the payload: {type(error).__name__}.") from None

    @property
    def place(self) -> str:
        """The JSON pointer that a plain path stands for; of any other expression, the expression itself."""
        steps = _steps(self._tree)
        return self.text if steps is None else "".join(step(part) for part in steps)


def compile_expression(text: str) -> Expression:
    """Compile an expression.

    Raises:
        ExpressionInvalid: it is none, or could cost too much.
    """
    if len(text) > MAX_EXPRESSION:
        raise ExpressionInvalid(f"Write at most {MAX_EXPRESSION} characters.")
    try:
        tree: Mapping[str, Any] = Parser().parse(text).parsed
    except EmptyExpressionError:
        raise ExpressionInvalid("Write an expression; @ is the whole of it.") from None
    except LexerError as wrong:
        raise ExpressionInvalid(f"At character {wrong.lexer_position + 1}: {wrong.message}.") from None
    except ParseError as wrong:
        raise ExpressionInvalid(f"At character {wrong.lex_position + 1}: {_said(wrong)}.") from None
    except RecursionError:
        raise ExpressionInvalid(f"Nest at most {MAX_DEPTH} levels.") from None
    except ValueError as wrong:
        # The library lets errors of int() and json.loads() through.
        raise ExpressionInvalid(f"It is not JMESPath: {type(wrong).__name__}.") from None
    _check(tree)
    return Expression(text, tree)


def _said(wrong: ParseError) -> str:
    if isinstance(wrong, IncompleteExpressionError):
        return "the expression ends too early"
    return str(wrong.msg).rstrip(".")


def _check(tree: Mapping[str, Any]) -> None:
    if _depth(tree) > MAX_DEPTH:
        raise ExpressionInvalid(f"Nest at most {MAX_DEPTH} levels.")
    for node in _nodes(tree):
        if node["type"] == "function_expression":
            _check_call(node)
    if _growth(tree) > MAX_GROWTH:
        raise ExpressionInvalid(f"It could make more than {MAX_GROWTH} times the payload of it: take it apart.")


def _check_call(node: Mapping[str, Any]) -> None:
    name, given = node["value"], len(node["children"])
    if name not in _FUNCTIONS:
        raise ExpressionInvalid(f"There is no function {name}().")
    signature = _FUNCTIONS[name]["signature"]
    variadic = bool(signature) and bool(signature[-1].get("variadic"))
    if given < len(signature) or (given > len(signature) and not variadic):
        raise ExpressionInvalid(f"{name}() takes {len(signature)} arguments, not {given}.")


def _children(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [child for child in node["children"] if isinstance(child, Mapping)]


def _nodes(tree: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += _children(node)


def _depth(tree: Mapping[str, Any]) -> int:
    # Level by level: a tree that is too deep must not be walked by recursion to find that out.
    depth, level = 0, [tree]
    while level:
        depth += 1
        level = [child for node in level for child in _children(node)]
    return depth


def _growth(node: Mapping[str, Any]) -> int:
    """How many times its input a node makes, at most: parts of a list, call or comparison add up, steps multiply."""
    if node["type"] == "literal":
        return max(1, len(str(node["value"])) // 8)
    children = _children(node)
    parts = [_growth(child) for child in children]
    # A function that is given an expression evaluates it for each of its other argument's elements.
    if node["type"] in _ADDS and not any(child["type"] == "expref" for child in children):
        return max(1, sum(parts))
    return prod(parts)


def _steps(node: Mapping[str, Any]) -> list[object] | None:
    """The keys and numbers of a plain path; ``None`` where it is anything else."""
    match node["type"]:
        case "current" | "identity":
            return []
        case "field" | "index":
            return [node["value"]]
        case "subexpression" | "index_expression":
            found: list[object] = []
            for child in _children(node):
                steps = _steps(child)
                if steps is None:
                    return None
                found += steps
            return found
        case _:
            return None
