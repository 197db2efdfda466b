"""Statements to agree with: people agree with whatever is stated."""

import re
from collections.abc import Iterator
from typing import Final

from feedback_core.surveys.lint.calc.lens import Lens
from feedback_core.surveys.lint.calc.texts import Asked, Said, found_of
from feedback_core.surveys.lint.phrases import words_of
from feedback_core.surveys.lint.types import LintFinding, RuleId

# "The queue was (very) slow." - one way to match each word, so linear.
_IS_SO: Final = re.compile(
    r"^(?P<what>(?:the|our|my|your) [\w' -]{2,60}?) (?P<is>is|are|was|were) (?:very |quite |really )?"
    r"(?P<so>[a-z]{3,20})\.?$",
    re.IGNORECASE,
)


def agree_disagree(asked: Asked, text: Said, lens: Lens) -> Iterator[LintFinding]:
    """A statement with answers that agree and disagree, or a battery of such."""
    if not is_agree_disagree(asked, lens):
        return
    what = "People tend to agree with a statement, whatever it says."
    if asked.rows:
        what = f"{len(asked.rows)} statements to agree with: people tend to agree, and to give all the same answer."
    how = "Ask for the thing itself, with answers of its own: how easy, how satisfied, how often."
    yield found_of(RuleId.AGREE_DISAGREE, text, what, how, *_asking_for_it(text, lens))


def is_agree_disagree(asked: Asked, lens: Lens) -> bool:
    """Whether it is answered by agreeing."""
    lexicon, text = lens.lexicon, asked.text
    if asked.choices:
        labels = asked.labels or []
        disagreeing = [label for label in labels if lexicon.disagree_choices.are_in(label.words)]
        agreeing = [label for label in labels if lexicon.agree_choices.are_in(label.words)]
        if disagreeing and agreeing:
            return True
    if text is None:
        return False
    legend = words_of(text.legend, text.language)
    return (
        lexicon.agreeing.are_in(text.words)
        or lexicon.agree_choices.are_in(legend)
        or lexicon.disagree_choices.are_in(legend)
    )


def _asking_for_it(text: Said, lens: Lens) -> tuple[str, ...]:
    opening = lens.lexicon.statements.first(text.words)
    if opening is not None and opening.beside:
        rest = text.text[text.words.words[opening.after - 1].end :].split("(")[0].strip().rstrip(".")
        return (f"{opening.beside} {rest}?",)
    if text.root == "en" and (so := _IS_SO.match(text.text[:200])):
        what = so["what"][:1].lower() + so["what"][1:]
        return (f"How {so['so'].lower()} {so['is'].lower()} {what}?",) if so["so"].lower() not in _NO_DEGREE else ()
    return ()


_NO_DEGREE: Final = frozenset({"not", "true", "false", "there", "here", "open", "closed", "unhelpful"})
