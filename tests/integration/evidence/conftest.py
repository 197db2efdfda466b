"""An organisation that has one of many things, and a portfolio of each unit."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.evidence import Opened, ask, opened
from tests.support.organisations import new_organisation
from tests.support.seeded import Seeded, seed
from tests.support.seeded_follow_up import ACTION
from tests.support.standards import standard
from tests.support.subjects import work
from tests.support.surveys import Json, PublishedSurvey, publish

INJECTED = "Visit <script>alert(1)</script> {{7*7}} #panic()"
COMMENT = "The porter sang arias while I waited."
RESPONDENT = {"id": "respondent-4711", "name": "Zebedee Quux", "email": "zebedee.quux@example.org"}
RECIPIENT = {"name": "Philippa Recipient", "email": "philippa@example.org"}
STEP_OWNER = "Head of reception"
UNITS = ("G", "R", "O", "M")


@dataclass(frozen=True, slots=True)
class Evidenced:
    """The organisation, its second survey, and what portfolios say of it.

    Attributes:
        asked: each portfolio as it was when it was asked for.
        files: each file, opened; by unit.
    """

    seeded: Seeded
    survey: PublishedSurvey
    asked: Mapping[str, Json]
    files: Mapping[str, Opened]

    @property
    def api(self) -> Api:
        """Its client."""
        return self.seeded.api


@pytest.fixture(scope="module")
async def evidenced(app: FastAPI, database: Database) -> AsyncIterator[Evidenced]:
    """Filled once, shared by the tests of a module."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", timeout=60) as client:
        api = Api(client, await new_organisation(database))
        seeded = await seed(api, database)
        survey = await _more(api, seeded)
        await _of_people_and_plans(api, seeded)
        for kind in ("method_effectiveness", "data_quality"):
            await api.post("/v1/analyses", {"kind": kind, "survey_id": survey.id, "kpi": "nps"}, status=202)
        await work(api, database, "analyses.%")
        asked = {unit: await ask(api, unit) for unit in UNITS}
        await work(api, database, "portfolios.write")
        yield Evidenced(seeded, survey, asked, {unit: await opened(api, asked[unit]) for unit in UNITS})


async def _more(api: Api, seeded: Seeded) -> PublishedSurvey:
    """What the seeded organisation lacks: a second method, a second version, agreements, a footprint, an audience."""
    survey = await publish(api, title=INJECTED)
    path = f"/v1/surveys/{survey.id}"
    said: dict[str, Any] = {"answers": {"nps": 3, "why": COMMENT}, "method": "telephone"}
    for number in range(6):
        await api.post(f"{path}/responses", {**said, "external_id": f"call-{number}"}, status=201)
        await api.post(f"{path}/responses", {**said, "external_id": f"text-{number}", "method": "sms"}, status=201)
    one = {**said, "method": "kiosk", "respondent": RESPONDENT, "confidentiality": "identified"}
    await api.post(f"{path}/responses", one, status=201)
    footprint = {"unit": "letter", "paper_sheets": 2.0}
    await api.put("/v1/processes/letters", {"name": "Letters", "footprint": footprint}, status=201)
    agreed = standard(survey.id, process="letters", agreed=[{"by": "The board", "on": "2025-12-01"}])
    await api.put("/v1/standards/agreed_wait", agreed, status=201)
    action = {**ACTION, "recommendation_id": seeded.ids["acted_on_id"], "hours": 12}
    made = (await api.post("/v1/actions", action, status=201)).json()
    for each in made["agreements"]:
        answer = {"answer": "agreed", "on_behalf_of": each["person"]}
        await api.post(f"/v1/actions/{made['id']}/agreements", answer, status=200)
    telling = {"way": "link", "recipient": RECIPIENT}
    await api.post(f"/v1/reports/{seeded.ids['report_id']}/distributions", telling, status=201)
    return survey


async def _of_people_and_plans(api: Api, seeded: Seeded) -> None:
    """A role that somebody acknowledged, a strategy that something followed, a plan of steps."""
    sent = await api.post(
        f"/v1/roles/{seeded.ids['role']}/assignments", {"staff_id": seeded.ids["staff_id"], "way": "link"}, status=201
    )
    link = (await api.get(f"/v1/role-assignments/{sent.json()['id']}/link")).json()["path"]
    assert (await api.client.post(f"{link}/acknowledge")).json()["acknowledged_at"]
    strategy = {
        "kind": "strategy",
        "name": "Praise",
        "description": "Say what went well.",
        "standards": ["agreed_wait"],
    }
    body = {**strategy, "actions": [{"action_id": seeded.ids["action_id"]}]}
    await api.put("/v1/culture/strategies/praise", body, status=201)
    steps = [
        {"key": "desk", "title": "Second desk", "starts_on": "2027-01-11", "ends_on": "2027-01-20", "hours": 16},
        {"key": "signs", "title": "Signs", "starts_on": "2027-01-21", "ends_on": "2027-01-25", "after": ["desk"]},
    ]
    plan = {"kind": "implementation", "title": "Second desk", "purpose": "Shorter waits", "owner": STEP_OWNER}
    await api.post("/v1/plans", {**plan, "steps": steps}, status=201)
