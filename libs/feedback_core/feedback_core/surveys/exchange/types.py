"""What an exchange gives: a questionnaire or a document, and everything that could not be said in it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from feedback_core.kit.errors import Fault, Invalid
from feedback_core.surveys.types import Attribute, Questionnaire, QuestionType

MOST_REMARKS: Final = 500
"""Remarks that are told one by one; those beyond are counted."""


class RemarkCode(StrEnum):
    """Why something is not on the other side as it was."""

    FIELD_LEFT_OUT = "field_left_out"
    QUESTION_LEFT_OUT = "question_left_out"
    CONDITION_LEFT_OUT = "condition_left_out"
    TYPE_GUESSED = "type_guessed"
    LANGUAGE_GUESSED = "language_guessed"
    TYPE_CHANGED = "type_changed"
    KEY_CHANGED = "key_changed"
    TEXT_CHANGED = "text_changed"
    LIMIT_CHANGED = "limit_changed"
    COMPARED_LOOSELY = "compared_loosely"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that is not on the other side as it was.

    Attributes:
        pointer: JSON pointer into the document that was read; of a workbook ``/survey/12/relevant`` (row as counted in
            the spreadsheet).
        detail: one sentence: what became of it.
    """

    pointer: str
    code: RemarkCode
    detail: str


@dataclass(slots=True)
class Remarks:
    """Remarks as they are found, the first so many of them; those beyond are only counted."""

    kept: list[Remark] = field(default_factory=list)
    total: int = 0

    def add(self, pointer: str, code: RemarkCode, detail: str) -> None:
        """Note one."""
        self.total += 1
        if len(self.kept) < MOST_REMARKS:
            self.kept.append(Remark(pointer, code, detail))


@dataclass(frozen=True, slots=True)
class Taken:
    """A questionnaire as it was taken from a document of another tool.

    Attributes:
        remarks: what is not as it was there, at most ``MOST_REMARKS``.
        remarks_total: how many there are.
    """

    questionnaire: Questionnaire
    remarks: tuple[Remark, ...]
    remarks_total: int


@dataclass(frozen=True, slots=True)
class Beside:
    """What of a question the JSON of SurveyJS has no word for; ``None``: as the document lets guess.

    Attributes:
        type: one that takes the same answers: ``nps`` of what SurveyJS calls a rating.
    """

    type: QuestionType | None = None
    feature: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class BesideModel:
    """What stands beside a model, so that nothing is lost.

    Attributes:
        questions: by key.
    """

    questions: dict[str, Beside] = field(default_factory=dict)
    attributes: tuple[Attribute, ...] = ()


class NotExchangeable(Invalid):
    """The document is not one of its kind, or larger than a questionnaire can be."""

    code = "not_exchangeable"

    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__([Fault(pointer, self.code, detail)])
