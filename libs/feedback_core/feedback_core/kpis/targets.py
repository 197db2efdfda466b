"""Which question of a survey a KPI is about, and whether its definition fits that question."""

from dataclasses import replace
from uuid import UUID

from feedback_core.kit.errors import Fault, Invalid
from feedback_core.kpis.types import RESPONSES, WHOLE, KpiDefinition, Measure, Target
from feedback_core.surveys.types import Question, Questionnaire, QuestionType


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
    asked = _question(definition, questionnaire, _fixed("question", definition.question, question))
    scale = asked.answer_scale
    target = Target(
        definition,
        survey_id,
        asked.key,
        asked.type,
        _item(asked, item),
        _choice(definition, asked, _fixed("choice", definition.choice, choice)),
        (scale.min, scale.max) if scale else None,
    )
    _check_scale(target, asked)
    if definition.denominator is not None:
        _question(replace(definition, question=definition.denominator), questionnaire, definition.denominator)
    return target


def _fixed(parameter: str, defined: str | None, given: str | None) -> str | None:
    if defined is not None and given not in {None, defined}:
        raise _fault(parameter, "not_applicable", f"This KPI is defined for the {parameter} {defined}; leave it out.")
    return defined or given


def _check_scale(target: Target, question: Question) -> None:
    """Refuse a question whose scale the definition does not fit as a whole, so that no answer falls through."""
    definition, scale = target.definition, target.scale
    if definition.measure is Measure.NPS and scale and (definition.groups or question.type is not QuestionType.NPS):
        missing = sorted(
            set(range(scale[0], scale[1] + 1)) - set(definition.groups.values() if definition.groups else ())
        )
        if missing:
            detail = f"The definition of {definition.key} puts {missing[0]}, an answer to {question.key}, in no group."
            raise _fault("question", "scale_not_mapped", detail)
    if definition.measure is Measure.TOP_BOX and definition.boxes is None and scale is None:
        detail = (
            f"{question.key} has no scale to take top boxes of: the definition of {definition.key} must name boxes."
        )
        raise _fault("question", "boxes_required", detail)


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
