"""What the API and the importer do with responses."""

from feedback_core.responses.use_cases.capture import (
    check_responses,
    record_checked,
    record_responses,
    refusal_of,
    survey_as_published,
    survey_taking_answers,
)
from feedback_core.responses.use_cases.decisions import erase_response, exclude_response, restore_response
from feedback_core.responses.use_cases.reading import get_identity, get_response, list_responses

__all__ = [
    "check_responses",
    "erase_response",
    "exclude_response",
    "get_identity",
    "get_response",
    "list_responses",
    "record_checked",
    "record_responses",
    "refusal_of",
    "restore_response",
    "survey_as_published",
    "survey_taking_answers",
]
