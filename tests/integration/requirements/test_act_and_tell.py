"""Rows of the requirements: from what was found to what is done, and to telling everybody of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feedback_core.charts.types import MINUS
from tests.integration.requirements.conftest import Office, visits
from tests.support.analyses import made
from tests.support.api import Api
from tests.support.organisations import TestOrganisation
from tests.support.reports import bytes_of, edition, reported, section, table, words
from tests.support.surveys import Json
from tests.support.waiting import soon

pytestmark = [pytest.mark.xdist_group("requirements"), pytest.mark.usefixtures("worker_process")]

SOON = (datetime.now(UTC) + timedelta(days=60)).date().isoformat()
CHANGE = "2025-08-01"
AUDIENCES: dict[str, dict[str, str]] = {
    "front_line": {},
    "supervisors": {},
    "senior_managers": {},
    "other_departments": {"process": "Reception"},
    "service_partners": {"owner": "Head of buildings"},
    "customers": {},
}
BOARD: Json = {
    "title": "Improving the service",
    "document": {"reference": "QP-07", "version": "3.2"},
    "roles": [{"key": "board", "label": "Board", "people": ["Ada"]}],
    "start": "proposed",
    "steps": [
        {
            "key": "proposed",
            "label": "Proposed",
            "state": "proposed",
            "days": 14,
            "transitions": [{"to": "approved", "roles": ["board"], "requires": ["cost"]}],
        },
        {"key": "approved", "label": "Approved", "state": "accepted", "transitions": [{"to": "done"}]},
        {"key": "done", "label": "Done", "state": "done"},
    ],
}


async def written(office: Office, **fields: Any) -> Json:
    """A recommendation of somebody's own on a figure of the review."""
    link = {"analysis_id": office.review["id"], "pointer": "/features/0/figure"}
    body = {"kind": "improve", "title": "A second desk", "rationale": "Mornings.", "evidence": [link], **fields}
    found: Json = (await office.api.post("/v1/recommendations", body, status=201)).json()
    return found


async def action_on(office: Office, recommendation: str, title: str, **fields: Any) -> str:
    """An action that its owner has agreed to and begun; its id."""
    body = {"recommendation_id": recommendation, "title": title, "owner": "Grace", "due_on": SOON, **fields}
    action: str = (await office.api.post("/v1/actions", body, status=201)).json()["id"]
    for person in ("Grace", *fields.get("people", ())):
        agreed = {"answer": "agreed", "on_behalf_of": person}
        await office.api.post(f"/v1/actions/{action}/agreements", agreed, status=200)
    return action


async def move(office: Office, action: str, to: str, **more: Any) -> Json:
    """Take an action on."""
    body = {"to": to, "reason": "As planned.", **more}
    moved: Json = (await office.api.post(f"/v1/actions/{action}/transitions", body, status=200)).json()
    return moved


async def test_G3_5_R3_7_O_AC4_candidates_have_evidence_effect_cost_and_priority(office: Office) -> None:
    found = await office.recommendation_about("waiting_time")
    proposed = await office.api.post(f"/v1/analyses/{office.drivers['id']}/recommendations", status=200)
    tag = {"If-Match": (await office.api.get(f"/v1/recommendations/{found['id']}")).headers["ETag"]}
    costs = {"cost": {"amount": 1250000, "currency": "EUR"}, "effort_hours": 80, "owner": "Grace"}
    entered = await office.api.put(f"/v1/recommendations/{found['id']}", costs, status=200, headers=tag)
    bare = {"kind": "improve", "title": "Paint the walls", "rationale": "I like blue.", "evidence": []}
    refused = await office.api.post("/v1/recommendations", bare, status=422)

    effect, evidence = found["expected_effect"], found["evidence"]
    assert {piece["run_id"] for piece in evidence} == {office.review["id"], office.drivers["id"]}
    assert effect["low"] < effect["value"] < effect["high"]
    assert effect["unit"] == "points of nps"
    assert "the standard asks for" in effect["derivation"]
    assert "need not be cause and effect" in effect["derivation"]
    assert f"{found['priority']:.3f}" in found["priority_reason"]
    assert [each["id"] for each in proposed.json()["items"]] == [found["id"]]
    assert entered.json()["cost"] == costs["cost"]
    assert refused.json()["code"] == "evidence_missing"


async def test_G4_9_R3_8_O_AC5_a_recommendation_goes_the_organisations_own_way(office: Office) -> None:
    await office.api.put("/v1/procedures/board", BOARD, status=201)
    found = await written(office, procedure="board", cost={"amount": 100, "currency": "EUR"})
    path = f"/v1/recommendations/{found['id']}"
    scopes = ["recommendations:read", "recommendations:write"]
    keys = {}
    for name, roles in (("Ada", ["board"]), ("Linus", [])):
        made_key = (await office.api.post("/v1/api-keys", {"name": name, "scopes": scopes, "roles": roles})).json()
        organisation = TestOrganisation(office.api.organisation.organisation_id, made_key["api_key"])
        keys[name] = Api(office.api.client, organisation)
    decision = {"to": "approved", "reason": "It pays for itself."}

    refused = await keys["Linus"].post(f"{path}/transitions", decision)
    decided = (await keys["Ada"].post(f"{path}/transitions", decision, status=200)).json()

    assert (found["step"], found["document"]["reference"], found["procedure_version"]) == ("proposed", "QP-07", 1)
    assert found["due_at"]
    assert refused.status_code == 403
    (taken,) = decided["transitions"]
    assert (taken["decided_by"], taken["reason"], taken["to_step"]) == ("Ada", decision["reason"], "approved")
    assert decided["state"] == "accepted"


async def test_R2_6_O_actions_are_agreed_overdue_ones_show_and_their_effect_is_told(office: Office) -> None:
    found = await written(office)
    accepted = {"to": "accepted", "reason": "Yes."}
    await office.api.post(f"/v1/recommendations/{found['id']}/transitions", accepted, status=200)
    resources = {"cost": {"amount": 900000, "currency": "EUR"}, "hours": 60, "people": ["Ada"]}
    late = await action_on(office, found["id"], "Open earlier", due_on="2026-01-31", **resources)
    action = await action_on(office, found["id"], "Fewer forms", **resources)
    await move(office, action, "under_way")
    await move(office, action, "completed", change_on=CHANGE)
    asked = {"kind": "effect", "survey_id": office.survey.id, "kpi": "csat", "question": "wait", "action_id": action}
    effect = await made(office.api, {**asked, "label": "fewer forms"})
    contradicted = await office.api.post(
        f"/v1/actions/{action}/transitions",
        {"to": "closed", "reason": "It worked!", "outcome": "effective", "analysis_id": effect["id"]},
    )
    verdict = effect["result"]["verdict"]
    closed = await move(office, action, "closed", outcome=verdict, analysis_id=effect["id"])
    overdue = (await office.read("/v1/actions", overdue=True))["items"]

    assert [each["id"] for each in overdue] == [late]
    assert (overdue[0]["cost"], overdue[0]["hours"]) == (resources["cost"], 60)
    assert verdict == "not_effective"
    assert effect["result"]["effect"]["interval"]["high"] < 0
    assert contradicted.json()["errors"][0]["code"] == "effect_differs"
    assert (closed["state"], closed["outcome"], closed["effect_analysis_id"]) == (
        "closed",
        "not_effective",
        effect["id"],
    )


async def test_R2_6_O_what_is_done_and_whether_it_worked_is_told_to_each_in_their_own_edition(office: Office) -> None:
    found = await office.recommendation_about("waiting_time")
    accepted = {"to": "accepted", "reason": "Agreed by the board of secrets."}
    await office.api.post(f"/v1/recommendations/{found['id']}/transitions", accepted, status=200)
    done = await action_on(office, found["id"], "Project Longdesk")
    await move(office, done, "under_way")
    await move(office, done, "completed", change_on=CHANGE)
    item = {"you_said": "You wait too long.", "we_did": "We put up a second desk.", "action_id": done}
    path = f"/v1/surveys/{office.survey.id}/you-said-we-did"
    await office.api.post(path, {**item, "published": True}, status=201)
    asked = {"kind": "effect", "survey_id": office.survey.id, "kpi": "csat", "question": "wait", "action_id": done}
    effect = await made(office.api, {**asked, "label": "project Longdesk"})
    await move(office, done, "closed", outcome="not_effective", analysis_id=effect["id"])
    await action_on(office, found["id"], "Project Earlybird")

    run = office.review["id"]
    reports = [await reported(office.api, run, "supervisors", "json") for _ in range(2)]
    said = {audience: await edition(office.api, run, audience) for audience in ("supervisors", "front_line")}
    told = words(await edition(office.api, run, "customers"))

    rows = {row["action"]: row for row in table(said["supervisors"], "actions")}
    assert set(rows) == {"Project Earlybird", "Project Longdesk"}
    closed = rows["Project Longdesk"]
    figure, result = closed["changed"], effect["result"]["effect"]
    assert (figure["value"], figure["low"], figure["high"], figure["n"]) == (
        result["value"],
        result["interval"]["low"],
        result["interval"]["high"],
        result["n"],
    )
    assert "percentage points" in figure["text"]
    assert (closed["owner"], closed["state"]) == ("Grace", "done, and it did not work")
    assert closed["worked"] == "it did not work"
    assert all("owner" not in row for row in table(said["front_line"], "actions"))
    blocks = section(said["supervisors"], "recommended")["blocks"]
    assert [block["chart"]["key"] for block in blocks if block["kind"] == "picture"] == ["effects"]
    assert "Project Earlybird (Grace), agreed." in words(said["supervisors"])
    cut = said["supervisors"]["cut"]
    assert cut["effect_run_ids"] == [effect["id"]]
    assert cut["acted_through"] > cut["decided_through"] > cut["as_of"]
    assert len({each["content_sha256"] for each in reports}) == 1
    assert f"Waiting time: we work on making this better; it did not work: the figure changed by {MINUS}" in told
    assert "We put up a second desk." in told
    assert "Waiting time: what we change is to be ready by" in told
    for inside in ("Longdesk", "Earlybird", "Grace", "board of secrets", "Head of reception"):
        assert inside not in told, inside


async def test_G3_6_unhappy_customers_are_followed_up_and_all_are_told_what_was_done(office: Office) -> None:
    api, path = office.api, f"/v1/surveys/{office.survey.id}"
    rule = {"scores": [{"question": "nps", "at_or_below": 6}], "consent": {"question": "may"}, "owner": "Grace"}
    await api.put(f"{path}/case-rule", rule, status=201)
    person = {"id": "customer-7", "name": "Ada Byron", "email": "ada@example.org"}
    body = {"confidentiality": "identified", "respondent": person, "answers": {"nps": 1, "may": True}}
    willing = (await api.post(f"{path}/responses", body, status=201)).json()["id"]
    await api.post(f"{path}/responses", {**body, "answers": {"nps": 1, "may": False}}, status=201)

    async def opened() -> bool:
        cases = (await office.read("/v1/cases", survey_id=office.survey.id))["items"]
        return [case["response_id"] for case in cases] == [willing]

    await soon(opened, seconds=60)
    found = await written(office)
    accepted = {"to": "accepted", "reason": "Yes."}
    await api.post(f"/v1/recommendations/{found['id']}/transitions", accepted, status=200)
    action = await action_on(office, found["id"], "Desk two (internal name)")
    await move(office, action, "under_way")
    item = {"you_said": "You wait too long.", "we_did": "A second desk.", "action_id": action, "published": True}
    told = (await api.post(f"{path}/you-said-we-did", item, status=201)).json()
    page = await api.client.get(told["public_url"])

    assert page.status_code == 200
    assert "A second desk." in page.text
    assert "internal name" not in page.text


async def test_G3_3_G4_7_O_LO4_a_report_has_plain_words_and_charts_chosen_for_the_data(office: Office) -> None:
    said = await edition(office.api, office.review["id"], "supervisors")
    page = await bytes_of(office.api, await reported(office.api, office.review["id"], "front_line", "html"))

    charts = [block["chart"] for block in section(said, "found")["blocks"] if block["kind"] == "picture"]
    assert {"standards", "features_csat", "series_wait"} <= {chart["key"] for chart in charts}
    assert all(chart["description"] for chart in charts)
    assert "Waiting time is getting worse." in said["lead"]
    assert b"<svg" in page
    assert b"<script" not in page
    natures = {block["nature"] for each in said["sections"] for block in each["blocks"] if block.get("nature")}
    assert natures == {"opinion", "fact", "judgement"}


async def test_R2_5_R_ev_5_6_each_group_is_told_in_its_own_edition_and_it_is_known_who_read_it(office: Office) -> None:
    run = office.review["id"]
    said = {audience: await edition(office.api, run, audience, **part) for audience, part in AUDIENCES.items()}
    report = await reported(office.api, run, "senior_managers", "html")
    telling = {"way": "link", "recipient": {"name": "Ada Kim"}}
    sent = (await office.api.post(report["links"]["distributions"], telling, status=201)).json()
    place = f"{report['links']['distributions']}/{sent['id']}"
    link = (await office.read(f"{place}/link"))["path"]
    await office.api.client.get(f"{link}/file")
    opened = await office.read(place)
    await office.api.client.post(f"{link}/acknowledge")
    acknowledged = await office.read(place)
    events = await office.read("/v1/events", subject=report["id"])

    features = {audience: {row["feature"] for row in table(each, "features")} for audience, each in said.items()}
    assert features["senior_managers"] == {"Waiting time", "Staff", "The place"}
    assert features["other_departments"] == {"Waiting time", "Staff"}
    assert features["service_partners"] == {"The place"}
    assert "Head of reception" not in words(said["customers"])
    assert (sent["state"], opened["state"], acknowledged["state"]) == ("sent", "opened", "acknowledged")
    assert [each["type"] for each in events["items"]] == ["report.published", "report.opened", "report.acknowledged"]
    assert "Ada" not in str(events)


async def test_R3_1_the_link_from_satisfaction_to_coming_back_is_seen(office: Office) -> None:
    query = {"satisfaction": "nps", "outcome": "came_back", "counts": "yes"}
    found = await office.read(f"/v1/surveys/{office.survey.id}/outcome-link", **query)

    groups = {each["answer"]: each for each in found["groups"]}
    for answer, scores in (("detractors", range(7)), ("passives", (7, 8)), ("promoters", (9, 10))):
        mine = [each for each in visits() if each["answers"]["nps"] in scores]
        back = sum(each["attributes"]["came_back"] == "yes" for each in mine)
        assert (groups[answer]["n"], groups[answer]["counted"]) == (len(mine), back)
        assert groups[answer]["interval"]["low"] < groups[answer]["share"] < groups[answer]["interval"]["high"]
    assert (found["trend"]["rises"], found["trend"]["shown"], found["recorded"]) == (True, True, True)
    assert found["odds_ratio"]["interval"]["low"] > 1
    assert "rises with nps" in found["sentence"]
    assert any("need not be cause and effect" in each for each in found["cannot_tell"])
