"""Whether any answers show a question: the answers that make a difference are tried, with a bound."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations, pairwise

from feedback_core.surveys.types import (
    MAX_NUMBER,
    Comparison,
    Op,
    Question,
    Questionnaire,
    QuestionType,
    Scale,
    comparisons_in,
)
from feedback_core.surveys.validation.checks import FIRST_DATE, LAST_DATE
from feedback_core.surveys.validation.conditions import Shown, compile_condition

_MOST_TRIES = 20_000
"""For a whole questionnaire: less than a tenth of a second."""

_MOST_TRIES_OF_ONE = 2_000
"""For one condition, so that one that is hard to decide does not use up the tries of the others."""

_MOST_INVOLVED = 12
_MOST_COMBINED = 4
"""Choices of one multiple choice that are tried together."""


class _OutOfTries(Exception):
    pass


def never_shown(questionnaire: Questionnaire) -> list[int]:
    """Positions of the questions that no answers show, in a questionnaire that has no other faults.

    Answers to a question fall into classes that no comparison tells apart, so one answer of each class is enough.
    Answers to questions that are themselves hidden do not count. Conditions that involve more than a dozen questions,
    many choices of one question, or more tries than the bound are taken as reachable.
    """
    search = _Search(questionnaire.questions)
    return [index for index, question in enumerate(questionnaire.questions) if not search.may_be_shown(question)]


class _Search:
    def __init__(self, questions: Sequence[Question]) -> None:
        self._position = {question.key: index for index, question in enumerate(questions)}
        self._questions = questions
        self._comparisons = {
            question.key: tuple(comparisons_in(question.show_if)) if question.show_if else () for question in questions
        }
        self._shown = {
            question.key: compile_condition(question.show_if) for question in questions if question.show_if is not None
        }
        self._tries_left = _MOST_TRIES
        self._tries_left_of_one = 0

    def may_be_shown(self, question: Question) -> bool:
        shown = self._shown.get(question.key)
        if shown is None:
            return True
        involved = self._involved(question)
        if len(involved) > _MOST_INVOLVED:
            return True
        asked: dict[str, list[Comparison]] = {key: [] for key in involved}
        for key in (question.key, *involved):
            for comparison in self._comparisons[key]:
                asked[comparison.question].append(comparison)
        domains = [(key, self._shown.get(key), _answers_to_try(self._of(key), asked[key])) for key in involved]
        if any(domain is None for _, _, domain in domains):
            return True
        self._tries_left_of_one = min(_MOST_TRIES_OF_ONE, self._tries_left)
        self._tries_left -= self._tries_left_of_one
        try:
            return self._reaches(shown, [(key, gate, domain or []) for key, gate, domain in domains], {})
        except _OutOfTries:
            return True
        finally:
            self._tries_left += self._tries_left_of_one

    def _of(self, key: str) -> Question:
        return self._questions[self._position[key]]

    def _involved(self, question: Question) -> list[str]:
        """Questions that the condition asks about, those that their conditions ask about, and so on; in order."""
        found: set[str] = set()
        open_keys = [question.key]
        while open_keys and len(found) <= _MOST_INVOLVED:
            for comparison in self._comparisons[open_keys.pop()]:
                if comparison.question not in found:
                    found.add(comparison.question)
                    open_keys.append(comparison.question)
        return sorted(found, key=self._position.__getitem__)

    def _reaches(
        self, shown: Shown, domains: Sequence[tuple[str, Shown | None, list[object]]], said: dict[str, object]
    ) -> bool:
        if not self._tries_left_of_one:
            raise _OutOfTries
        self._tries_left_of_one -= 1
        if not domains:
            return shown(said)
        (key, gate, answers), *rest = domains
        if gate is None or gate(said):
            for answer in answers:
                if self._reaches(shown, rest, {**said, key: answer}):
                    return True
        return self._reaches(shown, rest, said)


def _answers_to_try(  # noqa: PLR0911  # one return per kind of question
    question: Question, asked: Iterable[Comparison]
) -> list[object] | None:
    """One answer of each class that the comparisons tell apart; ``None``: too many to try."""
    values = {value for comparison in asked if comparison.op is not Op.ANSWERED for value in _values(comparison)}
    match question.type:
        case QuestionType.TEXT | QuestionType.MATRIX:
            return [True]  # Only whether there is an answer can be asked.
        case QuestionType.BOOLEAN:
            return [True, False]
        case QuestionType.SINGLE_CHOICE:
            return list(_named_and_another(question, values))
        case QuestionType.MULTIPLE_CHOICE | QuestionType.RANKING:
            return _lists(question, list(_named_and_another(question, values)))
        case QuestionType.DATE:
            return list(_days(values))
        case QuestionType.NUMBER:
            return list(_numbers(question, values))
        case _:
            return list(_points(question.answer_scale or Scale(0, 0), values))


def _values(comparison: Comparison) -> tuple[object, ...]:
    return comparison.value if isinstance(comparison.value, tuple) else (comparison.value,)


def _named_and_another(question: Question, values: set[object]) -> Iterator[str]:
    yield from (choice.key for choice in question.choices if choice.key in values)
    another = next((choice.key for choice in question.choices if choice.key not in values), None)
    if another is not None:
        yield another


def _lists(question: Question, keys: list[str]) -> list[object] | None:
    if len(keys) > _MOST_COMBINED:
        return None
    alone = {choice.key for choice in question.choices if choice.exclusive}
    together = [key for key in keys if key not in alone]
    several = (list(chosen) for size in range(1, len(together) + 1) for chosen in combinations(together, size))
    return [*([key] for key in keys if key in alone), *several]


def _points(scale: Scale, values: set[object]) -> Iterator[int]:
    near = {int(value) + step for value in values if isinstance(value, int | float) for step in (-1, 0, 1)}
    yield from sorted({scale.min, scale.max} | {point for point in near if scale.min <= point <= scale.max})


def _numbers(question: Question, values: set[object]) -> Iterator[float]:
    low = -MAX_NUMBER if question.min is None else question.min
    high = MAX_NUMBER if question.max is None else question.max
    ends = sorted({low, high} | {value for value in values if isinstance(value, int | float)})
    yield from ends
    yield from ((one + other) / 2 for one, other in pairwise(ends))


def _days(values: set[object]) -> Iterator[str]:
    first, last = date.fromisoformat(FIRST_DATE), date.fromisoformat(LAST_DATE)
    named = {date.fromisoformat(value) for value in values if isinstance(value, str)}
    near = {day + timedelta(days=step) for day in named for step in (-1, 0, 1)}
    yield from (day.isoformat() for day in sorted({first, last} | {day for day in near if first <= day <= last}))
