"""Do late answers differ from early ones? The first against the last share of the answers, and the whole gradient."""

from collections import Counter

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from feedback_core.bias.types import EarlyLate
from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc.mean_comparison import compare_means


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
    if not 0 < share <= 0.5:
        raise ValueError(f"share: {share}, expected above 0 and up to .5")
    time, score = np.asarray(days, dtype=float), np.asarray(scores, dtype=float)
    # A hair more, so that .29 of 100 is 29.
    each = int(share * time.size * (1 + 1e-12))
    _refuse_unusable(time, score, each)
    order = np.argsort(time, kind="stable")
    time, score = time[order], score[order]
    first, last = _cuts(time, each, whole_times=whole_times)
    early, late = score[:first], score[last:]
    # By counts, since SciPy warns where one side has no spread, though the test exists.
    welch = compare_means(Counter(early.tolist()), Counter(late.tolist()), level=level)
    if welch.interval is None or welch.statistic is None or welch.df is None or welch.p_value is None:
        raise NotEstimable("The early answers are all the same, and the late ones too, so no test of them exists.")
    variances = float(early.var(ddof=1)), float(late.var(ddof=1))
    both = np.concatenate([early, late])
    untied = np.unique(both).size == both.size
    wilcoxon = stats.mannwhitneyu(
        early, late, use_continuity=correct, method="exact" if exact and untied else "asymptotic"
    )
    wholly_untied = np.unique(time).size == time.size and np.unique(score).size == score.size
    kendall = stats.kendalltau(time, score, method="exact" if exact and wholly_untied else "asymptotic")
    spearman = stats.spearmanr(time, score)
    difference = float(early.mean() - late.mean())
    return EarlyLate(
        n=int(time.size),
        n_early=early.size,
        n_late=late.size,
        mean_early=float(early.mean()),
        mean_late=float(late.mean()),
        difference=difference,
        interval=welch.interval,
        welch_t=welch.statistic,
        welch_df=welch.df,
        welch_p=welch.p_value,
        cohen_d=difference / (sum(variances) / 2) ** 0.5,
        wilcoxon_w=float(wilcoxon.statistic),
        wilcoxon_p=float(wilcoxon.pvalue),
        spearman_rho=float(spearman.statistic),
        spearman_p=float(spearman.pvalue),
        kendall_tau_b=float(kendall.statistic),
        kendall_p=float(kendall.pvalue),
        warnings=_warnings(time, first, last, exact=exact, untied=untied and wholly_untied),
    )


def _refuse_unusable(time: NDArray[np.float64], score: NDArray[np.float64], each: int) -> None:
    if time.shape != score.shape or time.ndim != 1:
        raise ValueError(f"scores: shape {score.shape}, expected {time.shape}")
    if each < 2:
        raise NotEstimable(f"With {time.size} answers there are not two early and two late ones to compare.")
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
            raise NotEstimable("So many answers came at one time that they are both early and late.")
    return first, last


def _warnings(time: NDArray[np.float64], first: int, last: int, *, exact: bool, untied: bool) -> tuple[str, ...]:
    told = []
    if time[first - 1] == time[first] or time[last - 1] == time[last]:
        told.append("Answers of the same time lie on both sides of a cut; their order there is the one given.")
    if exact and not untied:
        told.append("There are ties, so the p values are approximate.")
    return tuple(told)
