"""Questionnaires for tests, from the JSON that a caller would write."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from feedback_core.kit.errors import Fault
from feedback_core.surveys.faults import find_faults
from feedback_core.surveys.types import Questionnaire, ResponseStatus, questionnaire_from_json
from feedback_core.surveys.validation import CheckedAnswers, RefusedAnswers, compile_validator

Json = dict[str, Any]

VERSION = UUID(int=1)
NPS: Json = {"key": "nps", "type": "nps", "text": "Would you recommend us?"}
WAIT: Json = {"key": "wait", "type": "rating", "scale": {"min": 1, "max": 5}, "text": "How was the wait?"}
WHY: Json = {"key": "why", "type": "text", "text": "Why?"}
CHANNEL: Json = {
    "key": "channel",
    "type": "single_choice",
    "text": "Where?",
    "choices": [{"key": "web", "label": "Web"}, {"key": "app", "label": "App"}, {"key": "desk", "label": "Desk"}],
}
USED: Json = {
    "key": "used",
    "type": "multiple_choice",
    "text": "What did you use?",
    "choices": [
        {"key": "web", "label": "Web"},
        {"key": "app", "label": "App"},
        {"key": "none", "label": "None of these", "exclusive": True},
    ],
}
ORDER: Json = {**CHANNEL, "key": "order", "type": "ranking", "text": "What matters most?"}
STAFF: Json = {
    "key": "staff",
    "type": "matrix",
    "text": "How were the staff?",
    "scale": {"min": 1, "max": 5},
    "rows": [{"key": "polite", "label": "Polite"}, {"key": "quick", "label": "Quick"}],
}
MINUTES: Json = {"key": "minutes", "type": "number", "text": "How long?", "min": 0, "max": 600, "unit": "minutes"}
VISITED: Json = {"key": "visited", "type": "date", "text": "When?"}
AGAIN: Json = {"key": "again", "type": "boolean", "text": "Would you come again?"}
EVERY_TYPE: list[Json] = [
    NPS,
    {"key": "ease", "type": "ces", "text": "Was it easy?"},
    {"key": "happy", "type": "csat", "text": "Were you happy?"},
    WAIT,
    CHANNEL,
    USED,
    STAFF,
    ORDER,
    MINUTES,
    VISITED,
    AGAIN,
    WHY,
]


def document(*questions: Json, **fields: Any) -> Json:
    return {"title": "Your visit", "language": "en", "questions": list(questions), **fields}


def questionnaire(*questions: Json, **fields: Any) -> Questionnaire:
    return questionnaire_from_json(document(*questions, **fields))


def faults(*questions: Json, **fields: Any) -> list[tuple[str, str]]:
    """Pointer and code of each fault of a questionnaire."""
    return named(find_faults(questionnaire(*questions, **fields)))


def check(
    asked: Questionnaire,
    answers: Mapping[str, object],
    attributes: Mapping[str, object] | None = None,
    *,
    status: ResponseStatus | None = None,
) -> CheckedAnswers | RefusedAnswers:
    return compile_validator(asked, VERSION).validate(answers, attributes or {}, status=status)


def accepted(
    asked: Questionnaire,
    answers: Mapping[str, object],
    attributes: Mapping[str, object] | None = None,
    *,
    status: ResponseStatus | None = None,
) -> CheckedAnswers:
    checked = check(asked, answers, attributes, status=status)
    assert isinstance(checked, CheckedAnswers), checked
    return checked


def refused(
    asked: Questionnaire,
    answers: Mapping[str, object],
    attributes: Mapping[str, object] | None = None,
    *,
    status: ResponseStatus | None = None,
) -> list[tuple[str, str]]:
    """Pointer and code of each fault of a response."""
    checked = check(asked, answers, attributes, status=status)
    assert isinstance(checked, RefusedAnswers), checked
    return named(checked.faults)


def named(found: list[Fault] | tuple[Fault, ...]) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in found]
