"""From what a review found of each feature to recommendations, ranked with the arithmetic shown.

Three things can make a feature a candidate for improvement: a standard about it is not met, its figure is below the
other features that are measured alike, or it got worse; each only beyond sampling error. A standard about no feature
that is measured is a candidate by itself when it is not met. Where too few answered, or those who did cannot stand for
the frame, the candidate is to ask better, and nothing is said of the feature itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from feedback_core.kpis.wording import called
from feedback_core.recommendations.expected import ASK_FIRST, regained, to_threshold
from feedback_core.recommendations.types import Candidate, Confidence, Evidence, ExpectedEffect, RecommendationKind

CONFIDENCE_FACTORS: Mapping[Confidence, float] = {
    Confidence.HIGH: 1.0,
    Confidence.MEDIUM: 0.6,
    Confidence.LOW: 0.3,
}
"""What a gap counts for, by how much its evidence bears: judgement, not measurement; shown with every priority."""

WORSENING_FACTOR = 1.25
"""A gap that is growing counts a quarter more."""


@dataclass(frozen=True, slots=True)
class MeasuredFigure:
    """The KPI of one feature, in the direction that high is good.

    Attributes:
        kpi: which KPI.
        span: highest minus lowest value it can take.
        weighted: whether it is weighted to the frame.
        unit: of the figure.
    """

    kpi: str
    value: float
    low: float
    high: float
    n: int
    span: float
    weighted: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """How the KPI moved, as far as the tests bear a claim.

    Attributes:
        worsening: by how much it got worse, in its units; ``None`` if nothing of the kind can be claimed.
        sentence: the finding.
        low: lower limit of the worsening; ``None``: not known.
        high: upper limit.
    """

    worsening: float | None
    sentence: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Representation:
    """Whether those who answered can stand for the frame.

    Attributes:
        usable: for conclusions about the frame, weighted if need be.
        as_is: even without weights.
        missing: groups that are under-represented, in words, the largest gap first.
        sentence: the finding.
    """

    usable: bool
    as_is: bool
    missing: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class UnmetStandard:
    """A standard that is not met, by all that its interval covers.

    Attributes:
        place: JSON pointer to its verdict in the review's result.
        size: how far the figure is from the target, as a share of the range of the figure.
        sentence: the verdict.
        feature_key: that it is about.
        kpi: ``None``: an observed measure.
        threshold: what the figure must reach.
        unit: of the figure.
    """

    place: str
    key: str
    name: str
    size: float
    sentence: str
    feature_key: str | None
    kpi: str | None
    value: float
    low: float
    high: float
    n: int
    threshold: float
    unit: str = ""


@dataclass(frozen=True, slots=True)
class FeatureFinding:
    """What a review found of one feature, by one question.

    Attributes:
        place: JSON pointer to it in the review's result.
        name: of the feature, as it reads in a sentence.
        figure: ``None`` if it is withheld or nobody answered.
        course: ``None`` if it was not estimable.
        representation: ``None`` if no frame was given.
        has_standard: whether a standard about it holds, met or not; then it need not be as good as all others.
        unmet: those standards about it that are not met.
    """

    place: str
    feature_key: str
    name: str
    question: str
    figure: MeasuredFigure | None
    course: Course | None
    representation: Representation | None
    has_standard: bool = False
    unmet: tuple[UnmetStandard, ...] = ()


@dataclass(frozen=True, slots=True)
class _Gap:
    size: float
    words: str
    of: str
    effect: ExpectedEffect


def candidates(findings: Sequence[FeatureFinding], unmet: Sequence[UnmetStandard] = ()) -> list[Candidate]:
    """Recommendations, highest priority first; two features never share one.

    Args:
        findings: of the features.
        unmet: standards that are not met and are about none of these features.
    """
    found = [candidate for finding in findings if (candidate := _candidate(finding, findings)) is not None]
    found += [_reach(standard) for standard in unmet]
    ranked = sorted(_one_per_subject(found), key=lambda candidate: (-candidate.priority, candidate.subject))
    return [
        replace(candidate, priority_reason=f"{candidate.priority_reason} Ranks {rank} of {len(ranked)}.")
        for rank, candidate in enumerate(ranked, 1)
    ]


def _candidate(finding: FeatureFinding, findings: Sequence[FeatureFinding]) -> Candidate | None:
    if finding.figure is None and not finding.unmet:
        return _ask_more(finding)
    if finding.figure is not None and finding.representation and not finding.representation.usable:
        return _ask_others(finding, finding.figure, finding.representation)
    return _improve(finding, finding.figure, findings)


def _improve(
    finding: FeatureFinding, figure: MeasuredFigure | None, findings: Sequence[FeatureFinding]
) -> Candidate | None:
    asked_for = [_to_standard(standard) for standard in finding.unmet]
    others = _to_others(finding, figure, findings) if figure else None
    decline = _decline(finding, figure) if figure else None
    gaps = asked_for + [gap for gap in (others, decline) if gap]
    if not gaps:
        return None
    largest = max(gaps, key=lambda gap: gap.size)
    expected = max(asked_for, key=lambda gap: gap.size, default=largest)
    confidence = _confidence(finding)
    factor = CONFIDENCE_FACTORS[confidence]
    worsening = WORSENING_FACTOR if decline else 1.0
    priority = largest.size * factor * worsening
    reason = f"Gap {largest.size:.3f} of the range of {largest.of} × {factor} for {confidence} confidence" + (
        f" × {WORSENING_FACTOR} because it is getting worse" if decline else ""
    )
    return Candidate(
        kind=RecommendationKind.IMPROVE,
        subject=f"improve:{finding.feature_key}",
        feature_key=finding.feature_key,
        title=f"Improve {finding.name}",
        rationale=" ".join(gap.words for gap in gaps),
        evidence=_evidence(finding, figure),
        gap=largest.size,
        confidence=confidence,
        priority=priority,
        priority_reason=f"{reason} = {priority:.3f}.",
        standard_key=max(finding.unmet, key=lambda standard: standard.size).key if finding.unmet else None,
        expected_effect=expected.effect,
    )


def _reach(standard: UnmetStandard) -> Candidate:
    factor = CONFIDENCE_FACTORS[Confidence.MEDIUM]
    priority = standard.size * factor
    gap = _to_standard(standard)
    return Candidate(
        kind=RecommendationKind.IMPROVE,
        subject=f"standard:{standard.key}",
        feature_key=standard.feature_key,
        title=f"Reach the standard: {standard.name}",
        rationale=gap.words,
        evidence=(_of_standard(standard),),
        gap=gap.size,
        confidence=Confidence.MEDIUM,
        priority=priority,
        priority_reason=f"Gap {gap.size:.3f} of the range of {gap.of} × {factor} for {Confidence.MEDIUM} confidence"
        f" = {priority:.3f}.",
        standard_key=standard.key,
        expected_effect=gap.effect,
    )


def _ask_more(finding: FeatureFinding) -> Candidate:
    detail = f"Too few answered {finding.question} for anything to be said of {finding.name}."
    return _ask(finding, f"Ask more people about {finding.name}", detail, (Evidence(finding.place, detail),))


def _ask_others(finding: FeatureFinding, figure: MeasuredFigure, who: Representation) -> Candidate:
    missing = ", ".join(who.missing) or "part of the frame"
    detail = f"Those who answered cannot stand for everybody, so nothing is concluded about {finding.name}: {missing}."
    return _ask(
        finding, f"Hear those who are missing before judging {finding.name}", detail, _evidence(finding, figure)
    )


def _ask(finding: FeatureFinding, title: str, rationale: str, evidence: tuple[Evidence, ...]) -> Candidate:
    priority = CONFIDENCE_FACTORS[Confidence.LOW]
    return Candidate(
        kind=RecommendationKind.ASK_BETTER,
        subject=f"ask_better:{finding.feature_key}",
        feature_key=finding.feature_key,
        title=title,
        rationale=rationale,
        evidence=evidence,
        gap=None,
        confidence=Confidence.LOW,
        priority=priority,
        priority_reason=f"No gap can be measured; asking better counts as {priority}.",
        expected_effect_reason=ASK_FIRST,
    )


def _to_standard(standard: UnmetStandard) -> _Gap:
    limits = (standard.value, standard.low, standard.high)
    effect = to_threshold(*limits, threshold=standard.threshold, unit=standard.unit)
    return _Gap(standard.size, standard.sentence, standard.kpi or "the observed figure", effect)


def _to_others(finding: FeatureFinding, figure: MeasuredFigure, findings: Sequence[FeatureFinding]) -> _Gap | None:
    alike = [
        other.figure
        for other in findings
        if other.figure and other is not finding and (other.figure.kpi, other.figure.span) == (figure.kpi, figure.span)
    ]
    if finding.has_standard or not alike:
        return None
    mean = sum(other.value for other in alike) / len(alike)
    if figure.high >= mean or any(figure.high >= other.low for other in alike):
        return None
    size = (mean - figure.value) / figure.span
    words = f"{_figure(finding.name, figure)} is below every other feature ({_number(mean, figure.unit)} on average)."
    limits = (figure.value, figure.low, figure.high)
    effect = to_threshold(*limits, threshold=mean, unit=figure.unit, asked_for="the other features reach on average")
    return _Gap(size, words, figure.kpi, effect)


def _decline(finding: FeatureFinding, figure: MeasuredFigure) -> _Gap | None:
    if finding.course is None or not finding.course.worsening:
        return None
    course = finding.course
    effect = regained(finding.course.worsening, course.low, course.high, unit=figure.unit)
    return _Gap(min(finding.course.worsening / figure.span, 1.0), course.sentence, figure.kpi, effect)


def _confidence(finding: FeatureFinding) -> Confidence:
    return Confidence.HIGH if finding.representation and finding.representation.as_is else Confidence.MEDIUM


def _evidence(finding: FeatureFinding, figure: MeasuredFigure | None) -> tuple[Evidence, ...]:
    pieces = [_of_standard(standard) for standard in finding.unmet]
    if figure:
        pieces.append(
            Evidence(
                pointer=f"{finding.place}/figure",
                statement=f"{_figure(finding.name, figure)}.",
                kpi=figure.kpi,
                value=figure.value,
                low=figure.low,
                high=figure.high,
                n=figure.n,
            )
        )
    if finding.course:
        pieces.append(Evidence(f"{finding.place}/trend", finding.course.sentence))
    if finding.representation:
        pieces.append(Evidence(f"{finding.place}/sampling_bias", finding.representation.sentence))
    else:
        detail = "No frame was given, so nobody knows whether those who answered stand for all customers."
        pieces.append(Evidence(f"{finding.place}/sampling_bias", detail))
    return tuple(pieces)


def _of_standard(standard: UnmetStandard) -> Evidence:
    limits = (standard.value, standard.low, standard.high, standard.n)
    return Evidence(standard.place, standard.sentence, standard.kpi, *limits)


def _one_per_subject(found: Sequence[Candidate]) -> list[Candidate]:
    """A feature that several questions are about is one candidate: the one with the highest priority."""
    best: dict[str, Candidate] = {}
    for candidate in found:
        known = best.get(candidate.subject)
        if known is None or candidate.priority > known.priority:
            best[candidate.subject] = candidate
    return list(best.values())


def _figure(name: str, figure: MeasuredFigure) -> str:
    limits = f"{_number(figure.low, figure.unit)} to {_number(figure.high, figure.unit)}"
    weighted = ", weighted to the frame" if figure.weighted else ""
    return f"{name}: {called(figure.kpi)} {_number(figure.value, figure.unit)} ({limits}, n = {figure.n:,}{weighted})"


def _number(value: float, unit: str) -> str:
    if unit.startswith("share"):
        return f"{value:.1%}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
