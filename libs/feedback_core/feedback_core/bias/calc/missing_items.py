"""Questions left out by people who answered others: how often, where in the questionnaire, and by whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Estimate
from feedback_core.kpis.calc.comparison import Comparison
from feedback_core.kpis.calc.mean_comparison import compare_means
from feedback_core.kpis.calc.proportions import proportion_estimate

# Fewer items than this cannot show a gradient: the smallest two-sided p of Kendall's tau is then above .05.
FEWEST_ITEMS = 5
# Cochran (1954), Biometrics 10:417.
SMALLEST_EXPECTED = 5.0


@dataclass(frozen=True, slots=True)
class ItemCounts:
    """What became of one question.

    Attributes:
        item: key.
        position: in the questionnaire, from 1.
        asked: people who were shown it.
        missing: those who left it out.
        not_applicable: those who said that it does not apply; they are in no rate. "Don't know" is an answer.
    """

    item: str
    position: int
    asked: int
    missing: int
    not_applicable: int = 0


@dataclass(frozen=True, slots=True)
class ItemRate:
    """Item nonresponse of one question.

    Attributes:
        item: key.
        position: in the questionnaire.
        rate: share left out of those to whom it applies, 0..1.
    """

    item: str
    position: int
    rate: Estimate


@dataclass(frozen=True, slots=True)
class ItemNonresponse:
    """Item nonresponse over a questionnaire.

    Attributes:
        items: by position.
        mean_rate: mean of the items' rates, 0..1.
        tau_b: rank correlation of position and rate over the items: above 0, later questions are left out more;
            ``None`` with fewer than five items, or where nothing varies.
        p_value: of it, two-sided, exact where there are no ties; items are the units, since the same people are in all.
        not_estimable: why the gradient has no value; empty otherwise.
    """

    items: tuple[ItemRate, ...]
    mean_rate: float
    tau_b: float | None
    p_value: float | None
    not_estimable: str


@dataclass(frozen=True, slots=True)
class SegmentNonresponse:
    """Item nonresponse by segment, and Pearson's test that it is the same in all.

    Attributes:
        rates: by segment, 0..1.
        statistic: chi-square.
        degrees_of_freedom: segments - 1.
        p_value: of it.
        cramers_v: size of the association, 0..1.
        warnings: what a reader must be told, a sentence each.
    """

    rates: Mapping[str, Estimate]
    statistic: float
    degrees_of_freedom: int
    p_value: float
    cramers_v: float
    warnings: tuple[str, ...]


def item_nonresponse(items: Sequence[ItemCounts], *, level: float = 0.95) -> ItemNonresponse:
    """Rate of each item with a Wilson interval, and whether it rises with the position.

    Raises:
        NotEstimable: no item, or one that applied to nobody or was left out by more people than it applied to.

    Source: de Leeuw, Hox & Huisman (2003), J. Official Statistics 19:153; Kendall (1975).
    """
    if not items:
        raise NotEstimable("There is no question to count omissions of.")
    rates = tuple(
        ItemRate(item.item, item.position, _rate(item.item, item.missing, item.asked - item.not_applicable, level))
        for item in sorted(items, key=lambda item: (item.position, item.item))
    )
    values = [rate.rate.value for rate in rates]
    positions = [rate.position for rate in rates]
    tau = p_value = None
    why = ""
    if len(items) < FEWEST_ITEMS:
        why = f"With {len(items)} questions no gradient can be told from chance; at least {FEWEST_ITEMS} are needed."
    elif len(set(values)) == 1 or len(set(positions)) == 1:
        why = "All questions are left out alike, or stand at one position, so there is no gradient."
    else:
        test = stats.kendalltau(positions, values)
        tau, p_value = float(test.statistic), float(test.pvalue)
    return ItemNonresponse(rates, float(np.mean(values)), tau, p_value, why)


def still_answering(last_answered: Mapping[int, int], positions: int, *, level: float = 0.95) -> tuple[Estimate, ...]:
    """Share of those who started that was still there at each position, 1 … ``positions``, with Wilson intervals.

    Args:
        last_answered: position of the last answer to how many people; 0: started and answered nothing.
        positions: length of the questionnaire; those whose last answer is there completed it.
        level: coverage of the intervals.

    Raises:
        NotEstimable: nobody started, or a position outside 0 … ``positions``.

    Source: the Kaplan-Meier estimate, which without censoring is a share; Peytchev (2009), POQ 73:74.
    """
    if any(not 0 <= position <= positions for position in last_answered):
        raise NotEstimable(f"A last answer lies outside the positions 0 to {positions}.")
    started = sum(last_answered.values())
    if not started:
        raise NotEstimable("Nobody started, so there is no drop-off to follow.")
    return tuple(
        proportion_estimate(sum(n for last, n in last_answered.items() if last >= position), started, level=level)
        for position in range(1, positions + 1)
    )


def missing_by_segment(
    missing: Mapping[str, int], asked: Mapping[str, int], *, level: float = 0.95
) -> SegmentNonresponse:
    """Item nonresponse by segment, with Pearson's test of equal rates.

    Args:
        missing: segment to people who left the question out.
        asked: segment to people who were to answer it.
        level: coverage of the intervals.

    Raises:
        NotEstimable: fewer than two segments, a segment of nobody, or nobody (or everybody) left it out.

    Source: Pearson (1900); Cramér (1946).
    """
    if len(asked) < 2:
        raise NotEstimable("There are not two segments to compare.")
    rates = {segment: _rate(segment, missing.get(segment, 0), n, level) for segment, n in asked.items()}
    table = np.array([[missing.get(segment, 0), n - missing.get(segment, 0)] for segment, n in asked.items()])
    if not table.sum(axis=0).all():
        who = "Everybody" if table[:, 0].any() else "Nobody"
        raise NotEstimable(f"{who} left the question out, so its rate is the same in all segments.")
    test = stats.chi2_contingency(table, correction=False)
    small = int((test.expected_freq < SMALLEST_EXPECTED).sum())
    return SegmentNonresponse(
        rates=rates,
        statistic=float(test.statistic),
        degrees_of_freedom=int(test.dof),
        p_value=float(test.pvalue),
        cramers_v=float(np.sqrt(test.statistic / table.sum())),
        warnings=(f"{small} expected counts are below 5, so the test is only approximate.",) if small else (),
    )


def missing_by_score(
    scores_where_missing: Mapping[float, int], scores_where_answered: Mapping[float, int], *, level: float = 0.95
) -> Comparison:
    """Does leaving a question out go with the score of another? Mean score where missing minus where answered.

    A difference shows that the omissions are not by chance with regard to that score; none shows nothing about the
    answers that were not given.

    Args:
        scores_where_missing: score to people who left the question out.
        scores_where_answered: the same of those who answered it.
        level: coverage of the interval.

    Raises:
        NotEstimable: nobody, or everybody, left the question out.

    Source: Welch (1947); Little & Rubin (2019), Statistical Analysis with Missing Data, ch. 1.
    """
    if not sum(scores_where_missing.values()):
        raise NotEstimable("Nobody left the question out, so there is nothing to compare.")
    if not sum(scores_where_answered.values()):
        raise NotEstimable("Nobody answered the question, so there is nothing to compare.")
    return compare_means(scores_where_missing, scores_where_answered, level=level)


def _rate(name: str, missing: int, base: int, level: float) -> Estimate:
    if base < 1:
        raise NotEstimable(f"{name}: nobody was to answer, so there is no rate.")
    if not 0 <= missing <= base:
        raise NotEstimable(f"{name}: {missing} left out of {base} is no share.")
    return proportion_estimate(missing, base, level=level)
