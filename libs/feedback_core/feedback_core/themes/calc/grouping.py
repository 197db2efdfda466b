"""Groups of near points, and how far resamples find each again."""

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_STARTS = 5
_RESAMPLES = 20
_KEPT = 0.7
# Comments from which centres are found; all others join the nearest.
_LEARNT_FROM = 4000
# A point that is less like its centre than this (in cosine) only happens to be nearest to it.
_FAR = 0.35
NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Grouping:
    """A partition of points.

    Attributes:
        of: group of each point; -1 for one that lies between groups.
        centres: of unit length, a row for each group.
        stability: of each group, 0..1.
    """

    of: IntArray
    centres: FloatArray
    stability: FloatArray


def group(points: FloatArray, number: int, rng: np.random.Generator, *, between: float) -> Grouping:
    """Spherical k-means with the stability of each group over resamples.

    Args:
        points: of unit length.
        number: of groups.
        rng: the source of chance.
        between: a point whose nearest centre is not nearer than the second by this (in cosine) is in no group; nor is
            one that is far from all.

    Source: Dhillon & Modha (2001), Machine Learning 42:143; Hennig (2007), Computational Statistics & Data Analysis
    52:258, for the stability (Jaccard similarity with the most similar group of each subsample).
    """
    centres = _centres(points, number, rng)
    of = _assigned(points, centres, between)
    stability = np.zeros(number)
    size = max(number, round(_KEPT * points.shape[0]))
    for _ in range(_RESAMPLES):
        drawn = np.sort(rng.choice(points.shape[0], size, replace=False))
        again = _assigned(points[drawn], _centres(points[drawn], number, rng, starts=1), between)
        stability += _most_similar(of[drawn], again, number)
    return Grouping(of, centres, stability / _RESAMPLES)


def _centres(points: FloatArray, number: int, rng: np.random.Generator, *, starts: int = _STARTS) -> FloatArray:
    seed = int(rng.integers(2**31))
    if points.shape[0] > _LEARNT_FROM:
        points = points[np.sort(rng.choice(points.shape[0], _LEARNT_FROM, replace=False))]
    number = min(number, int(np.unique(points.round(9), axis=0).shape[0]))
    with warnings.catch_warnings():
        # Points that all but coincide give fewer centres than asked for, which is right.
        warnings.simplefilter("ignore", ConvergenceWarning)
        found = KMeans(number, n_init=starts, random_state=seed, max_iter=100).fit(points).cluster_centers_
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    return np.asarray(found / np.where(lengths > 1e-12, lengths, 1.0), dtype=float)


def _assigned(points: FloatArray, centres: FloatArray, between: float) -> IntArray:
    near = points @ centres.T
    of = near.argmax(axis=1)
    first = near.max(axis=1)
    np.put_along_axis(near, of[:, None], -1.0 - between, axis=1)
    second = near.max(axis=1)
    return np.where((first - second < between) | (first < _FAR), NOWHERE, of).astype(np.int64)


def _most_similar(of: IntArray, again: IntArray, number: int) -> FloatArray:
    """Jaccard similarity of each group with the group of the other partition that is most like it."""
    table = np.zeros((number + 1, number + 1))
    np.add.at(table, (of, again), 1.0)
    both = table[:number, :number]
    sizes, others = table[:number].sum(axis=1), table[:, :number].sum(axis=0)
    union = sizes[:, None] + others[None, :] - both
    return np.asarray((both / np.where(union > 0.0, union, 1.0)).max(axis=1))
