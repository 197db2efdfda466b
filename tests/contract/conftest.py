"""The API as a server of its own, and an organisation with enough of everything to be tried out on."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from feedback_core.db.session import Database
from feedback_core.planning.types import CollectionMethod
from tests.support.api import Api
from tests.support.inbound import MAPPING
from tests.support.inbound_senders import STANDARD, new_source
from tests.support.organisations import new_organisation
from tests.support.planning import COSTS, enter_outcome, make_plan, move_plan, plan_of
from tests.support.sampling import new_frame
from tests.support.seeded import Seeded, seed
from tests.support.seeded_collectors import new_collector
from tests.support.seeded_entries import differing, spoken, survey_sample, typed_once
from tests.support.seeded_follow_up import PLAIN_PROCEDURE, planned_action, stuck_recommendation
from tests.support.seeded_invitations import invitation_ids, letters, tokens
from tests.support.seeded_people import STRATEGY, added, goal, note
from tests.support.serving import Served, served
from tests.support.surveys import publish, survey_body

SPARE = 10

__all__ = ["served"]


@dataclass(frozen=True, slots=True)
class Playground:
    """An organisation to try every operation on.

    Attributes:
        token: of its key.
        key_id: of the same key.
        things: ids of what it has, by the name that parameters and fields have for them; before it, where an operation
            has things of its own to use up, that operation's id.
    """

    url: str
    token: str
    key_id: str
    things: dict[str, list[str]]


@pytest.fixture
async def playground(served: Served, database: Database) -> AsyncIterator[Playground]:
    """One of everything, and more of what operations use up."""
    organisation = await new_organisation(database)
    async with httpx.AsyncClient(base_url=served.url, timeout=30) as client:
        api = Api(client, organisation)
        (own,) = (await api.get("/v1/api-keys")).json()["items"]
        seeded = await seed(api, database)
        things = await _things(api, seeded, database)
        yield Playground(served.url, organisation.token, own["id"], things)


async def _things(api: Api, seeded: Seeded, database: Database) -> dict[str, list[str]]:
    things = {name: [found] for name, found in seeded.ids.items()}
    for operation in ("publishSurvey", "changeSurveyConfidentiality", "changeSurveySettings", "replaceSurveyDraft"):
        drafts = [await api.post("/v1/surveys", survey_body(), status=201) for _ in range(SPARE)]
        things[f"{operation} survey_id"] = [draft.json()["id"] for draft in drafts]
    for operation in ("closeSurvey", "startSurveyVersion"):
        things[f"{operation} survey_id"] = [(await publish(api)).id for _ in range(SPARE)]
    things["putInclusionRule survey_id"] = [(await publish(api)).id for _ in range(SPARE)]
    trend = {"kind": "trend", "survey_id": seeded.survey.id, "kpi": "nps"}
    for number in range(SPARE):
        await api.put(f"/v1/features/spare_{number}", {"name": "Spare"}, status=201)
        things["key"].append(f"spare_{number}")
        asked = await api.post("/v1/analyses", {**trend, "target": number}, status=202)
        things["analysis_id"].append(asked.json()["id"])
        timing = {"cadence": "daily", "hour": number}
        made = await api.post("/v1/analysis-schedules", {"analysis": trend, **timing}, status=201)
        things["schedule_id"].append(made.json()["id"])
        for operation in ("cancelExport", "deleteExport"):
            asked = await api.post(f"/v1/surveys/{seeded.survey.id}/exports", {"format": "csv"}, status=202)
            things.setdefault(f"{operation} export_id", []).append(asked.json()["id"])
    for waiting in things["deleteExport export_id"]:
        await api.post(f"/v1/exports/{waiting}/cancel", status=200)
    things["editCollector collector_id"] = [await new_collector(api, seeded.survey) for _ in range(SPARE)]
    things["seeQuestionnaire link"] = [things.pop("link")[0]]
    things["putKpi kpi"] = [f"spare_{number}" for number in range(SPARE)]
    things |= await _of_the_service(api)
    things |= await _of_sources(api, seeded)
    things |= await _of_webhooks(api, seeded)
    things |= await _of_reports(api, seeded)
    things |= await _of_evidence(api)
    things |= await _of_cases(api)
    waivers = (await api.get(f"/v1/surveys/{seeded.survey.id}/lint-waivers")).json()["items"]
    things["endLintWaiver waiver_id"] = [waivers[-1]["id"]]
    things |= await _of_planning(api, seeded)
    things |= await _of_people(api, seeded)
    things |= await _of_frames(api)
    things |= await _of_fieldwork(api)
    things |= await _of_invitations(api, seeded)
    things |= await _of_entries(api, seeded, database)
    deliveries = await api.get(f"/v1/sources/{seeded.ids['source_id']}/deliveries")
    things["redactDelivery delivery_id"] = [deliveries.json()["items"][-1]["id"]]
    listed = {
        "response_id": f"/v1/surveys/{seeded.survey.id}/responses?limit={2 * SPARE}",
        "import_id": f"/v1/surveys/{seeded.survey.id}/imports",
        "recommendation_id": "/v1/recommendations",
    }
    for name, path in listed.items():
        things[name] += [found["id"] for found in (await api.get(path)).json()["items"]]
    things |= await _to_be_followed(api, seeded)
    path = f"/v1/surveys/{seeded.survey.id}"
    things["question_key"] = ["nps", "wait", "ease"]
    for operation in ("submitOpenResponse", "withdrawAnswer", "eraseOpenResponse", "withdrawResponse", "reservePlaces"):
        opened = [await api.post(f"{path}/open-responses", {"answers": {"nps": 9}}, status=201) for _ in range(SPARE)]
        things[f"{operation} open_response_id"] = [each.json()["id"] for each in opened]
    things |= await _to_be_kept_or_not(api)
    identified, *others = things["response_id"]
    things["response_id"] = [each for other in others[:SPARE] for each in (other, identified)]
    things["eraseResponse response_id"] = others[SPARE:]
    return things


async def _of_the_service(api: Api) -> dict[str, list[str]]:
    """Parts of the service, benchmarks and notes: some to be deleted, and names that are not taken."""
    source = {"source": "A survey", "sector": "All"}
    figure = {"name": "Others", "figure": 0.6, "published_on": "2025-01-01", "comparability": "Some"}
    note = {"title": "A board", "text": "It says how long.", "dated": "2025-01-01"}
    new = [f"new_{number}" for number in range(SPARE)]
    things = {"putStandard standard": new, "putKpiAlert alert": new}
    for path, thing, name, body in (
        ("processes", "Process", "process", {"name": "Spare"}),
        ("offers", "Offer", "offer", {"name": "Spare"}),
        ("touchpoints", "Touchpoint", "touchpoint", {"name": "Spare"}),
        ("benchmarks", "Benchmark", "benchmark", {**source, **figure}),
        ("practice-notes", "PracticeNote", "practice_note", {**source, **note}),
    ):
        spare = [f"spare_{number}" for number in range(SPARE)]
        for key in spare:
            await api.put(f"/v1/{path}/{key}", body, status=201)
        things[f"delete{thing} {name}"] = spare
        things[f"put{thing} {name}"] = [f"new_{number}" for number in range(SPARE)]
    return things


async def _of_cases(api: Api) -> dict[str, list[str]]:
    """Cases to be edited, noted and moved, each for one of these only."""
    found = [case["id"] for case in (await api.get("/v1/cases?limit=100")).json()["items"]]
    operations = ("editCase", "noteCase", "moveCase")
    return {f"{operation} case_id": found[place :: len(operations)] for place, operation in enumerate(operations)}


async def _of_planning(api: Api, seeded: Seeded) -> dict[str, list[str]]:
    """Costs of every method; outcomes to be taken back; plans to be edited, moved, and revised."""
    for method in CollectionMethod:
        if method not in {"email", "sms"}:
            await api.put(f"/v1/methods/{method}/costs", COSTS, status=201)
    spare = [f"spare_{number}" for number in range(SPARE)]
    kept = [await enter_outcome(api, "email", name, contacts=100, completes=20) for name in spare]
    things = {"deleteMethodOutcome outcome_id": [outcome["id"] for outcome in kept]}
    for operation in ("editPlan", "movePlan", "revisePlan"):
        made = [await make_plan(api, plan_of(seeded.survey)) for _ in range(SPARE)]
        things[f"{operation} plan_id"] = [plan["id"] for plan in made]
    for plan_id in things["revisePlan plan_id"]:
        await move_plan(api, plan_id, "approved")
    return things


async def _of_frames(api: Api) -> dict[str, list[str]]:
    """Frames to be changed, emptied and deleted, and such of which nothing waits to be looked through."""
    return {
        f"{operation} frame_id": [await new_frame(api) for _ in range(SPARE)]
        for operation in ("changeFrame", "emptyFrame", "deleteFrame", "getFrameCoverage")
    }


async def _of_fieldwork(api: Api) -> dict[str, list[str]]:
    """Alerts to be moved."""
    found = (await api.get("/v1/fieldwork-alerts?state=open")).json()["items"]
    return {"moveFieldworkAlert alert_id": [alert["id"] for alert in found[2:]]}


async def _of_invitations(api: Api, seeded: Seeded) -> dict[str, list[str]]:
    """Batches and invitations to be taken back or noted; links of people who do what they may."""
    spare = [await letters(api, seeded.survey, f"Spare-{number}") for number in range(SPARE)]
    things = {"cancelInvitationBatch invitation_batch_id": [batch["id"] for batch in spare]}
    for operation in ("cancelInvitation", "noteInvitationStep"):
        batch = await letters(api, seeded.survey, *(f"{operation}-{number}" for number in range(SPARE)))
        things[f"{operation} invitation_id"] = await invitation_ids(api, batch)
    for operation in (
        "seeInvitation",
        "openInvitedResponse",
        "submitInvitedResponse",
        "refuseInvitation",
        "askForOptOut",
        "optOut",
        "eraseInvitedResponse",
    ):
        things[f"{operation} token"] = await tokens(api, seeded.survey, operation, SPARE)
    return things


async def _of_entries(api: Api, seeded: Seeded, database: Database) -> dict[str, list[str]]:
    """Calls to be read and corrected, forms to be typed again, and to be settled; quotas of other surveys to be set."""
    survey = seeded.survey
    return {
        "putQuotas survey_id": [(await publish(api)).id for _ in range(SPARE)],
        "putInterviewGuide survey_id": [(await publish(api)).id for _ in range(SPARE)],
        "refillForQuotas sample_id": [await survey_sample(api, database, survey)],
        "getEntryWords entry_id": [await spoken(api, survey)],
        "correctEntry entry_id": [await spoken(api, survey) for _ in range(SPARE)],
        "enterSecond entry_id": [await typed_once(api, survey, f"S-{number}") for number in range(SPARE)],
        "listDifferences entry_id": [await differing(api, survey, "D-0")],
        "settleDifferences entry_id": [await differing(api, survey, f"D-{number}") for number in range(1, SPARE)],
    }


async def _of_reports(api: Api, seeded: Seeded) -> dict[str, list[str]]:
    """A recipient's link, and what may be thrown away: the first of each."""
    report = f"/v1/reports/{seeded.ids['report_id']}"
    link = await api.get(f"{report}/distributions/{seeded.ids['distribution_id']}/link")
    throwaway = {
        "deleteReport report_id": "/v1/reports",
        "revokeReportDistribution distribution_id": f"{report}/distributions",
        "deleteReportSchedule report_schedule_id": "/v1/report-schedules",
        "removeReportScheduleRecipient recipient_id": (
            f"/v1/report-schedules/{seeded.ids['report_schedule_id']}/recipients"
        ),
    }
    first = {name: (await api.get(path)).json()["items"][-1]["id"] for name, path in throwaway.items()}
    return {"token": [link.json()["path"].rpartition("/")[2]], **{name: [found] for name, found in first.items()}}


async def _of_evidence(api: Api) -> dict[str, list[str]]:
    """Portfolios to be cancelled, and such that may be thrown away."""
    things: dict[str, list[str]] = {}
    for operation in ("cancelPortfolio", "deletePortfolio"):
        asked = [await api.post("/v1/evidence", {"unit": "M"}, status=202) for _ in range(SPARE)]
        things[f"{operation} portfolio_id"] = [each.json()["id"] for each in asked]
    for waiting in things["deletePortfolio portfolio_id"]:
        await api.post(f"/v1/evidence/{waiting}/cancel", status=200)
    return things


async def _of_people(api: Api, seeded: Seeded) -> dict[str, list[str]]:
    """Staff, teams, strategies and notes to be changed or deleted, goals that are open, and the links of roles."""
    things = {
        "putTeam team": [f"new_{number}" for number in range(SPARE)],
        "putRole role": [f"new_{number}" for number in range(SPARE)],
        "putPerformanceMeasure measure": [f"new_{number}" for number in range(SPARE)],
        "putMotivationStrategy strategy": [f"new_{number}" for number in range(SPARE)],
        "deleteTeam team": [f"spare_{number}" for number in range(SPARE)],
        "deleteMotivationStrategy strategy": [f"spare_{number}" for number in range(SPARE)],
    }
    for number, key in enumerate(things["deleteTeam team"]):
        await api.put(f"/v1/teams/{key}", {"name": "Spare", "reference": f"spare_{number}"}, status=201)
        await api.put(f"/v1/culture/strategies/{key}", STRATEGY, status=201)
    for operation in ("changeStaff", "deleteStaff"):
        things[f"{operation} staff_id"] = [await added(api) for _ in range(SPARE)]
    for operation in ("changePerformanceGoal", "settlePerformanceGoal"):
        things[f"{operation} goal_id"] = [await goal(api, seeded.ids["staff_id"]) for _ in range(SPARE)]
    things["deleteCultureNote note_id"] = [await note(api) for _ in range(SPARE)]
    sent = [await _sent_role(api) for _ in range(SPARE)]
    things["endRoleAssignment role_assignment_id"] = sent
    link = await api.get(f"/v1/role-assignments/{await _sent_role(api)}/link")
    token = [link.json()["path"].rpartition("/")[2]]
    return {**things, "seeSharedRole token": token, "acknowledgeSharedRole token": token}


async def _sent_role(api: Api) -> str:
    body = {"staff_id": await added(api), "way": "link"}
    made: str = (await api.post("/v1/roles/front-desk/assignments", body, status=201)).json()["id"]
    return made


async def _of_sources(api: Api, seeded: Seeded) -> dict[str, list[str]]:
    things: dict[str, list[str]] = {}
    for operation in (
        "changeSource",
        "retireSource",
        "putSourceMapping",
        "putSourceConnector",
        "deleteSourceConnector",
    ):
        spare = [await new_source(api, seeded.survey.id, STANDARD) for _ in range(SPARE)]
        things[f"{operation} source_id"] = [source.id for source in spare]
    connector = {"url": "https://api.example.com/{id}", "token": "a-token-of-the-sender"}
    for source_id in things["deleteSourceConnector source_id"]:
        await api.put(f"/v1/sources/{source_id}/connector", connector, status=201)
    # The keys in a mapping are those of questions, one after the other.
    things["putSourceMapping key"] = ["nps", "why"]
    for source_id in things["putSourceMapping source_id"]:
        await api.put(f"/v1/sources/{source_id}/mapping", MAPPING, status=201)
    added = [await api.post(f"/v1/sources/{seeded.ids['source_id']}/secrets", {}) for _ in range(2)]
    things["deleteSourceSecret secret_id"] = [answer.json()["id"] for answer in added]
    return things


async def _to_be_followed(api: Api, seeded: Seeded) -> dict[str, list[str]]:
    """Recommendations that may be decided on, edited, and given to others; actions in every state that is asked for."""
    run, stuck = seeded.run_with_trend, seeded.ids["procedure"]
    things: dict[str, list[str]] = {}
    for operation, procedure in (
        ("decideRecommendation", "standard"),
        ("enterRecommendationDetails", "standard"),
        ("reassignRecommendation", stuck),
    ):
        spare = [await stuck_recommendation(api, procedure, run) for _ in range(SPARE)]
        things[f"{operation} recommendation_id"] = spare
    for operation in ("answerAction", "moveAction", "editAction"):
        things[f"{operation} action_id"] = [await planned_action(api, run) for _ in range(SPARE)]
    action = (await api.get(f"/v1/actions/{seeded.ids['action_id']}")).json()
    things["planAction recommendation_id"] = [action["recommendation_id"]]
    for operation in ("writeRecommendation", "proposeFromAnalysis"):
        things[f"{operation} analysis_id"] = [run]
    edited = [f"spare_{number}" for number in range(SPARE)]
    for key in edited:
        await api.put(f"/v1/procedures/{key}", PLAIN_PROCEDURE, status=201)
    # The keys in a procedure are those of its role and its steps, one after the other.
    keys = ["quality_board", "proposed", "accepted", "rejected", "done"]
    return {**things, "putProcedure procedure": edited, "putProcedure key": keys}


async def _of_webhooks(api: Api, seeded: Seeded) -> dict[str, list[str]]:
    """Webhooks to be changed, retired, and given secrets; those of the first are used up."""
    things = {}
    for operation in ("changeWebhook", "retireWebhook", "addWebhookSecret"):
        spare = [await api.post("/v1/webhooks", {"url": "https://receiver.invalid/"}, status=201) for _ in range(SPARE)]
        things[f"{operation} webhook_id"] = [made.json()["id"] for made in spare]
    shown = (await api.get(f"/v1/webhooks/{seeded.ids['webhook_id']}")).json()
    things["deleteWebhookSecret webhook_secret_id"] = [shown["secrets"][0]["id"]]
    return things


async def _to_be_kept_or_not(api: Api) -> dict[str, list[str]]:
    """Surveys that may be given a retention, that have one, and that may be made anonymous."""
    plain, kept, closed = [[(await publish(api)).id for _ in range(SPARE)] for _ in range(3)]
    for survey_id in kept:
        await api.put(f"/v1/surveys/{survey_id}/retention", {"action": "erase", "days": 365}, status=201)
    for survey_id in closed:
        await api.post(f"/v1/surveys/{survey_id}/close", status=200)
    return {
        "putRetention survey_id": plain,
        "deleteRetention survey_id": kept,
        "anonymiseSurvey survey_id": closed,
    }
