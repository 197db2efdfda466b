"""An office with its service, its answers and what was found in them: what the rows of the requirements are driven on.

The answers are made, with a truth that is known: waits got longer, satisfaction follows the wait, and who was satisfied
came back.
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from feedback_core.db.session import Database
from tests.support.analyses import made
from tests.support.api import Api
from tests.support.cells import answer
from tests.support.organisations import new_organisation
from tests.support.standards import standard
from tests.support.surveys import Json, PublishedSurvey, publish

FRAME: Json = {"margins": {"region": {"north": 0.5, "south": 0.5}}}
FEATURES: dict[str, Json] = {
    "waiting_time": {
        "name": "Waiting time",
        "process": "reception",
        "owner": "Ada",
        "offers": ["visit"],
        "touchpoints": ["front_desk"],
        "assumed_importance": 2,
    },
    "staff": {"name": "Staff", "process": "reception", "owner": "Bo", "offers": ["visit"], "assumed_importance": 5},
    "place": {"name": "The place", "process": "buildings", "owner": "Cy", "assumed_importance": 3},
}
FOOTPRINTS: dict[str, Json] = {
    "reception": {"unit": "visit", "paper_sheets": 3, "travel_km": 12.5, "energy_kwh": 0.4, "source": "Meter readings"},
    "online_booking": {"unit": "visit", "paper_sheets": 0, "travel_km": 0, "energy_kwh": 0.6, "source": "Provider"},
}
QUESTIONS: list[Json] = [
    {"key": "nps", "type": "nps", "text": "How likely are you to recommend us?"},
    *(
        {"key": key, "type": "rating", "scale": {"min": 1, "max": 5}, "text": text, "feature": feature}
        for key, text, feature in (
            ("wait", "How was the wait?", "waiting_time"),
            ("staff", "How were our staff?", "staff"),
            ("place", "How was the place?", "place"),
        )
    ),
    {"key": "minutes", "type": "number", "text": "How many minutes did you wait?"},
    {"key": "why", "type": "text", "text": "What is the main reason for your score?"},
    {"key": "may", "type": "boolean", "text": "May we contact you?"},
]
ATTRIBUTES: list[Json] = [
    {"key": "region", "label": "Region", "values": ["north", "south"]},
    {"key": "came_back", "label": "Came back within a year", "values": ["yes", "no"]},
]


@dataclass(frozen=True, slots=True)
class Office:
    """An organisation with its service and a survey, a review of it and an analysis of drivers."""

    api: Api
    survey: PublishedSurvey
    review: Json
    drivers: Json

    async def read(self, path: str, **query: Any) -> Json:
        """What an address answers."""
        found: Json = (await self.api.get(path, params=query)).json()
        return found

    async def recommendation_about(self, feature: str) -> Json:
        """What is recommended about a feature."""
        listed = await self.read("/v1/recommendations", survey_id=self.survey.id, feature=feature)
        return await self.read(f"/v1/recommendations/{listed['items'][0]['id']}")


def visits() -> Iterator[Json]:
    """Fourteen months of answers; from the eighth on waits are longer."""
    chance = Random(20260301)
    for month in range(14):
        for region in ("north", "south"):
            for _ in range(20):
                wait, staff, place = (
                    min(5, max(1, round(chance.gauss(mean, 1)))) for mean in (2.2 if month >= 7 else 3.9, 4.3, 4.4)
                )
                nps = min(10, max(0, round(2 * wait + 0.2 * staff + chance.gauss(0, 1))))
                yield {
                    "submitted_at": f"{2025 + month // 12}-{month % 12 + 1:02}-10T12:00:00Z",
                    "attributes": {
                        "region": region,
                        "came_back": "yes" if chance.random() < 0.2 + 0.06 * nps else "no",
                    },
                    "answers": {"nps": nps, "wait": wait, "staff": staff, "place": place, "minutes": 40 - 6 * wait},
                }


@pytest.fixture(scope="module")
async def office(app: FastAPI, database: Database, worker_process: None) -> AsyncIterator[Office]:
    """One office, shared by the tests of a module."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        api = Api(client, await new_organisation(database))
        for key, name in (("reception", "Reception"), ("online_booking", "Booking online"), ("buildings", "Buildings")):
            body = {"name": name, "owner": f"Head of {name.lower()}", "footprint": FOOTPRINTS.get(key)}
            await api.put(f"/v1/processes/{key}", body, status=201)
        await api.put("/v1/offers/visit", {"name": "A visit", "owner": "Head of services"}, status=201)
        await api.put("/v1/touchpoints/front_desk", {"name": "Front desk", "owner": "Di"}, status=201)
        for key, feature in FEATURES.items():
            await api.put(f"/v1/features/{key}", feature, status=201)
        survey = await publish(api, questions=QUESTIONS, attributes=ATTRIBUTES, confidentiality="identified")
        await answer(api, survey.id, list(visits()))
        await api.put("/v1/standards/short_wait", standard(survey.id, feature="waiting_time", owner="Ada"), status=201)
        drivers = await made(api, {"kind": "drivers", "survey_id": survey.id, "outcome": "nps"})
        review = await made(api, {"kind": "review", "survey_id": survey.id, "frame": FRAME})
        yield Office(api, survey, review, drivers)
