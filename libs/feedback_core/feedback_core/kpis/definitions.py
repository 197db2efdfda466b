"""What a definition must hold to: whatever contradicts itself is refused before it is kept."""

from collections.abc import Iterator

from feedback_core.kit.errors import Fault
from feedback_core.kpis.types import KpiDefinition, Measure
from feedback_core.surveys.types import QuestionType

SCALES = frozenset({QuestionType.NPS, QuestionType.CES, QuestionType.CSAT, QuestionType.RATING})
CHOICES = frozenset({QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_CHOICE, QuestionType.BOOLEAN})

_FITTING = {
    Measure.NPS: SCALES,
    Measure.TOP_BOX: SCALES | {QuestionType.NUMBER, QuestionType.MATRIX},
    Measure.MEAN: SCALES | {QuestionType.NUMBER, QuestionType.MATRIX, QuestionType.RANKING, QuestionType.SINGLE_CHOICE},
    Measure.MEDIAN: SCALES | {QuestionType.NUMBER, QuestionType.MATRIX},
    Measure.SHARE: CHOICES,
    Measure.RATIO: frozenset({QuestionType.NUMBER}),
    Measure.COUNT: frozenset[QuestionType](),
}

# Which fields belong to one measure only.
_OWN = {
    "groups": Measure.NPS,
    "boxes": Measure.TOP_BOX,
    "points": Measure.MEAN,
    "choice": Measure.SHARE,
    "denominator": Measure.RATIO,
}


def faults_of(definition: KpiDefinition) -> list[Fault]:
    """Everything that is wrong with a definition in itself; whether it fits a survey shows when it is asked."""
    return [*_types(definition), *_fields(definition), *_groups(definition), *_boxes(definition)]


def _types(definition: KpiDefinition) -> Iterator[Fault]:
    fitting = _FITTING[definition.measure]
    unfit = sorted(definition.question_types - fitting)
    if unfit:
        kinds = ", ".join(sorted(fitting)) or "none: it counts responses"
        detail = f"A {definition.measure} is not made from a {unfit[0]}; question types that fit: {kinds}."
        yield Fault("/question_types", "unfit_question_type", detail)
    if fitting and not definition.question_types:
        yield Fault("/question_types", "required", "Say of which types of question it can be asked.")
    measure, types = definition.measure, definition.question_types
    if measure is Measure.MEAN and definition.points is None and QuestionType.SINGLE_CHOICE in types:
        yield Fault("/points", "required", "Say what each choice is worth; choices are not numbers.")
    if measure is Measure.NPS and definition.groups is None and types - {QuestionType.NPS}:
        detail = "On another scale than 0 to 10, name the answers of promoters, passives and detractors."
        yield Fault("/groups", "required", detail)
    if measure is Measure.TOP_BOX and definition.boxes is None and QuestionType.NUMBER in types:
        yield Fault("/boxes", "required", "A number has no scale: say from where to where an answer counts.")


def _fields(definition: KpiDefinition) -> Iterator[Fault]:
    for name, measure in _OWN.items():
        if getattr(definition, name) is not None and definition.measure is not measure:
            yield Fault(f"/{name}", "not_applicable", f"Only a {measure} has {name}; leave it out.")
    if definition.measure is Measure.RATIO:
        for name in ("question", "denominator"):
            if getattr(definition, name) is None:
                yield Fault(f"/{name}", "required", "A ratio names both of its questions.")
    if definition.measure is Measure.COUNT and definition.question is not None:
        yield Fault("/question", "not_applicable", "It counts responses, whatever was asked; leave it out.")
    if definition.points is not None and not definition.points:
        yield Fault("/points", "required", "Say what at least one answer is worth.")


def _groups(definition: KpiDefinition) -> Iterator[Fault]:
    groups = definition.groups
    if groups is None:
        return
    for name in ("promoters", "detractors"):
        if not getattr(groups, name):
            yield Fault(f"/groups/{name}", "required", f"Without {name} there is no score.")
    seen: set[int] = set()
    for name in ("promoters", "passives", "detractors"):
        for place, value in enumerate(getattr(groups, name)):
            if value in seen:
                yield Fault(f"/groups/{name}/{place}", "named_twice", f"The answer {value} is named twice.")
            seen.add(value)


def _boxes(definition: KpiDefinition) -> Iterator[Fault]:
    boxes = definition.boxes
    if boxes is None:
        return
    if boxes.lowest is None and boxes.highest is None:
        yield Fault("/boxes", "required", "Give a lowest or a highest answer that counts, or both.")
    elif boxes.lowest is not None and boxes.highest is not None and boxes.lowest > boxes.highest:
        yield Fault("/boxes/lowest", "out_of_order", "The lowest answer that counts lies above the highest.")
