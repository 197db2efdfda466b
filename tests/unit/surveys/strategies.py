"""Random questionnaires without faults, random valid responses to them, and random JSON."""

import operator
from collections.abc import Callable
from datetime import date
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from feedback_core.surveys.types import (
    AllOf,
    AnyOf,
    Attribute,
    AttributeValue,
    Choice,
    Comparison,
    Condition,
    Not,
    Op,
    Question,
    Questionnaire,
    QuestionType,
    Row,
    Scale,
)

unhurried = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
"""For tests over whole questionnaires: they are slow to draw, and the machine may be busy."""

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20).filter(
    lambda words: not words.isspace()
)
TEXTS = WORDS | st.fixed_dictionaries({"en": WORDS}, optional={"de": WORDS, "pt-BR": WORDS})
ROW_KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
CHOICE_KEYS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,8}", fullmatch=True)
SCALES = st.builds(lambda low, length: Scale(low, low + length), st.integers(-50, 50), st.integers(1, 100))
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31)).map(date.isoformat)


def json_values() -> st.SearchStrategy[Any]:
    """Any JSON value, and what Python's reader lets through besides: NaN, infinities, lone surrogates."""
    text = st.text(st.characters(), max_size=8)
    scalars = st.none() | st.booleans() | st.integers() | st.floats() | text | st.just(10**400)
    return st.recursive(
        scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4), max_leaves=12
    )


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    """A questionnaire without faults. Conditions are such that somebody always sees the question."""
    keys = draw(st.lists(ROW_KEYS, min_size=1, max_size=6, unique=True))
    questions: list[Question] = []
    for key in keys:
        questions.append(draw(_questions(key, tuple(questions))))
    attribute_keys = draw(
        st.lists(ROW_KEYS.filter(lambda key: key not in {"method", "status"}), max_size=2, unique=True)
    )
    values = st.lists(CHOICE_KEYS, min_size=1, max_size=3, unique=True)
    return Questionnaire(
        title=draw(TEXTS),
        language="en",
        questions=tuple(questions),
        attributes=tuple(
            Attribute(key, tuple(AttributeValue(value, draw(st.none() | TEXTS)) for value in draw(values)))
            for key in attribute_keys
        ),
    )


@st.composite
def _questions(draw: st.DrawFn, key: str, earlier: tuple[Question, ...]) -> Question:
    type_ = draw(st.sampled_from(QuestionType))
    offered = st.lists(CHOICE_KEYS, min_size=2, max_size=4, unique=True)
    fields: dict[str, Any] = {}
    match type_:
        case QuestionType.RATING | QuestionType.MATRIX:
            fields["scale"] = draw(SCALES)
        case QuestionType.CES | QuestionType.CSAT:
            fields["scale"] = draw(st.none() | SCALES)
        case QuestionType.SINGLE_CHOICE | QuestionType.RANKING:
            fields["choices"] = tuple(Choice(choice, draw(TEXTS)) for choice in draw(offered))
        case QuestionType.MULTIPLE_CHOICE:
            fields["choices"] = tuple(
                Choice(choice, draw(TEXTS), exclusive=draw(st.booleans())) for choice in draw(offered)
            )
        case QuestionType.NUMBER:
            low, high = sorted(draw(st.tuples(*[st.floats(-1e15, 1e15) | st.integers(-100, 100)] * 2)))
            fields |= {"min": draw(st.sampled_from([None, low])), "max": draw(st.sampled_from([None, high]))}
            fields["unit"] = draw(st.none() | WORDS)
        case QuestionType.TEXT:
            fields["max_length"] = draw(st.none() | st.integers(1, 30_000))
    if type_ is QuestionType.MATRIX:
        row_keys = draw(st.lists(ROW_KEYS, min_size=1, max_size=3, unique=True))
        fields["rows"] = tuple(Row(row, draw(TEXTS)) for row in row_keys)
    is_conditional = bool(earlier) and draw(st.booleans())
    return Question(
        key=key,
        type=type_,
        text=draw(TEXTS),
        feature=draw(st.none() | CHOICE_KEYS),
        required=draw(st.booleans()),
        show_if=draw(_conditions(earlier)) if is_conditional else None,
        **fields,
    )


@st.composite
def _conditions(draw: st.DrawFn, earlier: tuple[Question, ...]) -> Condition:
    """A condition that can be true: of its parts, the one about a question that everybody sees is enough."""
    open_to_all = [question for question in earlier if question.show_if is None]
    reachable = draw(_comparisons(draw(st.sampled_from(open_to_all)), reachable=True))
    if draw(st.booleans()):
        return reachable
    other: Condition = draw(_comparisons(draw(st.sampled_from(earlier)), reachable=False))
    other = draw(st.sampled_from([other, Not(other), AllOf((other, Not(other)))]))
    return AnyOf((other, AllOf((reachable,))))


@st.composite
def _comparisons(draw: st.DrawFn, question: Question, *, reachable: bool) -> Comparison:
    """A comparison with a value that the question takes; if ``reachable``, one that some answer makes true."""
    if question.type in {QuestionType.TEXT, QuestionType.MATRIX}:
        return Comparison(question.key, Op.ANSWERED)
    value = draw(valid_answers(question))
    if isinstance(value, list):
        return Comparison(question.key, Op.INCLUDES, value[0])
    ops = [Op.EQUALS, Op.ANSWERED] if reachable else [Op.EQUALS, Op.NOT_EQUALS, Op.ANSWERED]
    if question.type is not QuestionType.BOOLEAN:
        ops.append(Op.IN)
        if question.type is not QuestionType.SINGLE_CHOICE:
            ops += [Op.AT_LEAST, Op.AT_MOST]
    op = draw(st.sampled_from(ops))
    return Comparison(question.key, op, {Op.ANSWERED: None, Op.IN: (value,)}.get(op, value))


def valid_answers(question: Question) -> st.SearchStrategy[Any]:
    """Answers that the question takes."""
    return _VALID[question.type](question)


def _points(question: Question) -> st.SearchStrategy[int]:
    scale = question.answer_scale
    assert scale is not None
    return st.integers(scale.min, scale.max)


def _one(question: Question) -> st.SearchStrategy[str]:
    return st.sampled_from([choice.key for choice in question.choices])


def _several(question: Question) -> st.SearchStrategy[list[str]]:
    alone = [[choice.key] for choice in question.choices if choice.exclusive]
    together = [choice.key for choice in question.choices if not choice.exclusive]
    options = [st.sampled_from(alone)] if alone else []
    return st.one_of(*options, *([st.lists(st.sampled_from(together), min_size=1, unique=True)] if together else []))


def _by_row(question: Question) -> st.SearchStrategy[dict[str, int]]:
    return st.dictionaries(st.sampled_from([row.key for row in question.rows]), _points(question), min_size=1)


def _numbers(question: Question) -> st.SearchStrategy[float]:
    low = -1e15 if question.min is None else question.min
    high = 1e15 if question.max is None else question.max
    return st.floats(low, high)


_VALID: dict[QuestionType, Callable[[Question], st.SearchStrategy[Any]]] = {
    QuestionType.NPS: _points,
    QuestionType.CES: _points,
    QuestionType.CSAT: _points,
    QuestionType.RATING: _points,
    QuestionType.SINGLE_CHOICE: _one,
    QuestionType.MULTIPLE_CHOICE: _several,
    QuestionType.RANKING: _several,
    QuestionType.MATRIX: _by_row,
    QuestionType.NUMBER: _numbers,
    QuestionType.DATE: lambda _: DAYS,
    QuestionType.BOOLEAN: lambda _: st.booleans(),
    QuestionType.TEXT: lambda question: WORDS.map(lambda words: words[: question.max_length]).filter(
        lambda words: not words.isspace()
    ),
}


@st.composite
def valid_responses(draw: st.DrawFn, asked: Questionnaire) -> tuple[dict[str, Any], dict[str, Any]]:
    """Answers to some of the questions that are then shown, and some attributes; some of both ``null``."""
    answers: dict[str, Any] = {}
    for question in asked.questions:
        if holds(question.show_if, answers) and draw(st.booleans()):
            answers[question.key] = draw(valid_answers(question))
        elif draw(st.booleans()):
            answers[question.key] = None
    attributes = {
        attribute.key: draw(st.none() | st.sampled_from([value.key for value in attribute.values]))
        for attribute in asked.attributes
        if draw(st.booleans())
    }
    return answers, attributes


def holds(condition: Condition | None, answers: dict[str, Any]) -> bool:
    """What a condition means, read off its definition."""
    match condition:
        case None:
            return True
        case AllOf(parts):
            return all(holds(part, answers) for part in parts)
        case AnyOf(parts):
            return any(holds(part, answers) for part in parts)
        case Not(inner):
            return not holds(inner, answers)
        case Comparison(key, op, value):
            answer = answers.get(key)
            return answer is not None and _MEANING[op](answer, value)


_MEANING: dict[Op, Callable[[Any, Any], bool]] = {
    Op.EQUALS: operator.eq,
    Op.NOT_EQUALS: operator.ne,
    Op.IN: lambda answer, values: answer in values,
    Op.AT_LEAST: operator.ge,
    Op.AT_MOST: operator.le,
    Op.ANSWERED: lambda _answer, _value: True,
    Op.INCLUDES: operator.contains,
}


def wrong_answers(question: Question) -> list[tuple[Any, str]]:
    """Values that the question refuses, each with the pointer of the first fault below the answer."""
    return _WRONG[question.type](question)


def _wrong_points(question: Question) -> list[tuple[Any, str]]:
    scale = question.answer_scale
    assert scale is not None
    bad = [scale.max + 1, scale.min - 1, scale.min + 0.5, str(scale.min), True, [scale.min], float("nan"), 10**400]
    return [(value, "") for value in bad]


def _wrong_choice(question: Question) -> list[tuple[Any, str]]:
    bad: list[Any] = ["no such choice", 1, True, [question.choices[0].key], {}]
    return [(value, "") for value in bad]


def _wrong_choices(question: Question) -> list[tuple[Any, str]]:
    first, second = question.choices[0], question.choices[1]
    bad: list[tuple[Any, str]] = [
        (first.key, ""),
        ({first.key: 1}, ""),
        ([first.key, None], "/1"),
        (["no such choice"], "/0"),
        ([second.key, second.key], "/0" if second.exclusive else "/1"),
    ]
    alone = first.exclusive or second.exclusive
    return [*bad, ([first.key, second.key], "/0" if first.exclusive else "/1")] if alone else bad


def _wrong_rows(question: Question) -> list[tuple[Any, str]]:
    row = question.rows[0].key
    by_row = [({row: value}, f"/{row}") for value, _ in _wrong_points(question)]
    return [*by_row, ([], ""), ("", ""), ({"No/row": 1}, "/No~1row")]


def _wrong_numbers(question: Question) -> list[tuple[Any, str]]:
    bad: list[Any] = [float("nan"), float("inf"), -float("inf"), 10**400, "1", True, [1]]
    bad += [limit + step for limit, step in ((question.max, 1e3), (question.min, -1e3)) if limit is not None]
    return [(value, "") for value in bad]


def _wrong_dates(_: Question) -> list[tuple[Any, str]]:
    bad = ["2026-02-30", "20260301", "2026-W01-1", "1899-12-31", "2201-01-01", "2026-03-01T00:00", "", 20260301, True]
    return [(value, "") for value in bad]


def _wrong_texts(question: Question) -> list[tuple[Any, str]]:
    bad = ["\0", "\ud800", "x" * ((question.max_length or 30_000) + 1), 3, True, ["x"]]
    return [(value, "") for value in bad]


_WRONG: dict[QuestionType, Callable[[Question], list[tuple[Any, str]]]] = {
    QuestionType.NPS: _wrong_points,
    QuestionType.CES: _wrong_points,
    QuestionType.CSAT: _wrong_points,
    QuestionType.RATING: _wrong_points,
    QuestionType.SINGLE_CHOICE: _wrong_choice,
    QuestionType.MULTIPLE_CHOICE: _wrong_choices,
    QuestionType.RANKING: _wrong_choices,
    QuestionType.MATRIX: _wrong_rows,
    QuestionType.NUMBER: _wrong_numbers,
    QuestionType.DATE: _wrong_dates,
    QuestionType.BOOLEAN: lambda _: [(value, "") for value in (0, 1, "true", "", [True])],
    QuestionType.TEXT: _wrong_texts,
}
