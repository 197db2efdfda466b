"""A review with something to tell: a part that got worse, one that is withheld, and decisions."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import cycle
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

TEXTS = {
    "wait": "How was the wait? {{7*7}} #panic() <script>alert(1)</script>",
    "staff": '=HYPERLINK("x")',
    "place": "地点怎么样？ ¿Qué tal el sitio? كيف كان المكان؟",
    "rare": "How was the rare thing?",
}
FEATURES = {
    "wait": ("waiting_time", "Waiting {{7*7}}", "reception", "Ada"),
    "staff": ("staff", "=HYPERLINK(staff)", "reception", "Bo"),
    "place": ("place", "地点 المكان", "buildings", "Cy & Sons"),
    "rare": ("rare", "#panic(rare)", "buildings", "Cy & Sons"),
}
PROCESSES = {"reception": "Reception", "buildings": "Buildings"}
FRAME = {"margins": {"region": {"north": 0.5, "south": 0.5}}}


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A survey with its review."""

    api: Api
    survey: PublishedSurvey
    run: Json

    @property
    def run_id(self) -> str:
        """Of the review."""
        return str(self.run["id"])


def questions() -> list[dict[str, Any]]:
    """A rating of each feature."""
    scale = {"min": 1, "max": 5}
    return [
        {"key": key, "type": "rating", "scale": scale, "text": text, "feature": FEATURES[key][0]}
        for key, text in TEXTS.items()
    ]


def months() -> list[dict[str, Any]]:
    """Fourteen months: waits get longer from 2025-08 on; staff and place stay good; three answer the rare question."""
    staff, place = cycle([5, 4, 4, 5, 3]), cycle([4, 5, 5, 4, 3])
    good, poor = cycle([4, 5, 4, 3, 5]), cycle([2, 3, 2, 1, 4])
    given: list[dict[str, Any]] = [
        {
            "submitted_at": f"{2025 + month // 12}-{month % 12 + 1:02}-10T12:00:00Z",
            "attributes": {"region": region},
            "answers": {"wait": next(poor if month >= 7 else good), "staff": next(staff), "place": next(place)},
        }
        for month in range(14)
        for region, n in (("north", 10), ("south", 10))
        for _ in range(n)
    ]
    for each in given[:3]:
        each["answers"]["rare"] = 1
    return given


@pytest.fixture(scope="module")
async def reviewed(app: FastAPI, database: Database, worker_process: None) -> AsyncIterator[Reviewed]:
    """One review, shared by the tests of a module."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        api = Api(client, await new_organisation(database))
        for key, name in PROCESSES.items():
            await api.put(f"/v1/processes/{key}", {"name": name}, status=201)
        for key, name, process, owner in FEATURES.values():
            await api.put(f"/v1/features/{key}", {"name": name, "process": process, "owner": owner}, status=201)
        survey = await publish(api, title="Visit {{7*7}} #panic() <script>alert(2)</script>", questions=questions())
        await answer(api, survey.id, months())
        await api.put(
            "/v1/standards/short_wait", standard(survey.id, name="Good wait <b>&{{1}}", target=0.8), status=201
        )
        asked = {"kind": "review", "survey_id": survey.id, "frame": FRAME}
        yield Reviewed(api, survey, await made(api, asked))
