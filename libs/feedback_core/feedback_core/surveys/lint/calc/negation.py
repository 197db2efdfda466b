"""Denials of denials."""

from collections.abc import Iterator
from itertools import pairwise

from feedback_core.surveys.lint.calc.agreement import is_agree_disagree
from feedback_core.surveys.lint.calc.lens import Lens, beside
from feedback_core.surveys.lint.calc.texts import Asked, Said, found_in
from feedback_core.surveys.lint.phrases import Match
from feedback_core.surveys.lint.types import LintFinding, RuleId
from feedback_core.surveys.types import QuestionType


def double_negative(asked: Asked, text: Said, lens: Lens) -> Iterator[LintFinding]:
    """Two denials in one sentence; or one, where the answer no, or disagreeing, makes the second."""
    lexicon, words = lens.lexicon, text.words
    aside = [*lexicon.pairs.all(words), *lexicon.if_any.all(words), *lexicon.leading.all(words)]
    opening = [match for match in lexicon.negations.all(words) if match.first in words.begins]
    denials = beside(lexicon.negations.find(words), [*aside, *opening])
    by_meaning = beside(lexicon.negative.find(words), aside)
    for sentence in _sentences(text):
        inside = [match for match in denials if match.first in sentence]
        others = [match for match in by_meaning if match.first in sentence]
        both = sorted({*inside, *others, *(match for match in opening if match.first in sentence and inside)})
        if inside and len(both) > 1:
            yield _found(text, both[0], both[-1], "Two denials in one sentence: few can tell what a no means.")
            return
        if inside and _is_denied_by_answers(asked, lens):
            yield _found(text, inside[0], inside[0], "The question denies already: a no denies the denial.")
            return


def _found(text: Said, first: Match, last: Match, what: str) -> LintFinding:
    how = "Say it as what is the case, without not, un- and the like; then a no says what it seems to say."
    return found_in(RuleId.DOUBLE_NEGATIVE, text, first.first, last.after, what, how)


def _sentences(text: Said) -> Iterator[range]:
    borders = [*sorted(text.words.begins), len(text.words)]
    for begin, following in pairwise(borders):
        yield range(begin, following)


def _is_denied_by_answers(asked: Asked, lens: Lens) -> bool:
    labels = asked.labels or ()
    yes_or_no = asked.question.type is QuestionType.BOOLEAN or any(
        lens.lexicon.yes_no.are_in(label.words) for label in labels
    )
    return yes_or_no or is_agree_disagree(asked, lens)
