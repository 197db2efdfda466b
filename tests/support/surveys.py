"""Published surveys, for tests that need answers or figures."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.support.api import Api

Json = dict[str, Any]

POST_VISIT: Json = {
    "title": "Your visit",
    "language": "en",
    "attributes": [{"key": "region", "label": "Region", "values": ["north", "south"]}],
    "questions": [
        {"key": "nps", "type": "nps", "text": "How likely are you to recommend us?", "feature": "overall"},
        {
            "key": "wait",
            "type": "rating",
            "scale": {"min": 1, "max": 5},
            "text": "How was the wait?",
            "feature": "waiting_time",
        },
        {
            "key": "ease",
            "type": "ces",
            "scale": {"min": 1, "max": 7},
            "text": "How easy was it?",
            "feature": "effort",
        },
        {
            "key": "used",
            "type": "multiple_choice",
            "choices": [{"key": "web", "label": "Web"}, {"key": "app", "label": "App"}],
            "text": "What did you use?",
        },
        {"key": "why", "type": "text", "text": "What is the main reason for your score?"},
    ],
}
"""A questionnaire that can be published; no question is required."""


@dataclass(frozen=True, slots=True)
class PublishedSurvey:
    """A survey that takes answers."""

    id: str
    key: str
    version_id: str
    number: int


def survey_body(**fields: Any) -> Json:
    """What creates a survey: ``POST_VISIT`` under a key of its own, with other fields where given."""
    return {"key": f"post-visit-{uuid4().hex[:8]}", **POST_VISIT, **fields}


async def publish(api: Api, **fields: Any) -> PublishedSurvey:
    """A survey that takes answers: ``POST_VISIT``, with other fields where given (``key``, ``questions``, ...)."""
    made = (await api.post("/v1/surveys", survey_body(**fields), status=201)).json()
    version = (await api.post(f"/v1/surveys/{made['id']}/publish", status=200)).json()
    return PublishedSurvey(made["id"], made["key"], version["id"], version["number"])
