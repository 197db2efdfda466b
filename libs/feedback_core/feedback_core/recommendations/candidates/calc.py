"""What follows from a finding: candidates with evidence, the effect to be expected, and their arithmetic. Pure."""

from feedback_core.bias.types import Representation, SamplingBiasOutcome, Usability
from feedback_core.drivers.types import DriverFinding, DriversOutcome, Performance, Quadrant
from feedback_core.kit.estimates import Interval
from feedback_core.recommendations.calc import CONFIDENCE_FACTORS
from feedback_core.recommendations.candidates.types import Subjects
from feedback_core.recommendations.expected import ASK_FIRST
from feedback_core.recommendations.types import (
    Candidate,
    Confidence,
    Evidence,
    ExpectedEffect,
    RecommendationKind,
)
from feedback_core.themes.analysis.types import ThemeFinding, ThemesOutcome
from feedback_core.trends.types import Shape, TrendOutcome

_CLAIMS = frozenset({Shape.STEP, Shape.GRADUAL, Shape.UNCLEAR})
_FACTOR = CONFIDENCE_FACTORS[Confidence.MEDIUM]


def from_drivers(outcome: DriversOutcome, subjects: Subjects) -> list[Candidate]:
    """Drivers that are important and perform badly, both beyond their intervals: gap to the line times importance."""
    found = outcome.drivers
    if found.performance_line is None:
        return []
    return [
        _driver(outcome, place, driver, driver.performance, found.performance_line, subjects)
        for place, driver in enumerate(found.drivers)
        if driver.quadrant is Quadrant.CONCENTRATE_HERE and driver.quadrant_is_clear and driver.performance is not None
    ]


def from_trend(outcome: TrendOutcome, subjects: Subjects) -> list[Candidate]:
    """A figure that got worse: what was lost, as a share of its scale."""
    trend, (low, high) = outcome.trend, outcome.bounds
    if trend.improvement is not False or trend.shape not in _CLAIMS or low is None or high is None:
        return []
    if trend.shape is Shape.STEP and trend.change is not None:
        change = trend.change.fit.difference
        limits = _ends(change.interval)
        piece = Evidence(
            "/trend/change/fit/difference", trend.sentence, outcome.kpi, change.value, *limits, trend.answers
        )
        lost, back = change.value, f"Back to the level before {trend.change.first_period}."
        effect = ExpectedEffect(
            -lost,
            None if limits[1] is None else -limits[1],
            None if limits[0] is None else -limits[0],
            outcome.unit,
            back,
        )
    elif trend.slope is not None:
        steps = max(trend.n_periods - 1, 1)
        limits = _ends(trend.slope.per_period_interval)
        piece = Evidence(
            "/trend/slope/per_period", trend.sentence, outcome.kpi, trend.slope.per_period, *limits, trend.answers
        )
        lost = trend.slope.per_period * steps
        back = f"Back to where it began: {steps} periods of {trend.slope.per_period:.3g} each."
        effect = ExpectedEffect(
            -lost,
            None if limits[1] is None else -limits[1] * steps,
            None if limits[0] is None else -limits[0] * steps,
            outcome.unit,
            back,
        )
    else:
        return []
    feature = subjects.feature_of(outcome.question)
    name = subjects.name_of(feature, outcome.subject or outcome.kpi)
    gap = min(abs(lost) / (high - low), 1.0)
    priority = gap * _FACTOR
    return [
        Candidate(
            kind=RecommendationKind.IMPROVE,
            subject=f"improve:{feature or outcome.question or outcome.kpi}",
            feature_key=feature,
            title=f"Improve {name}",
            rationale=trend.sentence,
            evidence=(piece,),
            gap=gap,
            confidence=Confidence.MEDIUM,
            priority=priority,
            priority_reason=f"Lost {gap:.3f} of the scale × {_FACTOR} for medium confidence = {priority:.3f}.",
            expected_effect=effect,
        )
    ]


def from_sampling_bias(outcome: SamplingBiasOutcome, subjects: Subjects) -> list[Candidate]:
    """Answers that cannot stand for the frame: hear those who are missing."""
    bias = outcome.bias
    if bias.state is not Usability.NOT_USABLE:
        return []
    feature = subjects.feature_of(outcome.question)
    missing = [group for group in bias.by_gap if group.representation is Representation.UNDER]
    pieces = [Evidence("/bias/sentence", bias.sentence, outcome.kpi)]
    pieces += [
        Evidence(
            f"/bias/by_gap/{place}/gap",
            f"{group.attribute} {group.category}: {group.gap:+.1f} points against the frame.",
            outcome.kpi,
            group.gap,
            n=group.n,
        )
        for place, group in enumerate(bias.by_gap)
        if group in missing
    ]
    priority = CONFIDENCE_FACTORS[Confidence.LOW]
    named = ", ".join(f"{group.attribute} {group.category}" for group in missing) or "part of the frame"
    return [
        Candidate(
            kind=RecommendationKind.ASK_BETTER,
            subject=f"ask_better:{feature or outcome.question}",
            feature_key=feature,
            title=f"Hear those who are missing: {named}"[:300],
            rationale=" ".join((bias.sentence, *bias.reasons)),
            evidence=tuple(pieces),
            gap=None,
            confidence=Confidence.LOW,
            priority=priority,
            priority_reason=f"No gap can be measured; asking better counts as {priority}.",
            expected_effect_reason=ASK_FIRST,
        )
    ]


def from_themes(outcome: ThemesOutcome, subjects: Subjects) -> list[Candidate]:
    """Themes whose speakers score worse than others: the difference, times the share of those who speak of it."""
    low, high = outcome.bounds
    if subjects.higher_is_better is None or low is None or high is None:
        return []
    found = [_theme(outcome, place, theme, subjects, high - low) for place, theme in enumerate(outcome.themes)]
    return [candidate for candidate in found if candidate is not None]


def _driver(
    outcome: DriversOutcome,
    place: int,
    driver: DriverFinding,
    performance: Performance,
    line: float,
    subjects: Subjects,
) -> Candidate:
    question = driver.driver
    feature = question.feature
    name = subjects.name_of(feature, question.name)
    gap = max(line - performance.value, 0.0) / 100
    points = gap * (question.maximum - question.minimum)
    slope, shares, limits = driver.slope, driver.share_interval, performance.interval
    priority = gap * driver.share * _FACTOR
    pointer, n = f"/drivers/drivers/{place}", outcome.drivers.n
    importance = f"{name} makes up {driver.share:.0%} of what explains {outcome.outcome.name}."
    stands = f"{name} stands at {performance.value:.0f} % of its scale; from {line:.0f} % on it would do well."
    return Candidate(
        kind=RecommendationKind.IMPROVE,
        subject=f"improve:{feature or question.name}",
        feature_key=feature,
        title=f"Improve {name}",
        rationale=f"{importance} {stands}",
        evidence=(
            Evidence(
                f"{pointer}/share",
                importance,
                None,
                driver.share,
                shares.low if shares else None,
                shares.high if shares else None,
                n,
            ),
            Evidence(
                f"{pointer}/performance",
                stands,
                None,
                performance.value,
                limits.low if limits else None,
                limits.high if limits else None,
                n,
            ),
        ),
        gap=gap,
        confidence=Confidence.MEDIUM,
        priority=priority,
        priority_reason=(
            f"Gap {gap:.3f} of the scale × importance {driver.share:.3f} × {_FACTOR} for medium confidence"
            f" = {priority:.3f}."
        ),
        expected_effect=ExpectedEffect(
            slope.estimate * points,
            slope.interval.low * points,
            slope.interval.high * points,
            f"points of {outcome.outcome.name}",
            f"Closing the gap of {points:.2f} points × {slope.estimate:.3f} points of {outcome.outcome.name} per point,"
            " with the other drivers unchanged. What goes together need not be cause and effect.",
        ),
    )


def _theme(
    outcome: ThemesOutcome, place: int, theme: ThemeFinding, subjects: Subjects, span: float
) -> Candidate | None:
    score = theme.score
    if theme.share is None or score is None or score.differ is not True or score.comparison is None:
        return None
    compared = score.comparison
    if compared.difference == 0 or (compared.difference < 0) is not subjects.higher_is_better:
        return None
    share, limits = theme.share.value, compared.interval
    gap = min(abs(compared.difference) * share / span, 1.0)
    priority = gap * _FACTOR
    name = subjects.name_of(theme.feature, theme.label)
    words = (
        f"Those who speak of {theme.label} ({share:.0%}) differ by {compared.difference:+.3g} in"
        f" {outcome.subject or outcome.kpi} from those who do not."
    )
    theirs = theme.share.interval
    low, high = _ends(limits)
    return Candidate(
        kind=RecommendationKind.IMPROVE,
        subject=f"improve:{theme.feature or f'theme:{theme.key}'}",
        feature_key=theme.feature,
        title=f"Improve {name}",
        rationale=words,
        evidence=(
            Evidence(
                f"/themes/{place}/score/comparison/difference",
                words,
                outcome.kpi,
                compared.difference,
                limits.low if limits else None,
                limits.high if limits else None,
                compared.n_first + compared.n_second,
            ),
            Evidence(
                f"/themes/{place}/share",
                f"{share:.0%} of those who commented speak of {theme.label}.",
                None,
                share,
                theirs.low if theirs else None,
                theirs.high if theirs else None,
                theme.share.n,
            ),
        ),
        gap=gap,
        confidence=Confidence.MEDIUM,
        priority=priority,
        priority_reason=(
            f"Difference {abs(compared.difference) / span:.3f} of the scale × share {share:.3f} × {_FACTOR} for medium"
            f" confidence = {priority:.3f}."
        ),
        expected_effect=ExpectedEffect(
            -compared.difference * share,
            None if high is None else -high * share,
            None if low is None else -low * share,
            outcome.unit or "",
            f"If the {share:.0%} who speak of it scored as the others do.",
        ),
    )


def _ends(interval: Interval | None) -> tuple[float | None, float | None]:
    return (None, None) if interval is None else (interval.low, interval.high)
