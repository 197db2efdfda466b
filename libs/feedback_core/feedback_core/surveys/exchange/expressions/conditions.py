"""What an expression says of a questionnaire, as a condition: the same answers make both true."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from feedback_core.surveys.exchange.expressions.simplest import simplest
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
from feedback_core.surveys.faults.conditions import OPS_OF_TYPE
from feedback_core.surveys.types import (
    MAX_CHOICES,
    MAX_COMPARISONS,
    MAX_CONDITION_DEPTH,
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Not,
    Op,
    Question,
    QuestionType,
    Scalar,
    comparisons_in,
)

_LISTS: Final = frozenset({QuestionType.MULTIPLE_CHOICE, QuestionType.RANKING})
_CHOOSING: Final = _LISTS | {QuestionType.SINGLE_CHOICE}
_NUMERIC: Final = frozenset(
    {QuestionType.NPS, QuestionType.CES, QuestionType.CSAT, QuestionType.RATING, QuestionType.NUMBER}
)
_LONGEST_VALUE: Final = 200
_FLIPPED: Final = {">": "<", "<": ">", ">=": "<=", "<=": ">=", "=": "=", "<>": "<>"}


@dataclass(frozen=True, slots=True)
class Known:
    """A question that expressions can name.

    Attributes:
        question: as it was taken; its condition does not matter.
        values: keys of its choices (or ``true`` and ``false``) by the values that the document has for them.
        row: the name is that of one row of a matrix; a condition asks about rows together only.
    """

    question: Question
    values: Mapping[str, str] = field(default_factory=dict)
    row: str | None = None


def condition_of(expression: Expression, known: Mapping[str, Known]) -> Condition:
    """The condition that holds for the same answers.

    Raises:
        Unsayable: there is none.
    """
    return within_limits(_Translation(known).condition(expression))


def within_limits(condition: Condition) -> Condition:
    """A condition as it is kept, in its simplest form.

    Raises:
        Unsayable: it has more levels or comparisons than a condition may have.
    """
    simple = simplest(condition)
    if _depth(simple) > MAX_CONDITION_DEPTH or sum(1 for _ in comparisons_in(simple)) > MAX_COMPARISONS:
        raise Unsayable(
            f"A condition has at most {MAX_CONDITION_DEPTH} levels and {MAX_COMPARISONS} comparisons; this has more."
        )
    if any(values_in(comparison) > MAX_CHOICES for comparison in comparisons_in(simple)):
        raise Unsayable(f"It compares one answer with more than {MAX_CHOICES} values.")
    return simple


def values_in(comparison: Comparison) -> int:
    """With how many values it compares, at least one."""
    return len(comparison.value) if isinstance(comparison.value, tuple) else 1


def _depth(condition: Condition) -> int:
    match condition:
        case Comparison():
            return 1
        case Not(inner):
            return 1 + _depth(inner)
        case AllOf(parts) | AnyOf(parts):
            return 1 + max(map(_depth, parts))


class _Translation:
    def __init__(self, known: Mapping[str, Known]) -> None:
        self._known = known

    def condition(self, expression: Expression) -> Condition:  # noqa: PLR0911  # one return per kind of expression
        match expression:
            case Every(parts):
                return AllOf(tuple(map(self.condition, parts)))
            case Some(parts):
                return self._matrix_of(parts) or AnyOf(tuple(map(self.condition, parts)))
            case Negation(operand):
                return Not(self.condition(operand))
            case Filled(operand, negated):
                answered = self._answered(self._named(operand))
                return Not(answered) if negated else answered
            case Relation(operator, left, right):
                return self._relation(operator, left, right)
            case Call():
                return self._call(expression)
            case Name():
                return self._itself(self._named(expression))
            case Literal() | Values() | Here():
                raise Unsayable("A value alone says nothing of an answer.")

    def _matrix_of(self, parts: Sequence[Expression]) -> Condition | None:
        """That any row of a matrix is answered, if that is what the parts say."""
        named = [self._row_asked_for(part) for part in parts]
        first = named[0]
        if first is None or any(each is None or each.question is not first.question for each in named):
            return None
        asked = {each.row for each in named if each is not None}
        if asked != {row.key for row in first.question.rows}:
            return None
        return Comparison(first.question.key, Op.ANSWERED)

    def _row_asked_for(self, part: Expression) -> Known | None:
        match part:
            case Relation("<>", Name(name), Literal("")):
                found = self._known.get(name)
                return found if found is not None and found.row is not None else None
        return None

    def _named(self, expression: Expression) -> Known:
        if not isinstance(expression, Name):
            raise Unsayable("It compares something else than the answer to one question.")
        found = self._known.get(expression.name)
        if found is None:
            raise Unsayable(f'It asks about "{expression.name[:100]}", which is no question that was taken.')
        return found

    def _answered(self, known: Known) -> Comparison:
        if known.row is not None and len(known.question.rows) > 1:
            raise Unsayable("It asks about one row of a matrix.")
        return Comparison(known.question.key, Op.ANSWERED)

    def _itself(self, known: Known) -> Condition:
        if known.question.type is not QuestionType.BOOLEAN:
            raise Unsayable("It does not say what the answer is to be compared with.")
        return Comparison(known.question.key, Op.EQUALS, value=True)

    def _relation(self, operator: str, left: Expression, right: Expression) -> Condition:
        if isinstance(right, Name) and operator in _FLIPPED:
            operator, left, right = _FLIPPED[operator], right, left
        known = self._named(left)
        if operator in {"=", "<>"}:
            return self._likeness(operator, known, self._single(right))
        if operator in {"contains", "notcontains", "anyof", "allof", "noneof"}:
            return self._membership(operator, known, self._several(right))
        return self._order(operator, known, self._value(known, self._single(right)))

    def _likeness(self, operator: str, known: Known, value: Scalar) -> Condition:
        if value == "":
            answered = self._answered(known)
            return answered if operator == "<>" else Not(answered)
        equals = self._comparison(known, Op.EQUALS, value)
        # There, what has no answer is unlike everything.
        return equals if operator == "=" else Not(equals)

    def _membership(self, operator: str, known: Known, values: Sequence[Scalar]) -> Condition:
        if not values:
            raise Unsayable("It compares with an empty list.")
        op = Op.INCLUDES if known.question.type in _LISTS else Op.EQUALS
        each = tuple(self._comparison(known, op, value) for value in values)
        match operator:
            case "contains" | "allof" if op is Op.INCLUDES:
                return AllOf(each)
            case "notcontains" if op is Op.INCLUDES:
                return Not(AllOf(each))
            case "anyof":
                return AnyOf(each)
            case "noneof":
                return Not(AnyOf(each))
        raise Unsayable("It looks for a part of an answer that is not a list.")

    def _order(self, operator: str, known: Known, value: Scalar) -> Condition:
        if isinstance(value, bool) or (isinstance(value, str) and known.question.type is not QuestionType.DATE):
            raise Unsayable("It asks for the order of what has none.")
        answered = Comparison(known.question.key, Op.ANSWERED)
        whole = known.question.answer_scale is not None and not isinstance(value, str)
        match operator:
            case ">=":
                return self._checked(known, Op.AT_LEAST, value)
            case "<=":
                return self._checked(known, Op.AT_MOST, value)
            case ">" if whole:
                return self._checked(known, Op.AT_LEAST, math.floor(float(value)) + 1)
            case "<" if whole:
                return self._checked(known, Op.AT_MOST, math.ceil(float(value)) - 1)
            case ">":
                return AllOf((answered, Not(self._checked(known, Op.AT_MOST, value))))
        return AllOf((answered, Not(self._checked(known, Op.AT_LEAST, value))))

    def _call(self, call: Call) -> Condition:
        match call:
            case Call("not", (inner,)):
                return Not(self.condition(inner))
            case Call("selected", (Name() as name, value)):
                known = self._named(name)
                op = Op.INCLUDES if known.question.type in _LISTS else Op.EQUALS
                return self._comparison(known, op, self._single(value))
            case Call("selected", (Literal(str() as listed), Name() as name)):
                known = self._named(name)
                return AnyOf(tuple(self._comparison(known, Op.EQUALS, value) for value in listed.split() or [""]))
        raise Unsayable(f"It uses the function {call.function[:40]}, which a condition has not.")

    def _single(self, expression: Expression) -> Scalar:
        match expression:
            case Literal(value):
                return value
            case Call("date", (Literal(str() as value),)):
                return value
            case Call("true", ()):
                return True
            case Call("false", ()):
                return False
            case Values((value,)):
                return value
        raise Unsayable("It compares with something else than one value.")

    def _several(self, expression: Expression) -> Sequence[Scalar]:
        return expression.values if isinstance(expression, Values) else (self._single(expression),)

    def _comparison(self, known: Known, op: Op, value: Scalar) -> Comparison:
        return self._checked(known, op, self._value(known, value))

    def _checked(self, known: Known, op: Op, value: Scalar) -> Comparison:
        question = known.question
        if known.row is not None:
            raise Unsayable("It asks about one row of a matrix.")
        if op not in OPS_OF_TYPE[question.type]:
            raise Unsayable(f"An answer of the type {question.type.value} cannot be compared like that.")
        return Comparison(question.key, op, value)

    def _value(self, known: Known, value: Scalar) -> Scalar:
        """The value in the words of this questionnaire; what is none of its answers stays, and is named as a fault."""
        written = {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
        if len(written) > _LONGEST_VALUE:
            raise Unsayable("It compares with a longer value than any answer has.")
        kind = known.question.type
        if kind in _CHOOSING:
            return known.values.get(written, written)
        if kind is QuestionType.BOOLEAN:
            said = known.values.get(written, written)
            return {"true": True, "false": False}.get(said, value)
        if kind in _NUMERIC and isinstance(value, str):
            return _number(value)
        return value


def _number(written: str) -> Scalar:
    try:
        value = float(written)
    except ValueError:
        return written
    if not math.isfinite(value):
        return written
    return int(value) if value.is_integer() else value
