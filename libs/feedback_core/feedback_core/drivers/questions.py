"""The scale questions of a survey, and which of them are drivers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from feedback_core.drivers.types import MOST_DRIVERS_OF_LMG, DriverQuestion, DriversParameters
from feedback_core.kit.errors import Fault, Invalid
from feedback_core.kpis.calc.scales import top_box_values
from feedback_core.surveys.types import Question, Questionnaire, QuestionType

MOST_DRIVERS: Final = 40

_SCALES: Final = frozenset(
    {QuestionType.NPS, QuestionType.CES, QuestionType.CSAT, QuestionType.RATING, QuestionType.MATRIX}
)


@dataclass(frozen=True, slots=True)
class ScaleQuestion:
    """A question (or row of a matrix) answered on a scale.

    Attributes:
        item: row of a matrix.
    """

    question: str
    item: str | None
    type: QuestionType
    about: DriverQuestion

    @property
    def top(self) -> int:
        """Lowest value of its top boxes."""
        return top_box_values(self.about.minimum, self.about.maximum)[0]


@dataclass(frozen=True, slots=True)
class ChosenQuestions:
    """The outcome and its drivers, in the order in which they were named or are put."""

    outcome: ScaleQuestion
    drivers: tuple[ScaleQuestion, ...]


def chosen_questions(questionnaire: Questionnaire, parameters: DriversParameters) -> ChosenQuestions:
    """The questions that are asked for.

    Raises:
        Invalid: a name that no scale question has, a feature without one, no driver, or too many; pointers say which.
    """
    known = {scale.about.name: scale for question in questionnaire.questions for scale in _scales(question)}
    faults = _unknown(known, parameters)
    if faults:
        raise Invalid(faults)
    outcome = known[parameters.outcome]
    drivers = tuple(known[name] for name in _drivers(known, parameters))
    if not drivers:
        detail = "The survey has no other scale question that could explain the outcome."
        raise Invalid([Fault("/drivers", "no_drivers", detail)])
    most = MOST_DRIVERS_OF_LMG if parameters.method == "lmg" else MOST_DRIVERS
    if len(drivers) > most:
        detail = f"{len(drivers)} drivers are more than the {most} of this method; name fewer."
        raise Invalid([Fault("/drivers", "too_many_drivers", detail)])
    return ChosenQuestions(outcome, drivers)


def _scales(question: Question) -> list[ScaleQuestion]:
    scale = question.answer_scale
    if question.type not in _SCALES or scale is None:
        return []
    items = [row.key for row in question.rows] if question.type is QuestionType.MATRIX else [None]
    return [
        ScaleQuestion(
            question.key,
            item,
            question.type,
            DriverQuestion(
                question.key if item is None else f"{question.key}.{item}", question.feature, scale.min, scale.max
            ),
        )
        for item in items
    ]


def _drivers(known: Mapping[str, ScaleQuestion], parameters: DriversParameters) -> list[str]:
    named = [
        *parameters.drivers,
        *(name for name, scale in known.items() if scale.about.feature in parameters.features),
    ]
    if not parameters.drivers and not parameters.features:
        named = [name for name, scale in known.items() if scale.type is not QuestionType.NPS]
    return [name for name in dict.fromkeys(named) if name != parameters.outcome]


def _unknown(known: Mapping[str, ScaleQuestion], parameters: DriversParameters) -> list[Fault]:
    questions = f"Scale questions of this survey: {', '.join(known) or 'none'}."
    features = list(dict.fromkeys(scale.about.feature for scale in known.values() if scale.about.feature))
    about = f"Features that a scale question of this survey is about: {', '.join(features) or 'none'}."
    faults = []
    if parameters.outcome not in known:
        faults.append(Fault("/outcome", "unknown_question", questions))
    for i, name in enumerate(parameters.drivers):
        if name not in known:
            faults.append(Fault(f"/drivers/{i}", "unknown_question", questions))
        elif name == parameters.outcome:
            detail = "The outcome cannot explain itself; leave it out of the drivers."
            faults.append(Fault(f"/drivers/{i}", "outcome_is_driver", detail))
    for i, name in enumerate(parameters.features):
        if name not in features:
            faults.append(Fault(f"/features/{i}", "unknown_feature", about))
    return faults
