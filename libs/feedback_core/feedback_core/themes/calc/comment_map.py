"""Comments as points where near means alike: latent meaning of stems and of letters."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from feedback_core.themes.calc.features import letters_vectorizer, stems_of
from feedback_core.themes.words import normalised

FloatArray = NDArray[np.float64]

_DIMENSIONS = 50
# Comments from which directions are found; more change them little.
_LEARNT_FROM = 5000


@dataclass(frozen=True, slots=True)
class CommentMap:
    """Points of unit length, a row for each comment that has one.

    Attributes:
        points: (comments, dimensions); zeros where nothing is known of a comment.
    """

    points: FloatArray


def map_comments(texts: Sequence[str], language: str | None, rng: np.random.Generator) -> CommentMap:
    """Points of ``texts`` by latent semantic analysis of their stems and of their sequences of four letters.

    Raises:
        ValueError: no stem is in two comments.
    """
    stems = TfidfVectorizer(analyzer=lambda text: stems_of(text, language), sublinear_tf=True, min_df=2)
    parts = [_directions(csr_matrix(stems.fit_transform(texts)), rng)]
    try:
        letters = csr_matrix(letters_vectorizer().fit_transform([normalised(text) for text in texts]))
    except ValueError:  # no sequence of letters is in two comments
        return CommentMap(parts[0])
    parts.append(_directions(letters, rng))
    return CommentMap(unit(np.hstack(parts)))


def unit(rows: FloatArray) -> FloatArray:
    """Rows of length 1; zeros stay."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 1e-12, lengths, 1.0))


def _directions(rows: csr_matrix, rng: np.random.Generator) -> FloatArray:
    if rows.shape[1] <= _DIMENSIONS:
        return unit(np.asarray(rows.toarray(), dtype=float))
    found = TruncatedSVD(min(_DIMENSIONS, rows.shape[0] - 1), random_state=int(rng.integers(2**31)))
    learnt = rows
    if rows.shape[0] > _LEARNT_FROM:
        learnt = rows[np.sort(rng.choice(rows.shape[0], _LEARNT_FROM, replace=False))]
    # Comments that are all the same have no variance to explain; the directions are right all the same.
    with np.errstate(invalid="ignore", divide="ignore"):
        found.fit(learnt)
    return unit(np.asarray(found.transform(rows), dtype=float))
