"""How many answers it would take to decide on a standard, and until when these will be there."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Estimate
from feedback_core.kpis.types import Measure
from feedback_core.planning.calc import (
    SampleSize,
    invitations_needed,
    sample_size_for_mean,
    sample_size_for_nps,
    sample_size_for_proportion,
)
from feedback_core.planning.calc.sample_size import normal_quantile
from feedback_core.standards.calc.wording import counted, whole_up
from feedback_core.standards.types import Needed

_SHARES: Final = frozenset({Measure.TOP_BOX, Measure.SHARE})
_MOST: Final = 10**12
_MOST_DAYS: Final = 36_525  # a hundred years: later days are no forecast


def answers_to_decide(
    estimate: Estimate, *, measure: Measure, threshold: float, distribution: Mapping[str, int] | None = None
) -> tuple[int, str]:
    """Answers for an interval that ends at the threshold, if the figure stays where it is; and the arithmetic.

    A Wilson interval ends at a share t where (p - t)² = z² t (1 - t) / n, so that the size for a share t with the
    margin |p - t| is exact. A score is sized by its promoters and detractors; everything else by the variance that its
    own interval implies. Unequal weights and clusters lengthen each by the design effect that the figure has.

    Args:
        estimate: with an interval that includes the threshold.
        measure: of the KPI.
        threshold: that decides.
        distribution: of an NPS: promoters, passives, detractors; ``None``: sized by its variance.

    Raises:
        NotEstimable: the figure stands at the threshold itself, so that no number of answers tells them apart.
    """
    interval, distance = estimate.interval, abs(estimate.value - threshold)
    if interval is None:
        raise NotEstimable("Without an interval nothing can be said of how many answers it takes.")
    if not distance > 0.0:
        raise NotEstimable("The figure stands at the threshold itself: no number of answers tells one from the other.")
    size, how = _size(estimate, measure, threshold, distance, distribution)
    effect = max(1.0, estimate.n / estimate.n_effective) if estimate.n_effective > 0 else 1.0
    answers = invitations_needed(size, design_effect=effect).answers
    if effect > 1.0:
        how += f", times a design effect of {effect:.2f}"
    if answers > _MOST:
        raise NotEstimable("The figure stands so close to the threshold that no survey tells one from the other.")
    return max(answers, estimate.n + 1), how


def needed(answers: int, how: str, *, n: int, start: datetime | None, end: datetime | None, as_of: datetime) -> Needed:
    """When so many answers will be there, at the rate of the period that was judged.

    Args:
        answers: in all.
        how: the arithmetic.
        n: answers that are there.
        start: first instant of the period, or the first day with an answer; ``None``: unknown.
        end: first instant no longer in the period; ``None``: it still runs.
        as_of: now.
    """
    missing = max(answers - n, 0)
    until = min(end, as_of) if end else as_of
    elapsed = (until - start) / timedelta(days=1) if start else 0.0
    if elapsed <= 0.0 or n == 0:
        return Needed(answers, missing, None, None, None, how)
    per_day = n / max(elapsed, 1.0)
    days = whole_up(answers / per_day)
    runs = end is None or end > as_of
    more = whole_up(missing / per_day)
    by: date | None = (as_of + timedelta(days=more)).date() if runs and more <= _MOST_DAYS else None
    return Needed(answers, missing, per_day, days, by, how)


def _size(
    estimate: Estimate,
    measure: Measure,
    threshold: float,
    distance: float,
    distribution: Mapping[str, int] | None,
) -> tuple[SampleSize, str]:
    interval = estimate.interval
    assert interval is not None
    level = interval.level
    if measure in _SHARES:
        size = sample_size_for_proportion(threshold, margin=distance, level=level)
        return size, f"a share at the threshold with a margin of {distance:.4g}: {counted(size.n, 'answer')}"
    total = sum(distribution.values()) if distribution else 0
    if measure is Measure.NPS and distribution and total:
        promoters, detractors = distribution["promoters"] / total, distribution["detractors"] / total
        size = sample_size_for_nps(promoters, detractors, margin=distance, level=level)
        return size, f"an NPS with a margin of {distance:.4g} points: {counted(size.n, 'answer')}"
    limit = interval.high if threshold > estimate.value else interval.low
    deviation = abs(limit - estimate.value) / normal_quantile(level)
    variance = deviation**2 * estimate.n_effective
    if not variance > 0.0:
        raise NotEstimable("The answers show no spread, so nothing can be said of how many it takes.")
    size = sample_size_for_mean(variance, margin=distance, level=level)
    return size, f"a variance of {variance:.4g} with a margin of {distance:.4g}: {counted(size.n, 'answer')}"
