"""What is found in a questionnaire: pure, the same every time, and in time that grows with its length alone."""

from feedback_core.surveys.lint.calc.linter import lint_questionnaire

__all__ = ["lint_questionnaire"]
