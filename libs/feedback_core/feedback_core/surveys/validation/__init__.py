"""The check of a response against a published questionnaire, compiled once per version."""

from feedback_core.surveys.validation.checks import AnswerValue
from feedback_core.surveys.validation.validator import (
    AnswerValidator,
    Checked,
    CheckedAnswers,
    RefusedAnswers,
    compile_validator,
)

__all__ = ["AnswerValidator", "AnswerValue", "Checked", "CheckedAnswers", "RefusedAnswers", "compile_validator"]
