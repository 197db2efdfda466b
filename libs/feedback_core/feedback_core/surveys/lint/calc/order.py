"""Faults of a questionnaire as a whole: the order of its questions, long matrices, too much that is required."""

from collections.abc import Iterator
from typing import Final

from feedback_core.surveys.lint.calc.lens import Lens
from feedback_core.surveys.lint.calc.nps import is_nps_wording
from feedback_core.surveys.lint.calc.scales import sides_of
from feedback_core.surveys.lint.calc.texts import Asked, Reading, found_of
from feedback_core.surveys.lint.calc.wording import sensitive
from feedback_core.surveys.lint.types import LintFinding, RuleId
from feedback_core.surveys.types import Questionnaire, QuestionType

MOST_ROWS: Final = 10
"""Of a matrix: the longer it is, the more rows are left out or answered alike (Couper et al. 2013)."""

_SCORED: Final = frozenset(
    {QuestionType.NPS, QuestionType.CES, QuestionType.CSAT, QuestionType.RATING, QuestionType.MATRIX}
)
_FEWEST_BEFORE: Final = 2
_FEWEST_REQUIRED: Final = 4
_FIRST_PART: Final = 3
"""A sensitive question belongs behind the first third."""


def overall_after_specifics(reading: Reading, lens: Lens) -> Iterator[LintFinding]:
    """A judgement of everything after judgements of parts, which it then repeats."""
    specific = 0
    for asked in reading.questions:
        if _is_overall(asked, lens):
            if specific >= _FEWEST_BEFORE and asked.text is not None:
                what = f"{specific} questions about parts come before it: the judgement of everything leans on those."
                how = "Put it first; or leave it last in every wave, and compare it only with waves that did the same."
                yield found_of(RuleId.OVERALL_AFTER_SPECIFICS, asked.text, what, how)
            return
        if asked.question.type in _SCORED or _is_scale(asked, lens):
            specific += max(len(asked.rows), 1)


def sensitive_first(reading: Reading, lens: Lens) -> Iterator[LintFinding]:
    """What many will not tell, asked before there is any trust."""
    for asked in reading.questions:
        if asked.text is None or _FIRST_PART * asked.index >= len(reading.questions) or len(reading.questions) < 2:
            continue
        if next(sensitive(asked, asked.text, lens), None) is not None:
            what = f"Question {asked.index + 1} of {len(reading.questions)} already asks what many will not tell."
            how = "Put it at the end: who is put off by it has answered the rest by then."
            yield found_of(RuleId.SENSITIVE_FIRST, asked.text, what, how)


def long_matrix(asked: Asked) -> Iterator[LintFinding]:
    """A matrix that is answered by going down one column."""
    rows = len(asked.question.rows)
    if rows > MOST_ROWS:
        what = f"{rows} rows: towards the end they are left out, or answered like the ones before."
        how = f"Ask at most {MOST_ROWS} at a time; divide it by subject, or leave out what decides nothing."
        about = "\n".join(row.key for row in asked.question.rows)
        yield LintFinding(RuleId.LONG_MATRIX, f"{asked.pointer}/rows", f"{asked.place}/rows", what, how, about=about)


def mostly_required(questionnaire: Questionnaire) -> Iterator[LintFinding]:
    """Who cannot answer one of them leaves, or makes something up."""
    count, of = sum(question.required for question in questionnaire.questions), len(questionnaire.questions)
    if count >= _FEWEST_REQUIRED and 2 * count > of:
        what = f"{count} of {of} questions are required: who cannot answer one of them leaves, or makes something up."
        how = "Require only what the response is worthless without."
        yield LintFinding(RuleId.MOSTLY_REQUIRED, "", "", what, how)


def _is_overall(asked: Asked, lens: Lens) -> bool:
    if asked.question.type is QuestionType.NPS:
        return asked.text is None or is_nps_wording(asked.text, lens)
    return asked.text is not None and lens.lexicon.overall.are_in(asked.text.words)


def _is_scale(asked: Asked, lens: Lens) -> bool:
    labels = asked.labels
    return (
        asked.question.type is QuestionType.SINGLE_CHOICE and labels is not None and sides_of(labels, lens) is not None
    )
