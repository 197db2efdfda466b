"""From counts of answers to a figure that can be shown, and how two of them differ."""

from collections.abc import Mapping
from dataclasses import replace

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Estimate
from feedback_core.kpis.calc.comparison import Comparison
from feedback_core.kpis.calc.mean_comparison import compare_means
from feedback_core.kpis.calc.means import mean_estimate
from feedback_core.kpis.calc.medians import compare_medians, median_estimate
from feedback_core.kpis.calc.nps import NpsCounts, net_promoter_score
from feedback_core.kpis.calc.nps_comparison import compare_nps
from feedback_core.kpis.calc.proportion_comparison import compare_proportions
from feedback_core.kpis.calc.proportion_differences import Share
from feedback_core.kpis.calc.proportions import proportion_estimate
from feedback_core.kpis.calc.ratios import compare_ratios_of_sums, ratio_of_sums
from feedback_core.kpis.calc.scores import DETRACTED, HELD, INDIFFERENT, PROMOTED, counts_by_score, scores_of
from feedback_core.kpis.types import (
    SUSPECTED,
    AnswerCounts,
    Excluded,
    Figure,
    FigureQuality,
    Measure,
    PairSums,
    Standing,
    Take,
    Target,
)

_UNFINISHED = frozenset({Standing.PARTIAL, Standing.SUSPECT_PARTIAL})
_UNSCORED = frozenset({Measure.COUNT, Measure.RATIO})


def figure_of(target: Target, counts: AnswerCounts, *, level: float = 0.95) -> Figure:
    """The figure of one group.

    Responses that stand as the definition says count; all others are told beside it, as are the unanswered and the
    answers without points, so that the parts add up to all that were asked.
    """
    standings = target.definition.standings
    given = counts.counting(standings)
    counting = _in_order(target, {value: n for value, n in given.items() if _counts(target, value)})
    n = sum(counting.values())
    answered = {standing: sum(values.values()) for standing, values in counts.answered.items()}
    beside = {standing: 0 if standing in standings else answered.get(standing, 0) for standing in Standing}
    partials = target.definition.counts_partials
    excluded = Excluded(
        missing=sum(counts.asked.values()) - sum(answered.values()),
        partial=beside[Standing.PARTIAL] + (0 if partials else beside[Standing.SUSPECT_PARTIAL]),
        flagged=beside[Standing.FLAGGED],
        screened_out=beside[Standing.SCREENED_OUT],
        over_quota=beside[Standing.OVER_QUOTA],
        invalid=beside[Standing.INVALID],
        unscored=sum(given.values()) - n,
        suspect=beside[Standing.SUSPECT] + (beside[Standing.SUSPECT_PARTIAL] if partials else 0),
    )
    distribution = _distribution(target, counting)
    asked = sum(counts.asked.values())
    pairs = counts.paired(standings) if target.definition.measure is Measure.RATIO else None
    try:
        estimate, why_not = _estimate(target, counting, distribution, pairs, level), None
    except NotEstimable as refused:
        estimate, why_not = None, refused.detail
    quality = _quality(target, counts, level)
    shown = {} if pairs is not None else counting
    unfinished = [standing for standing in standings if standing in _UNFINISHED]
    partial = sum(n for value, n in counts.counting(unfinished).items() if _counts(target, value))
    return Figure(estimate, asked, n, excluded, distribution, shown, why_not, None, quality, pairs, partial)


def compare_figures(target: Target, first: Figure, second: Figure, *, level: float = 0.95) -> Comparison:
    """How the first figure differs from the second: first minus second, with test and effect size.

    Raises:
        NotEstimable: one side has no answers, or the measure is a plain count.
    """
    measure = target.definition.measure
    if measure is Measure.COUNT:
        raise NotEstimable("Counts of responses are not estimates: compare their rates or a figure of the answers.")
    if not first.answered or not second.answered:
        raise NotEstimable("One side has no answers.")
    if measure is Measure.NPS:
        return compare_nps(NpsCounts(**first.distribution), NpsCounts(**second.distribution), level=level)
    if measure is Measure.RATIO:
        assert first.pairs is not None
        assert second.pairs is not None
        return compare_ratios_of_sums(first.pairs, second.pairs, level=level)
    if measure in {Measure.MEAN, Measure.MEDIAN}:
        compare = compare_means if measure is Measure.MEAN else compare_medians
        return compare(counts_by_score(target, first.counts), counts_by_score(target, second.counts), level=level)
    return compare_proportions(_share(first), _share(second), level=level)


def _quality(target: Target, counts: AnswerCounts, level: float) -> FigureQuality | None:
    counted = target.definition.counts_suspects
    suspected = [SUSPECTED[standing] for standing in target.definition.standings if standing in SUSPECTED]
    suspects = sum(n for value, n in counts.counting(suspected).items() if _counts(target, value))
    if not suspects:
        return None
    if target.definition.take not in {None, Take.ALL}:
        # Whose response is taken depends on who counts, so the counts of the one do not tell the other.
        return FigureQuality(suspects, counted, None)
    other = replace(target, definition=replace(target.definition, counts_suspects=not counted))
    given = counts.counting(other.definition.standings)
    counting = _in_order(other, {value: n for value, n in given.items() if _counts(other, value)})
    pairs = counts.paired(other.definition.standings) if other.definition.measure is Measure.RATIO else None
    try:
        otherwise = _estimate(other, counting, _distribution(other, counting), pairs, level)
    except NotEstimable:
        otherwise = None
    return FigureQuality(suspects, counted, otherwise)


def _estimate(
    target: Target, counting: Mapping[str, int], distribution: Mapping[str, int], pairs: PairSums | None, level: float
) -> Estimate:
    if pairs is not None:
        return ratio_of_sums(pairs, level=level)
    measure = target.definition.measure
    n = sum(counting.values())
    if measure is Measure.COUNT:
        return Estimate(float(n), None, None, n, float(n))
    if not n:
        raise NotEstimable("Nobody answered.")
    if measure is Measure.NPS:
        return net_promoter_score(NpsCounts(**distribution), level=level)
    if measure is Measure.MEAN:
        return mean_estimate(counts_by_score(target, counting), level=level)
    if measure is Measure.MEDIAN:
        return median_estimate(counts_by_score(target, counting), level=level)
    return proportion_estimate(distribution[next(iter(distribution))], n, level=level)


def _counts(target: Target, value: str) -> bool:
    return target.definition.measure in _UNSCORED or bool(scores_of(target, [value]))


def _distribution(target: Target, counting: Mapping[str, int]) -> dict[str, int]:
    measure = target.definition.measure
    if measure not in {Measure.NPS, Measure.TOP_BOX, Measure.SHARE}:
        return {}
    by_score = counts_by_score(target, counting)
    n = sum(counting.values())
    if measure is Measure.NPS:
        return {
            "promoters": by_score.get(PROMOTED, 0),
            "passives": by_score.get(INDIFFERENT, 0),
            "detractors": by_score.get(DETRACTED, 0),
        }
    held = by_score.get(HELD, 0)
    names = ("top_box", "other") if measure is Measure.TOP_BOX else ("chosen", "not_chosen")
    return {names[0]: held, names[1]: n - held}


def _in_order(target: Target, values: Mapping[str, int]) -> dict[str, int]:
    measure = target.definition.measure
    if measure in {Measure.SHARE, Measure.COUNT, Measure.RATIO}:
        return dict(sorted(values.items()))
    score = {value: float(value) for value in values} if target.definition.points is None else scores_of(target, values)
    return dict(sorted(values.items(), key=lambda entry: score[entry[0]]))


def _share(figure: Figure) -> Share:
    return Share(figure.distribution[next(iter(figure.distribution))], figure.answered)
