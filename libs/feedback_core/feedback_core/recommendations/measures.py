"""What a survey measures: each question about a feature, and the KPI that says how good it is."""

from collections.abc import Mapping
from dataclasses import dataclass

from feedback_core.kit.errors import Fault, Invalid
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

    @property
    def name(self) -> str:
        """How a target names it."""
        return self.question if self.item is None else f"{self.question}.{self.item}"


def measures_of(questionnaire: Questionnaire) -> list[FeatureMeasure]:
    """Every measure of a feature, in the order of the questions."""
    return [measure for question in questionnaire.questions for measure in _measures(question)]


def not_measured(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Questions about a feature that no KPI of quality fits: texts, choices, numbers."""
    return tuple(q.key for q in questionnaire.questions if q.feature and q.type not in _KPIS)


def check_targets(questionnaire: Questionnaire, targets: Mapping[str, float]) -> None:
    """Refuse targets of nothing, and targets that the KPI cannot reach.

    Raises:
        Invalid: each with a pointer.
    """
    measures = {measure.name: measure for measure in measures_of(questionnaire)}
    faults = []
    for name, target in targets.items():
        pointer = f"/targets/{name.replace('~', '~0').replace('/', '~1')}"
        measure = measures.get(name)
        if measure is None:
            detail = f"Targets can be set for: {', '.join(measures) or 'nothing in this survey'}."
            faults.append(Fault(pointer, "unknown_target", detail))
            continue
        low, high = _limits(questionnaire, measure)
        if not low <= target <= high:
            faults.append(Fault(pointer, "off_scale", f"{measure.kpi} lies between {low:g} and {high:g}."))
    if faults:
        raise Invalid(faults)


def _measures(question: Question) -> list[FeatureMeasure]:
    kpi = _KPIS.get(question.type)
    if question.feature is None or kpi is None:
        return []
    low, high = _range(question, kpi)
    items = [row.key for row in question.rows] if question.type is QuestionType.MATRIX else [None]
    return [FeatureMeasure(question.feature, question.key, item, kpi, high - low) for item in items]


def _limits(questionnaire: Questionnaire, measure: FeatureMeasure) -> tuple[float, float]:
    question = questionnaire.question(measure.question)
    assert question is not None
    return _range(question, measure.kpi)


def _range(question: Question, kpi: str) -> tuple[float, float]:
    if kpi == "nps":
        return -100.0, 100.0
    if kpi == "csat":
        return 0.0, 1.0
    assert question.answer_scale is not None
    return float(question.answer_scale.min), float(question.answer_scale.max)
