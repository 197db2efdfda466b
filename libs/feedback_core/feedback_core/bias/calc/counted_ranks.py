"""Rank statistics of answers that are counted by time and score, so that their cost does not grow with the answers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CountedPairs:
    """How many answers have each pair of time and score, by time.

    Attributes:
        time: which of the different times, from 0, rising, shape (k,).
        score: which of the different scores in order, from 0, shape (k,).
        n: answers, shape (k,).
    """

    time: Counts
    score: Counts
    n: Counts

    @property
    def of_time(self) -> Counts:
        """Answers of each time, shape (times,)."""
        return np.bincount(self.time, weights=self.n).astype(np.int64)

    @property
    def of_score(self) -> Counts:
        """Answers of each score, shape (scores,)."""
        return np.bincount(self.score, weights=self.n).astype(np.int64)

    @property
    def size(self) -> int:
        """All answers."""
        return int(self.n.sum())


@dataclass(frozen=True, slots=True)
class RankTest:
    """A rank statistic and its two-sided p value by the normal or t approximation, corrected for ties."""

    statistic: float
    p_value: float


def mann_whitney(early: Counts, late: Counts, *, correct: bool = True) -> RankTest:
    """The Mann-Whitney test of two samples counted by score: U of the first.

    Args:
        early: answers of each score, the scores in order, shape (k,).
        late: as ``early``, of the same scores.
        correct: take half off the statistic, for continuity.

    Source: Mann & Whitney (1947), with the tie correction of Lehmann (1975). As SciPy's ``mannwhitneyu`` on the
    repeated scores, asymptotic.
    """
    n_early, n_late = int(early.sum()), int(late.sum())
    n, both = n_early + n_late, early + late
    u = float((early * midranks(both)).sum()) - n_early * (n_early + 1) / 2
    ties = float((both.astype(float) ** 3 - both).sum())
    spread = (n_early * n_late / 12 * ((n + 1) - ties / (n * (n - 1)))) ** 0.5
    away = max(u, n_early * n_late - u) - n_early * n_late / 2 - (0.5 if correct else 0)
    return RankTest(u, _two_sided(max(away, 0.0) / spread))


def kendall(table: CountedPairs) -> RankTest:
    """Kendall's tau-b of time and score; memory goes with the different times and scores, never with their product.

    Source: Kendall (1975). As SciPy's ``kendalltau`` on the repeated pairs, asymptotic.
    """
    of_time, of_score, n = table.of_time, table.of_score, table.size
    before, surplus = np.zeros_like(of_score), 0
    for now in np.split(np.arange(table.n.size), np.flatnonzero(np.diff(table.time)) + 1):
        scores, counts = table.score[now], table.n[now]
        upto = np.cumsum(before)
        below, above = upto[scores] - before[scores], upto[-1] - upto[scores]
        surplus += int((counts * (below - above)).sum())
        np.add.at(before, scores, counts)
    pairs, same_time, same_score = n * (n - 1) // 2, _tied_pairs(of_time), _tied_pairs(of_score)
    tau = surplus / (pairs - same_time) ** 0.5 / (pairs - same_score) ** 0.5
    ordered = n * (n - 1.0)
    variance = (
        (ordered * (2 * n + 5) - _tie_term(of_time) - _tie_term(of_score)) / 18
        + 2.0 * same_time * same_score / ordered
        + _tied_triples(of_time) * _tied_triples(of_score) / (9 * ordered * (n - 2))
    )
    return RankTest(min(1.0, max(-1.0, tau)), _two_sided(abs(surplus) / variance**0.5))


def spearman(table: CountedPairs) -> RankTest:
    """Spearman's rank correlation of time and score.

    Source: Spearman (1904). As SciPy's ``spearmanr`` on the repeated pairs.
    """
    of_time, of_score, n = table.of_time, table.of_score, table.size
    time, score = midranks(of_time) - (n + 1) / 2, midranks(of_score) - (n + 1) / 2
    together = float((table.n * time[table.time] * score[table.score]).sum())
    rho = together / (float(of_time @ time**2) * float(of_score @ score**2)) ** 0.5
    rho = min(1.0, max(-1.0, rho))
    df = n - 2
    if abs(rho) == 1:
        return RankTest(rho, 0.0)
    return RankTest(rho, float(2 * special.stdtr(df, -abs(rho) * (df / (1 - rho**2)) ** 0.5)))


def midranks(counts: Counts) -> NDArray[np.float64]:
    """The rank that each of so many equal ones has, from 1, shape (k,)."""
    return np.cumsum(counts) - (counts - 1) / 2


def _tied_pairs(counts: Counts) -> int:
    return int((counts * (counts - 1) // 2).sum())


def _tied_triples(counts: Counts) -> float:
    return float((counts * (counts - 1.0) * (counts - 2)).sum())


def _tie_term(counts: Counts) -> float:
    return float((counts * (counts - 1.0) * (2 * counts + 5)).sum())


def _two_sided(z: float) -> float:
    return min(1.0, float(2 * special.ndtr(-z)))
