"""Collection methods over HTTP: own costs held to what was read, outcomes kept once, what cannot be compared."""

from typing import Any

import pytest

from tests.support.api import Api
from tests.support.planning import COSTS, enter_outcome
from tests.support.refusals import refused

PATH = "/v1/methods/email/costs"
OUTCOMES = "/v1/methods/email/outcomes"
OUTCOME = {"reference": "q1", "contacts": 100, "completes": 20, "ended_on": "2025-03-31"}
MEASURE = {"purpose": "measure", "population": 5000, "goal": {"kind": "proportion", "margin": 0.05}}


async def test_own_costs_are_put_edited_as_read_and_taken_back(api: Api) -> None:
    assumed = (await api.get("/v1/methods/email")).json()
    await api.get(PATH, status=404)
    made = await api.put(PATH, {**COSTS, "coverage": 0.8, "source": "Accounts", "as_of": "2025-12-31"}, status=201)
    read = {"If-Match": made.headers["ETag"]}
    await api.put(PATH, COSTS, status=428)
    changed = await api.put(PATH, {**COSTS, "fixed": 5}, headers=read, status=200)
    await api.put(PATH, COSTS, headers=read, status=412)

    own = (await api.get("/v1/methods/email")).json()
    assert changed.headers["ETag"] == '"2"'
    assert (own["costs_basis"], own["costs"]["fixed"], own["costs"]["currency"]) == ("own", 5, "EUR")
    assert own["coverage"] == 1.0  # all of it was replaced

    await api.call("DELETE", PATH, status=204)
    await api.call("DELETE", PATH, status=404)
    assert (await api.get("/v1/methods/email")).json() == assumed
    assert (assumed["costs_basis"], assumed["costs_as_of"]) == ("assumed", "2026-11-01")


async def test_own_footprints_and_times_are_reckoned_with(api: Api) -> None:
    takes = {"paper_sheets": 1, "travel_km": 0, "energy_kwh": 0.1}
    own = {**COSTS, "takes_per_contact": takes, "takes_per_complete": takes, "setup_days": 1, "field_days": 2}
    await api.put(PATH, own, status=201)

    (option,) = (await api.post("/v1/methods/compare", {**MEASURE, "methods": ["email"]}, status=200)).json()["options"]

    (done,) = option["contacted"]
    together = done["contacts"] + done["completes"]
    assert option["days"] == 3
    assert option["footprint"]["paper_sheets"] == together
    assert option["footprint"]["energy_kwh"] == pytest.approx(0.1 * together)
    assert option["footprint"]["carbon_kg"] == pytest.approx((0.0046 + 0.021) * together)
    assert option["footprint"]["carbon_is_whole"]
    shown = (await api.get("/v1/methods/email")).json()["footprint_per_contact"]
    assert (shown["unit"], shown["energy_kwh"]) == ("contact", 0.1)


async def test_an_outcome_is_kept_once_paged_and_taken_back(api: Api) -> None:
    first = await enter_outcome(api, "email", "q1", contacts=100, completes=20)
    second = await enter_outcome(api, "email", "q2", contacts=300, completes=90)
    refused(await api.post(OUTCOMES, OUTCOME), 409, "outcome_kept")
    await enter_outcome(api, "sms", "q1", contacts=100, completes=20)

    page = (await api.get(f"{OUTCOMES}?limit=1")).json()
    rest = (await api.get(f"{OUTCOMES}?limit=1&cursor={page['next_cursor']}")).json()
    assert (page["items"], rest["items"], rest["next_cursor"]) == ([second], [first], None)

    await api.call("DELETE", f"/v1/methods/sms/outcomes/{first['id']}", status=404)
    await api.call("DELETE", f"{OUTCOMES}/{second['id']}", status=204)
    rate = (await api.get("/v1/methods/email")).json()["response_rate"]
    assert (rate["value"], rate["n"]) == (0.2, 100)


@pytest.mark.parametrize(
    ("method", "changes", "code", "pointer"),
    [
        ("email", {"completes": 101}, "more_than_contacts", "/completes"),
        ("email", {"ended_on": "2199-01-01"}, "not_ended", "/ended_on"),
        ("crm_ticket", {}, "nobody_is_asked", "/path/collection_method"),
        ("email", {"contacts": 0}, "greater_than_equal", "/contacts"),
        ("email", {"reference": " "}, "value_error", "/reference"),
    ],
)
async def test_an_outcome_that_cannot_be_is_refused(
    method: str, changes: dict[str, Any], code: str, pointer: str, api: Api
) -> None:
    answer = await api.post(f"/v1/methods/{method}/outcomes", {**OUTCOME, **changes})
    refused(answer, 422, "invalid", pointer)
    assert answer.json()["errors"][0]["code"] == code


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"goal": None}, "invalid", "/goal"),
        ({"answers": 20}, "invalid", "/answers"),
        ({"purpose": "explore"}, "invalid", "/goal"),
        ({"methods": ["email", "email"]}, "invalid", "/methods/1"),
        ({"methods": ["carrier_pigeon"]}, "invalid", "/methods/0"),
        ({"goal": {"kind": "nps", "promoters": 1, "detractors": 0, "margin": 3}}, "not_plannable", "/goal"),
        ({"budget": {"amount": -1, "currency": "EUR"}}, "invalid", "/budget/amount"),
        ({"population": 0}, "invalid", "/population"),
    ],
)
async def test_what_cannot_be_compared_is_refused(changes: dict[str, Any], code: str, pointer: str, api: Api) -> None:
    answer = await api.post("/v1/methods/compare", {**MEASURE, **changes})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_a_budget_of_nothing_is_answered(api: Api) -> None:
    body = {**MEASURE, "budget": {"amount": 0, "currency": "EUR"}}
    found = (await api.post("/v1/methods/compare", body, status=200)).json()
    assert found["verdict"] == "none"
    assert all(option["within_limits"]["answers"] == 0 for option in found["options"])


async def test_reasons_are_explored_without_a_goal(api: Api) -> None:
    body = {"purpose": "explore", "population": 5000, "answers": 24}
    found = (await api.post("/v1/methods/compare", body, status=200)).json()
    assert found["options"][0]["feasible"]
    assert found["combinations"] == 0
    assert all(option["within_limits"]["precision"] is None for option in found["options"])


async def test_an_unknown_method_is_not_there_and_comparing_is_no_method(api: Api) -> None:
    refused(await api.get("/v1/methods/pigeon", status=404), 404, "no_such_route")
    answer = await api.get("/v1/methods/compare", status=405)
    assert answer.headers["Allow"] == "POST"
