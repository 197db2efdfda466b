"""An office whose people are measured: agents with easy and with hard cases, and keys for whom they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from feedback_core.organisations.types import Scope
from tests.support.api import Api
from tests.support.cells import answer
from tests.support.organisations import TestOrganisation
from tests.support.surveys import PublishedSurvey, publish, survey_body

Json = dict[str, Any]

ATTRIBUTES: list[Json] = [
    {"key": "agent", "values": ["a1", "a2", "a3", "a4", "new"]},
    {"key": "desk", "values": ["north", "south", "web"]},
    {"key": "reason", "values": ["easy", "hard"]},
]
QUESTIONS: list[Json] = [
    {"key": "wait", "type": "rating", "scale": {"min": 1, "max": 5}, "text": "How was the wait?"},
    {"key": "minutes", "type": "number", "text": "How many minutes?"},
]
# Agent, desk, reason, how many call it good, and poor. a1 to a3 are alike with each kind of case: 0.8 and 0.4.
CASES: tuple[tuple[str, str, str, int, int], ...] = (
    ("a1", "north", "easy", 144, 36),
    ("a1", "north", "hard", 8, 12),
    ("a2", "north", "easy", 80, 20),
    ("a2", "north", "hard", 40, 60),
    ("a3", "south", "easy", 16, 4),
    ("a3", "south", "hard", 72, 108),
    # Better by 0.15 with either.
    ("a4", "web", "easy", 57, 3),
    ("a4", "web", "hard", 77, 63),
    ("new", "web", "easy", 5, 3),
)
OWN = [Scope.PERFORMANCE_READ, Scope.PERFORMANCE_REPLY]


def given(cases: Sequence[tuple[str, str, str, int, int]] = CASES, day: str = "2026-02-10") -> list[Json]:
    """Responses to these cases, on one day."""
    return [
        {
            "submitted_at": f"{day}T12:00:00Z",
            "attributes": {"agent": agent, "desk": desk, "reason": reason},
            "answers": {"wait": 5 if number < good else 2, "minutes": 5 + number % 7},
        }
        for agent, desk, reason, good, poor in cases
        for number in range(good + poor)
    ]


@dataclass(frozen=True, slots=True)
class Office:
    """The survey, and the staff by reference."""

    api: Api
    survey: PublishedSurvey
    staff: dict[str, str]

    async def key(self, name: str, scopes: Sequence[Scope], *roles: str) -> tuple[str, Api]:
        """A key of the office: its id, and who calls with it."""
        return await key_of(self.api, name, scopes, *roles)

    async def person(self, reference: str) -> Api:
        """Whoever holds the key of a member of staff, made now."""
        key_id, own = await self.key(reference, OWN)
        path = f"/v1/staff/{self.staff[reference]}"
        tag = (await self.api.get(path)).headers["ETag"]
        body = {"reference": reference, "person": {"name": f"Person {reference}"}, "api_key_id": key_id}
        await self.api.put(path, body, status=200, headers={"If-Match": tag})
        return own

    async def standings(self, measure: str, api: Api | None = None, asked: Json | None = None) -> Json:
        """What a measure says to whoever asks."""
        path = f"/v1/performance-measures/{measure}/standings"
        found: Json = (await (api or self.api).get(path, params=asked)).json()
        return found


async def key_of(api: Api, name: str, scopes: Sequence[Scope], *roles: str) -> tuple[str, Api]:
    """A key with these scopes and roles: its id, and who calls with it."""
    body = {"name": name, "scopes": [str(scope) for scope in scopes], "roles": list(roles)}
    made = (await api.post("/v1/api-keys", body, status=201)).json()
    return made["id"], Api(api.client, TestOrganisation(api.organisation.organisation_id, made["api_key"]))


async def office(api: Api, *, answers: bool = True) -> Office:
    """An office with a standard, its staff, and measures of people and desks."""
    survey = await publish(api, attributes=ATTRIBUTES, questions=QUESTIONS)
    if answers:
        await answer(api, survey.id, given())
    metric = {"kind": "kpi", "survey_id": survey.id, "kpi": "csat", "question": "wait"}
    said = {"name": "Good wait", "statement": "Half call it good.", "metric": metric, "direction": "at_least"}
    await api.put("/v1/standards/short_wait", {**said, "target": 0.5, "valid_from": "2025-01-01"}, status=201)
    staff = {}
    for reference in ("a1", "a2", "a3", "a4", "new"):
        person = {"name": f"Person {reference}", "email": f"{reference}@office.example"}
        staff[reference] = (await api.post("/v1/staff", {"reference": reference, "person": person}, status=201)).json()[
            "id"
        ]
    common = {"standard": "short_wait", "minimum_n": 30}
    by_agent = {"name": "Wait by agent", "of": "person", "attribute": "agent", **common}
    await api.put("/v1/performance-measures/raw", by_agent, status=201)
    await api.put("/v1/performance-measures/fair", {**by_agent, "case_mix": ["reason"]}, status=201)
    by_desk = {"name": "Wait by desk", "of": "team", "attribute": "desk", "case_mix": ["reason"], **common}
    await api.put("/v1/performance-measures/desks", by_desk, status=201)
    return Office(api, survey, staff)


async def staff_survey(api: Api) -> PublishedSurvey:
    """A survey of staff, published."""
    questions = [{"key": "nps", "type": "nps", "text": "Would you recommend working here?"}]
    attributes = [{"key": "desk", "values": ["north", "south"]}]
    body = survey_body(questions=questions, attributes=attributes, confidentiality="anonymous")
    made = (await api.post("/v1/surveys", body, status=201)).json()
    path = f"/v1/surveys/{made['id']}"
    tag = {"If-Match": (await api.get(path)).headers["ETag"]}
    await api.put(f"{path}/settings", {"audience": "staff"}, status=200, headers=tag)
    version = (await api.post(f"{path}/publish", status=200)).json()
    return PublishedSurvey(made["id"], made["key"], version["id"], version["number"])


def by_reference(found: Json) -> dict[str, Json]:
    """Units of a measure by their references."""
    return {unit["reference"]: unit for unit in found["units"]}
