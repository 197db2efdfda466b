"""Scales: whether both sides are alike, whether it is said what the ends mean, and which way they go."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from feedback_core.surveys.lint.calc.lens import Lens
from feedback_core.surveys.lint.calc.texts import READ_AT_MOST, Asked, Reading, Said, found_of
from feedback_core.surveys.lint.phrases import Words, words_of
from feedback_core.surveys.lint.types import LintFinding, RuleId
from feedback_core.surveys.types import QuestionType, Scale

_NEEDS_LABELS: Final = frozenset({QuestionType.RATING, QuestionType.MATRIX, QuestionType.CES})
_BETWEEN: Final = frozenset({
    "to", "is", "are", "means", "mean", "stands", "for", "and", "being", "where", "from", "of", "a", "bis", "und",
    "von", "heißt", "bedeutet", "ist", "y", "de", "es", "significa", "hasta", "al", "el", "et", "à", "signifie", "est",
})  # fmt: skip
"""Words between a point and what it means, or between two points."""

_DEGREE: Final = re.compile(r"^How ([a-z]{3,20}) (?:is|are|was|were|did|do|does) ", re.IGNORECASE)
_NO_DEGREE: Final = frozenset({"much", "many", "often", "long", "did", "far", "likely", "satisfied", "about", "come"})
_FEWEST: Final = 3
"""Answers that make a scale."""


class Sides(NamedTuple):
    """Answers of a scale by what they say: 1 good, -1 bad, 0 between."""

    good: int
    bad: int
    between: int
    first: int

    @property
    def judging(self) -> int:
        """How many say anything."""
        return self.good + self.bad + self.between


class Ends(NamedTuple):
    """What is said of the lowest and the highest point; empty: nothing."""

    low: str
    high: str


def unbalanced_scale(asked: Asked, text: Said, lens: Lens) -> Iterator[LintFinding]:
    """More answers on one side than on the other."""
    labels, scale = asked.labels, asked.question.answer_scale
    if labels:
        sides = sides_of(labels, lens)
        if sides is not None and sides.good != sides.bad and sides.good + sides.bad > 1:
            more, fewer = max(sides.good, sides.bad), min(sides.good, sides.bad)
            side = "good" if sides.good > sides.bad else "bad"
            what = f"{more} answers on the {side} side and {fewer} on the other: figures come out on the longer side."
            how = "Offer as many answers on either side, in steps that mirror each other, and one between them."
            yield _of_choices(asked, RuleId.UNBALANCED_SCALE, what, how, labels)
    elif scale is not None and (ends := ends_of(text, scale)).low and ends.high:
        low, high = (_side(words_of(end, text.language), lens) for end in ends)
        zero = lens.lexicon.nothing_of_it.are_in(words_of(ends.low, text.language))
        if low is not None and low == high and low != 0 and not zero:
            what = f"Both ends are on one side: “{ends.low}” and “{ends.high}”."
            how = "Let the scale go from one side to the other, or from “not at all” to “extremely”."
            yield found_of(RuleId.UNBALANCED_SCALE, text, what, how)


def unlabelled_scale(asked: Asked, text: Said, _: Lens) -> Iterator[LintFinding]:
    """Numbers of which nobody says what they mean."""
    scale = asked.question.answer_scale
    if asked.question.type not in _NEEDS_LABELS or scale is None or scale.min >= scale.max:
        return
    ends = ends_of(text, scale)
    if not (ends.low and ends.high):
        what = f"It is not said what {scale.min} and {scale.max} mean: some take 1 for the best."
        how = f"Say in the text what both ends mean: “({scale.min} = …, {scale.max} = …)”."
        yield found_of(RuleId.UNLABELLED_SCALE, text, what, how, *_labelled(asked, text, scale))


def scale_direction(reading: Reading, lens: Lens) -> Iterator[LintFinding]:
    """Scales that go the other way than the first."""
    ways: dict[str, int] = {}
    for asked in reading.questions:
        if asked.text is None:
            continue
        kind, way = _way(asked, asked.text, lens)
        if not way:
            continue
        usual = ways.setdefault(kind, way)
        if way != usual:
            side = "good" if usual > 0 else "bad"
            where = "first" if kind == "choices" else "on the low numbers"
            what = f"The scales before it have the {side} side {where}, this one the other."
            how = "Let all scales go the same way: who has learnt it from the first ones answers at the wrong end."
            yield found_of(RuleId.SCALE_DIRECTION, asked.text, what, how)


def sides_of(labels: list[Said], lens: Lens) -> Sides | None:
    """How the answers of a scale stand; ``None``: they make none that has two sides."""
    lexicon = lens.lexicon
    shown = [label for label in labels if not (lexicon.unsaid.are_in(label.words) or lexicon.other.are_in(label.words))]
    if any(lexicon.comparing.are_in(label.words) for label in shown) or _is_of_degree(shown, lens):
        return None
    found = [_side(label.words, lens) for label in shown]
    judging = [side for side in found if side is not None]
    if len(judging) < _FEWEST or 5 * len(judging) < 4 * len(shown):
        return None
    counts = Counter(judging)
    return Sides(counts[1], counts[-1], counts[0], next((side for side in judging if side), 0))


def is_scale(labels: list[Said], lens: Lens) -> bool:
    """Whether the answers are steps of one thing, rather than things to choose from."""
    lexicon = lens.lexicon
    steps = [
        label
        for label in labels
        if _side(label.words, lens) is not None
        or lexicon.frequencies.are_in(label.words)
        or lexicon.comparing.are_in(label.words)
        or lexicon.nothing_of_it.are_in(label.words)
    ]
    return 5 * len(steps) >= 3 * len(labels)


def ends_of(text: Said, scale: Scale) -> Ends:
    """What a text says of the ends of a scale: ``1 = poor``, ``from 1 (poor) to 5 (good)``, ``poor (1)``."""
    words = words_of(text.text[:READ_AT_MOST], text.language)
    return Ends(_meaning(words, str(scale.min)), _meaning(words, str(scale.max)))


def _meaning(words: Words, number: str) -> str:
    for index, word in enumerate(words.words):
        if word.lower != number:
            continue
        if words.text[: word.start].endswith("(") and words.text[word.end :].startswith(")"):
            if index and not words.words[index - 1].lower[0].isdecimal():
                return words.words[index - 1].lower
        elif after := _words_after(words, index):
            return after
    return ""


def _words_after(words: Words, index: int) -> str:
    found = []
    for at in range(index + 1, len(words)):
        word = words.words[at]
        if word.lower[0].isdecimal() or (at in words.begins and ";" not in words.text[word.start - 2 : word.start]):
            # A colon stands between a point and its meaning; other ends of sentences end it.
            if at == index + 1 and words.text[words.words[index].end : word.start].strip() == ":":
                found.append(word.lower)
                continue
            break
        found.append(word.lower)
    while found and found[-1] in _BETWEEN:
        found.pop()
    while found and found[0] in _BETWEEN:
        found.pop(0)
    return " ".join(found)


def _side(words: Words, lens: Lens) -> int | None:
    """What an answer says: 1 good, -1 bad, 0 between, ``None`` nothing."""
    if lens.lexicon.middling.are_in(words):
        return 0
    if lens.lexicon.bad.are_in(words):
        return -1
    return 1 if lens.lexicon.good.are_in(words) else None


def _is_of_degree(labels: list[Said], lens: Lens) -> bool:
    """From nothing of it to very much of it: there is no other side."""
    zero = any(lens.lexicon.nothing_of_it.are_in(label.words) for label in labels)
    return zero and any(lens.lexicon.degrees.are_in(label.words) for label in labels)


def _way(asked: Asked, text: Said, lens: Lens) -> tuple[str, int]:
    """Of what kind the scale is, and 1 where it begins at the good side, -1 at the bad one, 0 where neither shows."""
    labels, scale = asked.labels, asked.question.answer_scale
    if labels:
        sides = sides_of(labels, lens)
        return "choices", sides.first if sides else 0
    if scale is None:
        return "", 0
    ends = ends_of(text, scale)
    low, high = (_side(words_of(end, text.language), lens) if end else None for end in ends)
    return "points", low if low is not None and high is not None and low != high else 0


def _of_choices(asked: Asked, rule: RuleId, what: str, how: str, labels: list[Said]) -> LintFinding:
    about = "\n".join(label.text for label in labels)
    return LintFinding(
        rule, f"{asked.pointer}/choices", f"{asked.place}/choices", what, how, about=about, language=asked.language
    )


def _labelled(asked: Asked, text: Said, scale: Scale) -> tuple[str, ...]:
    if text.root != "en":
        return ()
    low, high = "very poor", "very good"
    degree = _DEGREE.match(text.text[:100])
    if asked.question.type is QuestionType.CES:
        low, high = "very difficult", "very easy"
    elif "satisfied" in text.text[:200].lower():
        low, high = "very dissatisfied", "very satisfied"
    elif degree and degree[1].lower() not in _NO_DEGREE:
        low, high = f"not at all {degree[1].lower()}", f"extremely {degree[1].lower()}"
    return (f"{text.text.rstrip()} ({scale.min} = {low}, {scale.max} = {high})",)
