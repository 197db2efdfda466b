"""An organisation that has some of everything: a request about any thing finds one, a list goes on after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from feedback_core.cases.jobs import FindCases
from feedback_core.db.session import Database
from feedback_core.jobs.use_cases import request_job
from feedback_core.kit.clock import SystemClock
from feedback_core.kpis.announcing.ticks import AnnounceResponses
from feedback_core.kpis.jobs import FoldResponses
from feedback_core.subjects.payloads import Reseal
from feedback_core.themes.reading.payloads import ReadComments
from tests.support.api import Api
from tests.support.comments import until_none_is_held_back
from tests.support.evidence import two_portfolios
from tests.support.imports import NPS_AND_WAIT, upload
from tests.support.planning import seed_planning
from tests.support.seeded_collectors import collectors
from tests.support.seeded_deliveries import deliveries, webhooks
from tests.support.seeded_entries import staff_entries
from tests.support.seeded_fieldwork import fieldwork
from tests.support.seeded_follow_up import followed, standards, told_back
from tests.support.seeded_invitations import invitations
from tests.support.seeded_people import people
from tests.support.seeded_proposals import proposals
from tests.support.seeded_sampling import sampling, waiting_file
from tests.support.seeded_work import run_jobs
from tests.support.standing_recipients import standing_recipients
from tests.support.surveys import POST_VISIT, PublishedSurvey, publish, survey_body

LATEST_NPS = {
    "name": "Net Promoter Score of each customer's latest response",
    "unit": "points, -100 to 100",
    "measure": "nps",
    "question_types": ["nps"],
    "found_by_type": "nps",
    "take": "latest",
}
NUMBERS = [
    {"key": "orders", "type": "number", "text": "How often did you order from us?"},
    {"key": "refunds", "type": "number", "text": "How often did we refund you?"},
]
REFUND_RATE = {
    "name": "Refunds per order",
    "unit": "refunds",
    "measure": "ratio",
    "question_types": ["number"],
    "question": "refunds",
    "denominator": "orders",
}
SCHEME = {
    "name": "Customers by region",
    "kind": "raking",
    "frame": {"margins": {"region": {"north": 0.6, "south": 0.4}}},
}

CODEBOOK = {"themes": [{"key": "waiting", "label": "Waiting", "rules": [{"any": ["wait", "quick"]}]}]}
# The identified response, which leaves most questions without an answer, is suspect by it.
RULE = {"kinds": ["missing_items"], "at_least": 1, "thresholds": {"duplicate_text_length": 10}}

CASE_RULE = {"scores": [{"question": "nps", "at_or_below": 9}]}


@dataclass(frozen=True, slots=True)
class Seeded:
    """An organisation's client and the ids of its things.

    Attributes:
        ids: by the name that routes have for such an id; ``key`` is a feature's, ``number`` a survey version's.
    """

    api: Api
    survey: PublishedSurvey
    ids: Mapping[str, str]

    @property
    def run_with_trend(self) -> str:
        """The analysis that has found a trend."""
        return self.ids["analysis_id"]


async def seed(api: Api, database: Database) -> Seeded:
    """Fill an organisation: surveys in every state, responses, imports and runs that ended and that wait, decisions.

    Its survey has the key that the examples of the API's document give.
    """
    feature = f"waiting_{uuid4().hex[:8]}"
    await api.put(f"/v1/features/{feature}", {"name": "Waiting"}, status=201)
    service = await _service(api)
    survey = await publish(api, key="post-visit", questions=[*POST_VISIT["questions"], *NUMBERS])
    await api.post("/v1/surveys", survey_body(), status=201)
    closed = await publish(api)
    await api.post(f"/v1/surveys/{closed.id}/close", status=200)
    key = await api.post("/v1/api-keys", {"name": "CRM", "scopes": ["responses:write"]}, status=201)
    await api.put(f"/v1/surveys/{survey.id}/case-rule", CASE_RULE, status=201)
    response = await _responses(api, survey)
    scheme, waiver = await _definitions(api, survey), await _linted(api, survey)
    opened, publicly = await _answering(api, survey)
    trend = {"kind": "trend", "survey_id": survey.id, "kpi": "nps", "bucket": "month"}
    run = (await api.post("/v1/analyses", trend, status=202)).json()
    schedule = {"analysis": trend, "cadence": "weekly", "hour": 6}
    await api.post("/v1/analysis-schedules", {**schedule, "enabled": False}, status=201)
    scheduled = (await api.post("/v1/analysis-schedules", schedule, status=201)).json()
    imported = (await upload(api, survey, NPS_AND_WAIT, "nps,wait\n9,4\n99,3\n9,many\n")).json()
    only = {"format": "csv", "excluded": True}
    exported = (await api.post(f"/v1/surveys/{survey.id}/exports", only, status=202)).json()
    told = await _asked_by_somebody(api, survey)
    reviews = {"kind": "review", "survey_id": survey.id}
    review = (await api.post("/v1/analyses", reviews, status=202)).json()
    organisation_id, survey_id = api.organisation.organisation_id, UUID(survey.id)
    async with database.tenant(organisation_id) as session:
        await request_job(session, organisation_id, FoldResponses(survey_id), now=SystemClock().now())
        await request_job(session, organisation_id, AnnounceResponses(survey_id), now=SystemClock().now())
        await request_job(session, organisation_id, ReadComments(survey_id), now=SystemClock().now())
        await request_job(session, organisation_id, FindCases(survey_id), now=SystemClock().now())
        await request_job(session, organisation_id, Reseal(), now=SystemClock().now())
    await until_none_is_held_back(database, organisation_id, survey_id)
    await run_jobs(database, organisation_id)
    for _ in range(2):
        drawn = (await api.post(f"/v1/surveys/{survey.id}/coding-batches", {"size": 10}, status=201)).json()
    item = {"response": response, "question": "why", "themes": ["waiting"]}
    for coder in ("ada", "bo"):
        await api.post(f"/v1/surveys/{survey.id}/codings", {"coder": coder, "items": [item]}, status=200)
    await upload(api, survey, NPS_AND_WAIT, "nps,wait\n7,2\n")
    await api.post(f"/v1/surveys/{survey.id}/exports", {"format": "ndjson"}, status=202)
    await api.post("/v1/analyses", {**trend, "bucket": "week"}, status=202)
    agreed = await standards(api, database, survey, run["id"], review["id"])
    proposed = await proposals(api, database, survey_id, UUID(run["id"]))
    following = await followed(api, run["id"])
    reports = await _reports(api, database, review["id"])
    telling = {**await told_back(api, survey, following["action_id"]), **await sampling(api, database, survey)}
    telling |= await invitations(api, survey)
    telling |= await fieldwork(api, database, survey)
    entered = await staff_entries(api, database, survey)
    inbox = await deliveries(api, database, survey)
    hooked = {**await webhooks(api, database), **await seed_planning(api, survey), **await waiting_file(api, telling)}
    erasures = [
        (await api.post(f"/v1/surveys/{survey.id}/questions/used/erase", {"reason": "Not needed"}, status=202)).json()
        for _ in range(2)
    ]
    return Seeded(
        api,
        survey,
        {
            **inbox,
            **await people(api, survey),
            **following,
            **entered,
            **telling,
            **hooked,
            **service,
            **agreed,
            **reports,
            **await two_portfolios(api, database),
            **await collectors(api, survey),
            "survey_id": survey.id,
            "number": "1",
            "response_id": response,
            "open_response_id": opened,
            "waiver_id": waiver,
            "submission_key_id": publicly,
            "import_id": imported["id"],
            "export_id": exported["id"],
            "batch_id": drawn["id"],
            "key": feature,
            "scheme": scheme,
            "key_id": key.json()["id"],
            "analysis_id": run["id"],
            "schedule_id": scheduled["id"],
            "recommendation_id": proposed,
            "request_id": told["id"],
            "erasure_id": erasures[0]["id"],
        },
    )


async def _service(api: Api) -> dict[str, str]:
    """A process, an offer and a touchpoint of names of its own, beside those that the examples name; their keys."""
    keys = {kind: f"{kind}_{uuid4().hex[:8]}" for kind in ("process", "offer", "touchpoint")}
    for path, of_examples, own in (
        ("processes", ["reception", "online_booking"], keys["process"]),
        ("offers", ["visit"], keys["offer"]),
        ("touchpoints", ["front_desk"], keys["touchpoint"]),
    ):
        for key in (*of_examples, own):
            await api.put(f"/v1/{path}/{key}", {"name": "Of the service"}, status=201)
    ties = {"process": keys["process"], "offers": [keys["offer"]], "touchpoints": [keys["touchpoint"]]}
    await api.put("/v1/features/tied", {"name": "Tied", **ties}, status=201)
    return keys


async def _responses(api: Api, survey: PublishedSurvey) -> str:
    """Six responses in each of ten months, one excluded and one erased; the id of an identified one."""
    path = f"/v1/surveys/{survey.id}/responses"
    items: list[dict[str, Any]] = [
        {
            "external_id": f"crm-{number}",
            "submitted_at": f"2025-{number % 10 + 1:02}-15T10:00:00Z",
            "attributes": {"region": "north" if number % 2 else "south"},
            "answers": {
                "nps": number % 11,
                "wait": number % 5 + 1,
                "ease": number % 7 + 1,
                "used": ["web"],
                "orders": 5,
                "refunds": 1,
            },
        }
        for number in range(60)
    ]
    recorded = (await api.post(f"{path}/batch", {"items": items}, status=200)).json()["items"]
    await api.post(f"{path}/{recorded[0]['id']}/exclude", {"reason": "A test entry"}, status=200)
    once = {"Idempotency-Key": "once"}
    await api.post(f"{path}/{recorded[1]['id']}/erase", {"reason": "As asked for"}, status=204, headers=once)
    person = {"id": "customer-7", "name": "Ada", "email": "ada@example.org"}
    body = {"respondent": person, "confidentiality": "identified", "answers": {"nps": 9, "why": "Quick and kind."}}
    await api.post(path, {**body, "answers": {"nps": 8}}, status=201)
    identified: str = (await api.post(path, body, status=201)).json()["id"]
    return identified


async def _answering(api: Api, survey: PublishedSurvey) -> tuple[str, str]:
    """Two open responses with an answer, and a submission key; the ids of one of each."""
    path = f"/v1/surveys/{survey.id}"
    await api.post(f"{path}/open-responses", {"answers": {"nps": 7}}, status=201)
    opened = (await api.post(f"{path}/open-responses", {"answers": {"nps": 8}}, status=201)).json()
    key = {"name": "Website", "origins": ["https://www.example.org"]}
    made = (await api.post(f"{path}/submission-keys", key, status=201)).json()
    return opened["id"], made["id"]


async def _definitions(api: Api, survey: PublishedSurvey) -> str:
    """How the survey is evaluated; the key of its weighting scheme."""
    await api.put(f"/v1/kpis/latest_nps_{uuid4().hex[:8]}", LATEST_NPS, status=201)
    await api.put(f"/v1/kpis/refund_rate_{uuid4().hex[:8]}", REFUND_RATE, status=201)
    scheme = f"customers_{uuid4().hex[:8]}"
    await api.put(f"/v1/surveys/{survey.id}/weighting-schemes/{scheme}", SCHEME, status=201)
    await api.put(f"/v1/surveys/{survey.id}/codebook", CODEBOOK, status=201)
    await api.put(f"/v1/surveys/{survey.id}/inclusion-rule", RULE, status=201)
    return scheme


async def _linted(api: Api, survey: PublishedSurvey) -> str:
    """A list of own words, and two findings that are left as they are; the id of the later waiver."""
    await api.put("/v1/lint-words/allowed", {"words": [{"word": "Northgate"}]}, status=201)
    for rule, place in (("missing_way_out", "used/choices"), ("unlabelled_scale", "ease/text")):
        finding = {"rule": rule, "place": f"/questions/{place}", "reason": "Meant so"}
        made = await api.post(f"/v1/surveys/{survey.id}/lint-waivers", finding, status=201)
    waiver: str = made.json()["id"]
    return waiver


async def _asked_by_somebody(api: Api, survey: PublishedSurvey) -> dict[str, Any]:
    """How long a survey is kept, and two requests of a data subject; the later one."""
    await api.put(f"/v1/surveys/{survey.id}/retention", {"action": "erase", "days": 3650}, status=201)
    asked = {"kind": "export", "subject": {"id": "customer-7"}, "reason": "Asked for by letter"}
    await api.post("/v1/subject-requests", asked, status=202)
    made: dict[str, Any] = (await api.post("/v1/subject-requests", asked, status=202)).json()
    return made


async def _reports(api: Api, database: Database, run_id: str) -> dict[str, str]:
    """Two reports that are there, whom they were told to, and two schedules of them."""
    for audience in ("customers", "front_line"):
        asked = {"run_id": run_id, "audience": audience, "format": "json"}
        report = (await api.post("/v1/reports", asked, status=202)).json()
    reviews = {"kind": "review", "survey_id": report["survey_id"]}
    analysis = {"analysis": reviews, "cadence": "monthly", "hour": 5, "enabled": False}
    reviewing = (await api.post("/v1/analysis-schedules", analysis, status=201)).json()
    editions = [{"audience": "customers", "format": "html"}, {"audience": "senior_managers", "format": "pdf"}]
    plan = {"analysis_schedule_id": reviewing["id"], "editions": editions}
    for _ in range(2):
        planned = (await api.post("/v1/report-schedules", plan, status=201)).json()
    recipients = await standing_recipients(api, database, UUID(planned["id"]))
    await run_jobs(database, api.organisation.organisation_id, "reports.render")
    for name in ("Bo", "Cy"):
        telling = {"way": "link", "recipient": {"name": name}}
        told = (await api.post(report["links"]["distributions"], telling, status=201)).json()
    return {
        "run_id": run_id,
        "report_id": report["id"],
        "distribution_id": told["id"],
        "analysis_schedule_id": reviewing["id"],
        "report_schedule_id": planned["id"],
        "recipient_id": recipients[-1],
    }
