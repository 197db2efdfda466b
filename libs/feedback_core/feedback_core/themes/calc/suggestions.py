"""Themes suggested from comments that nobody has coded: groups of comments with the same words."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from feedback_core.kit.errors import NotEstimable
from feedback_core.themes.calc.comment_map import map_comments, unit
from feedback_core.themes.calc.features import stems_of
from feedback_core.themes.calc.grouping import Grouping, group
from feedback_core.themes.calc.theme_terms import characteristic_terms
from feedback_core.themes.types import SuggestedTheme, SuggestedThemes
from feedback_core.themes.words import normalised, words_of

FEWEST = 50
# A theme of fewer comments is an anecdote.
SMALLEST = 5
SMALLEST_SHARE = 0.01
# Hennig (2008): below .5 a group has dissolved, from .75 it is stable.
STABLE = 0.5
_BETWEEN = 0.05
_FEWER = 0.6
_REPRESENTATIVE = 3
_SHORT, _LONG = 4, 60
_ALIKE = 0.9

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Comments:
    """The comments that are considered, in an order of their own."""

    index: tuple[int, ...]
    texts: tuple[str, ...]


def suggest_themes(
    texts: Sequence[str], *, rng: np.random.Generator, most: int = 12, language: str | None = None
) -> SuggestedThemes:
    """Groups of comments about the same thing, named by their most characteristic words.

    Args:
        texts: comments; those without a word that says something are left out.
        rng: the source of chance; the same generator gives the same themes, in whatever order the comments come.
        most: themes to suggest at most, at least 2.
        language: ISO 639-1 code that most of them are in; decides which words mean nothing by themselves.

    Raises:
        NotEstimable: fewer than 50 comments with words that say something, no word in two of them, or no theme that
            resamples find again and that words set apart.
        ValueError: ``most`` is below 2.
    """
    if most < 2:
        raise ValueError("suggest at least 2 themes")
    comments = _considered(texts, language)
    n = len(comments.texts)
    if n < FEWEST:
        raise NotEstimable(f"Themes need {FEWEST} comments with words that say something; there are {n}.")
    with threadpool_limits(1):
        try:
            points = map_comments(comments.texts, language, rng).points
        except ValueError as nothing:
            raise NotEstimable("The comments have no word in common, so no theme can be suggested.") from nothing
        found = _most_stable(points, most, rng)
    offered, not_offered = _offered(found, n)
    terms = characteristic_terms(comments.texts, found.of, offered, language)
    themes = [
        _theme(comments, points, found, number, named) for number, named in zip(offered, terms, strict=True) if named
    ]
    if not themes:
        raise NotEstimable(
            "No group of comments with words of its own is found again in resamples: they are too few, or about too "
            "many things."
        )
    not_offered += len(offered) - len(themes)
    themes.sort(key=lambda theme: (-theme.size, theme.terms))
    covered = sum(theme.size for theme in themes) / n
    return SuggestedThemes(tuple(themes), n, len(texts) - n, covered, not_offered, _warnings(covered))


def _considered(texts: Sequence[str], language: str | None) -> _Comments:
    kept = [(normalised(text), text, index) for index, text in enumerate(texts) if stems_of(text, language)]
    kept.sort()
    return _Comments(tuple(index for _, _, index in kept), tuple(text for _, text, _ in kept))


def _most_stable(points: FloatArray, most: int, rng: np.random.Generator) -> Grouping:
    """Of groupings into ``most`` and into fewer groups, the one that says most of the comments stably."""
    distinct = int(np.unique(points.round(9), axis=0).shape[0])
    largest = max(1, min(most, len(points) // 10, distinct))
    numbers = sorted({largest, max(1, math.ceil(largest * _FEWER))}, reverse=True)
    return max((group(points, number, rng, between=_BETWEEN) for number in numbers), key=_said_stably)


def _said_stably(found: Grouping) -> float:
    """Comments in groups that may be offered, by how stable these are; rounded, so that ties keep the more groups."""
    offered, _ = _offered(found, found.of.size)
    return round(sum(float(np.mean(found.of == number)) * float(found.stability[number]) for number in offered), 2)


def _offered(found: Grouping, n: int) -> tuple[list[int], int]:
    sizes = np.bincount(found.of[found.of >= 0], minlength=found.centres.shape[0])
    smallest = max(SMALLEST, SMALLEST_SHARE * n)
    offered = [number for number, size in enumerate(sizes) if size >= smallest and found.stability[number] >= STABLE]
    return offered, int((sizes > 0).sum()) - len(offered)


def _theme(
    comments: _Comments, points: FloatArray, found: Grouping, number: int, terms: tuple[str, ...]
) -> SuggestedTheme:
    inside = np.flatnonzero(found.of == number)
    centre = unit(points[inside].mean(axis=0, keepdims=True))[0]
    near = points[inside] @ centre
    members = inside[np.argsort(-near.round(9), kind="stable")]
    return SuggestedTheme(
        terms=terms,
        size=inside.size,
        share=inside.size / len(comments.texts),
        members=tuple(comments.index[at] for at in members.tolist()),
        representative=tuple(comments.index[at] for at in _representative(comments, points, members)),
        coherence=float(np.clip(near.mean(), 0.0, 1.0)),
        stability=float(found.stability[number]),
    )


def _representative(comments: _Comments, points: FloatArray, members: IntArray) -> list[int]:
    """Central comments of a length that one reads, none like another; the most central ones where there are none."""
    readable = [at for at in members.tolist() if _SHORT <= len(words_of(comments.texts[at])) <= _LONG]
    chosen: list[int] = []
    for at in [*readable, *members.tolist()]:
        if len(chosen) == _REPRESENTATIVE:
            break
        if all(float(points[at] @ points[other]) < _ALIKE for other in chosen):
            chosen.append(at)
    return chosen


def _warnings(covered: float) -> tuple[str, ...]:
    if covered < 0.5:
        return (f"The suggested themes hold {covered:.0%} of the comments: read some of the others as well.",)
    return ()
