"""Themes suggested from comments that nobody has coded: groups of comments with the same words."""

from collections.abc import Sequence

import numpy as np
from sklearn.cluster import KMeans

from feedback_core.kit.errors import NotEstimable
from feedback_core.themes.calc.features import vectors_of, word_vectorizer
from feedback_core.themes.types import SuggestedTheme, SuggestedThemes
from feedback_core.themes.words import words_of

FEWEST = 50


def suggest_themes(
    texts: Sequence[str], *, rng: np.random.Generator, most: int = 12, language: str | None = None
) -> SuggestedThemes:
    """Groups of comments about the same thing, named by their most characteristic words.

    Args:
        texts: comments; those without a word are left out.
        rng: the source of chance; the same generator gives the same themes.
        most: themes to suggest at most, at least 2.
        language: ISO 639-1 code that most of them are in; decides which words mean nothing by themselves.

    Raises:
        NotEstimable: fewer than 50 comments with words, or no theme that is found again in resamples.
        ValueError: ``most`` is below 2.
    """
    if most < 2:
        raise ValueError("suggest at least 2 themes")
    _ = language
    kept = [index for index, text in enumerate(texts) if len(words_of(text)) > 1]
    if len(kept) < FEWEST:
        raise NotEstimable(f"Themes need at least {FEWEST} comments of two words or more; there are {len(kept)}.")
    vectorizer = word_vectorizer()
    vectorizer.fit([texts[index] for index in kept])
    rows = vectors_of(vectorizer, [texts[index] for index in kept])
    terms = vectorizer.get_feature_names_out()
    groups = KMeans(most, n_init=3, random_state=int(rng.integers(2**31))).fit(rows)
    themes = []
    for group in range(most):
        inside = np.flatnonzero(groups.labels_ == group)
        if inside.size == 0:
            continue
        centre = groups.cluster_centers_[group]
        near = rows[inside] @ centre / max(float(np.linalg.norm(centre)), 1e-12)
        order = np.argsort(-near, kind="stable")
        members = tuple(kept[index] for index in inside[order])
        named = tuple(str(terms[index]) for index in np.argsort(-centre, kind="stable")[:5])
        themes.append(
            SuggestedTheme(
                named,
                inside.size,
                inside.size / len(kept),
                members,
                members[:3],
                float(np.clip(near.mean(), 0, 1)),
                1.0,
            )
        )
    themes.sort(key=lambda theme: (-theme.size, theme.terms))
    return SuggestedThemes(tuple(themes), len(kept), len(texts) - len(kept), 1.0, 0)
