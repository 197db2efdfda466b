"""Answers to choose from: whether everybody finds one, and only one."""

from collections.abc import Iterator
from itertools import pairwise
from math import inf
from typing import Final

from feedback_core.surveys.lint.calc.intervals import Interval, intervals_of
from feedback_core.surveys.lint.calc.lens import Lens
from feedback_core.surveys.lint.calc.scales import is_scale, sides_of
from feedback_core.surveys.lint.calc.texts import Asked, Said
from feedback_core.surveys.lint.types import LintFinding, RuleId
from feedback_core.surveys.types import QuestionType

MOST_IN_A_LIST: Final = 10
"""Choices in no order of their own: the first ones on paper or screen are chosen more often (Krosnick & Alwin 1987)."""


def ranges(asked: Asked, _: Said, lens: Lens) -> Iterator[LintFinding]:
    """Ranges that overlap, or leave something out."""
    labels = asked.labels or []
    found = intervals_of(labels, lens)
    if len(found) < 2 or 5 * len(found) < 3 * len(labels) or _mixes_units(labels, lens):
        return
    found.sort(key=lambda pair: (pair[1].low, pair[1].high))
    for (_, below), (label, above) in pairwise(found):
        if above.low <= below.high:
            yield _overlap(label, below, above)
        elif above.low - below.high > above.step * 1.0001:
            missing = _written(below.high + above.step, above.low - above.step)
            yield _gap(label, f"Nothing is offered for {missing}.")
    last, top = found[-1]
    ways_out = any(
        lens.lexicon.other.are_in(label.words) or lens.lexicon.unsaid.are_in(label.words) for label in labels
    )
    if len(found) >= _RANGES and top.low < top.high < inf and not ways_out:
        yield _gap(last, f"Nothing is offered for more than {_number(top.high)}.")


def missing_way_out(asked: Asked, text: Said, lens: Lens) -> Iterator[LintFinding]:
    """Whom none of the choices fits must choose wrongly, or leave."""
    labels = asked.labels
    if not labels or len(labels) < 2 or not lens.is_known:
        return
    unsaid = any(lens.lexicon.unsaid.are_in(label.words) for label in labels)
    other = any(lens.lexicon.other.are_in(label.words) for label in labels)
    kind = asked.question.type
    what = how = ""
    if kind is QuestionType.MULTIPLE_CHOICE and not (
        other or unsaid or any(choice.exclusive for choice in asked.question.choices)
    ):
        what = "Who chooses nothing may have none of these, or not have read them: it cannot be told."
        how = "Add “Other” if there may be others, and “None of these” (`exclusive`)."
    elif kind is QuestionType.SINGLE_CHOICE and not (other or unsaid or _is_complete(labels, lens)):
        what = "Whom none of these fits must choose one all the same, or leave the question."
        how = "Add “Other”, and “Don't know” or “Does not apply to me” where that may be."
    elif not unsaid and lens.lexicon.sensitive.are_in(text.words):
        what = "Who will not tell has nothing to choose."
        how = "Add “Prefer not to say”."
    if what:
        yield LintFinding(
            RuleId.MISSING_WAY_OUT,
            f"{asked.pointer}/choices",
            f"{asked.place}/choices",
            what,
            how,
            about="\n".join(label.text for label in labels),
            language=asked.language,
        )


def long_list(asked: Asked, _: Said, lens: Lens) -> Iterator[LintFinding]:
    """A long list in no order of its own, put to everybody in the same order."""
    labels = asked.labels or []
    if len(labels) > MOST_IN_A_LIST and not is_scale(labels, lens) and not _is_of_ranges(labels, lens):
        what = f"{len(labels)} choices: the first ones are chosen more often, for being first."
        how = "Group or shorten them, and let the page that shows them shuffle their order for each respondent."
        about = "\n".join(label.text for label in labels)
        at = (f"{asked.pointer}/choices", f"{asked.place}/choices")
        yield LintFinding(RuleId.LONG_LIST, *at, what, how, about=about, language=asked.language)


_RANGES: Final = 3


def _is_complete(labels: list[Said], lens: Lens) -> bool:
    """Whether the answers are all that there can be: yes and no, a scale from end to end, ranges."""
    if any(lens.lexicon.yes_no.are_in(label.words) for label in labels):
        return True
    sides = sides_of(labels, lens)
    if sides is not None and not (sides.bad or sides.between):
        return False
    return is_scale(labels, lens) or _is_of_ranges(labels, lens)


def _is_of_ranges(labels: list[Said], lens: Lens) -> bool:
    return 5 * len(intervals_of(labels, lens)) >= 3 * len(labels)


def _mixes_units(labels: list[Said], lens: Lens) -> bool:
    units = {
        lens.lexicon.units[word.lower]
        for label in labels
        for word in label.words.words
        if word.lower in lens.lexicon.units
    }
    return len(units) > 1


def _overlap(label: Said, below: Interval, above: Interval) -> LintFinding:
    both = _written(above.low, min(below.high, above.high))
    rewrites: tuple[str, ...] = ()
    if above.first and below.high < above.high and below.high < inf:
        rewrites = (label.text.replace(above.first, _number(below.high + above.step), 1),)
    return LintFinding(
        RuleId.OVERLAPPING_OPTIONS,
        label.pointer,
        label.place,
        f"{both} is in this answer and in the one before it.",
        "Let each answer begin after the one before it has ended.",
        rewrites,
        label.text,
        label.language,
    )


def _gap(label: Said, what: str) -> LintFinding:
    how = "Let the answers follow each other without a gap, and the first and last take all that is below and above."
    return LintFinding(RuleId.GAPPED_OPTIONS, label.pointer, label.place, what, how, (), label.text, label.language)


def _written(low: float, high: float) -> str:
    return _number(low) if low >= high else f"{_number(low)} to {_number(high)}"


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
