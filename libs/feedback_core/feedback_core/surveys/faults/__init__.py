"""Contradictions in a questionnaire, each named with a pointer; only one without faults can be published."""

from feedback_core.surveys.faults.contradictions import find_contradictions
from feedback_core.surveys.faults.finder import find_faults

__all__ = ["find_contradictions", "find_faults"]
