"""Plans as tests make them, and what an organisation says of methods."""

from typing import Any

from tests.support.api import Api
from tests.support.surveys import PublishedSurvey

Json = dict[str, Any]

COSTS: Json = {"currency": "EUR", "fixed": 25000, "per_contact": 0.4, "hours_fixed": 10, "hourly_rate": 4200}


def plan_of(survey: PublishedSurvey | None = None, **changes: Any) -> Json:
    """A plan that lacks nothing; of the survey with the questions nps, wait, ease, used and why."""
    plan: Json = {
        "kind": "collection",
        "title": "Visits",
        "purpose": "Know how customers feel the wait",
        "owner": "Ada Lovelace",
        "features": ["waiting_time"],
        "needs": [
            {"key": "wait", "text": "How the wait is rated", "feature": "waiting_time", "questions": ["wait", "why"]},
            {"key": "all", "text": "How all of it is", "questions": ["nps", "ease", "used"]},
        ],
        "methods": [{"method": "email"}, {"method": "postal_questionnaire"}],
        "decision": {
            "reason": "Cheapest",
            "decided_by": "Ada Lovelace",
            "decided_on": "2026-01-02",
            "alternatives": [],
        },
        "sampling": {
            "frame": "CRM",
            "design": "simple",
            "population": 9000,
            "answers": 400,
            "invitations": 2000,
            "response_rate": 0.2,
            "non_response": "Two reminders",
        },
        "starts_on": "2027-01-11",
        "ends_on": "2027-02-05",
        "budget": {"amount": 500000, "currency": "EUR"},
        "confidentiality": "identified",
        "retention_days": 365,
        "analysis": {"kpis": [{"kpi": "nps"}], "analyses": [{"kind": "trend", "kpi": "nps"}]},
    }
    if survey is not None:
        plan["survey_id"] = survey.id
    return plan | changes


async def make_plan(api: Api, plan: Json) -> Json:
    """A draft."""
    made: Json = (await api.post("/v1/plans", plan, status=201)).json()
    return made


async def move_plan(api: Api, plan_id: str, to: str) -> Json:
    """The plan after one step."""
    moved: Json = (await api.post(f"/v1/plans/{plan_id}/transitions", {"to": to}, status=200)).json()
    return moved


async def revise_plan(api: Api, plan_id: str, plan: Json, signal: Json) -> Json:
    """A revision of a plan as it stands."""
    tag = (await api.get(f"/v1/plans/{plan_id}")).headers["ETag"]
    body = {"plan": plan, "signal": signal}
    answer = await api.post(f"/v1/plans/{plan_id}/revisions", body, headers={"If-Match": tag}, status=201)
    revised: Json = answer.json()
    return revised


async def enter_outcome(api: Api, method: str, reference: str, *, contacts: int, completes: int) -> Json:
    """What became of those whom a method contacted."""
    body = {"reference": reference, "contacts": contacts, "completes": completes, "ended_on": "2025-01-31"}
    kept: Json = (await api.post(f"/v1/methods/{method}/outcomes", body, status=201)).json()
    return kept


async def seed_planning(api: Api, survey: PublishedSurvey) -> dict[str, str]:
    """Own costs and outcomes of a method, an approved plan and a draft; the ids of one of each."""
    for method in ("email", "sms"):
        await api.put(f"/v1/methods/{method}/costs", COSTS, status=201)
    for reference in ("first", "second"):
        kept = await enter_outcome(api, "email", reference, contacts=500, completes=100)
    draft = (await make_plan(api, plan_of(survey, methods=[])))["id"]
    approved = (await make_plan(api, plan_of(survey)))["id"]
    await move_plan(api, approved, "approved")
    signal = {"kind": "cost", "observed": "Postage has risen"}
    await revise_plan(api, approved, plan_of(survey, title="Visits, dearer"), signal)
    return {"plan_id": approved, "draft_plan_id": draft, "outcome_id": kept["id"]}
