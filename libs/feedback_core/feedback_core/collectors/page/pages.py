"""Which questions stand together on a page.

Pages are fixed for a version, so that an address, a reload and the back button mean the same page however somebody
answered; a page of which nothing is shown is passed over.
"""

import math
from collections.abc import Collection, Iterator, Sequence
from typing import Final, TypeAlias

from feedback_core.surveys.types import Question, Questionnaire, QuestionType, Text, comparisons_in

QuestionPage: TypeAlias = tuple[Question, ...]

_MOST_WORK: Final = 8.0
"""Of one page, in questions that are answered by one choice."""

_MOST_BYTES: Final = 17_000
"""Of the HTML of the questions of a page; what is around them takes some 10 kB."""

_QUESTION_BYTES: Final = 420
_OPTION_BYTES: Final = 105
_ROWS_OF_ONE: Final = 2.0
"""Rows of a matrix that are as much work as a question of its own."""


def pages_of(questionnaire: Questionnaire) -> tuple[QuestionPage, ...]:
    """The pages of a questionnaire, in order; every question stands on one of them.

    A question never stands on the page of one that decides whether it is put: that must have been answered before.
    Between such places questions are spread evenly.
    """
    return tuple(page for stretch in _stretches(questionnaire.questions) for page in _spread(stretch))


def shown_on(page: QuestionPage, shown: Collection[str]) -> QuestionPage:
    """The questions of a page that are put."""
    return tuple(question for question in page if question.key in shown)


def _stretches(questions: Sequence[Question]) -> Iterator[list[Question]]:
    """Runs of questions of which none decides about another."""
    stretch: list[Question] = []
    keys: set[str] = set()
    for question in questions:
        if question.show_if is not None and any(each.question in keys for each in comparisons_in(question.show_if)):
            yield stretch
            stretch, keys = [], set()
        stretch.append(question)
        keys.add(question.key)
    if stretch:
        yield stretch


def _spread(stretch: Sequence[Question]) -> Iterator[QuestionPage]:
    """A run of questions on as few pages as hold it, as even as they come."""
    sizes = [_size(question) for question in stretch]
    share = sum(sizes) / max(1, math.ceil(sum(sizes)))
    page: list[Question] = []
    size = done = 0.0
    at = 0
    for question, own in zip(stretch, sizes, strict=True):
        # On the page in which its middle comes to lie, if all are of one size; never on one that is full.
        turn = int((done + own / 2) / share)
        if page and (turn > at or size + own > 1):
            yield tuple(page)
            page, size = [], 0.0
        at = turn
        page.append(question)
        size += own
        done += own
    if page:
        yield tuple(page)


def _size(question: Question) -> float:
    """The part of a page that a question takes, by work or by bytes, whichever is more."""
    return max(_work(question) / _MOST_WORK, _bytes(question) / _MOST_BYTES)


def _work(question: Question) -> float:
    match question.type:
        case QuestionType.MATRIX:
            return max(1.0, len(question.rows) / _ROWS_OF_ONE)
        case QuestionType.RANKING:
            return max(2.0, len(question.choices) / _ROWS_OF_ONE)
        case _:
            return 1.0


def _bytes(question: Question) -> int:
    labels = [choice.label for choice in question.choices] + [row.label for row in question.rows]
    points = len(question.answer_scale.points) if question.answer_scale else 0
    options = len(question.choices) + points * max(1, len(question.rows))
    words = sum(_length(text) for text in (question.text, *labels))
    return _QUESTION_BYTES + _OPTION_BYTES * options + words


def _length(text: Text) -> int:
    """Bytes of a text in the language in which it is longest."""
    return max((len(words.encode()) for words in ([text] if isinstance(text, str) else text.values())), default=0)
