"""What sets the comments of a theme apart: words and pairs of words far more frequent in them than elsewhere."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer

from feedback_core.themes.calc.features import stop_words_of
from feedback_core.themes.stems import stemmer
from feedback_core.themes.words import words_of

TERMS = 6
_PRIOR = 0.01

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def characteristic_terms(
    texts: Sequence[str], of: IntArray, groups: Sequence[int], language: str | None
) -> list[tuple[str, ...]]:
    """Terms of each group by the weighted log-odds of being in it, the most telling first.

    Args:
        texts: comments.
        of: group of each.
        groups: those to name.
        language: ISO 639-1 code, for stems and stop words.

    Source: Monroe, Colaresi & Quinn (2008), Political Analysis 16:372, eq. 16 and 22.
    """
    counter = CountVectorizer(analyzer=lambda text: set(_terms(text, language)), min_df=2, binary=True)
    try:
        there = csr_matrix(counter.fit_transform(texts), dtype=np.float64)
    except ValueError:  # no term is in two comments
        return [() for _ in groups]
    names = [str(name) for name in counter.get_feature_names_out()]
    spelled = _spellings(texts, language, frozenset(names))
    everywhere = np.asarray(there.sum(axis=0), dtype=float).ravel()
    return [
        _named(np.asarray(there[of == one].sum(axis=0), dtype=float).ravel(), everywhere, names, spelled)
        for one in groups
    ]


def _terms(text: str, language: str | None) -> list[str]:
    """Stems that say something, and pairs of such that stand side by side."""
    stem, stops = stemmer(language), stop_words_of(language)
    words = words_of(text)
    single = [stem(word) for word in words if word not in stops and len(word) > 1]
    double = [f"{stem(a)} {stem(b)}" for a, b in pairwise(words) if not {a, b} & stops]
    return [*single, *double]


def _spellings(texts: Sequence[str], language: str | None, wanted: frozenset[str]) -> dict[str, str]:
    """The most frequent spelling of each term."""
    stem = stemmer(language)
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        words = words_of(text)
        for spelled in (*words, *(f"{a} {b}" for a, b in pairwise(words))):
            term = " ".join(stem(word) for word in spelled.split(" "))
            if term in wanted:
                seen[term][spelled] += 1
    return {term: min(counts, key=lambda one: (-counts[one], one)) for term, counts in seen.items()}


def _named(inside: FloatArray, everywhere: FloatArray, names: list[str], spelled: dict[str, str]) -> tuple[str, ...]:
    outside = everywhere - inside
    prior = _PRIOR * everywhere + 1e-9
    total_in, total_out, total = inside.sum(), outside.sum(), prior.sum()
    ahead = np.log((inside + prior) / (total_in + total - inside - prior)) - np.log(
        (outside + prior) / (total_out + total - outside - prior)
    )
    scores = ahead / np.sqrt(1.0 / (inside + prior) + 1.0 / (outside + prior))
    chosen: list[str] = []
    for index in np.argsort(-scores.round(9), kind="stable").tolist():
        if len(chosen) == TERMS or scores[index] <= 0.0 or inside[index] < 2.0:
            break
        words = set(names[index].split(" "))
        if all(not words & set(other.split(" ")) for other in chosen):
            chosen.append(names[index])
    return tuple(spelled[term] for term in chosen)
