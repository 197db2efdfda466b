"""Can the KPI be used for the whole frame: as it is, weighted, or not at all? The rules and their thresholds."""

from collections.abc import Sequence
from dataclasses import dataclass

from feedback_core.bias.calc.differences import LOOK
from feedback_core.bias.calc.weighted_kpi import WeightedKpi
from feedback_core.bias.types import BiasReason, KpiUse, MarginComposition, Usability
from feedback_core.kit.estimates import Estimate

# Below this many effective answers, a t interval on a discrete scale no longer keeps its coverage.
SMALLEST_EFFECTIVE_N = 30.0
# A margin that capped weights miss by more is not corrected; one point is the usual allowance when trimming.
LARGEST_GAP_LEFT = 1.0
# With more respondents of unknown category than this, the composition is that of another group.
LARGEST_UNKNOWN_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the KPI can be used for.

    Attributes:
        state: for the whole frame.
        reasons: why, a sentence each.
        not_usable_for: what it cannot be used for in any state.
    """

    state: Usability
    reasons: tuple[str, ...]
    not_usable_for: tuple[KpiUse, ...] = ()


def judge(
    unweighted: Estimate,
    weighted: WeightedKpi | None,
    margins: Sequence[MarginComposition],
    obstacles: Sequence[str],
) -> Verdict:
    """The verdict.

    Not usable: the weights could not be made (``obstacles`` says why), fewer than 30 effective answers are left, capped
    weights miss a margin by more than 1 point, or more than 30 % of the respondents have an unknown category.
    Usable as it is: every standardised difference is below .1, and the weighted KPI lies in the unweighted interval.
    Otherwise usable when weighted.
    """
    if weighted is None:
        return Verdict(Usability.NOT_USABLE, tuple(obstacles))
    against = _against(unweighted, weighted)
    if against:
        return Verdict(Usability.NOT_USABLE, against)
    largest = max(category.standardised_difference for margin in margins for category in margin.categories)
    if largest >= LOOK:
        return Verdict(
            Usability.WEIGHTED, (f"The largest standardised difference from the frame is {largest:.2f}; .1 is large.",)
        )
    if not _inside(weighted.estimate.value, unweighted):
        return Verdict(Usability.WEIGHTED, ("Weighting moves the KPI out of its unweighted interval.",))
    return Verdict(
        Usability.AS_IS,
        (f"Every standardised difference is below .1 ({largest:.2f} at most), and weighting changes little.",),
    )


def judge_with(composition: Verdict, evidence: Sequence[BiasReason]) -> Verdict:
    """The verdict on composition and weights, with what other findings add.

    They never improve it: one that asks for weighting makes a KPI that is usable as it is usable only weighted; one
    that forbids a use adds it to those the KPI is not usable for. Finding nothing does not show that there is no bias.
    """
    forbidden = tuple(dict.fromkeys(reason.not_usable_for for reason in evidence if reason.not_usable_for))
    to_weight = [reason.detail for reason in evidence if reason.not_usable_for is None]
    others = [reason.detail for reason in evidence if reason.not_usable_for is not None]
    if composition.state is Usability.AS_IS and to_weight:
        return Verdict(Usability.WEIGHTED, (*to_weight, *others), forbidden)
    return Verdict(composition.state, (*composition.reasons, *to_weight, *others), forbidden)


def _against(unweighted: Estimate, weighted: WeightedKpi) -> tuple[str, ...]:
    weighting = weighted.weighting
    effective = weighting.design_effect.effective_n
    unknown = 1 - weighting.n / unweighted.n
    reasons = []
    if effective < SMALLEST_EFFECTIVE_N:
        reasons.append(
            f"After weighting, the {weighting.n:,} answers are worth {effective:.0f}; at least 30 are needed."
        )
    if weighting.largest_gap > LARGEST_GAP_LEFT and weighting.scheme is not None:
        reasons.append(
            f"Weighted by {weighting.scheme}, the answers still miss the frame by {weighting.largest_gap:.1f} points."
        )
    elif weighting.largest_gap > LARGEST_GAP_LEFT:
        reasons.append(
            f"One weight would have to be {weighting.largest_before_cap:.1f} times the mean; held to the cap, the "
            f"weights still miss the frame by {weighting.largest_gap:.1f} points."
        )
    if unknown > LARGEST_UNKNOWN_SHARE:
        reasons.append(f"The category of {unknown:.0%} of the respondents is unknown; at most 30% can be left out.")
    return tuple(reasons)


def _inside(value: float, estimate: Estimate) -> bool:
    interval = estimate.interval
    if interval is None:
        return value == estimate.value
    return interval.low <= value <= interval.high
