"""Standards within a review: what is not met, and what is said of all of them together."""

from collections.abc import Sequence

from feedback_core.recommendations.calc import UnmetStandard
from feedback_core.standards.types import StandardVerdict, Verdict


def unmet_standard(verdict: StandardVerdict, place: str, feature_key: str | None) -> UnmetStandard | None:
    """A standard that is not met, as candidates are made from it; ``None`` for all others."""
    estimate = verdict.estimate
    if verdict.verdict is not Verdict.NOT_MET or estimate is None or estimate.interval is None:
        return None
    return UnmetStandard(
        place=place,
        key=verdict.standard,
        name=verdict.name,
        size=_size(verdict, estimate.value),
        sentence=verdict.sentence,
        feature_key=feature_key,
        kpi=verdict.kpi,
        value=estimate.value,
        low=estimate.interval.low,
        high=estimate.interval.high,
        n=estimate.n,
        threshold=verdict.threshold,
        unit=verdict.unit,
    )


def standards_sentence(verdicts: Sequence[StandardVerdict]) -> str:
    """How many were met, which were not, and which could not be judged and what that would take; empty without any."""
    if not verdicts:
        return ""
    by_verdict = {verdict: [one for one in verdicts if one.verdict is verdict] for verdict in Verdict}
    met, not_met = by_verdict[Verdict.MET], by_verdict[Verdict.NOT_MET]
    told = f" Of {len(verdicts)} standard{'s' if len(verdicts) != 1 else ''} {len(met)} met"
    told += f"; not met: {', '.join(one.name for one in not_met)}" if not_met else ""
    unjudged = by_verdict[Verdict.NOT_ENOUGH_EVIDENCE]
    told += f"; not enough evidence: {', '.join(_and_what_it_takes(one) for one in unjudged)}" if unjudged else ""
    return f"{told}."


def _and_what_it_takes(verdict: StandardVerdict) -> str:
    needed = verdict.needed
    return verdict.name if needed is None else f"{verdict.name} (about {needed.answers:,} answers)"


def _size(verdict: StandardVerdict, value: float) -> float:
    """As a share of the range; where the figure has no ends, of the larger of target and figure."""
    low, high = verdict.bounds
    distance = abs(verdict.target - value)
    reach = high - low if low is not None and high is not None else max(abs(verdict.target), abs(value))
    return min(distance / reach, 1.0) if reach > 0 else 1.0
