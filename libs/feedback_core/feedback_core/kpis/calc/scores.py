"""What each answer is worth: NPS, shares and means are all the mean of such scores."""

from collections.abc import Iterable, Mapping

from feedback_core.kpis.calc.scales import top_box_values
from feedback_core.kpis.types import Boxes, KpiDefinition, Measure, Target

PROMOTER, PASSIVE = 9, 7
PROMOTED, INDIFFERENT, DETRACTED = 100.0, 0.0, -100.0
HELD, NOT_HELD = 1.0, 0.0

MEANS = frozenset({Measure.NPS, Measure.TOP_BOX, Measure.SHARE, Measure.MEAN})
"""Measures that are the mean of the scores."""


def scores_of(target: Target, values: Iterable[str]) -> dict[str, float]:
    """Score of each of the answers that count; those that the definition gives none are left out.

    NPS: +100, 0, -100. Shares: 1 or 0. Means and medians: the number, or the points that the definition gives.

    Raises:
        ValueError: the measure has no scores: a count of responses, or a ratio.
    """
    measure = target.definition.measure
    if measure is Measure.SHARE:
        return {value: HELD if value == target.choice else NOT_HELD for value in values}
    if measure is Measure.NPS:
        return _known({value: _nps_score(target.definition, float(value)) for value in values})
    if measure is Measure.TOP_BOX:
        boxes = boxes_of(target)
        return {value: HELD if boxes.hold(float(value)) else NOT_HELD for value in values}
    if measure in {Measure.MEAN, Measure.MEDIAN}:
        points = target.definition.points
        return _known({value: float(value) if points is None else points.get(value) for value in values})
    raise ValueError(f"a {measure} has no scores")


def counts_by_score(target: Target, counts: Mapping[str, int]) -> dict[float, int]:
    """Answers by score instead of by value; those without a score are left out."""
    scores = scores_of(target, counts)
    added: dict[float, int] = {}
    for value, score in scores.items():
        added[score] = added.get(score, 0) + counts[value]
    return added


def boxes_of(target: Target) -> Boxes:
    """The boxes of the definition, or the best two beyond the middle of the scale."""
    if target.definition.boxes is not None:
        return target.definition.boxes
    assert target.scale is not None
    return Boxes(float(min(top_box_values(*target.scale))), None)


def range_of(target: Target) -> tuple[float, float] | None:
    """Lowest and highest score that an answer can have; ``None`` where there is no limit."""
    measure = target.definition.measure
    if measure is Measure.NPS:
        return DETRACTED, PROMOTED
    if measure in {Measure.SHARE, Measure.TOP_BOX}:
        return NOT_HELD, HELD
    if target.definition.points is not None:
        return min(target.definition.points.values()), max(target.definition.points.values())
    return (float(target.scale[0]), float(target.scale[1])) if target.scale else None


def _nps_score(definition: KpiDefinition, value: float) -> float | None:
    groups = definition.groups
    if groups is None:
        return PROMOTED if value >= PROMOTER else INDIFFERENT if value >= PASSIVE else DETRACTED
    if value in groups.promoters:
        return PROMOTED
    if value in groups.passives:
        return INDIFFERENT
    return DETRACTED if value in groups.detractors else None


def _known(scores: Mapping[str, float | None]) -> dict[str, float]:
    return {value: score for value, score in scores.items() if score is not None}
