"""What the service said, taken from its answers: nothing here is reckoned by the demonstration."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its interval; no value where it is withheld or nobody answered."""

    value: float | None
    low: float | None
    high: float | None
    n: int | None

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """From a figure as the API writes it, wherever it stands."""
        interval = document.get("interval") or {}
        return cls(document["value"], interval.get("low"), interval.get("high"), document.get("n"))


@dataclass(frozen=True, slots=True)
class Capture:
    """How the answers came in.

    Attributes:
        repeated: whether the same response, sent again, was recognised.
        imported_again: rows recorded when the same file was imported again.
        n: answers in the KPI before a test entry came in, with it, and after it was excluded.
    """

    single: int
    batched: int
    imported: int
    repeated: bool
    imported_again: int
    n: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Difference:
    """One period less another."""

    before: Figure
    after: Figure
    value: float
    low: float
    high: float
    verdict: str


@dataclass(frozen=True, slots=True)
class Change:
    """The change of level that the trend analysis found; no date where it found none."""

    sentence: str
    first_period: date | None
    earliest: date | None
    latest: date | None


@dataclass(frozen=True, slots=True)
class GroupShare:
    """One group of those who answered, against the frame; shares 0..1, the gap in points."""

    group: str
    n: int
    share: float
    frame_share: float
    gap: float
    representation: str


@dataclass(frozen=True, slots=True)
class Bias:
    """Whom the answers over- and under-represent, and the KPI both ways."""

    sentence: str
    groups: tuple[GroupShare, ...]
    chi_square: float
    degrees_of_freedom: int
    unweighted: Figure
    weighted: Figure
    cannot_tell: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drivers:
    """What goes with the score: questions, the most important first, those that cannot be told apart together."""

    sentence: str
    ranks: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """What comments speak of: the share of those who do, and how far they score from the rest; None: no difference."""

    label: str
    share: Figure
    apart: float | None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A recommendation with its evidence and the reason for its rank."""

    id: str
    kind: str
    feature: str | None
    title: str
    confidence: str
    evidence: tuple[str, ...]
    priority_reason: str


@dataclass(frozen=True, slots=True)
class Findings:
    """All that was found before anything was done about it."""

    capture: Capture
    nps: Figure
    nps_by_region: Mapping[str, Figure]
    wait_by_month: tuple[tuple[date, Figure], ...]
    wait: Difference
    change: Change
    bias: Bias
    drivers: Drivers
    themes: tuple[Theme, ...]
    review: str
    verdicts: Mapping[str, str]
    recommendations: tuple[Recommendation, ...]


def change_of(analysis: Mapping[str, Any]) -> Change:
    """From a finished trend analysis."""
    found = analysis["result"]["trend"]
    claimed = found["change"] if found["shape"] == "step" else None
    if claimed is None:
        return Change(analysis["sentence"], None, None, None)
    first, earliest, latest = (date.fromisoformat(claimed[name]) for name in ("first_period", "earliest", "latest"))
    return Change(analysis["sentence"], first, earliest, latest)


def bias_of(analysis: Mapping[str, Any], attribute: str) -> Bias:
    """From a finished assessment of sampling bias, over one attribute of the frame."""
    found = analysis["result"]["bias"]
    (margin,) = (margin for margin in found["margins"] if margin["attribute"] == attribute)
    return Bias(
        sentence=analysis["sentence"],
        groups=tuple(
            GroupShare(
                group=category["category"],
                n=category["n"],
                share=category["share"],
                frame_share=category["frame_share"],
                gap=category["gap"],
                representation=category["representation"].replace("_", " "),
            )
            for category in margin["categories"]
        ),
        chi_square=margin["fit"]["statistic"],
        degrees_of_freedom=margin["fit"]["degrees_of_freedom"],
        unweighted=Figure.of(found["unweighted"]),
        weighted=Figure.of(found["weighted"] or {"value": None}),
        cannot_tell=tuple(found["cannot_tell"]),
    )


def drivers_of(analysis: Mapping[str, Any]) -> Drivers:
    """From a finished analysis of drivers."""
    ranks: dict[int, tuple[str, ...]] = {}
    for found in analysis["result"]["drivers"]["drivers"]:
        ranks[found["rank"]] = (*ranks.get(found["rank"], ()), found["driver"]["name"])
    return Drivers(analysis["sentence"], tuple(ranks[rank] for rank in sorted(ranks)))


def theme_of(found: Mapping[str, Any]) -> Theme:
    """From a theme of a finished analysis of themes."""
    score = found["score"] or {"differ": None}
    apart = score["comparison"]["difference"] if score["differ"] else None
    return Theme(found["label"], Figure.of(found["share"] or {"value": None}), apart)


def recommendation_of(document: Mapping[str, Any]) -> Recommendation:
    """From a recommendation as it is listed."""
    return Recommendation(
        id=document["id"],
        kind=document["kind"],
        feature=document["feature_key"],
        title=document["title"],
        confidence=document["confidence"],
        evidence=tuple(piece["statement"] for piece in document["evidence"]),
        priority_reason=document["priority_reason"],
    )
