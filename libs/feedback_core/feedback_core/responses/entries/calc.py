"""How far answers depend on who asked, and how often forms are mistyped: pure."""

import math
from collections.abc import Sequence

from scipy.special import betaincinv, fdtri, stdtrit

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Interval
from feedback_core.responses.entries.effect_types import (
    InterviewerDifference,
    InterviewerEffects,
    Sums,
    TypingErrors,
)

_FEW_INTERVIEWERS = 10


def interviewer_effects(sums: Sequence[Sums], *, least: int, level: float = 0.95) -> InterviewerEffects:
    """Mean differences, intraclass correlation and design effect of interviewers, from sums of answers.

    The correlation is that of the analysis of variance, (MSB - MSW) / (MSB + (m0 - 1) MSW) with
    m0 = (N - sum n² / N) / (k - 1); its interval is the exact one of balanced workloads with m0 in the place of m.
    The design effect is 1 + (m - 1) rho, m the workload weighted by answers, and is never taken to be below 1.
    Differences are of an interviewer's answers and all others', with Welch's interval at a level that holds for all
    interviewers together (Bonferroni).

    Raises:
        NotEstimable: fewer than two interviewers have ``least`` answers, or all answers are the same.

    Source: Kish (1962), JASA 57:92; Searle, Casella & McCulloch (1992), Variance Components, ch. 3; Thomas & Hultquist
    (1978), Annals of Statistics 6:582; Welch (1947), Biometrika 34:28.
    """
    kept = sorted((each for each in sums if each.n >= least), key=lambda each: each.interviewer)
    k, n = len(kept), sum(each.n for each in kept)
    if k < 2:
        raise NotEstimable(f"{k} interviewers have {least} answers or more: it takes two to tell them apart.")
    mean = sum(each.total for each in kept) / n
    between = sum(each.n * (each.total / each.n - mean) ** 2 for each in kept)
    within = sum(max(0.0, each.squares - each.total**2 / each.n) for each in kept)
    if between + within <= 1e-12 * max(1.0, sum(each.squares for each in kept)):
        raise NotEstimable("Everybody answered the same: there is no variance to divide.")
    if within <= 0.0:
        raise NotEstimable("Each interviewer got one answer from everybody: nothing is known of chance.")
    squared = sum(each.n**2 for each in kept)
    m0 = (n - squared / n) / (k - 1)
    ratio = (between / (k - 1)) / (within / (n - k))
    correlation = (ratio - 1) / (ratio + m0 - 1)
    tail = (1 - level) / 2
    low, high = (
        (ratio / quantile - 1) / (ratio / quantile + m0 - 1)
        for quantile in (float(fdtri(k - 1, n - k, 1 - tail)), float(fdtri(k - 1, n - k, tail)))
    )
    workload = squared / n
    effect = max(1.0, 1 + (workload - 1) * correlation)
    few = [each for each in sums if each.n < least]
    return InterviewerEffects(
        n=n,
        interviewers=tuple(_difference(each, kept, level) for each in kept),
        correlation=correlation,
        correlation_interval=Interval(low, high, level, "anova_f"),
        workload=workload,
        design_effect=effect,
        n_effective=n / effect,
        left_out=(len(few), sum(each.n for each in few)),
        warnings=_warnings(k, correlation, len(few)),
    )


def typing_errors(
    *,
    forms: int,
    waiting: int,
    settled: int,
    compared: int,
    differing: int,
    compared_settled: int,
    first_wrong: int,
    second_wrong: int,
    level: float = 0.95,
) -> TypingErrors:
    """Shares of fields, with exact intervals; fields of one form are taken to be mistyped independently.

    Raises:
        NotEstimable: no form was typed twice.

    Source: Clopper & Pearson (1934), Biometrika 26:404.
    """
    if not compared:
        raise NotEstimable("No form was typed twice, or only blank ones were: there is nothing to compare.")
    is_settled = compared_settled > 0
    return TypingErrors(
        forms=forms,
        waiting=waiting,
        settled=settled,
        compared=compared,
        differing=differing,
        difference_rate=differing / compared,
        difference_interval=_exact(differing, compared, level),
        compared_settled=compared_settled,
        first_wrong=first_wrong,
        second_wrong=second_wrong,
        first_error_rate=first_wrong / compared_settled if is_settled else None,
        first_error_interval=_exact(first_wrong, compared_settled, level) if is_settled else None,
    )


def _difference(one: Sums, kept: Sequence[Sums], level: float) -> InterviewerDifference:
    others = [each for each in kept if each is not one]
    rest = Sums("", sum(o.n for o in others), sum(o.total for o in others), sum(o.squares for o in others))
    (mean, part), (other, other_part) = _mean_and_error(one), _mean_and_error(rest)
    error = part + other_part
    if error > 0.0:
        df = error**2 / (part**2 / (one.n - 1) + other_part**2 / (rest.n - 1))
        half = float(stdtrit(df, 1 - (1 - level) / (2 * len(kept)))) * math.sqrt(error)
    else:
        half = 0.0
    difference = mean - other
    low, high = difference - half, difference + half
    return InterviewerDifference(
        interviewer=one.interviewer,
        n=one.n,
        mean=mean,
        difference=difference,
        interval=Interval(low, high, level, "welch_bonferroni"),
        differs=low > 0 or high < 0,
    )


def _mean_and_error(sums: Sums) -> tuple[float, float]:
    """Mean, and the squared standard error of it."""
    mean = sums.total / sums.n
    return mean, max(0.0, sums.squares - sums.total * mean) / (sums.n - 1) / sums.n


def _exact(x: int, n: int, level: float) -> Interval:
    tail = (1 - level) / 2
    low = 0.0 if x == 0 else float(betaincinv(x, n - x + 1, tail))
    high = 1.0 if x == n else float(betaincinv(x + 1, n - x, 1 - tail))
    return Interval(low, high, level, "clopper_pearson")


def _warnings(interviewers: int, correlation: float, few: int) -> tuple[str, ...]:
    found = ["Unless people were given to interviewers at random, a difference may be of whom they asked, not of how."]
    if interviewers < _FEW_INTERVIEWERS:
        found.append(f"From {interviewers} interviewers the correlation is known only roughly: see its interval.")
    if correlation < 0:
        found.append("Answers to the same interviewer differ more than chance would have it: taken as no effect.")
    if few:
        found.append("Interviewers with too few answers are left out.")
    return tuple(found)
