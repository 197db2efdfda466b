"""How the answers to a KPI's question become scores whose mean is the KPI."""

from collections.abc import Iterable

from feedback_core.bias.calc.cell_table import AnswerValue, KpiScores, KpiUnit
from feedback_core.kpis.calc.scales import top_box_values
from feedback_core.kpis.types import Measure, Target
from feedback_core.kpis.wording import subject_of

PROMOTER, PASSIVE = 9, 7


def scores_for(target: Target, answered: Iterable[str]) -> KpiScores:
    """Scores by answer, as text: the KPI of any answers is the mean of their scores.

    Args:
        target: what the KPI is about; of any measure but a plain count.
        answered: values that were given; needed where the scale has no fixed values.

    Raises:
        ValueError: the KPI counts responses.
    """
    name, measure = subject_of(target), target.definition.measure
    if measure is Measure.NPS:
        return KpiScores(name, KpiUnit.POINTS, {str(value): _nps_score(value) for value in range(11)})
    if measure is Measure.TOP_BOX:
        top = top_box_values(*_scale(target))
        return KpiScores(name, KpiUnit.SHARE, {str(v): float(v in top) for v in _values(target)})
    if measure is Measure.SHARE:
        others: dict[AnswerValue, float] = dict.fromkeys(answered, 0.0)
        return KpiScores(name, KpiUnit.SHARE, {**others, "": 0.0, target.choice or "": 1.0})
    if measure is Measure.COUNT:
        raise ValueError("a count of responses is no mean of scores")
    if target.scale is not None:
        return KpiScores(name, KpiUnit.SCALE, {str(value): float(value) for value in _values(target)})
    return KpiScores(name, KpiUnit.SCALE, {value: float(value) for value in answered}, bounded=False)


def _nps_score(value: int) -> float:
    return 100.0 if value >= PROMOTER else 0.0 if value >= PASSIVE else -100.0


def _values(target: Target) -> range:
    lowest, highest = _scale(target)
    return range(lowest, highest + 1)


def _scale(target: Target) -> tuple[int, int]:
    assert target.scale is not None
    return target.scale
