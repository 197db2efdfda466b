"""Cells are exact: at any moment, after anything, however it was interleaved."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback_core.db.session import Database
from feedback_core.kpis.types import Grain
from tests.support.api import Api
from tests.support.cells import answer, cells, coarser, fold, fold_all, recount
from tests.support.flags import flag_all, flag_once, put_rule
from tests.support.organisations import new_organisation
from tests.support.surveys import publish

QUESTIONS: list[dict[str, Any]] = [
    {"key": "nps", "type": "nps", "text": "Recommend?"},
    {"key": "parts", "type": "matrix", "text": "Rate", "scale": {"min": 1, "max": 5},
     "rows": [{"key": "staff", "label": "Staff"}, {"key": "place", "label": "Place"}]},
    {"key": "used", "type": "multiple_choice", "text": "Used?",
     "choices": [{"key": "web", "label": "Web"}, {"key": "app", "label": "App"}]},
    {"key": "order", "type": "ranking", "text": "Rank",
     "choices": [{"key": "price", "label": "Price"}, {"key": "speed", "label": "Speed"}]},
    {"key": "again", "type": "boolean", "text": "Again?"},
    {"key": "minutes", "type": "number", "text": "Minutes?"},
    {"key": "why", "type": "text", "text": "Why?"},
]  # fmt: skip
TYPES = {question["key"]: question["type"] for question in QUESTIONS}

ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "nps": st.integers(0, 10),
        "parts": st.fixed_dictionaries({"staff": st.integers(1, 5)}, optional={"place": st.integers(1, 5)}),
        "used": st.lists(st.sampled_from(["web", "app"]), min_size=1, unique=True),
        "order": st.permutations(["price", "speed"]),
        "again": st.booleans(),
        "minutes": st.sampled_from([0, 2.5, 10, 1e3]),
        "why": st.sampled_from(["kind", "Quick, and 100% kind."]),
    },
)
RESPONSE = st.fixed_dictionaries(
    {
        "external_id": st.sampled_from([f"crm-{number}" for number in range(12)]),
        "answers": ANSWERS,
        "submitted_at": st.sampled_from(
            ["2026-03-28T23:30:00Z", "2026-03-29T00:30:00Z", "2026-03-29T23:30:00Z", "2025-10-26T00:30:00Z"]
        ),
        "status": st.sampled_from(["complete", "partial", "screened_out"]),
    },
    optional={
        "started_at": st.sampled_from(["2025-10-26T00:29:58Z", "2025-10-25T23:00:00Z"]),
        "attributes": st.fixed_dictionaries({"region": st.sampled_from(["north", "south"])}),
    },
)
RULES: list[dict[str, Any]] = [
    {"at_least": 1, "kinds": ["missing_items"], "thresholds": {"missing_share": 0.2}},
    {"at_least": 1, "kinds": ["speeding", "duplicate"], "thresholds": {"duplicate_text_length": 10}},
    {"at_least": 2, "kinds": ["missing_items", "speeding"], "since": "2026-03-29T00:00:00Z"},
    {"excludes": False},
]
STEP = st.one_of(
    st.tuples(st.just("answer"), st.lists(RESPONSE, min_size=1, max_size=4)),
    st.tuples(st.sampled_from(["exclude", "restore", "erase"]), st.integers(0, 11)),
    st.tuples(st.just("fold"), st.integers(1, 3)),
    st.tuples(st.just("flag"), st.integers(1, 3)),
    st.tuples(st.just("rule"), st.sampled_from(RULES)),
)


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(rounds=st.lists(st.lists(STEP, min_size=1, max_size=6), min_size=1, max_size=4))
async def test_cells_equal_a_recount_after_anything(
    rounds: list[list[tuple[str, Any]]], app: FastAPI, database: Database
) -> None:
    organisation = await new_organisation(database, time_zone="Europe/London")
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        api = Api(client, organisation)
        survey = await publish(api, questions=QUESTIONS)
        known: list[str] = []
        for steps in rounds:
            outcomes = await asyncio.gather(*(_take(api, database, survey.id, step, known) for step in steps))
            known += [identifier for found in outcomes for identifier in found]
        await _hold_to_recount(database, organisation.organisation_id, survey.id)
        await put_rule(api, survey.id, RULES[0])
        await flag_all(api, database, survey.id, most=4)
        await _hold_to_recount(database, organisation.organisation_id, survey.id)


async def _hold_to_recount(database: Database, organisation_id: UUID, survey_id: str) -> None:
    await fold_all(database, organisation_id, survey_id)
    counted = await recount(database, organisation_id, survey_id, types=TYPES, time_zone="Europe/London")

    assert await cells(database, organisation_id, survey_id) == counted
    for grain in (Grain.MONTH, Grain.YEAR, Grain.TOTAL):
        found = await cells(database, organisation_id, survey_id, grain)
        assert found == coarser(counted, grain)


async def _take(api: Api, database: Database, survey_id: str, step: tuple[str, Any], known: list[str]) -> list[str]:
    verb, what = step
    if verb == "answer":
        outcomes = await answer(api, survey_id, what)
        return [outcome["id"] for outcome in outcomes if outcome["status"] == "recorded"]
    if verb == "fold":
        await fold(database, api.organisation.organisation_id, survey_id, most=what)
    elif verb == "flag":
        await flag_once(database, api.organisation.organisation_id, survey_id, most=what)
    elif verb == "rule":
        await put_rule(api, survey_id, what)
    elif known:
        path = f"/v1/surveys/{survey_id}/responses/{known[what % len(known)]}/{verb}"
        decided = await api.post(path, {"reason": "a test"})
        assert decided.status_code < 500, decided.text
    return []


async def test_a_figure_is_exact_before_during_and_after_a_fold(api: Api, database: Database) -> None:
    survey = await publish(api)
    organisation_id = api.organisation.organisation_id
    values = []
    for number in range(6):
        items = [{"external_id": str(uuid4()), "answers": {"nps": 9 if number % 2 else 3}} for _ in range(10)]
        await answer(api, survey.id, items)
        read = (await api.get(f"/v1/kpis/nps/value?survey={survey.id}")).json()
        values.append((read["value"], read["n"]))
        await fold(database, organisation_id, survey.id, most=7)
        assert (await api.get(f"/v1/kpis/nps/value?survey={survey.id}")).json() == read

    assert values == [(-100.0, 10), (0.0, 20), (-100 / 3, 30), (0.0, 40), (-20.0, 50), (0.0, 60)]


async def test_a_fold_leaves_what_an_open_transaction_may_still_add(api: Api, database: Database) -> None:
    survey = await publish(api)
    organisation_id = api.organisation.organisation_id
    async with database.tenant(organisation_id) as session:
        from sqlalchemy import text

        await session.execute(text("SELECT pg_current_xact_id()"))
        await answer(api, survey.id, [{"answers": {"nps": 9}} for _ in range(5)])
        await fold(database, organisation_id, survey.id)
        assert not await cells(database, organisation_id, survey.id)
    await fold_all(database, organisation_id, survey.id)

    assert sum((await cells(database, organisation_id, survey.id)).values()) > 0
    assert (await api.get(f"/v1/kpis/nps/value?survey={survey.id}")).json()["n"] == 5
