"""Comments as vectors: stems of words, pairs of them and parts of words, weighted by how telling they are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import stop_words
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from feedback_core.themes.lexicons.english_stop_words import ENGLISH_STOP_WORDS
from feedback_core.themes.stems import stemmer
from feedback_core.themes.words import normalised, words_of


@dataclass(frozen=True, slots=True)
class FeatureSpace:
    """Words, pairs and parts of words of the comments that it was made from.

    Attributes:
        parts: vectorizers, each with rows of length 1.
    """

    parts: tuple[TfidfVectorizer, ...]

    def vectors(self, texts: Sequence[str]) -> csr_matrix:
        """A row for each text; zeros for a text without anything known."""
        return csr_matrix(hstack([part.transform(texts) for part in self.parts]))


def coding_space(texts: Sequence[str], language: str | None) -> FeatureSpace:
    """Stems with their pairs, and sequences of four letters, which forgive misspelling.

    Raises:
        ValueError: no text has a word.
    """
    words = TfidfVectorizer(analyzer=_pairs(stemmer(language)), sublinear_tf=True)
    words.fit(texts)
    letters = letters_vectorizer()
    try:
        letters.fit(texts)
    except ValueError:  # no sequence of letters is in two comments
        return FeatureSpace((words,))
    return FeatureSpace((words, letters))


def letters_vectorizer() -> TfidfVectorizer:
    """Sequences of four letters that are in at least two comments."""
    return TfidfVectorizer(
        analyzer="char_wb", ngram_range=(4, 4), preprocessor=normalised, sublinear_tf=True, min_df=2, dtype=np.float64
    )


def stems_of(text: str, language: str | None) -> list[str]:
    """Stems of the words that are no stop words."""
    stem, stops = stemmer(language), stop_words_of(language)
    return [stem(word) for word in words_of(text) if word not in stops]


@cache
def stop_words_of(language: str | None) -> frozenset[str]:
    """Words that say nothing by themselves; none where they are not known."""
    if language == "en":
        return ENGLISH_STOP_WORDS
    if language is None or language not in stop_words.LANGUAGE_MAPPING:
        return frozenset()
    return frozenset(normalised(word) for word in stop_words.get_stop_words(language))


def _pairs(stem: Callable[[str], str]) -> Callable[[str], list[str]]:
    def analyse(text: str) -> list[str]:
        stems = [stem(word) for word in words_of(text)]
        return [*stems, *(f"{first} {second}" for first, second in pairwise(stems))]

    return analyse
