"""Standards on a survey with answers that are known."""

from typing import Any

from tests.support.api import Api
from tests.support.cells import answer
from tests.support.surveys import PublishedSurvey, publish

Json = dict[str, Any]

QUESTIONS: list[Json] = [
    {"key": "nps", "type": "nps", "text": "How likely are you to recommend us?"},
    {
        "key": "wait",
        "type": "rating",
        "scale": {"min": 1, "max": 5},
        "text": "How was the wait?",
        "feature": "waiting_time",
    },
    {"key": "minutes", "type": "number", "text": "How many minutes did it take?"},
]


def standard(survey_id: str, **more: Any) -> Json:
    """A body: at least seven in ten call the wait good."""
    said = {
        "name": "A short wait",
        "statement": "At least seven in ten visitors call the wait good or very good.",
        "metric": {"kind": "kpi", "survey_id": survey_id, "kpi": "csat", "question": "wait"},
        "direction": "at_least",
        "target": 0.7,
        "valid_from": "2024-01-01",
    }
    return said | more


def waits(good: int, poor: int, day: str = "2025-06-10", region: str = "north", minutes: int = 10) -> list[Json]:
    """Responses of one day: so many who call the wait good, and poor."""
    return [
        {
            "submitted_at": f"{day}T12:00:00Z",
            "attributes": {"region": region},
            "answers": {"wait": 5 if number < good else 2, "minutes": minutes + number % 5},
        }
        for number in range(good + poor)
    ]


async def surveyed(api: Api, *responses: list[Json]) -> PublishedSurvey:
    """The survey, published, with these answers."""
    survey = await publish(api, questions=QUESTIONS)
    await answer(api, survey.id, [response for each in responses for response in each])
    return survey
