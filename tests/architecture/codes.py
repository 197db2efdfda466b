"""Every code that a caller can be told, found where it is written."""

import ast
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.architecture.sources import API, CORE, WORKER, Source, sources

# The name of an argument, attribute or variable whose value is a code; `codes` maps something to them.
PARAMETER = "code"
TABLE = "codes"
# Why a part of a trend analysis is missing is part of a result, not an error.
NOT_ERRORS = frozenset({"lack", "Reason"})


@dataclass(slots=True)
class Codes:
    """What was found.

    Attributes:
        literal: each code and where it is written.
        unknown: expressions that stand for a code and cannot be read.
    """

    literal: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    unknown: list[str] = field(default_factory=list)


def codes_in_use() -> Codes:
    """The codes of the API and of jobs, from classes, faults, problems and the errors of jobs."""
    found = Codes()
    read = sources(CORE, API, WORKER)
    enums = _enums(read)
    everywhere = _takers(read, lambda name: not name.startswith("_"))
    for source in read:
        takers = {**everywhere, **_takers((source,), lambda name: not name.startswith("__"))}
        for line, expression in (*_assigned_codes(source), *_passed_codes(source, takers)):
            _note(found, f"{source.path}:{line}", expression, enums)
    return found


def _note(  # noqa: C901 - one case per way to write a code
    found: Codes, place: str, expression: ast.expr, enums: dict[str, dict[str, str]]
) -> None:
    match expression:
        case ast.Constant(value=str(code)):
            found.literal[code].append(place)
        case ast.IfExp(body=first, orelse=second):
            _note(found, place, first, enums)
            _note(found, place, second, enums)
        case ast.Dict(values=values):
            for value in values:
                _note(found, place, value, enums)
        case ast.Attribute(value=inner, attr="value"):
            _note(found, place, inner, enums)
        case ast.Attribute(value=ast.Name(id=enum)) if enum in enums:
            # One member stands for all: others may be handed on through variables.
            for code in enums[enum].values():
                found.literal[code].append(place)
        case ast.Attribute(attr="code") | ast.Name() | ast.Starred():
            pass  # handed on: it was read where it is written
        case ast.Subscript(slice=ast.Constant(value="type")):
            pass  # Pydantic's own, one family of the list
        case ast.Call(func=ast.Attribute(value=ast.Name(id="codes"), attr="get")):
            pass  # from a table that was read itself
        case _:
            found.unknown.append(f"{place}: {ast.unparse(expression)}")


def _enums(read: tuple[Source, ...]) -> dict[str, dict[str, str]]:
    """Members and their values of each enumeration of strings."""
    known: dict[str, dict[str, str]] = {}
    for source in read:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ClassDef) and any("Enum" in ast.unparse(base) for base in node.bases):
                known[node.name] = dict(_members(node))
    return known


def _members(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for statement in node.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            value = statement.value.elts[0] if isinstance(statement.value, ast.Tuple) else statement.value
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield statement.targets[0].id, value.value


def _takers(read: tuple[Source, ...], is_meant: Callable[[str], bool]) -> dict[str, int]:
    """Functions and dataclasses that take a code: at which place, counted without ``self``."""
    takers = {}
    for source in read:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                names = [argument.arg for argument in node.args.args if argument.arg not in {"self", "cls"}]
            elif isinstance(node, ast.ClassDef) and any("dataclass" in ast.unparse(d) for d in node.decorator_list):
                fields = [statement for statement in node.body if isinstance(statement, ast.AnnAssign)]
                names = [ast.unparse(field.target) for field in fields]
            else:
                continue
            if PARAMETER in names and node.name not in NOT_ERRORS and is_meant(node.name):
                takers[node.name] = names.index(PARAMETER)
    return takers


def _assigned_codes(source: Source) -> Iterator[tuple[int, ast.expr]]:
    """What ``code`` and ``codes`` are set to, in classes and functions alike."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name) and (
                    target.id == PARAMETER or (target.id == TABLE and isinstance(node.value, ast.Dict))
                ):
                    yield node.lineno, node.value
                elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    for part, value in zip(target.elts, node.value.elts, strict=False):
                        if isinstance(part, ast.Name) and part.id == PARAMETER:
                            yield node.lineno, value


def _passed_codes(source: Source, takers: dict[str, int]) -> Iterator[tuple[int, ast.expr]]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            position = takers.get(ast.unparse(node.func).rpartition(".")[2])
            if position is not None:
                yield from ((node.lineno, argument) for argument in node.args[position : position + 1])
                yield from ((node.lineno, keyword.value) for keyword in node.keywords if keyword.arg == PARAMETER)
