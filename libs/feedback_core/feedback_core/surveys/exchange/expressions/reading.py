"""Reads expressions of SurveyJS and of XLSForm into one tree, in time proportional to their length.

Both languages have the same layers: ``or`` of ``and`` of comparisons; a dialect says how each is written.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from feedback_core.surveys.exchange.expressions.tree import (
    Call,
    Every,
    Expression,
    Filled,
    Here,
    Literal,
    Name,
    Negation,
    Relation,
    Some,
    Unsayable,
    Values,
)
from feedback_core.surveys.types import MAX_NUMBER

MOST_CHARACTERS: Final = 32_767
"""Of one expression: what a cell of a workbook holds."""

DEEPEST: Final = 50
"""Parentheses and negations within each other."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a language writes what both can say.

    Attributes:
        tokens: with the groups ``name``, ``text``, ``number``, ``word`` and ``sign``, and spaces in none.
        escapes: whether a backslash in a text makes the next character mean itself.
        relations: between two sides, by how they are written.
        filled: behind a side, by how they are written: whether the answer must be there.
        negations: before a whole expression.
        constants: words that are values.
        has_here: whether ``.`` is the answer to the question that the expression stands at.
    """

    tokens: re.Pattern[str]
    escapes: bool
    relations: Mapping[str, str]
    filled: Mapping[str, bool]
    conjunctions: frozenset[str]
    disjunctions: frozenset[str]
    negations: frozenset[str]
    constants: Mapping[str, bool]
    has_here: bool = False


SURVEYJS: Final = Dialect(
    tokens=re.compile(
        r"""\s*(?:\{(?P<name>[^{}]{1,1000})\}
        |(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
        |(?P<number>[0-9]+(?:\.[0-9]+)?(?![\w.]))
        |(?P<word>[A-Za-z_]\w*)
        |(?P<sign><=|>=|<>|==|!=|&&|\|\||\*=|[-=<>!()\[\],+*/%^]))""",
        re.VERBOSE | re.DOTALL,
    ),
    escapes=True,
    relations={
        "=": "=",
        "==": "=",
        "equal": "=",
        "<>": "<>",
        "!=": "<>",
        "notequal": "<>",
        ">": ">",
        "greater": ">",
        ">=": ">=",
        "greaterorequal": ">=",
        "<": "<",
        "less": "<",
        "<=": "<=",
        "lessorequal": "<=",
        "contains": "contains",
        "contain": "contains",
        "*=": "contains",
        "notcontains": "notcontains",
        "notcontain": "notcontains",
        "anyof": "anyof",
        "allof": "allof",
        "noneof": "noneof",
    },
    filled={"notempty": True, "empty": False},
    conjunctions=frozenset({"and", "&&"}),
    disjunctions=frozenset({"or", "||"}),
    negations=frozenset({"!", "negate"}),
    constants={"true": True, "false": False},
)

XLSFORM: Final = Dialect(
    tokens=re.compile(
        r"""\s*(?:\$\{\s*(?P<name>[^{}]{1,1000}?)\s*\}
        |(?P<text>'[^']*'|"[^"]*"|\u2018[^\u2019]*\u2019|\u201c[^\u201d]*\u201d)
        |(?P<number>[0-9]+(?:\.[0-9]+)?(?![\w.]))
        |(?P<word>[A-Za-z_][\w-]*)
        |(?P<sign><=|>=|!=|[-=<>().,+*/|]))""",
        re.VERBOSE | re.DOTALL,
    ),
    escapes=False,
    relations={"=": "=", "!=": "<>", ">": ">", ">=": ">=", "<": "<", "<=": "<="},
    filled={},
    conjunctions=frozenset({"and"}),
    disjunctions=frozenset({"or"}),
    negations=frozenset(),
    constants={},
    has_here=True,
)


def read_expression(text: str, dialect: Dialect) -> Expression:
    """The tree of an expression.

    Raises:
        Unsayable: it is too long, nested too deep, or not written as the language writes what conditions can say.
    """
    if len(text) > MOST_CHARACTERS:
        raise Unsayable(f"It is longer than {MOST_CHARACTERS} characters.")
    reader = _Reader(_tokens(text, dialect), dialect)
    tree = reader.alternatives(0)
    if not reader.is_at_end:
        raise Unsayable(f"{reader.shown} cannot stand where it stands.")
    return tree


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


_END: Final = _Token("end", "")


def _tokens(text: str, dialect: Dialect) -> list[_Token]:
    found: list[_Token] = []
    place, end = 0, len(text.rstrip())
    while place < end:
        match = dialect.tokens.match(text, place)
        if match is None or match.lastgroup is None:
            raise Unsayable(f"It cannot be read at character {place + 1}.")
        found.append(_Token(match.lastgroup, match[match.lastgroup]))
        place = match.end()
    return found


class _Reader:
    """Goes over the tokens once; each method reads one layer of the language."""

    def __init__(self, tokens: list[_Token], dialect: Dialect) -> None:
        self._tokens = tokens
        self._place = 0
        self._dialect = dialect

    @property
    def is_at_end(self) -> bool:
        return self._place == len(self._tokens)

    @property
    def shown(self) -> str:
        """The next token, as a sentence begins with it."""
        return f'"{self._next.text[:40]}"' if not self.is_at_end else "Its end"

    @property
    def _next(self) -> _Token:
        return _END if self.is_at_end else self._tokens[self._place]

    def _take(self) -> _Token:
        token = self._next
        self._place += 1
        return token

    def _is(self, *texts: str) -> bool:
        token = self._next
        return token.kind in {"sign", "word"} and token.text in texts

    def _is_one_of(self, words: Mapping[str, object] | frozenset[str]) -> bool:
        token = self._next
        return token.kind in {"sign", "word"} and token.text.lower() in words

    def _expect(self, sign: str) -> None:
        if not self._is(sign):
            raise Unsayable(f'{self.shown} stands where "{sign}" is expected.')
        self._place += 1

    def alternatives(self, depth: int) -> Expression:
        parts = [self._conjunction(depth)]
        while self._is_one_of(self._dialect.disjunctions):
            self._take()
            parts.append(self._conjunction(depth))
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def _conjunction(self, depth: int) -> Expression:
        parts = [self._negated(depth)]
        while self._is_one_of(self._dialect.conjunctions):
            self._take()
            parts.append(self._negated(depth))
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _negated(self, depth: int) -> Expression:
        if depth > DEEPEST:
            raise Unsayable(f"It is nested more than {DEEPEST} levels deep.")
        if self._is_one_of(self._dialect.negations):
            self._take()
            return Negation(self._negated(depth + 1))
        return self._comparison(depth)

    def _comparison(self, depth: int) -> Expression:
        left = self._side(depth)
        if self._is_one_of(self._dialect.filled):
            return Filled(left, negated=not self._dialect.filled[self._take().text.lower()])
        if self._is_one_of(self._dialect.relations):
            operator = self._dialect.relations[self._take().text.lower()]
            return Relation(operator, left, self._side(depth))
        return left

    def _side(self, depth: int) -> Expression:  # noqa: PLR0911  # one return per kind of side
        token = self._take()
        match token.kind:
            case "name":
                return Name(token.text)
            case "text":
                return Literal(self._unquoted(token.text))
            case "number":
                return Literal(_number(token.text))
            case "word" if token.text.lower() in self._dialect.constants:
                return Literal(self._dialect.constants[token.text.lower()])
            case "word" if self._is("("):
                return self._call(token.text, depth)
            case "sign" if token.text == "(":
                inner = self.alternatives(depth + 1)
                self._expect(")")
                return inner
            case "sign" if token.text == "-" and self._next.kind == "number":
                return Literal(-_number(self._take().text))
            case "sign" if token.text == "[":
                return self._list()
            case "sign" if token.text == "." and self._dialect.has_here:
                return Here()
        self._place -= 1
        raise Unsayable(f"{self.shown} cannot stand where it stands.")

    def _call(self, function: str, depth: int) -> Expression:
        self._expect("(")
        arguments: list[Expression] = []
        if depth > DEEPEST:
            raise Unsayable(f"It is nested more than {DEEPEST} levels deep.")
        while not self._is(")"):
            if arguments:
                self._expect(",")
            arguments.append(self.alternatives(depth + 1))
        self._expect(")")
        return Call(function, tuple(arguments))

    def _list(self) -> Values:
        values: list[str | int | float | bool] = []
        while not self._is("]"):
            if values:
                self._expect(",")
            # A list within a list would be read without end.
            item = Values(()) if self._is("[") else self._side(DEEPEST)
            if not isinstance(item, Literal):
                raise Unsayable("A list may hold values only.")
            values.append(item.value)
        self._expect("]")
        return Values(tuple(values))

    def _unquoted(self, quoted: str) -> str:
        inner = quoted[1:-1]
        return re.sub(r"\\(.)", r"\1", inner, flags=re.DOTALL) if self._dialect.escapes else inner


def _number(digits: str) -> int | float:
    value = float(digits)
    if value > MAX_NUMBER:
        raise Unsayable(f"A number is above {MAX_NUMBER:.0f}.")
    return value if "." in digits else int(digits)
