"""Comments that show what a set of comments is about, and themes that the codebook does not have."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc.proportions import proportion_estimate
from feedback_core.themes.analysis.types import EXAMPLES, MOST_SUGGESTED_FROM, Example, Suggestion, Suggestions
from feedback_core.themes.calc.features import coding_space
from feedback_core.themes.calc.suggestions import suggest_themes
from feedback_core.themes.types import SuggestedTheme
from feedback_core.themes.words import words_of

_SHORTEST, _LONGEST = 4, 60
"""Words: fewer tell nothing, more are not read."""

_ALIKE = 0.8


def typical_comments(comments: Sequence[tuple[Example, str]], language: str | None) -> tuple[Example, ...]:
    """Up to three comments near the middle of all of them, neither short nor long, not alike.

    Args:
        comments: with what they say.
        language: ISO 639-1 code that most of them are in, for their stems.

    Near: by the angle between the comment's words, weighted by how rare they are, and their mean (Rocchio 1971).
    """
    readable = [(ref, said) for ref, said in comments if _SHORTEST <= len(words_of(said)) <= _LONGEST]
    chosen = readable if len(readable) >= EXAMPLES else [(ref, said) for ref, said in comments if words_of(said)]
    if len(chosen) <= EXAMPLES:
        return tuple(ref for ref, _ in chosen)
    texts = [said for _, said in chosen]
    rows = coding_space(texts, language).vectors(texts)
    centre = np.asarray(rows.mean(axis=0)).ravel()
    order = np.argsort(-(rows @ centre), kind="stable")
    found: list[int] = []
    for index in order.tolist():
        if all(float((rows[index] @ rows[other].T).toarray()[0, 0]) < _ALIKE for other in found):
            found.append(index)
        if len(found) == EXAMPLES:
            break
    return tuple(chosen[index][0] for index in found)


def new_themes(
    comments: Sequence[tuple[Example, str]], *, seed: int, minimum: int, level: float, language: str | None, coded: bool
) -> Suggestions:
    """Themes in comments that have none, each of at least ``minimum`` comments.

    Of the words that name a theme only those are shown that stand in so many comments: a rarer one may be a name.

    Args:
        comments: drawn at random, and what they say.
        seed: that groups are found with.
        minimum: fewest comments of a group, or with a word, that may be shown.
        level: of the intervals.
        language: that most of them are in.
        coded: whether they are those that rules left without a theme.
    """
    among: Literal["uncoded", "all"] = "uncoded" if coded else "all"
    texts = [said for _, said in comments]
    try:
        found = suggest_themes(texts, rng=np.random.default_rng(seed), language=language)
    except NotEstimable as refused:
        return Suggestions(len(comments), MOST_SUGGESTED_FROM, among, (), refused.detail)
    shown = []
    for theme in found.themes:
        terms = _terms(theme, texts, minimum)
        if theme.size >= minimum and terms:
            shown.append(
                Suggestion(
                    name=", ".join(terms[:3]),
                    terms=terms,
                    share=proportion_estimate(theme.size, found.n, level=level),
                    coherence=theme.coherence,
                    stability=theme.stability,
                    examples=tuple(comments[index][0] for index in theme.representative[:EXAMPLES]),
                )
            )
    why_not = None if shown else "No group of comments is large and stable enough to be shown."
    return Suggestions(len(comments), MOST_SUGGESTED_FROM, among, tuple(shown), why_not)


def _terms(theme: SuggestedTheme, texts: Sequence[str], minimum: int) -> tuple[str, ...]:
    said = [f" {' '.join(words_of(texts[index]))} " for index in theme.members]
    return tuple(term for term in theme.terms if sum(f" {term} " in comment for comment in said) >= minimum)
