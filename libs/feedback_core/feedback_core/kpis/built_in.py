"""The KPIs that every organisation begins with: version 1 of each, until somebody replaces it."""

from collections.abc import Sequence

from feedback_core.kpis.definitions import CHOICES, SCALES
from feedback_core.kpis.types import KpiDefinition, Measure, Take
from feedback_core.surveys.types import QuestionType

BUILT_IN: Sequence[KpiDefinition] = (
    KpiDefinition(
        key="nps",
        name="Net Promoter Score",
        unit="points, -100 to 100",
        measure=Measure.NPS,
        question_types=frozenset({QuestionType.NPS}),
        found_by_type=QuestionType.NPS,
        higher_is_better=True,
    ),
    KpiDefinition(
        key="csat",
        name="Customer satisfaction (share in the top boxes)",
        unit="share, 0 to 1",
        measure=Measure.TOP_BOX,
        question_types=frozenset({QuestionType.CSAT, QuestionType.RATING, QuestionType.MATRIX}),
        found_by_type=QuestionType.CSAT,
        higher_is_better=True,
    ),
    KpiDefinition(
        key="ces",
        name="Customer Effort Score (mean; a high answer means it was easy)",
        unit="points of the scale",
        measure=Measure.MEAN,
        question_types=frozenset({QuestionType.CES}),
        found_by_type=QuestionType.CES,
        higher_is_better=True,
    ),
    KpiDefinition(
        key="mean",
        name="Mean answer",
        unit="points of the scale",
        measure=Measure.MEAN,
        question_types=SCALES | {QuestionType.NUMBER, QuestionType.MATRIX, QuestionType.RANKING},
        found_by_type=None,
        higher_is_better=None,
    ),
    KpiDefinition(
        key="share",
        name="Share of a choice",
        unit="share, 0 to 1",
        measure=Measure.SHARE,
        question_types=CHOICES,
        found_by_type=None,
        higher_is_better=None,
    ),
    KpiDefinition(
        key="responses",
        name="Number of responses",
        unit="responses",
        measure=Measure.COUNT,
        take=Take.ALL,
        question_types=frozenset(),
        found_by_type=None,
        higher_is_better=None,
    ),
)
