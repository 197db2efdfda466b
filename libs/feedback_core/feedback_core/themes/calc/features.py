"""Comments as vectors: words, pairs of words and parts of words, weighted by how telling they are."""

from collections.abc import Sequence
from itertools import pairwise

from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from feedback_core.themes.words import words_of


def word_vectorizer(*, rarest: int = 2) -> TfidfVectorizer:
    """Words and pairs of neighbouring words that are in at least ``rarest`` comments; rows of length 1."""
    return TfidfVectorizer(analyzer=_words_and_pairs, min_df=rarest, sublinear_tf=True)


def vectors_of(vectorizer: TfidfVectorizer, texts: Sequence[str]) -> csr_matrix:
    """Rows of ``texts`` by a fitted vectorizer."""
    return csr_matrix(vectorizer.transform(texts))


def _words_and_pairs(text: str) -> list[str]:
    words = words_of(text)
    return [*words, *(f"{first} {second}" for first, second in pairwise(words))]
