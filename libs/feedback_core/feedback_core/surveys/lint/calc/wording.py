"""Faults in the words of a question: what leads, judges, admits of no exception, supposes, or is said in jargon."""

from collections.abc import Callable, Iterator
from typing import Final

from feedback_core.surveys.lint.calc.lens import Lens, beside
from feedback_core.surveys.lint.calc.texts import Asked, Said, found_in, without
from feedback_core.surveys.lint.phrases import Match, words_of
from feedback_core.surveys.lint.types import LintFinding, RuleId, WordList
from feedback_core.surveys.types import QuestionType

WordingRule = Callable[[Asked, Said, Lens], Iterator[LintFinding]]

_LONGEST_ABBREVIATION: Final = 6
_NOTHING: Final = words_of("", "")
MOST_WORDS: Final = 30
"""Of one question. Questions of opinion of more than twenty words are harder to answer (Payne 1951); half as many again
leaves room for naming a time or a thing."""


def leading(asked: Asked, text: Said, lens: Lens) -> Iterator[LintFinding]:
    """It asks for one answer: by denial, by a tag, by what others think, by praise."""
    lexicon, words = lens.lexicon, text.words
    found = lens.matches(words, lexicon.leading)
    found += [
        Match(match.first - 1, match.after, "")
        for match in (*lexicon.praise.all(words), *lexicon.loaded.all(words))
        if match.first - 1 in words.begins and words.words[match.first - 1].lower in lexicon.how
    ]
    if found:
        match = min(found)
        yield found_in(
            RuleId.LEADING,
            text,
            match.first,
            match.after,
            "This asks for one answer rather than another.",
            "Ask openly, with every answer as easy to give as any other: how, or to what extent.",
            *_without_the_lead(text, match),
        )
    elif _asks_to_agree(asked, lens) and (match_ := lexicon.agreeing.first(words)):
        yield found_in(
            RuleId.LEADING,
            text,
            match_.first,
            match_.after,
            "Asked whether they agree, many say yes to be polite.",
            "Ask how it is, with answers for each degree.",
        )


def loaded(_: Asked, text: Said, lens: Lens) -> Iterator[LintFinding]:
    """Its words judge what it asks about."""
    for match in lens.matches(text.words, lens.lexicon.loaded, WordList.LOADED):
        span = text.span(match.first, match.after)
        before = text.words.words[match.first - 1].lower if match.first else ""
        rewrites: tuple[str, ...] = ()
        if match.beside or before in lens.lexicon.determiners:
            rewrites = (without(text.text, span, match.beside),)
        how = f"Say “{match.beside}”." if match.beside else "Leave the judgement out, or name the plain fact."
        what = f"“{span.text}” judges; answers follow the judgement."
        yield found_in(RuleId.LOADED, text, match.first, match.after, what, how, *rewrites)


def absolute(_: Asked, text: Said, lens: Lens) -> Iterator[LintFinding]:
    """It admits of no exception, so that hardly anybody can say yes."""
    lexicon, words = lens.lexicon, text.words
    excepted = [*lexicon.not_absolute.all(words), *lexicon.leading.all(words)]
    for match in beside(lens.matches(words, lexicon.absolute, WordList.ABSOLUTE), excepted):
        span = text.span(match.first, match.after)
        opening = next((one for one in lexicon.how_often.all(words) if one.first <= match.first < one.after), None)
        rewrites: tuple[str, ...] = ()
        if opening is not None:
            verb = words.words[opening.first].lower
            begin = text.span(opening.first, opening.after)
            rewrites = (without(text.text, begin, opening.beside.replace("{verb}", verb)),)
        elif match.beside:
            rewrites = (without(text.text, span, match.beside.strip("-")),)
        yield found_in(
            RuleId.ABSOLUTE,
            text,
            match.first,
            match.after,
            f"“{span.text}” admits of no exception: one is enough for a no.",
            "Ask how often or how much, with answers for each degree, or leave the word out.",
            *rewrites,
        )


def hypothetical(asked: Asked, text: Said, lens: Lens) -> Iterator[LintFinding]:
    """It asks what somebody would do, which people do not know of themselves."""
    lexicon, words = lens.lexicon, text.words
    if asked.question.type is QuestionType.NPS:
        return
    polite = [*lexicon.polite.all(words), *lexicon.if_any.all(words)]
    match = next(iter(beside(lens.matches(words, lexicon.hypothetical), polite)), None)
    if match is None:
        would = next(iter(beside(lexicon.wouldbe.find(words), polite)), None)
        condition = next(iter(beside(lexicon.conditions.find(words), polite)), None)
        if would is None or condition is None or not _same_sentence(text, would.first, condition.first):
            return
        match = Match(min(would.first, condition.first), max(would.after, condition.after), "")
    yield found_in(
        RuleId.HYPOTHETICAL,
        text,
        match.first,
        match.after,
        "This asks what somebody would do; what they then do is something else.",
        "Ask what they did when it last happened, or what they need now.",
    )


def assumptive(asked: Asked, text: Said, lens: Lens) -> Iterator[LintFinding]:
    """It takes for granted what may not be so."""
    if asked.question.show_if is not None or lens.lexicon.if_any.are_in(text.words):
        return
    match = next(iter(lens.matches(text.words, lens.lexicon.assumptive)), None)
    if match is not None:
        yield found_in(
            RuleId.ASSUMPTIVE,
            text,
            match.first,
            match.after,
            "This takes for granted that it is so: who it is not so for has no answer.",
            "Ask first whether it is so, and show this question (`show_if`) only where it is; or add “if any”.",
            *_with_if_any(text, match),
        )


def jargon(_: Asked, text: Said, lens: Lens) -> Iterator[LintFinding]:
    """Words of a trade, and abbreviations that are not explained."""
    matches = lens.matches(text.words, lens.lexicon.jargon, WordList.JARGON)
    taken = {index for match in matches for index in range(match.first, match.after)}
    for match in matches:
        span = text.span(match.first, match.after)
        how = f"Say “{match.beside}”." if match.beside else "Say it in everyday words, or explain it."
        rewrites = (without(text.text, span, match.beside),) if match.beside else ()
        what = f"“{span.text}” is a word of the trade: who does not know it guesses."
        yield found_in(RuleId.JARGON, text, match.first, match.after, what, how, *rewrites)
    for index in _abbreviations(text, lens):
        if index not in taken and not lens.is_allowed(text.words, index):
            what = f"{text.span(index, index + 1).text} is not explained."
            how = "Write it out, or put it in the list of allowed words if every customer knows it."
            yield found_in(RuleId.JARGON, text, index, index + 1, what, how)


def sensitive(asked: Asked, text: Said, lens: Lens) -> Iterator[LintFinding]:
    """It asks for what many will not tell, without a way not to."""
    unsaid = any(lens.lexicon.unsaid.are_in(label.words) for label in asked.choices if label is not None)
    may_be_left = unsaid or lens.lexicon.optional.are_in(text.words)
    if may_be_left and not asked.question.required:
        return
    match = next(iter(lens.matches(text.words, lens.lexicon.sensitive, WordList.SENSITIVE)), None)
    if match is not None:
        topic = match.beside or text.span(match.first, match.after).text
        yield found_in(
            RuleId.SENSITIVE,
            text,
            match.first,
            match.after,
            f"This is about {topic}, which many will not tell, or not truly.",
            "Ask it only if something is decided by it; say why; offer “Prefer not to say”; never require it.",
        )


def long_text(_asked: Asked, text: Said, _lens: Lens) -> Iterator[LintFinding]:
    """It is longer than what is read to its end."""
    count = len(text.words)
    if count > MOST_WORDS:
        yield found_in(
            RuleId.LONG_TEXT,
            text,
            MOST_WORDS,
            count,
            f"{count} words: what stands after the first {MOST_WORDS} is often not read.",
            "Ask in one short sentence; put what must be explained before it, in another.",
        )


def _without_the_lead(text: Said, match: Match) -> tuple[str, ...]:
    """The question alone, where what leads is a sentence of its own before it, or a tag after it."""
    words = text.words
    if match.first in words.after_comma and match.after - 1 in words.ends and match.first:
        start = words.words[match.first - 1].end
        return (f"{text.text[:start]}?",) if not words.words[0].lower.startswith(("you", "it", "they")) else ()
    following = [index for index in sorted(words.begins) if index >= match.after]
    if match.first in words.begins and following:
        rest = text.text[words.words[following[0]].start :].strip()
        return (rest,) if rest.rstrip().endswith("?") else ()
    return ()


def _asks_to_agree(asked: Asked, lens: Lens) -> bool:
    if lens.lexicon.disagree_choices.are_in(asked.text.words if asked.text else _NOTHING):
        return False
    if asked.question.type is QuestionType.BOOLEAN:
        return True
    labels = asked.labels
    return bool(labels) and any(lens.lexicon.yes_no.are_in(label.words) for label in labels or ())


def _same_sentence(text: Said, one: int, other: int) -> bool:
    low, high = sorted((one, other))
    return not any(low < begin <= high for begin in text.words.begins)


def _with_if_any(text: Said, match: Match) -> tuple[str, ...]:
    """``What, if anything, did you dislike``: in English, where it begins so."""
    words = text.words.words
    if text.root != "en" or match.first != 0 or words[0].lower not in {"what", "which"}:
        return ()
    if words[1].lower in {"did", "do", "don't", "didn't"}:
        return (f"{text.text[: words[0].end]}, if anything, {text.text[words[1].start :]}",)
    if words[1].lower in {"problems", "difficulties", "issues", "complaints", "trouble"}:
        return (f"{text.text[: words[1].end]}, if any, {text.text[words[2].start :]}",)
    return ()


def _abbreviations(text: Said, lens: Lens) -> Iterator[int]:
    originals = [text.text[word.start : word.end] for word in text.words.words]
    capitals = [index for index, word in enumerate(originals) if word.isupper() and word.isalpha() and len(word) > 1]
    if 2 * len(capitals) > len(originals):
        return  # Somebody shouts.
    for index in capitals:
        word = text.words.words[index]
        is_explained = text.text[word.end :].lstrip()[:1] == "(" or text.text[: word.start][-1:] == "("
        if len(originals[index]) <= _LONGEST_ABBREVIATION and not is_explained and word.lower not in lens.lexicon.known:
            yield index
