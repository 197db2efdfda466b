"""From counts of answers to a figure that can be shown, and whether it may be."""

from collections.abc import Mapping

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Estimate
from feedback_core.kpis.calc.comparison import Comparison
from feedback_core.kpis.calc.mean_comparison import compare_means
from feedback_core.kpis.calc.means import mean_estimate
from feedback_core.kpis.calc.nps import NpsCounts, net_promoter_score
from feedback_core.kpis.calc.nps_comparison import compare_nps
from feedback_core.kpis.calc.proportion_comparison import compare_proportions
from feedback_core.kpis.calc.proportion_differences import Share
from feedback_core.kpis.calc.proportions import proportion_estimate
from feedback_core.kpis.calc.scales import top_box_values
from feedback_core.kpis.types import AnswerCounts, Excluded, Figure, Measure, Standing, Target


def figure_of(target: Target, counts: AnswerCounts, *, level: float = 0.95) -> Figure:
    """The figure of one group.

    Complete responses count; those excluded, partial or screened out are told beside it, as are the unanswered, so
    that the parts add up to all that were asked.
    """
    counting = _by_number(target, counts.counting())
    asked = sum(counts.asked.values())
    answered = {standing: sum(values.values()) for standing, values in counts.answered.items()}
    n = answered.get(Standing.COMPLETE, 0)
    excluded = Excluded(
        missing=asked - sum(answered.values()),
        partial=answered.get(Standing.PARTIAL, 0),
        flagged=answered.get(Standing.FLAGGED, 0),
        screened_out=answered.get(Standing.SCREENED_OUT, 0),
    )
    distribution = _distribution(target, counting, n)
    estimate = _estimate(target, counting, distribution, n, level)
    return Figure(estimate, asked, n, excluded, distribution, dict(counting))


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
        return compare_nps(_nps_counts(first.distribution), _nps_counts(second.distribution), level=level)
    if measure is Measure.MEAN:
        return compare_means(_numbers(first.counts), _numbers(second.counts), level=level)
    return compare_proportions(_share(first), _share(second), level=level)


def _estimate(
    target: Target, counting: Mapping[str, int], distribution: Mapping[str, int], n: int, level: float
) -> Estimate | None:
    measure = target.definition.measure
    if measure is Measure.COUNT:
        return Estimate(float(n), None, None, n, float(n))
    if not n:
        return None
    if measure is Measure.NPS:
        return net_promoter_score(_nps_counts(distribution), level=level)
    if measure is Measure.MEAN:
        return mean_estimate(_numbers(counting), level=level)
    part = distribution[next(iter(distribution))]
    return proportion_estimate(part, n, level=level)


def _distribution(target: Target, counting: Mapping[str, int], n: int) -> dict[str, int]:
    measure = target.definition.measure
    if measure is Measure.NPS:
        by_score = {int(float(value)): count for value, count in counting.items()}
        promoters = sum(count for score, count in by_score.items() if score >= 9)
        detractors = sum(count for score, count in by_score.items() if score <= 6)
        return {"promoters": promoters, "passives": n - promoters - detractors, "detractors": detractors}
    if measure is Measure.TOP_BOX:
        assert target.scale is not None
        top = {str(value) for value in top_box_values(*target.scale)}
        in_top = sum(count for value, count in counting.items() if value in top)
        return {"top_box": in_top, "other": n - in_top}
    if measure is Measure.SHARE:
        chosen = counting.get(target.choice or "", 0)
        return {"chosen": chosen, "not_chosen": n - chosen}
    return {}


def _by_number(target: Target, values: Mapping[str, int]) -> dict[str, int]:
    if target.definition.measure in {Measure.SHARE, Measure.COUNT}:
        return dict(sorted(values.items()))
    return dict(sorted(values.items(), key=lambda entry: float(entry[0])))


def _numbers(values: Mapping[str, int]) -> dict[float, int]:
    return {float(value): count for value, count in values.items()}


def _nps_counts(distribution: Mapping[str, int]) -> NpsCounts:
    return NpsCounts(**distribution)


def _share(figure: Figure) -> Share:
    return Share(figure.distribution[next(iter(figure.distribution))], figure.answered)
