"""How the answers to a KPI's question become scores whose mean is the KPI."""

from collections.abc import Iterable

from feedback_core.bias.calc.cell_table import AnswerValue, KpiScores, KpiUnit
from feedback_core.kpis.calc.scores import MEANS, range_of, scores_of
from feedback_core.kpis.types import Measure, Target
from feedback_core.kpis.wording import subject_of

_UNITS = {Measure.NPS: KpiUnit.POINTS, Measure.TOP_BOX: KpiUnit.SHARE, Measure.SHARE: KpiUnit.SHARE}


def scores_for(target: Target, answered: Iterable[str]) -> KpiScores:
    """Scores by answer, as text: the KPI of any answers is the mean of their scores.

    Args:
        target: what the KPI is about; of a measure that is a mean of scores.
        answered: values that were given; the others of the scale are added where it has fixed values.

    Raises:
        ValueError: the KPI is no mean of scores: a count, a median or a ratio.
    """
    measure = target.definition.measure
    if measure not in MEANS:
        raise ValueError(f"a {measure} is no mean of scores")
    values = dict.fromkeys(answered)
    if measure is Measure.SHARE:
        values |= dict.fromkeys(["", target.choice or ""])
    elif target.scale is not None:
        values |= dict.fromkeys(str(value) for value in range(target.scale[0], target.scale[1] + 1))
    scores = dict[AnswerValue, float](scores_of(target, values).items())
    unit = _UNITS.get(measure, KpiUnit.SCALE)
    return KpiScores(subject_of(target), unit, scores, bounded=range_of(target) is not None)
