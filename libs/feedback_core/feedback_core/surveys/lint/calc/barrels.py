"""Two questions in one."""

from collections.abc import Iterator
from typing import Final

from feedback_core.surveys.lint.calc.lens import Lens, beside
from feedback_core.surveys.lint.calc.texts import Asked, Said, found_in
from feedback_core.surveys.lint.lexicons.form import Lexicon
from feedback_core.surveys.lint.phrases import Match
from feedback_core.surveys.lint.types import LintFinding, RuleId
from feedback_core.surveys.types import QuestionType

_INTRODUCING: Final = frozenset({QuestionType.MATRIX, QuestionType.MULTIPLE_CHOICE, QuestionType.RANKING})
"""What is asked stands in their rows and choices; rows are looked at for themselves."""

_LISTED: Final = 5
"""Words before the one that joins, among which a comma makes a list of more than two things."""

_RATED: Final = frozenset({QuestionType.NPS, QuestionType.CES, QuestionType.CSAT, QuestionType.RATING})


def double_barrelled(asked: Asked, text: Said, lens: Lens) -> Iterator[LintFinding]:
    """Two things, one answer."""
    if asked.question.type not in _INTRODUCING and (match := _joint(asked, text, lens)):
        yield _found(text, match, lens.lexicon)
    for row in asked.rows:
        if row is not None and (match := _joint(asked, row, lens)):
            yield _found(row, match, lens.lexicon)


def _joint(asked: Asked, text: Said, lens: Lens) -> Match | None:
    """The word that joins."""
    lexicon, words = lens.lexicon, text.words
    pairs = list(lexicon.pairs.all(words))
    joins = beside(lens.matches(words, lexicon.joins), pairs)
    if asked.question.type in _RATED:
        joins += beside(lens.matches(words, lexicon.either), pairs)
    else:
        joins += [
            match
            for match in beside(lens.matches(words, lexicon.either), pairs)
            if any(verb.first == match.after for verb in lexicon.verbs.all(words))
        ]
    inside = [match for match in joins if match.first not in words.begins and match.after < len(words)]
    return min(inside, default=None)


def _found(text: Said, match: Match, lexicon: Lexicon) -> LintFinding:
    joint = text.span(match.first, match.after).text
    return found_in(
        RuleId.DOUBLE_BARRELLED,
        text,
        max(match.first - 1, 0),
        match.after + 1,
        f"“{joint}” joins two things, and there is one answer: nobody knows which it is about.",
        "Ask about each in a question of its own.",
        *_apart(text, match, lexicon),
    )


def _apart(text: Said, match: Match, lexicon: Lexicon) -> tuple[str, ...]:
    """Both questions, where it is plain where the two things begin and end."""
    words = [word.lower for word in text.words.words]
    after = match.after
    begins_thing = words[after] in lexicon.determiners
    end = after + 1 + begins_thing
    while end < len(words) and end - 1 not in text.words.ends and words[end] not in lexicon.tails and begins_thing:
        end += 1
    if begins_thing:
        if "of" in words[end : end + 1]:
            end = _end_of_sentence(text, after)
        first = _begin_of_thing(words, match.first, lexicon, with_of="of" in words[after:end])
    else:
        first = match.first - 1
        if end < len(words) and end - 1 not in text.words.ends and words[end] not in lexicon.tails:
            return ()  # Several words that nothing sets off: where the other thing begins is a guess.
    if first is None or first <= 0 or any(match.first - _LISTED <= at <= match.first for at in text.words.after_comma):
        return ()  # Of three things or more, two questions would leave one out.
    return (_joined(text, first, match.first, end), _joined(text, after, end, end, before=first))


def _begin_of_thing(words: list[str], joint: int, lexicon: Lexicon, *, with_of: bool) -> int | None:
    for index in range(joint - 1, 0, -1):
        if words[index] in lexicon.determiners and (not with_of or "of" in words[index:joint]):
            return index
    return None


def _end_of_sentence(text: Said, index: int) -> int:
    return next((end + 1 for end in sorted(text.words.ends) if end >= index), len(text.words))


def _joined(text: Said, first: int, after: int, end: int, *, before: int | None = None) -> str:
    """What is before both things, one of them, and what is after both."""
    words = text.words.words
    head = text.text[: words[first if before is None else before].start]
    thing = text.text[words[first].start : words[after - 1].end]
    tail = text.text[words[end - 1].end :]
    return f"{head}{thing}{tail}"
