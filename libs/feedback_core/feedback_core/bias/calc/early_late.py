"""Do late answers differ from early ones? The first against the last share of the answers, and the whole gradient."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from feedback_core.bias.calc.counted_ranks import CountedPairs, RankTest, kendall, mann_whitney, spearman
from feedback_core.bias.types import EarlyLate
from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc.mean_comparison import compare_means
from feedback_core.kpis.calc.means import moments

_AT_ONE_TIME = "So many answers came at one time that they are both early and late."


def early_against_late(
    days: ArrayLike,
    scores: ArrayLike,
    *,
    share: float = 0.25,
    level: float = 0.95,
    correct: bool = True,
    exact: bool = False,
    whole_times: bool = False,
) -> EarlyLate:
    """The first and the last ``share`` of the answers by time, and the rank correlation of time and score.

    Args:
        days: time until the answer, in any unit, shape (n,).
        scores: shape (n,).
        share: of the answers on each side, rounded down to whole answers; up to .5.
        level: coverage of the interval.
        correct: take half off the Wilcoxon statistic, for continuity.
        exact: exact Wilcoxon and Kendall p values, where there are no ties.
        whole_times: let a side take all answers of the time at its cut, as it must where times are days and their order
            inside a day means nothing; otherwise answers of the same time stay in the order given, and sides are equal.

    Raises:
        NotEstimable: fewer than two answers on a side, a figure that is not finite, no spread in times or scores, or
            whole times on both sides.

    Source: Armstrong & Overton (1977), J. Marketing Research 14:396; Welch (1947); Mann & Whitney (1947); Kendall
    (1975). As R's t.test, wilcox.test and cor.test. Golden: s33.
    """
    _refuse_share(share)
    time, score = np.asarray(days, dtype=float), np.asarray(scores, dtype=float)
    each = _each(share, time.size)
    _refuse_unusable(time, score, each, time.size)
    order = np.argsort(time, kind="stable")
    time, score = time[order], score[order]
    first, last = _cuts(time, each, whole_times=whole_times)
    early, late = score[:first], score[last:]
    exact_sides = exact and np.unique(np.concatenate([early, late])).size == early.size + late.size
    exact_all = exact and np.unique(time).size == time.size and np.unique(score).size == score.size
    return _compared(
        Counter(early.tolist()),
        Counter(late.tolist()),
        lambda: _Ranks(
            _rank_test(
                stats.mannwhitneyu(early, late, use_continuity=correct, method="exact" if exact_sides else "asymptotic")
            ),
            _rank_test(stats.spearmanr(time, score)),
            _rank_test(stats.kendalltau(time, score, method="exact" if exact_all else "asymptotic")),
        ),
        n=int(time.size),
        level=level,
        warnings=_warnings(time, first, last, tied=exact and not (exact_sides and exact_all)),
    )


def counted_early_against_late(
    days: ArrayLike,
    scores: ArrayLike,
    counts: ArrayLike,
    *,
    share: float = 0.25,
    level: float = 0.95,
    correct: bool = True,
) -> EarlyLate:
    """As :func:`early_against_late` with whole times, of answers that are counted: its cost is that of the counts.

    Args:
        days: time until the answer, in any unit, shape (k,).
        scores: shape (k,).
        counts: how many answers came at that time with that score, shape (k,).
        share: of the answers on each side; a side takes all answers of the time at its cut.
        level: coverage of the interval.
        correct: take half off the Wilcoxon statistic, for continuity.

    Raises:
        NotEstimable: as :func:`early_against_late`.

    Source: as there; the figures are equal to its own on the repeated answers.
    """
    _refuse_share(share)
    time, score, n = np.asarray(days, dtype=float), np.asarray(scores, dtype=float), np.asarray(counts, dtype=np.int64)
    some = n > 0
    time, score, n = time[some], score[some], n[some]
    each = _each(share, int(n.sum()))
    _refuse_unusable(time, score, each, int(n.sum()))
    order = np.argsort(time, kind="stable")
    _, time_index = np.unique(time[order], return_inverse=True)
    values, score_index = np.unique(score[order], return_inverse=True)
    table = CountedPairs(time_index, score_index, n[order])
    upto = np.cumsum(table.of_time)
    first = int(np.searchsorted(upto, each))
    last = int(np.searchsorted(upto, table.size - each, side="right"))
    if first >= last:
        raise NotEstimable(_AT_ONE_TIME)
    early, late = (
        np.bincount(table.score[side], weights=table.n[side], minlength=values.size).astype(np.int64)
        for side in (table.time <= first, table.time >= last)
    )
    return _compared(
        _counter(values, early),
        _counter(values, late),
        lambda: _Ranks(mann_whitney(early, late, correct=correct), spearman(table), kendall(table)),
        n=table.size,
        level=level,
        warnings=(),
    )


@dataclass(frozen=True, slots=True)
class _Ranks:
    wilcoxon: RankTest
    spearman: RankTest
    kendall: RankTest


class _Tested(Protocol):
    @property
    def statistic(self) -> float: ...

    @property
    def pvalue(self) -> float: ...


def _rank_test(found: _Tested) -> RankTest:
    return RankTest(float(found.statistic), float(found.pvalue))


def _compared(
    early: Counter[float],
    late: Counter[float],
    ranks: Callable[[], _Ranks],
    *,
    n: int,
    level: float,
    warnings: tuple[str, ...],
) -> EarlyLate:
    # By counts, since SciPy warns where one side has no spread, though the test exists. Before the ranks, which are
    # all tied where this refuses.
    welch = compare_means(early, late, level=level)
    if welch.interval is None or welch.statistic is None or welch.df is None or welch.p_value is None:
        raise NotEstimable("The early answers are all the same, and the late ones too, so no test of them exists.")
    by_rank = ranks()
    on_early, on_late = moments(early), moments(late)
    difference = on_early.mean - on_late.mean
    return EarlyLate(
        n=n,
        n_early=early.total(),
        n_late=late.total(),
        mean_early=on_early.mean,
        mean_late=on_late.mean,
        difference=difference,
        interval=welch.interval,
        welch_t=welch.statistic,
        welch_df=welch.df,
        welch_p=welch.p_value,
        cohen_d=difference / (((on_early.variance or 0.0) + (on_late.variance or 0.0)) / 2) ** 0.5,
        wilcoxon_w=by_rank.wilcoxon.statistic,
        wilcoxon_p=by_rank.wilcoxon.p_value,
        spearman_rho=by_rank.spearman.statistic,
        spearman_p=by_rank.spearman.p_value,
        kendall_tau_b=by_rank.kendall.statistic,
        kendall_p=by_rank.kendall.p_value,
        warnings=warnings,
    )


def _counter(values: NDArray[np.float64], counts: NDArray[np.int64]) -> Counter[float]:
    return Counter({value: n for value, n in zip(values.tolist(), counts.tolist(), strict=True) if n})


def _refuse_share(share: float) -> None:
    if not 0 < share <= 0.5:
        raise ValueError(f"share: {share}, expected above 0 and up to .5")


def _each(share: float, n: int) -> int:
    # A hair more, so that .29 of 100 is 29.
    return int(share * n * (1 + 1e-12))


def _refuse_unusable(time: NDArray[np.float64], score: NDArray[np.float64], each: int, n: int) -> None:
    if time.shape != score.shape or time.ndim != 1:
        raise ValueError(f"scores: shape {score.shape}, expected {time.shape}")
    if each < 2:
        raise NotEstimable(f"With {n} answers there are not two early and two late ones to compare.")
    if not (np.isfinite(time).all() and np.isfinite(score).all()):
        raise NotEstimable("A time or a score is not a finite number; leave missing ones out.")
    if np.ptp(time) == 0:
        raise NotEstimable("All answers came at the same time, so none of them is early or late.")
    if np.ptp(score) == 0:
        raise NotEstimable("All answers are the same, so early and late ones cannot differ.")


def _cuts(time: NDArray[np.float64], each: int, *, whole_times: bool) -> tuple[int, int]:
    """End of the early side and start of the late one, for times in order."""
    first, last = each, time.size - each
    if whole_times:
        first = int(np.searchsorted(time, time[first - 1], side="right"))
        last = int(np.searchsorted(time, time[last], side="left"))
        if first > last:
            raise NotEstimable(_AT_ONE_TIME)
    return first, last


def _warnings(time: NDArray[np.float64], first: int, last: int, *, tied: bool) -> tuple[str, ...]:
    told = []
    if time[first - 1] == time[first] or time[last - 1] == time[last]:
        told.append("Answers of the same time lie on both sides of a cut; their order there is the one given.")
    if tied:
        told.append("There are ties, so the p values are approximate.")
    return tuple(told)
