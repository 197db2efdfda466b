"""How sure importance is: resamples of the respondents, drawn as counts of their patterns."""

import numpy as np

from feedback_core.drivers.calc.correlations import correlations_of
from feedback_core.drivers.calc.importance import contributions
from feedback_core.drivers.calc.patterns import AnswerPatterns, FloatArray, IntArray, checked
from feedback_core.drivers.types import BootstrappedImportance, DriverRank, ImportanceMethod
from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Interval

# More lost resamples than this and the rest no longer stands for all.
_MOST_FAILED = 0.05
# As `refuse_collinear`: below this a resample has a driver that follows from others.
_COLLINEAR = 1e-10
_NOTHING = 1e-14
_SUBSETS_AT_ONCE = 1 << 16


def bootstrap_importance(
    patterns: AnswerPatterns,
    *,
    rng: np.random.Generator,
    method: ImportanceMethod = "johnson",
    resamples: int = 1000,
    level: float = 0.95,
) -> BootstrappedImportance:
    """Importance with percentile intervals and ranks.

    As many respondents as there are get drawn with replacement, each with their weight. Drivers whose intervals overlap
    share a rank.

    Args:
        patterns: answers.
        rng: the source of chance; the same generator gives the same intervals.
        method: as `relative_importance`.
        resamples: how many to draw, at least 100.
        level: of the intervals.

    Raises:
        NotEstimable: as `correlations_of`; nothing is explained; or more than 5 % of the resamples cannot be estimated.
        ValueError: fewer than 100 resamples.

    Source: Tonidandel, LeBreton & Johnson (2009), Psychological Methods 14:387; Grömping (2006), J. Statistical
    Software 17(1).
    """
    if resamples < 100:
        raise ValueError("an interval needs at least 100 resamples")
    given = checked(patterns)
    correlations = correlations_of(given)
    raw = contributions(correlations.among, correlations.with_outcome, method)
    if float(raw.sum()) <= _NOTHING:
        raise NotEstimable("The drivers explain nothing of the outcome, so there is no importance to divide.")
    among, with_outcome = _resampled(given, rng, resamples)
    # Of LMG each resample takes a row per subset of the drivers: so many are held in memory at once.
    batch = max(1, _SUBSETS_AT_ONCE >> len(correlations.drivers))
    parts = [slice(first, first + batch) for first in range(0, max(1, with_outcome.shape[0]), batch)]
    drawn = np.vstack([contributions(among[part], with_outcome[part], method) for part in parts])
    drawn = drawn[drawn.sum(axis=1) > _NOTHING]
    failed = resamples - drawn.shape[0]
    if failed > _MOST_FAILED * resamples:
        raise NotEstimable(
            f"In {failed} of {resamples} resamples a driver is constant or follows from others, so intervals would "
            "mislead; more answers, or fewer drivers, would help."
        )
    return BootstrappedImportance(
        method=method,
        ranks=_ranked(correlations.drivers, raw, drawn, level),
        resamples=drawn.shape[0],
        failed=failed,
    )


def _resampled(given: AnswerPatterns, rng: np.random.Generator, resamples: int) -> tuple[FloatArray, FloatArray]:
    """Correlations (resamples, p, p) and (resamples, p) of those resamples that have any."""
    values = np.column_stack([given.columns, given.outcome])
    mass = given.mass
    centred = values - mass @ values / mass.sum()
    scaled = centred / np.sqrt(mass @ centred**2 / mass.sum())
    weights = mass / given.counts
    chances = given.counts / given.counts.sum()
    found = []
    for _ in range(resamples):
        drawn = rng.multinomial(given.n, chances)
        there = np.flatnonzero(drawn)
        matrix = _correlation_matrix(scaled[there], drawn[there] * weights[there])
        if matrix is not None:
            found.append(matrix)
    p = scaled.shape[1] - 1
    stacked = np.array(found).reshape(-1, p + 1, p + 1)
    return stacked[:, :p, :p], stacked[:, :p, p]


def _correlation_matrix(values: FloatArray, mass: FloatArray) -> FloatArray | None:
    """Of drivers and outcome; ``None`` where one is constant or a driver follows from others."""
    centred = values - mass @ values / mass.sum()
    products = (centred * mass[:, None]).T @ centred / mass.sum()
    deviations = np.sqrt(np.diag(products))
    if not (deviations > 1e-12).all():
        return None
    matrix: FloatArray = products / np.outer(deviations, deviations)
    return None if np.linalg.eigvalsh(matrix[:-1, :-1])[0] < _COLLINEAR else matrix


def _ranked(drivers: tuple[str, ...], raw: FloatArray, drawn: FloatArray, level: float) -> tuple[DriverRank, ...]:
    shares, drawn_shares = raw / raw.sum(), drawn / drawn.sum(axis=1, keepdims=True)
    tails = [(1 - level) / 2, (1 + level) / 2]
    raw_limits, share_limits = np.quantile(drawn, tails, axis=0), np.quantile(drawn_shares, tails, axis=0)
    ranks = np.quantile(_ranks(drawn_shares), tails, axis=0, method="closest_observation")
    above = share_limits[0][None, :] > share_limits[1][:, None]
    return tuple(
        DriverRank(
            driver=drivers[i],
            raw=float(raw[i]),
            raw_interval=_interval(raw_limits[:, i], level),
            share=float(shares[i]),
            share_interval=_interval(share_limits[:, i], level),
            rank=1 + int(above[i].sum()),
            rank_low=int(ranks[0, i]),
            rank_high=int(ranks[1, i]),
        )
        for i in np.argsort(-shares, kind="stable").tolist()
    )


def _ranks(shares: FloatArray) -> IntArray:
    """Rank of each driver in each resample, 1 for the largest share."""
    return np.argsort(np.argsort(-shares, axis=1, kind="stable"), axis=1, kind="stable").astype(np.int64) + 1


def _interval(limits: FloatArray, level: float) -> Interval:
    return Interval(float(limits[0]), float(limits[1]), level, "bootstrap_percentile")
