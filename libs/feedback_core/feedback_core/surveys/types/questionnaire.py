"""A questionnaire: what is asked, in which order, on which scales, and what is known beforehand of who answers."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from feedback_core.surveys.types.conditions import Condition
from feedback_core.surveys.types.texts import Text

SURVEY_KEY: Final = re.compile(r"^[a-z0-9][a-z0-9-]{0,62}$")
QUESTION_KEY: Final = re.compile(r"^[a-z][a-z0-9_]{0,62}$")
"""Keys of questions, attributes and matrix rows."""

CHOICE_KEY: Final = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$")
"""Keys of choices and of attribute values, and of the feature that a question is about."""

MAX_QUESTIONS: Final = 500
MAX_CHOICES: Final = 500
"""Choices, or matrix rows, of one question."""

MAX_ATTRIBUTE_VALUES: Final = 1_000
MAX_SCALE_POINTS: Final = 101
MAX_SCALE_VALUE: Final = 1_000_000
"""Magnitude of the ends of a scale."""

MAX_NUMBER: Final = 1e15
"""Magnitude of an answer to a number question: what a double still holds to a tenth."""

MAX_TEXT_LENGTH: Final = 30_000
"""Characters (code points) of an answer to a text question, unless the question allows fewer."""

RESERVED_ATTRIBUTES: Final = frozenset({"method", "status"})
"""Names that a response already has; no attribute may take them."""


class QuestionType(StrEnum):
    """What kind of answer a question takes."""

    NPS = "nps"
    CES = "ces"
    CSAT = "csat"
    RATING = "rating"
    SINGLE_CHOICE = "single_choice"
    MULTIPLE_CHOICE = "multiple_choice"
    MATRIX = "matrix"
    RANKING = "ranking"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Scale:
    """Whole numbers from ``min`` to ``max``, both included."""

    min: int
    max: int

    @property
    def points(self) -> range:
        """Every value of the scale, lowest first."""
        return range(self.min, self.max + 1)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers offered.

    Attributes:
        key: what is stored; stable over versions.
        label: what the respondent reads.
        exclusive: chosen alone or not at all ("none of these"); for multiple choice only.
    """

    key: str
    label: Text
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a matrix, answered on the matrix's scale."""

    key: str
    label: Text


@dataclass(frozen=True, slots=True)
class Question:
    """One question, with the fields of its type.

    Attributes:
        key: unique within the questionnaire; stable over versions.
        type: what kind of answer it takes.
        text: what the respondent reads.
        feature: key of the feature of the service that it is about.
        required: a response is complete only with an answer to it, where it is shown; of a matrix, to every row.
        show_if: the question is put only where this is true of earlier answers; ``None``: to everybody.
        scale: as written; ``answer_scale`` is the one that holds.
        choices: of single choice, multiple choice and ranking.
        rows: of a matrix.
        min: least value of a number.
        max: greatest value of a number.
        unit: what a number counts: ``minutes``, ``EUR``.
        max_length: most characters of a text; ``None``: ``MAX_TEXT_LENGTH``.
    """

    key: str
    type: QuestionType
    text: Text
    feature: str | None = None
    required: bool = False
    show_if: Condition | None = None
    scale: Scale | None = None
    choices: tuple[Choice, ...] = ()
    rows: tuple[Row, ...] = ()
    min: float | None = None
    max: float | None = None
    unit: str | None = None
    max_length: int | None = None

    @property
    def answer_scale(self) -> Scale | None:
        """The scale that answers are on: for nps always 0-10; else the one written; else ces 1-7, csat 1-5, or none."""
        return NPS_SCALE if self.type is QuestionType.NPS else self.scale or _DEFAULT_SCALES.get(self.type)


NPS_SCALE: Final = Scale(0, 10)

_DEFAULT_SCALES: Final = {
    QuestionType.CES: Scale(1, 7),
    QuestionType.CSAT: Scale(1, 5),
}


@dataclass(frozen=True, slots=True)
class AttributeValue:
    """One declared value of an attribute: what is stored, and what a reader sees (``None``: the key itself)."""

    key: str
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something known of a respondent before the first question, with the closed list of its values."""

    key: str
    values: tuple[AttributeValue, ...]
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What one version of a survey asks.

    Attributes:
        title: what the respondent reads first.
        language: BCP 47 tag of every text that is a plain string.
        questions: in the order in which they are put.
        attributes: what a response may say of its respondent; their values span the cells that are counted.
    """

    title: Text
    language: str
    questions: tuple[Question, ...]
    attributes: tuple[Attribute, ...] = ()

    def question(self, key: str) -> Question | None:
        """The question with this key, if there is one."""
        return next((question for question in self.questions if question.key == key), None)


def without_features(questionnaire: Questionnaire) -> Questionnaire:
    """What respondents may see of it: not which feature of the service a question is about."""
    return replace(questionnaire, questions=tuple(replace(asked, feature=None) for asked in questionnaire.questions))
