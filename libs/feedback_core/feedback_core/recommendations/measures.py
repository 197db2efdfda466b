"""What a survey measures: each question about a feature, and the KPI that says how good it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedback_core.standards.types import StandardVerdict
from feedback_core.surveys.types import Question, Questionnaire, QuestionType

_KPIS: Mapping[QuestionType, str] = {
    QuestionType.NPS: "nps",
    QuestionType.CSAT: "csat",
    QuestionType.RATING: "csat",
    QuestionType.MATRIX: "csat",
    QuestionType.CES: "ces",
}


@dataclass(frozen=True, slots=True)
class FeatureMeasure:
    """One question (or row of a matrix) about a feature.

    Attributes:
        span: highest minus lowest value that the KPI can take.
    """

    feature_key: str
    question: str
    item: str | None
    kpi: str
    span: float


def measures_of(questionnaire: Questionnaire) -> list[FeatureMeasure]:
    """Every measure of a feature, in the order of the questions."""
    return [measure for question in questionnaire.questions for measure in _measures(question)]


def not_measured(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Questions about a feature that no KPI of quality fits: texts, choices, numbers."""
    return tuple(q.key for q in questionnaire.questions if q.feature and q.type not in _KPIS)


def standard_of(measure: FeatureMeasure, verdicts: Sequence[StandardVerdict]) -> StandardVerdict | None:
    """The standard that asks this KPI of this question, of everybody; of several the first by key."""
    alike = (
        verdict
        for verdict in verdicts
        if (verdict.kpi, verdict.question, verdict.item) == (measure.kpi, measure.question, measure.item)
        and not verdict.where
    )
    return min(alike, key=lambda verdict: verdict.standard, default=None)


def _measures(question: Question) -> list[FeatureMeasure]:
    kpi = _KPIS.get(question.type)
    if question.feature is None or kpi is None:
        return []
    low, high = _range(question, kpi)
    items = [row.key for row in question.rows] if question.type is QuestionType.MATRIX else [None]
    return [FeatureMeasure(question.feature, question.key, item, kpi, high - low) for item in items]


def _range(question: Question, kpi: str) -> tuple[float, float]:
    if kpi == "nps":
        return -100.0, 100.0
    if kpi == "csat":
        return 0.0, 1.0
    assert question.answer_scale is not None
    return float(question.answer_scale.min), float(question.answer_scale.max)
