"""Conditions in the words of SurveyJS and of XLSForm: the same answers make both true."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from decimal import Decimal

from feedback_core.surveys.exchange.expressions.simplest import simplest
from feedback_core.surveys.types import AllOf, AnyOf, Comparison, Condition, Not, Op, Question, QuestionType, Scalar


class Writer(ABC):
    """Writes conditions on the questions of one questionnaire."""

    def __init__(self, questions: Iterable[Question]) -> None:
        self._questions: Mapping[str, Question] = {question.key: question for question in questions}

    def expression(self, condition: Condition) -> str:
        """A condition without faults, as an expression."""
        return self._joined(simplest(condition))

    def _joined(self, condition: Condition) -> str:
        match condition:
            case AllOf(parts):
                return " and ".join(map(self._part, parts))
            case AnyOf(parts):
                return " or ".join(map(self._part, parts))
            case Not(inner):
                return self._negated(self._joined(inner))
            case Comparison():
                return self._comparison(condition)

    def _part(self, condition: Condition) -> str:
        written = self._joined(condition)
        # In parentheses a part stays one part when it is read again.
        return written if isinstance(condition, Not) or _is_one(condition) else f"({written})"

    def _comparison(self, comparison: Comparison) -> str:  # noqa: PLR0911  # one return per op
        question = self._questions[comparison.question]
        value = comparison.value
        if comparison.op is Op.ANSWERED or value is None:
            return self._answered(question)
        if isinstance(value, tuple):
            return self._in(question, value)
        match comparison.op:
            case Op.NOT_EQUALS:
                # There, what has no answer is unlike everything.
                unlike = f"{self._name(question.key)} {self._unlike} {self._value(question, value)}"
                return f"{self._answered(question)} and {unlike}"
            case Op.AT_LEAST:
                return f"{self._name(question.key)} >= {self._value(question, value)}"
            case Op.AT_MOST:
                return f"{self._name(question.key)} <= {self._value(question, value)}"
            case Op.INCLUDES:
                return self._includes(question, value)
        return f"{self._name(question.key)} = {self._value(question, value)}"

    _unlike: str

    @abstractmethod
    def _name(self, key: str) -> str: ...

    @abstractmethod
    def _value(self, question: Question, value: Scalar) -> str: ...

    @abstractmethod
    def _negated(self, inner: str) -> str: ...

    @abstractmethod
    def _answered(self, question: Question) -> str: ...

    @abstractmethod
    def _in(self, question: Question, values: tuple[Scalar, ...]) -> str: ...

    @abstractmethod
    def _includes(self, question: Question, value: Scalar) -> str: ...


def _is_one(condition: Condition) -> bool:
    return isinstance(condition, Comparison) and condition.op is not Op.NOT_EQUALS


class SurveyJsWriter(Writer):
    """Expressions as of ``visibleIf``."""

    _unlike = "<>"

    def _name(self, key: str) -> str:
        return f"{{{key}}}"

    def _value(self, question: Question, value: Scalar) -> str:  # noqa: ARG002 -- here a value has one form
        return _plain(value)

    def _negated(self, inner: str) -> str:
        return f"!({inner})"

    def _answered(self, question: Question) -> str:
        return f"{self._name(question.key)} notempty"

    def _in(self, question: Question, values: tuple[Scalar, ...]) -> str:
        return f"{self._name(question.key)} anyof [{', '.join(map(_plain, values))}]"

    def _includes(self, question: Question, value: Scalar) -> str:
        return f"{self._name(question.key)} contains {_plain(value)}"


class XlsFormWriter(Writer):
    """Expressions as of ``relevant``.

    The names of questions are given by key, and those of the rows of matrices: in a form each row is a question of its
    own.
    """

    _unlike = "!="

    def __init__(
        self, questions: Iterable[Question], names: Mapping[str, str], rows: Mapping[str, tuple[str, ...]]
    ) -> None:
        super().__init__(questions)
        self._names = names
        self._rows = rows

    def _name(self, key: str) -> str:
        return f"${{{self._names[key]}}}"

    def _value(self, question: Question, value: Scalar) -> str:
        if isinstance(value, bool):
            return "'true'" if value else "'false'"
        return f"date({_plain(value)})" if question.type is QuestionType.DATE else _plain(value)

    def _negated(self, inner: str) -> str:
        return f"not({inner})"

    def _answered(self, question: Question) -> str:
        if question.type is not QuestionType.MATRIX:
            return f"{self._name(question.key)} != ''"
        written = " or ".join(f"${{{row}}} != ''" for row in self._rows[question.key])
        return written if len(question.rows) == 1 else f"({written})"

    def _in(self, question: Question, values: tuple[Scalar, ...]) -> str:
        each = (f"{self._name(question.key)} = {self._value(question, value)}" for value in values)
        return f"({' or '.join(each)})"

    def _includes(self, question: Question, value: Scalar) -> str:
        return f"selected({self._name(question.key)}, {_plain(value)})"


def _plain(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{value}'"
    # In digits only: neither language has exponents.
    return f"{Decimal(repr(value)):f}"
