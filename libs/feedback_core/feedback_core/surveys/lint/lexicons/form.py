"""What is known of a language: the words by which faults are found in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from feedback_core.surveys.lint.phrases import NO_PHRASES, Phrases


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words and phrases of a language, by what they show.

    Attributes:
        leading: ask for one answer.
        agreeing: ask whether one agrees, with a statement.
        loaded: judge, with what to say instead; nothing: leave it out.
        praise: words that praise; with one of ``how`` before them they lead.
        how: begins a question about a degree.
        absolute: admit of no exception, with what to say instead; ``-``: leave it out.
        not_absolute: where such a word is none.
        how_often: begin a question that asks of somebody's absolutes, with how to begin instead.
        hypothetical: ask what one would do.
        conditions: ``if``, for questions that hold ``wouldbe`` as well.
        wouldbe: what one would do, after a condition.
        polite: hypothetical by form alone (``would you say``).
        assumptive: take for granted what may not be so, with how to ask instead.
        if_any: takes nothing for granted.
        sensitive: about what many will not tell, with what it is.
        jargon: words of a trade, with plain ones.
        known: abbreviations that everybody knows.
        joins: words that join two things.
        either: words that offer one of two.
        pairs: two words that are one thing.
        verbs: that tell of doing, after ``either``.
        determiners: begin a thing.
        tails: words that begin what both joined things have in common.
        negations: ``not`` and its like.
        negative: words that deny or forbid by meaning.
        since: what a question may begin with to name a time.
        behaviour: ask how often or whether something was done.
        told_when: say which time is meant.
        ever: all of a life.
        past: words that make a unit of time one that has gone by.
        units: of time, in days.
        numbers: in words.
        statements: beginnings of statements about oneself, with the question that asks the same.
        agree_choices: answers that agree or disagree.
        disagree_choices: the latter of these.
        good: in answers.
        bad: in answers.
        middling: in answers, neither.
        nothing_of_it: the zero of a scale of more or less.
        degrees: steps of such a scale.
        comparing: too much and too little.
        frequencies: answers that say how often.
        other: answers for who finds no other fitting.
        unsaid: answers for who does not know or will not tell.
        optional: says that one need not answer.
        yes_no: the answers yes and no.
        recommend: what NPS asks of.
        likely: how it asks.
        overall: about all of it.
        frequent: words by which the language is known from others.
    """

    language: str
    leading: Phrases = NO_PHRASES
    agreeing: Phrases = NO_PHRASES
    loaded: Phrases = NO_PHRASES
    praise: Phrases = NO_PHRASES
    how: frozenset[str] = frozenset()
    absolute: Phrases = NO_PHRASES
    not_absolute: Phrases = NO_PHRASES
    how_often: Phrases = NO_PHRASES
    hypothetical: Phrases = NO_PHRASES
    conditions: Phrases = NO_PHRASES
    wouldbe: Phrases = NO_PHRASES
    polite: Phrases = NO_PHRASES
    assumptive: Phrases = NO_PHRASES
    if_any: Phrases = NO_PHRASES
    sensitive: Phrases = NO_PHRASES
    jargon: Phrases = NO_PHRASES
    known: frozenset[str] = frozenset()
    joins: Phrases = NO_PHRASES
    either: Phrases = NO_PHRASES
    pairs: Phrases = NO_PHRASES
    verbs: Phrases = NO_PHRASES
    determiners: frozenset[str] = frozenset()
    tails: frozenset[str] = frozenset()
    negations: Phrases = NO_PHRASES
    negative: Phrases = NO_PHRASES
    since: str = ""
    behaviour: Phrases = NO_PHRASES
    told_when: Phrases = NO_PHRASES
    ever: Phrases = NO_PHRASES
    past: frozenset[str] = frozenset()
    units: Mapping[str, float] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    statements: Phrases = NO_PHRASES
    agree_choices: Phrases = NO_PHRASES
    disagree_choices: Phrases = NO_PHRASES
    good: Phrases = NO_PHRASES
    bad: Phrases = NO_PHRASES
    middling: Phrases = NO_PHRASES
    nothing_of_it: Phrases = NO_PHRASES
    degrees: Phrases = NO_PHRASES
    comparing: Phrases = NO_PHRASES
    frequencies: Phrases = NO_PHRASES
    other: Phrases = NO_PHRASES
    unsaid: Phrases = NO_PHRASES
    optional: Phrases = NO_PHRASES
    yes_no: Phrases = NO_PHRASES
    recommend: Phrases = NO_PHRASES
    likely: Phrases = NO_PHRASES
    overall: Phrases = NO_PHRASES
    frequent: frozenset[str] = frozenset()
