"""Many comparisons at once: p-values adjusted for the family they belong to, and all pairs of shares."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc.contingency import SMALLEST_EXPECTED
from feedback_core.kpis.calc.proportion_differences import Share

AdjustmentMethod = Literal["BH", "BY", "holm", "hochberg", "hommel", "bonferroni", "none"]


_Values: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class EqualSharesTest:
    """Pearson's chi-square of the hypothesis that several groups have one share.

    Attributes:
        chi_square: the statistic.
        degrees_of_freedom: groups - 1.
        p_value: of the statistic; 0.0 where it underflows.
        smallest_expected: least expected count of the table.
        warnings: what a reader must be told, a sentence each.
    """

    chi_square: float
    degrees_of_freedom: int
    p_value: float
    smallest_expected: float
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PairOfShares:
    """Two groups of a family of pairwise comparisons.

    Attributes:
        first: index of the one group.
        second: index of the other, above ``first``.
        difference: share of the first minus share of the second.
        test: ``None`` when none or all count in both groups, which then are no part of the family.
        adjusted_p_value: the test's p-value, adjusted for the family; ``None`` with it.
    """

    first: int
    second: int
    difference: float
    test: EqualSharesTest | None
    adjusted_p_value: float | None


def adjust_p_values(p_values: Sequence[float], *, method: AdjustmentMethod = "BH") -> tuple[float, ...]:
    """P-values adjusted for being one family, in the order given; compare them with the error rate allowed.

    ``BH`` (the default) and ``BY`` hold the expected share of false claims among the claims made, ``BY`` under any
    dependence of the tests; ``holm``, ``hochberg``, ``hommel`` and ``bonferroni`` hold the chance of a single false
    claim, Hochberg's and Hommel's for independent or positively dependent tests.

    Raises:
        NotEstimable: the family is empty.
        ValueError: a p-value is not between 0 and 1.

    Source: Benjamini & Hochberg (1995), JRSS B 57:289; Benjamini & Yekutieli (2001), Annals of Statistics 29:1165; Holm
    (1979), Scandinavian J. Statistics 6:65; Hochberg (1988), Biometrika 75:800; Hommel (1988), Biometrika 75:383.
    Golden: s26.
    """
    if not p_values:
        raise NotEstimable("There is no test, so there is no family to adjust for.")
    given = np.asarray(p_values, dtype=float)
    if not ((given >= 0.0) & (given <= 1.0)).all():
        raise ValueError("a p-value lies between 0 and 1")
    order = np.argsort(given, kind="stable")
    adjusted = np.empty(given.size)
    adjusted[order] = np.minimum(_ADJUST[method](given[order]), 1.0)
    return tuple(adjusted.tolist())


def equal_shares_test(shares: Sequence[Share], *, correct: bool = False) -> EqualSharesTest:
    """Pearson's chi-square that all groups have the same share.

    Args:
        shares: of two groups or more.
        correct: Yates' correction, with two groups only, by at most what the counts differ from expectation.

    Raises:
        NotEstimable: fewer than two groups, or none or all count in every group.

    Source: Pearson (1900), Philosophical Magazine 50:157; Yates (1934), Suppl. JRSS 1:217. Golden: s26.
    """
    if len(shares) < 2:
        raise NotEstimable("One group has nothing to differ from; a comparison takes two groups or more.")
    observed = np.array([[share.successes, share.failures] for share in shares], dtype=float)
    expected = np.outer(observed.sum(axis=1), observed.sum(axis=0)) / observed.sum()
    if not expected.all():
        raise NotEstimable("None or all of the answers count in every group, so there is no difference to test.")
    gap = np.abs(observed - expected)
    if correct and len(shares) == 2:
        gap -= min(0.5, float(gap.min()))
    chi_square = float((gap**2 / expected).sum())
    smallest = float(expected.min())
    return EqualSharesTest(
        chi_square=chi_square,
        degrees_of_freedom=len(shares) - 1,
        p_value=float(chdtrc(len(shares) - 1, chi_square)),
        smallest_expected=smallest,
        warnings=_small_expectation(smallest),
    )


def compare_all_shares(
    shares: Sequence[Share], *, method: AdjustmentMethod = "BH", correct: bool = False
) -> tuple[PairOfShares, ...]:
    """Pearson's test of every pair of groups, p-values adjusted for all of them; ordered by first, then second group.

    Args:
        shares: of two groups or more.
        method: of adjustment, as `adjust_p_values`.
        correct: Yates' correction in each pair, as R's ``pairwise.prop.test`` does unless told otherwise.

    Raises:
        NotEstimable: fewer than two groups, or no pair in which some but not all count.

    Source: as `adjust_p_values` and `equal_shares_test`. Golden: s26.
    """
    if len(shares) < 2:
        raise NotEstimable("One group has nothing to differ from; a comparison takes two groups or more.")
    pairs = list(combinations(range(len(shares)), 2))
    tests = [_pair_test(shares[first], shares[second], correct=correct) for first, second in pairs]
    family = [test.p_value for test in tests if test is not None]
    if not family:
        raise NotEstimable("None or all of the answers count in every group, so there is no difference to test.")
    adjusted = iter(adjust_p_values(family, method=method))
    return tuple(
        PairOfShares(
            first=first,
            second=second,
            difference=shares[first].value - shares[second].value,
            test=test,
            adjusted_p_value=None if test is None else next(adjusted),
        )
        for (first, second), test in zip(pairs, tests, strict=True)
    )


def _pair_test(first: Share, second: Share, *, correct: bool) -> EqualSharesTest | None:
    if 0 in {first.successes + second.successes, first.failures + second.failures}:
        return None
    return equal_shares_test([first, second], correct=correct)


def _small_expectation(smallest: float) -> tuple[str, ...]:
    if smallest >= SMALLEST_EXPECTED:
        return ()
    return ("A count below 5 is expected in a group, so the chi-square test is only approximate.",)


def _step_up(scaled: _Values) -> _Values:
    return np.minimum.accumulate(scaled[::-1])[::-1]


def _benjamini_hochberg(p: _Values) -> _Values:
    return _step_up(p * (p.size / np.arange(1, p.size + 1)))


def _benjamini_yekutieli(p: _Values) -> _Values:
    return _benjamini_hochberg(p) * math.fsum(1.0 / rank for rank in range(1, p.size + 1))


def _holm(p: _Values) -> _Values:
    return np.maximum.accumulate(p * np.arange(p.size, 0, -1))


def _hochberg(p: _Values) -> _Values:
    return _step_up(p * np.arange(p.size, 0, -1))


def _hommel(p: _Values) -> _Values:
    """Wright's (1992, Biometrics 48:1005) algorithm: the largest Simes p-value of the sets that hold each test."""
    n = p.size
    adjusted = np.full(n, float((n * p / np.arange(1, n + 1)).min()))
    for size in range(n - 1, 1, -1):
        small, large = p[: n - size + 1], p[n - size + 1 :]
        simes = float((size * large / np.arange(2, size + 1)).min())
        among_small = np.minimum(size * small, simes)
        adjusted = np.maximum(adjusted, np.concatenate([among_small, np.full(large.size, among_small[-1])]))
    return np.asarray(np.maximum(adjusted, p))


def _bonferroni(p: _Values) -> _Values:
    return p * p.size


def _unadjusted(p: _Values) -> _Values:
    return p


_ADJUST: dict[AdjustmentMethod, Callable[[_Values], _Values]] = {
    "BH": _benjamini_hochberg,
    "BY": _benjamini_yekutieli,
    "holm": _holm,
    "hochberg": _hochberg,
    "hommel": _hommel,
    "bonferroni": _bonferroni,
    "none": _unadjusted,
}
