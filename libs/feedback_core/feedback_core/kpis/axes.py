"""What can be the rows or the columns of a cross-tab: attributes, and questions with few answers."""

from collections.abc import Iterator, Mapping, Sequence

from feedback_core.kit.errors import Fault, Invalid
from feedback_core.kpis.queries.joint_answers import CHOSEN, NOT_CHOSEN
from feedback_core.kpis.types.cross_tabs import Axis
from feedback_core.kpis.use_cases.asking import METHOD
from feedback_core.surveys.types import Question, Questionnaire, QuestionType

_NPS_GROUPS = {
    **{str(score): "detractors" for score in range(7)},
    **{str(score): "passives" for score in (7, 8)},
    **{str(score): "promoters" for score in (9, 10)},
}
_ATTRIBUTE, _QUESTION = "attribute:", "question:"


def axis_of(questionnaire: Questionnaire, attributes: Mapping[str, Sequence[str]], name: str, pointer: str) -> Axis:
    """The axis of this name; `attribute:` or `question:` before it tells apart what has the same key.

    Raises:
        Invalid: nothing that could be crossed has this name, or an attribute and a question have it.
    """
    questions = {axis.name: axis for question in questionnaire.questions for axis in _axes(question)}
    known = {key: Axis(key, None, None, {value: value for value in values}) for key, values in attributes.items()}
    known[METHOD] = Axis(METHOD, None, None, {})
    by_prefix = {_ATTRIBUTE: known, _QUESTION: questions}
    for prefix, among in by_prefix.items():
        if name.startswith(prefix) and name.removeprefix(prefix) in among:
            return among[name.removeprefix(prefix)]
    if name in known and name in questions:
        detail = f"There are an attribute and a question {name}: write {_ATTRIBUTE}{name} or {_QUESTION}{name}."
        raise Invalid([Fault(pointer, "ambiguous_name", detail)])
    found = known.get(name) or questions.get(name)
    if found is None:
        detail = f"What can be crossed: {', '.join([*known, *questions])}."
        raise Invalid([Fault(pointer, "unknown_axis", detail)])
    return found


def _axes(question: Question) -> Iterator[Axis]:
    scale = question.answer_scale
    points = {str(value): str(value) for value in range(scale.min, scale.max + 1)} if scale else {}
    match question.type:
        case QuestionType.NPS:
            yield Axis(question.key, question.key, None, _NPS_GROUPS)
        case QuestionType.CES | QuestionType.CSAT | QuestionType.RATING:
            yield Axis(question.key, question.key, None, points)
        case QuestionType.SINGLE_CHOICE:
            yield Axis(question.key, question.key, None, {choice.key: choice.key for choice in question.choices})
        case QuestionType.BOOLEAN:
            yield Axis(question.key, question.key, None, {"true": "true", "false": "false"})
        case QuestionType.MATRIX:
            for row in question.rows:
                yield Axis(f"{question.key}.{row.key}", question.key, row.key, points)
        case QuestionType.MULTIPLE_CHOICE:
            for choice in question.choices:
                both = {CHOSEN: CHOSEN, NOT_CHOSEN: NOT_CHOSEN}
                yield Axis(f"{question.key}.{choice.key}", question.key, choice.key, both)
