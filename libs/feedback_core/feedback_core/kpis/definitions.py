"""The KPIs that every organisation has, and which question of a survey one is about."""

from collections.abc import Sequence
from uuid import UUID

from feedback_core.kit.errors import Fault, Invalid, NotFound
from feedback_core.kpis.types import RESPONSES, WHOLE, KpiDefinition, Measure, Target
from feedback_core.surveys.types import Question, Questionnaire, QuestionType

_SCALES = frozenset({QuestionType.NPS, QuestionType.CES, QuestionType.CSAT, QuestionType.RATING})
_CHOICES = frozenset({QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_CHOICE, QuestionType.BOOLEAN})

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
        question_types=_SCALES | {QuestionType.NUMBER, QuestionType.MATRIX, QuestionType.RANKING},
        found_by_type=None,
        higher_is_better=None,
    ),
    KpiDefinition(
        key="share",
        name="Share of a choice",
        unit="share, 0 to 1",
        measure=Measure.SHARE,
        question_types=_CHOICES,
        found_by_type=None,
        higher_is_better=None,
    ),
    KpiDefinition(
        key="responses",
        name="Number of responses",
        unit="responses",
        measure=Measure.COUNT,
        question_types=frozenset(),
        found_by_type=None,
        higher_is_better=None,
    ),
)

_BY_KEY = {definition.key: definition for definition in BUILT_IN}


def definition_of(key: str) -> KpiDefinition:
    """The KPI of that name.

    Raises:
        NotFound: there is none.
    """
    if key not in _BY_KEY:
        raise NotFound("KPI", key)
    return _BY_KEY[key]


def target_of(
    definition: KpiDefinition,
    survey_id: UUID,
    questionnaire: Questionnaire,
    *,
    question: str | None = None,
    item: str | None = None,
    choice: str | None = None,
) -> Target:
    """What a KPI of this survey is about.

    Raises:
        Invalid: the question, item or choice is missing, unknown, or not fit for the KPI; the pointer says which.
    """
    if not definition.question_types:
        _refuse_beside("question", question, "This KPI counts responses; leave out the question.")
        _refuse_beside("item", item, "This KPI has no items.")
        _refuse_beside("choice", choice, "This KPI has no choices.")
        return Target(definition, survey_id, RESPONSES)
    asked = _question(definition, questionnaire, question)
    scale = asked.answer_scale
    return Target(
        definition,
        survey_id,
        asked.key,
        asked.type,
        _item(asked, item),
        _choice(definition, asked, choice),
        (scale.min, scale.max) if scale else None,
    )


def _question(definition: KpiDefinition, questionnaire: Questionnaire, key: str | None) -> Question:
    if key is not None:
        found = questionnaire.question(key)
        if found is None:
            raise _fault("question", "unknown_question", f"The survey has no question {key}.")
        if found.type not in definition.question_types:
            kinds = ", ".join(sorted(definition.question_types))
            raise _fault("question", "unfit_question", f"{definition.key} needs a question of type {kinds}.")
        return found
    candidates = [q for q in questionnaire.questions if q.type is definition.found_by_type]
    if len(candidates) != 1:
        detail = (
            f"Say which question: the survey has {len(candidates) or 'no'} of the type that {definition.key} is about."
        )
        raise _fault("question", "question_required", detail)
    return candidates[0]


def _item(question: Question, item: str | None) -> str:
    known = {
        QuestionType.MATRIX: [row.key for row in question.rows],
        QuestionType.RANKING: [choice.key for choice in question.choices],
    }.get(question.type)
    if known is None:
        _refuse_beside("item", item, "Only a matrix or a ranking has items.")
        return WHOLE
    if item not in known:
        raise _fault("item", "unknown_item", f"Name one of: {', '.join(known)}.")
    assert item is not None
    return item


def _choice(definition: KpiDefinition, question: Question, choice: str | None) -> str | None:
    if definition.measure is not Measure.SHARE:
        _refuse_beside("choice", choice, "This KPI has no choices.")
        return None
    boolean = question.type is QuestionType.BOOLEAN
    known = ["true", "false"] if boolean else [choice.key for choice in question.choices]
    if choice not in known:
        raise _fault("choice", "unknown_choice", f"Name one of: {', '.join(known)}.")
    return choice


def _refuse_beside(name: str, value: str | None, detail: str) -> None:
    if value is not None:
        raise _fault(name, "not_applicable", detail)


def _fault(parameter: str, code: str, detail: str) -> Invalid:
    return Invalid([Fault(f"/query/{parameter}", code, detail)])
