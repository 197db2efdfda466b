"""From what was read of a standard to the verdict on it, with everything that it is said from."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeVar

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Estimate
from feedback_core.kpis.types import RESPONSES, Figure, Measure, Nature, Withheld
from feedback_core.kpis.use_cases import Asked, minimum_of_groups
from feedback_core.kpis.wording import bounds_of, subject_of
from feedback_core.standards import calc
from feedback_core.standards.evidence import Evidence
from feedback_core.standards.types import (
    BenchmarkComparison,
    Judgement,
    Needed,
    StandardVerdict,
    Undecided,
    Verdict,
)

T = TypeVar("T")
_SHARES: Final = frozenset({Measure.TOP_BOX, Measure.SHARE})


def verdict_on(evidence: Evidence, *, as_of: datetime) -> StandardVerdict:
    """The verdict on a standard. Loads the tests of trends, so let a thread call it."""
    # Slow to import: the API starts without.
    from feedback_core.standards.calc.course import Series, assurance_of_series, trend_of_series

    details, asked = evidence.standard.details, evidence.asked
    figure = evidence.figure
    estimate = figure.estimate if isinstance(figure, Figure) else None
    share = asked is not None and asked.target.definition.measure in _SHARES
    subject = _subject(asked) if asked else details.name
    judgement = _judgement(evidence, estimate)
    words = calc.Asked(
        details.name, subject, details.direction, details.target, details.tolerance, details.threshold, share
    )
    because = _because(evidence, judgement, estimate, words)
    needed, needed_reason = _needed(evidence, judgement, estimate, as_of=as_of)
    known = [point for point in evidence.series if point.complete]
    series = Series(
        evidence.period.bucket,
        [point.starts_on for point in known],
        [_value(point.figure) for point in known],
    )
    trend, trend_reason = _attempt(
        lambda: trend_of_series(
            series, direction=details.direction, level=evidence.period.level, subject=_title(subject)
        )
    )
    assurance, assurance_reason = _attempt(
        lambda: assurance_of_series(series, direction=details.direction, threshold=details.threshold, share=share)
    )
    target = asked.target if asked else None
    return StandardVerdict(
        standard=evidence.standard.key,
        version=evidence.standard.version,
        name=details.name,
        statement=details.statement,
        owner=details.owner,
        direction=details.direction,
        target=details.target,
        tolerance=details.tolerance,
        threshold=details.threshold,
        unit=target.definition.unit if target else "",
        kpi=details.metric.kpi,
        statistic=details.metric.statistic,
        definition_version=target.definition.version if target and details.metric.kpi else None,
        question=(target.question_key if target else details.metric.question) or None,
        item=(target.item if target else details.metric.item) or None,
        choice=target.choice if target else details.metric.choice,
        where=dict(details.metric.where),
        nature=target.definition.nature if target else Nature.OBSERVED,
        subject=subject,
        bounds=bounds_of(target) if target else (None, None),
        level=evidence.period.level,
        period_start=evidence.period.start,
        period_end=evidence.period.end,
        time_zone=asked.selection.time_zone if asked else "UTC",
        weighting=asked.scheme.key if asked and asked.scheme else None,
        verdict=judgement.verdict,
        undecided=judgement.undecided,
        undecided_because=because,
        estimate=estimate,
        margin=judgement.margin,
        bound=judgement.bound,
        reaches_target=judgement.reaches_target,
        needed=needed,
        needed_reason=needed_reason,
        trend=trend,
        trend_reason=trend_reason,
        assurance=assurance,
        assurance_reason=assurance_reason,
        benchmarks=_benchmarks(evidence, estimate, share=share),
        links=evidence.links,
        sentence=calc.sentence_of(words, judgement, estimate, because, needed),
        warnings=_warnings(figure),
    )


def _judgement(evidence: Evidence, estimate: Estimate | None) -> Judgement:
    details, figure = evidence.standard.details, evidence.figure
    if estimate is not None:
        return calc.judge_estimate(
            estimate, direction=details.direction, target=details.target, threshold=details.threshold
        )
    why = Undecided.NO_FIGURE
    if evidence.unfit is not None or figure is None:
        why = Undecided.METRIC_CHANGED
    elif isinstance(figure, Withheld):
        why = Undecided.TOO_FEW_TO_SHOW
    elif figure.answered == 0:
        why = Undecided.NOBODY_ANSWERED
    return Judgement(Verdict.NOT_ENOUGH_EVIDENCE, why)


def _because(evidence: Evidence, judgement: Judgement, estimate: Estimate | None, words: calc.Asked) -> str | None:
    why = judgement.undecided
    if why is None:
        return None
    if estimate is not None and why is Undecided.INTERVAL_INCLUDES_THRESHOLD:
        return calc.why_undecided(words, estimate)
    if why is Undecided.TOO_FEW_TO_SHOW and evidence.asked is not None:
        return f"Too few answered for a figure to be shown: it takes at least {minimum_of_groups(evidence.asked)}."
    figure = evidence.figure
    told = {
        Undecided.METRIC_CHANGED: f"What it is held against has changed since: {evidence.unfit}",
        Undecided.NOBODY_ANSWERED: "Nobody answered in this period.",
        Undecided.NO_INTERVAL: " ".join(estimate.warnings) if estimate else None,
        Undecided.NO_FIGURE: figure.not_estimable if isinstance(figure, Figure) else None,
    }
    return told.get(why) or "There is no figure with an interval."


def _needed(
    evidence: Evidence, judgement: Judgement, estimate: Estimate | None, *, as_of: datetime
) -> tuple[Needed | None, str | None]:
    details, asked, figure = evidence.standard.details, evidence.asked, evidence.figure
    if judgement.undecided is None:
        return None, None
    if asked is None:
        return None, "Ask the standard of something that can be asked."
    least = minimum_of_groups(asked)
    if not isinstance(figure, Figure) or figure.answered == 0:
        # How many are there follows from how many are missing, so that is not told where they are too few.
        missing = least if isinstance(figure, Figure) else None
        return Needed(least, missing, None, None, None, f"the fewest that are shown: {least}"), None
    if estimate is None or estimate.interval is None:
        return None, "Nothing can be reckoned without an interval."
    measure = asked.target.definition.measure
    distribution = figure.distribution if measure is Measure.NPS and figure.weighting is None else None
    try:
        answers, how = calc.answers_to_decide(
            estimate, measure=measure, threshold=details.threshold, distribution=distribution
        )
    except NotEstimable as reason:
        return None, reason.detail
    period = evidence.period
    return calc.needed(answers, how, n=estimate.n, start=evidence.begun, end=period.end, as_of=as_of), None


def _benchmarks(evidence: Evidence, estimate: Estimate | None, *, share: bool) -> tuple[BenchmarkComparison, ...]:
    if estimate is None:
        return ()
    compared = [
        calc.compare_with_benchmark(
            each.key, each.details, estimate, direction=evidence.standard.details.direction, share=share
        )
        for each in evidence.benchmarks
    ]
    return tuple(found for found in compared if found is not None)


def _subject(asked: Asked) -> str:
    subject = subject_of(asked.target) if asked.target.question_key != RESPONSES else asked.target.definition.name
    groups = [f"{attribute} {' or '.join(values)}" for attribute, values in asked.selection.where.items()]
    return f"{subject} ({', '.join(groups)})" if groups else subject


def _title(subject: str) -> str:
    return subject[:1].upper() + subject[1:]


def _value(figure: Figure | Withheld) -> float | None:
    return figure.estimate.value if isinstance(figure, Figure) and figure.estimate else None


def _warnings(figure: Figure | Withheld | None) -> tuple[str, ...]:
    if not isinstance(figure, Figure) or figure.estimate is None:
        return ()
    weighting = figure.weighting.warnings if figure.weighting else ()
    return (*figure.estimate.warnings, *weighting)


def _attempt(calculate: Callable[[], T]) -> tuple[T | None, str | None]:
    try:
        return calculate(), None
    except NotEstimable as reason:
        return None, reason.detail
