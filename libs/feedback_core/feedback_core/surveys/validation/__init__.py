"""The check of a response against a published questionnaire, compiled once per version."""

from feedback_core.surveys.validation.checks import AnswerValue
from feedback_core.surveys.validation.validator import (
    AnswerValidator,
    Checked,
    CheckedAnswers,
    CheckedValues,
    Progress,
    RefusedAnswers,
    compile_validator,
)

__all__ = [
    "AnswerValidator",
    "AnswerValue",
    "Checked",
    "CheckedAnswers",
    "CheckedValues",
    "Progress",
    "RefusedAnswers",
    "compile_validator",
]
