"""The effect to be expected of following a recommendation, and how it was come by: pure.

Nothing is guessed. What is at least known is the gap of the figure itself, with the interval of the gap. Where an
analysis of drivers says how the feature goes with the overall figure, the gap is carried on to that.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from feedback_core.drivers.types import DriverFinding, DriversOutcome
from feedback_core.recommendations.types import Candidate, Evidence, ExpectedEffect, RecommendationKind

ASK_FIRST: Final = "Nothing can be derived before more, or other, people are asked."
NOT_GIVEN: Final = "Whoever wrote it has given none."

_SHARES: Final = frozenset({"csat"})
_POINTS: Final = frozenset({"ces", "mean"})


def to_threshold(
    value: float, low: float, high: float, *, threshold: float, unit: str, asked_for: str = "the standard asks for"
) -> ExpectedEffect:
    """From where the figure is to what is asked for: the gap, with the interval that follows from the figure's."""
    limits = sorted((threshold - low, threshold - high))
    derivation = (
        f"From {said(value, unit)} ({said(low, unit)} to {said(high, unit)}) to {said(threshold, unit)}, which"
        f" {asked_for}: the gap"
        " of this figure, closed as a whole."
    )
    return ExpectedEffect(threshold - value, limits[0], limits[1], unit, derivation)


def regained(worsening: float, low: float | None, high: float | None, *, unit: str) -> ExpectedEffect:
    """Back to where the figure was before it got worse.

    Args:
        worsening: by how much it did, as a size.
        low: lower limit of that; ``None``: not known.
        high: upper limit.
        unit: of the figure.
    """
    return ExpectedEffect(worsening, low, high, unit, "What was lost, regained as a whole; see the trend.")


def through_drivers(
    candidates: Sequence[Candidate], outcome: DriversOutcome, *, run_id: UUID, data_version: str
) -> list[Candidate]:
    """The same, with the effect on the overall figure for those whose feature clearly goes with it.

    The link to the analysis of drivers is one more piece of evidence: when it is overtaken, so is the recommendation.
    """
    return [_through(candidate, outcome, run_id, data_version) for candidate in candidates]


def _through(candidate: Candidate, outcome: DriversOutcome, run_id: UUID, data_version: str) -> Candidate:
    gap, kpi = candidate.expected_effect, candidate.evidence[0].kpi
    found = _driver_of(candidate, outcome)
    if candidate.kind is not RecommendationKind.IMPROVE or gap is None or gap.low is None or gap.high is None:
        return candidate
    if found is None or kpi not in _SHARES | _POINTS or gap.low <= 0:
        return candidate
    place, driver = found
    slope, name = driver.slope, outcome.outcome.name
    if slope.interval.low <= 0:
        return candidate
    limits = (gap.low * slope.interval.low, gap.high * slope.interval.high)
    turned = (
        f"{gap.value:.0%} of all turn from not satisfied to satisfied, each by one point of the scale at least"
        if kpi in _SHARES
        else f"the mean answer rises by {gap.value:.2f} points"
    )
    derivation = (
        f"{gap.derivation} So {turned}; with each point {name} goes along by {slope.estimate:.3f} points"
        f" ({slope.interval.low:.3f} to {slope.interval.high:.3f}), the other drivers unchanged. The limits multiply"
        " both intervals, which is wider than needed. What goes together need not be cause and effect."
    )
    words = f"With each point of {driver.driver.name}, {name} goes along by {slope.estimate:.3f} points."
    piece = Evidence(
        f"/drivers/drivers/{place}/slope/estimate",
        words,
        None,
        slope.estimate,
        slope.interval.low,
        slope.interval.high,
        outcome.drivers.n,
        run_id,
        data_version,
    )
    effect = ExpectedEffect(gap.value * slope.estimate, *limits, f"points of {name}", derivation)
    return replace(candidate, expected_effect=effect, evidence=(*candidate.evidence, piece))


def _driver_of(candidate: Candidate, outcome: DriversOutcome) -> tuple[int, DriverFinding] | None:
    """The most important driver about the same feature, and its place."""
    if candidate.feature_key is None:
        return None
    alike = [
        (place, driver)
        for place, driver in enumerate(outcome.drivers.drivers)
        if driver.driver.feature == candidate.feature_key
    ]
    return max(alike, key=lambda found: found[1].share, default=None)


def said(value: float, unit: str) -> str:
    """A figure as it is read: a share in percent."""
    if unit.startswith("share"):
        return f"{value:.1%}"
    return f"{value:.3g}"
