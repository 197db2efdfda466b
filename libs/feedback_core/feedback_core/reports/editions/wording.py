"""Words for figures, periods and states, as a reader without statistics has them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from feedback_core.bias.types import Usability
from feedback_core.charts.document import percent
from feedback_core.charts.types import Quantity
from feedback_core.kit.estimates import Estimate
from feedback_core.kpis.wording import quantity_of
from feedback_core.recommendations.types import Confidence, FeatureReview
from feedback_core.reports.model import Figure
from feedback_core.standards.types import StandardVerdict, Verdict
from feedback_core.trends.types import Shape

WITHHELD: Final = "withheld: too few answered"

_BOUNDS: Final[Mapping[str, tuple[float | None, float | None]]] = {"nps": (-100.0, 100.0), "csat": (0.0, 1.0)}
_MEASURES: Final = {
    "nps": "Net Promoter Score: share who would recommend us minus share who would not, -100 to 100",
    "csat": "share of satisfied customers",
    "ces": "mean effort score",
}
_VERDICTS: Final = {
    Verdict.MET: "met",
    Verdict.NOT_MET: "not met",
    Verdict.NOT_ENOUGH_EVIDENCE: "not enough evidence",
}
_CLAIMS: Final = frozenset({Shape.STEP, Shape.GRADUAL, Shape.UNCLEAR})
_STATES: Final = {
    "proposed": "waits for a decision",
    "accepted": "accepted: we work on it",
    "rejected": "not followed",
    "done": "done",
}
_CONFIDENCE: Final = {
    Confidence.HIGH: "sure: beyond chance, and those who answered stand for all customers",
    Confidence.MEDIUM: "fairly sure: beyond chance, but whom the answers stand for is not settled",
    Confidence.LOW: "not sure: more or other people must be asked first",
}
_USABLE: Final = {
    Usability.AS_IS: "stands for all customers",
    Usability.WEIGHTED: "stands for all customers once weighted",
    Usability.NOT_USABLE: "does not stand for all customers",
}


def quantity(feature: FeatureReview) -> Quantity:
    """What the feature's figure is measured in."""
    bounds = _BOUNDS.get(feature.kpi) or (feature.trend.bounds if feature.trend else (None, None))
    return quantity_of(feature.kpi.upper(), feature.unit, bounds)


def figure_of(estimate: Estimate | None, measured: Quantity, pointer: str) -> Figure:
    """An estimate as a reader sees it."""
    if estimate is None:
        return Figure(None, None, None, None, None, WITHHELD, "", pointer)
    limits = estimate.interval
    between = "" if limits is None else f"{measured.text(limits.low)} to {measured.text(limits.high)}"
    return Figure(
        value=estimate.value,
        low=None if limits is None else limits.low,
        high=None if limits is None else limits.high,
        level=None if limits is None else limits.level,
        n=estimate.n,
        text=measured.text(estimate.value),
        interval_text=between,
        pointer=pointer,
    )


def measure_in_words(kpi: str) -> str:
    """What a KPI says, for who has never heard of it."""
    return _MEASURES.get(kpi, kpi)


def direction(feature: FeatureReview) -> str:
    """Where the figure goes, as far as the tests bear a claim."""
    if feature.trend is None:
        return "cannot be told"
    trend = feature.trend.trend
    if trend.shape not in _CLAIMS:
        return "no change can be told"
    return "has changed" if trend.improvement is None else "getting better" if trend.improvement else "getting worse"


def verdict_in_words(standard: StandardVerdict | None) -> str:
    """Whether a standard is reached, as the review has judged it."""
    return "no standard" if standard is None else _VERDICTS[standard.verdict]


def representation(feature: FeatureReview) -> str:
    """Whom the figure stands for."""
    return "not known: no frame" if feature.sampling_bias is None else _USABLE[feature.sampling_bias.bias.state]


def sureness(confidence: Confidence) -> str:
    """How much the evidence bears."""
    return _CONFIDENCE[confidence]


def state_in_words(state: str | None) -> str:
    """Where a recommendation stands; a state that this list lacks is told by its own name."""
    if state is None:
        return "nothing is known of it any more"
    return _STATES.get(state, state.replace("_", " "))


def level_in_words(level: float) -> str:
    """``95%``."""
    return percent(level)


def day(instant: datetime) -> str:
    """A day for a reader: ``3 March 2026``, in UTC."""
    return f"{instant.day} {instant:%B %Y}"


def listed(names: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(names) < 2:  # noqa: PLR2004 - two are joined by one word
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def ended(sentence: str) -> str:
    """With a full stop."""
    text = sentence.strip()
    return text if not text or text[-1] in ".!?" else f"{text}."
