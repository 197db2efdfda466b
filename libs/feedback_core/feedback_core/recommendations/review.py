"""A review: each feature's figure, trend and sampling bias, and what they suggest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from feedback_core.bias.jobs import bias_of
from feedback_core.bias.types import (
    Representation as Represented,
)
from feedback_core.bias.types import (
    SamplingBiasOutcome,
    SamplingBiasParameters,
    SamplingFrame,
    Usability,
)
from feedback_core.kit.errors import DomainError, NotEstimable
from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.kpis.types import Figure, PeriodFigure, Withheld
from feedback_core.kpis.use_cases import Asked, KpiCells
from feedback_core.recommendations.calc import (
    Course,
    FeatureFinding,
    MeasuredFigure,
    Representation,
    UnmetStandard,
    candidates,
)
from feedback_core.recommendations.measures import FeatureMeasure, standard_of
from feedback_core.recommendations.reviewed_standards import standards_sentence, unmet_standard
from feedback_core.recommendations.types import (
    Candidate,
    FeatureReview,
    RecommendationKind,
    ReviewOutcome,
    ReviewParameters,
)
from feedback_core.service.types import ServiceLinks
from feedback_core.standards.evidence import Evidence
from feedback_core.standards.judgement import verdict_on
from feedback_core.standards.types import StandardVerdict
from feedback_core.trends.jobs import trend_of
from feedback_core.trends.types import Shape, TrendOutcome, TrendParameters


@dataclass(frozen=True, slots=True)
class MeasureAnswers:
    """What was read of one measure; ``links``: whose it is."""

    measure: FeatureMeasure
    feature_name: str
    asked: Asked
    figure: Figure | Withheld
    series: Sequence[PeriodFigure]
    cells: KpiCells
    links: ServiceLinks


def review_of(
    parameters: ReviewParameters,
    answers: Sequence[MeasureAnswers],
    evidence: Sequence[Evidence],
    *,
    not_reviewed: tuple[str, ...],
    seed: int,
    as_of: datetime,
) -> ReviewOutcome:
    """What the answers say of standards and features, and the recommendations that follow, highest priority first."""
    verdicts = tuple(verdict_on(one, as_of=as_of) for one in evidence)
    features = tuple(_feature(parameters, one, verdicts, seed=seed, as_of=as_of) for one in answers)
    about = {(feature.question, feature.item): feature.feature_key for feature in features}
    spans = {(one.measure.question, one.measure.item): one.measure.span for one in answers}
    unmet = [
        standard
        for place, one in enumerate(verdicts)
        if (standard := unmet_standard(one, f"/standards/{place}", _feature_of(one, about)))
    ]
    findings = [
        _finding(
            feature,
            f"/features/{place}",
            spans[feature.question, feature.item],
            parameters.weighting,
            [one for one in verdicts if _feature_of(one, about) == feature.feature_key],
            unmet,
        )
        for place, feature in enumerate(features)
    ]
    measured = {feature.feature_key for feature in features}
    found = candidates(findings, [standard for standard in unmet if standard.feature_key not in measured])
    sentence = f"{_sentence(features, found)}{standards_sentence(verdicts)}"
    return ReviewOutcome(as_of, features, tuple(found), not_reviewed, sentence.strip(), verdicts)


def _feature(
    parameters: ReviewParameters,
    answers: MeasureAnswers,
    verdicts: Sequence[StandardVerdict],
    *,
    seed: int,
    as_of: datetime,
) -> FeatureReview:
    measure, standard = answers.measure, standard_of(answers.measure, verdicts)
    trend, trend_reason = _trend(parameters, answers, standard, seed=seed, as_of=as_of)
    bias, bias_reason = _bias(parameters, answers, as_of=as_of)
    return FeatureReview(
        feature_key=measure.feature_key,
        feature_name=answers.feature_name,
        question=measure.question,
        item=measure.item,
        kpi=measure.kpi,
        unit=answers.asked.target.definition.unit,
        target=standard.target if standard else None,
        figure=None if isinstance(answers.figure, Withheld) else answers.figure.estimate,
        trend=trend,
        trend_reason=trend_reason,
        sampling_bias=bias,
        sampling_bias_reason=bias_reason,
        standard=standard.standard if standard else None,
        links=answers.links,
    )


def _trend(
    parameters: ReviewParameters,
    answers: MeasureAnswers,
    standard: StandardVerdict | None,
    *,
    seed: int,
    as_of: datetime,
) -> tuple[TrendOutcome | None, str | None]:
    measure = answers.measure
    wanted = TrendParameters(
        kpi=measure.kpi,
        question=measure.question,
        item=measure.item,
        bucket=parameters.bucket,
        target=standard.target if standard else None,
        level=parameters.level,
    )
    try:
        return trend_of(answers.asked, wanted, answers.series, seed=seed, as_of=as_of), None
    except NotEstimable as reason:
        return None, reason.detail


def _bias(
    parameters: ReviewParameters, answers: MeasureAnswers, *, as_of: datetime
) -> tuple[SamplingBiasOutcome | None, str | None]:
    if parameters.frame is None and parameters.weighting is None:
        return None, "No frame was given to hold the answers against."
    wanted = SamplingBiasParameters(
        kpi=answers.measure.kpi,
        frame=SamplingFrame(parameters.frame.margins if parameters.frame else {}),
        question=answers.measure.question,
        item=answers.measure.item,
        level=parameters.level,
        weighting=parameters.weighting,
    )
    try:
        return bias_of(answers.asked, wanted, answers.cells, as_of=as_of), None
    except DomainError as reason:
        return None, reason.detail


def _feature_of(verdict: StandardVerdict, about: Mapping[tuple[str, str | None], str]) -> str | None:
    """What a standard is about: as it says, else what the question that it asks is about."""
    said = verdict.links.feature
    return said.key if said else about.get((verdict.question or "", verdict.item))


def _finding(
    feature: FeatureReview,
    place: str,
    span: float,
    weighting: str | None,
    standards: Sequence[StandardVerdict],
    unmet: Sequence[UnmetStandard],
) -> FeatureFinding:
    keys = {one.standard for one in standards}
    return FeatureFinding(
        place=place,
        feature_key=feature.feature_key,
        name=feature.feature_name,
        question=feature.question,
        figure=_figure(feature, span, is_weighted=weighting is not None),
        course=_course(feature.trend),
        representation=_representation(feature),
        has_standard=bool(keys),
        unmet=tuple(standard for standard in unmet if standard.key in keys),
    )


def _figure(feature: FeatureReview, span: float, *, is_weighted: bool) -> MeasuredFigure | None:
    """The weighted figure where only that one can be used, otherwise the one that was read, weighted or not."""
    bias = feature.sampling_bias.bias if feature.sampling_bias else None
    weighted = bias.weighted if bias and bias.state is Usability.WEIGHTED else None
    shown: Estimate | None = weighted or feature.figure
    if shown is None or shown.interval is None:
        return None
    limits = (shown.interval.low, shown.interval.high)
    return MeasuredFigure(
        feature.kpi,
        shown.value,
        *limits,
        shown.n,
        span,
        weighted=is_weighted or weighted is not None,
        unit=feature.unit,
    )


def _course(outcome: TrendOutcome | None) -> Course | None:
    if outcome is None:
        return None
    trend = outcome.trend
    if trend.improvement is False and trend.shape is Shape.STEP and trend.change:
        difference = trend.change.fit.difference
        return Course(abs(difference.value), trend.sentence, *_size(difference.value, difference.interval))
    if trend.improvement is False and trend.slope:
        slope, steps = trend.slope, max(trend.n_periods - 1, 1)
        limits = _size(slope.per_period, slope.per_period_interval, times=steps)
        return Course(abs(slope.per_period) * steps, trend.sentence, *limits)
    return Course(None, trend.sentence)


def _size(change: float, interval: Interval | None, times: int = 1) -> tuple[float | None, float | None]:
    """Limits of a change for the worse, as a size: of a fall they are turned round."""
    if interval is None:
        return None, None
    low, high = (interval.low, interval.high) if change > 0 else (-interval.high, -interval.low)
    return low * times, high * times


def _representation(feature: FeatureReview) -> Representation | None:
    if feature.sampling_bias is None:
        return None
    bias = feature.sampling_bias.bias
    missing = tuple(
        f"{group.attribute} {group.category} ({-group.gap:.0f} points too few)"
        for group in bias.by_gap
        if group.representation is Represented.UNDER
    )
    return Representation(
        usable=bias.state is not Usability.NOT_USABLE,
        as_is=bias.state is Usability.AS_IS,
        missing=missing or bias.reasons,
        sentence=bias.sentence,
    )


def _sentence(features: Sequence[FeatureReview], found: Sequence[Candidate]) -> str:
    if not features:
        return ""
    measured = len({feature.feature_key for feature in features})
    names: Mapping[str, str] = {feature.feature_key: feature.feature_name for feature in features}
    improve = [
        names[key] for c in found if c.kind is RecommendationKind.IMPROVE and (key := c.feature_key or "") in names
    ]
    ask = [names[c.feature_key or ""] for c in found if c.kind is RecommendationKind.ASK_BETTER]
    told = f"{measured} feature{'s' if measured != 1 else ''} measured"
    told += f"; to be improved, in this order: {', '.join(improve)}" if improve else "; none is clearly behind"
    if ask:
        told += f"; nothing can be said before others are asked about: {', '.join(ask)}"
    return f"{told}."
