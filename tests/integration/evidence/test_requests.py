"""Asking for portfolios: what there is to ask for, bad requests, ends before the end."""

from uuid import uuid4

from feedback_core.db.session import Database
from feedback_core.organisations.types import Scope
from tests.support.api import Api
from tests.support.evidence import ask, opened
from tests.support.organisations import TestOrganisation, new_token
from tests.support.standards import standard
from tests.support.subjects import ask as ask_for
from tests.support.subjects import touched, work
from tests.support.surveys import publish

UNITS = {"G": 28, "R": 23, "O": 19, "M": 16}
"""Criteria of each unit."""


async def test_the_units_say_what_counts_and_which_records_show_it(api: Api) -> None:
    units = {unit["unit"]: unit for unit in (await api.get("/v1/evidence-units")).json()["items"]}

    assert {key: len(unit["criteria"]) for key, unit in units.items()} == UNITS
    (compared,) = [each for each in units["R"]["criteria"] if each["criterion"] == "R2.3"]
    assert [[kind["kind"] for kind in need["kinds"]] for need in compared["needs"]] == [["standards"], ["verdicts"]]
    assert all(kind["is_kept"] for need in compared["needs"] for kind in need["kinds"])
    (groups,) = [each for each in units["R"]["criteria"] if each["criterion"] == "R-ev.6"]
    assert (groups["needs"][0]["different"], groups["needs"][0]["only"]) == (3, "passed_on")


async def test_bad_requests_are_refused_with_what_is_wrong(api: Api, other_api: Api) -> None:
    theirs = await publish(other_api)
    backwards = {"unit": "G", "from": "2026-02-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}

    empty = (await api.post("/v1/evidence", backwards, status=422)).json()
    unknown = (await api.post("/v1/evidence", {"unit": "X"}, status=422)).json()
    none = (await api.post("/v1/evidence", {"unit": "G", "survey_ids": []}, status=422)).json()

    assert (empty["errors"][0]["pointer"], empty["errors"][0]["code"]) == ("/to", "empty_period")
    assert (unknown["errors"][0]["pointer"], none["errors"][0]["pointer"]) == ("/unit", "/survey_ids")
    for survey_id in (theirs.id, str(uuid4())):
        await api.post("/v1/evidence", {"unit": "G", "survey_ids": [survey_id]}, status=404)
    assert (await api.get("/v1/evidence")).json() == {"items": [], "next_cursor": None}


async def test_a_portfolio_that_waits_can_be_cancelled_and_is_listed_still(api: Api) -> None:
    first, second = await ask(api, "G"), await ask(api, "M")

    early = await api.get(first["links"]["file"], status=409)
    busy = await api.call("DELETE", first["links"]["self"], status=409)
    cancelled = (await api.post(f"{first['links']['self']}/cancel", status=200)).json()
    gone = await api.get(first["links"]["file"], status=410)
    await api.post(f"{first['links']['self']}/cancel", status=409)
    await api.call("DELETE", first["links"]["self"], status=204)

    assert (early.json()["code"], busy.json()["code"]) == ("portfolio_not_ready", "portfolio_not_ready")
    assert (cancelled["status"], cancelled["file"]["gone_reason"]) == ("cancelled", "cancelled")
    assert gone.json()["code"] == "portfolio_gone"
    listed = (await api.get("/v1/evidence", params={"limit": 1})).json()
    rest = (await api.get("/v1/evidence", params={"limit": 1, "cursor": listed["next_cursor"]})).json()
    of_unit = (await api.get("/v1/evidence", params={"unit": "M"})).json()
    assert [each["id"] for page in (listed, rest) for each in page["items"]] == [second["id"], first["id"]]
    assert [each["id"] for each in of_unit["items"]] == [second["id"]]


async def test_who_is_to_be_forgotten_is_in_no_portfolio_any_more(api: Api, database: Database) -> None:
    survey, email = await publish(api), "zoe.quux@example.org"
    named = standard(survey.id, statement=f"As {email} asked.")
    await api.put("/v1/standards/short_wait", named, status=201)
    naming, other = await ask(api, "M"), await ask(api, "M", to="2000-01-01T00:00:00Z")
    await work(api, database, "portfolios.write")
    assert [each["record"]["statement"] for each in (await opened(api, naming)).records("standards")] == [
        f"As {email} asked."
    ]

    held = f"/v1/subject-requests/{(await ask_for(api, database, 'export', email=email))['id']}/export"
    shown = await ask_for(api, database, "erase", email=email)

    assert (await api.get(held)).json()["stores"]["portfolio"] == [{"portfolio_id": naming["id"]}]
    assert touched(shown)["portfolio"] == 1
    gone = await api.get(naming["links"]["file"], status=410)
    assert gone.json()["code"] == "portfolio_gone"
    assert (await api.get(naming["links"]["self"])).json()["file"]["gone_reason"] == "erasure"
    assert (await opened(api, other)).said["records"] == []


async def test_reading_reports_is_not_enough_to_read_evidence(api: Api, database: Database) -> None:
    asked, organisation_id = await ask(api, "G"), api.organisation.organisation_id
    scopes = [scope for scope in Scope if scope is not Scope.EVIDENCE_READ]
    others = Api(api.client, TestOrganisation(organisation_id, await new_token(database, organisation_id, scopes)))

    refused = await others.get(asked["links"]["file"], status=403)

    assert refused.json()["code"] == "missing_scope"
