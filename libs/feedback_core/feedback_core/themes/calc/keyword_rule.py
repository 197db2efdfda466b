"""What one word tells: the simple rule that anything learnt must beat."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix
from sklearn.feature_extraction.text import CountVectorizer

from feedback_core.themes.stems import stemmer
from feedback_core.themes.words import words_of


@dataclass(frozen=True, slots=True)
class StemTable:
    """Which comment (row) has which stem (column): 0 or 1; and the stems."""

    stems: tuple[str, ...]
    there: csc_matrix


def stem_table(texts: Sequence[str], language: str | None) -> StemTable:
    """Stems of the comments, also those of stop words: "no" may be what tells.

    Raises:
        ValueError: no text has a word.
    """
    counter = CountVectorizer(analyzer=lambda text: stem_set(text, language), binary=True)
    there = csc_matrix(counter.fit_transform(texts), dtype=np.float64)
    return StemTable(tuple(str(stem) for stem in counter.get_feature_names_out()), there)


def stem_set(text: str, language: str | None) -> frozenset[str]:
    """Stems of a text."""
    stem = stemmer(language)
    return frozenset(stem(word) for word in words_of(text))


def best_keyword(table: StemTable, truth: NDArray[np.bool_], *, learning: NDArray[np.bool_]) -> int:
    """Column of the stem with the best F1 among the comments to learn from."""
    part = table.there[learning]
    right = np.asarray(part.T @ truth[learning].astype(float)).ravel()
    all_with = np.asarray(part.sum(axis=0)).ravel()
    f1 = 2.0 * right / (all_with + float(truth[learning].sum()))
    return int(np.argmax(f1))


def has_keyword(table: StemTable, keyword: int) -> NDArray[np.bool_]:
    """Comments with the stem."""
    return np.asarray(table.there[:, [keyword]].toarray()).ravel() > 0
