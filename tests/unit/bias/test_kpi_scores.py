"""The mean of the scores is the KPI, for every KPI that has answers."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.bias.calc.kpi_scores import scores_for
from feedback_core.kpis.built_in import BUILT_IN
from feedback_core.kpis.calc.figures import figure_of
from feedback_core.kpis.types import AnswerCounts, KpiDefinition, Measure, Standing, Target
from feedback_core.surveys.types import QuestionType

TARGETS = {
    "nps": (QuestionType.NPS, (0, 10), None, [str(value) for value in range(11)]),
    "csat": (QuestionType.CSAT, (1, 5), None, [str(value) for value in range(1, 6)]),
    "ces": (QuestionType.CES, (1, 7), None, [str(value) for value in range(1, 8)]),
    "mean": (QuestionType.NUMBER, None, None, ["-2.5", "0", "7", "300"]),
    "share": (QuestionType.SINGLE_CHOICE, None, "web", ["web", "app", "phone"]),
}


@pytest.mark.parametrize("definition", [d for d in BUILT_IN if d.measure is not Measure.COUNT], ids=lambda d: d.key)
@given(data=st.data())
def test_the_mean_of_the_scores_is_the_kpi(definition: KpiDefinition, data: st.DataObject) -> None:
    question_type, scale, choice, values = TARGETS[definition.key]
    target = Target(definition, uuid4(), "q", question_type, choice=choice, scale=scale)
    counts = data.draw(st.dictionaries(st.sampled_from(values), st.integers(1, 50), min_size=1))
    n = sum(counts.values())

    figure = figure_of(target, AnswerCounts({Standing.COMPLETE: counts}, {Standing.COMPLETE: n}))
    scores = scores_for(target, counts).by_value

    assert figure.estimate is not None
    assert sum(scores[value] * count for value, count in counts.items()) / n == pytest.approx(figure.estimate.value)
