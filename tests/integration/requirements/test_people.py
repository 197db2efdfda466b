"""Every criterion of "People", driven through the API."""

from datetime import UTC, datetime, timedelta

import pytest

from feedback_core.db.session import Database
from feedback_core.organisations.types import Scope
from tests.integration.recommendations.conftest import finished_run
from tests.support.api import Api
from tests.support.cells import answer
from tests.support.mailbox import mail_server
from tests.support.people import OWN, Office, by_reference, given, office, staff_survey
from tests.support.seeded_follow_up import planned_action
from tests.support.subjects import work
from tests.support.surveys import Json, publish


async def test_M3_1_roles_are_stated_sent_and_acknowledged(
    api: Api, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = await office(api, answers=False)
    role: Json = {
        "title": "Front desk",
        "purpose": "Nobody feels lost.",
        "responsibilities": [{"text": "Greet within a minute <b>.", "standard": "short_wait"}],
    }
    await api.put("/v1/roles/front-desk", role, status=201)

    by_hand = {"staff_id": people.staff["a1"], "way": "link"}
    handed = (await api.post("/v1/roles/front-desk/assignments", by_hand, status=201)).json()
    async with mail_server() as mailbox:
        for name, value in {"HOST": "127.0.0.1", "PORT": mailbox.port, "SECURITY": "none", "SENDER": "f@x.org"}.items():
            monkeypatch.setenv(f"SMTP_{name}", str(value))
        monkeypatch.setenv("REPORTS_LINK_BASE_URL", "https://feedback.example.org")
        by_mail = {"staff_id": people.staff["a2"], "way": "email"}
        mailed = (await api.post("/v1/roles/front-desk/assignments", by_mail, status=201)).json()
        assert mailed["state"] == "waiting"
        assert await work(api, database, "roles.send") == 1
        (mail,) = mailbox.mails
    assert mail["Subject"] == "Your role: Front desk"
    assert "a2@office.example" in mail["To"]
    text = mail.get_content()
    link = next(line.strip() for line in text.splitlines() if "https://" in line)
    path = link.removeprefix("https://feedback.example.org")

    silent = (await api.get("/v1/role-assignments?acknowledged=false")).json()["items"]
    assert [(each["staff_id"], each["state"]) for each in silent] == [
        (people.staff["a2"], "sent"),
        (people.staff["a1"], "sent"),
    ]
    page = await api.client.get(path, headers={"Accept": "text/html"})
    assert "Greet within a minute &lt;b&gt;." in page.text
    assert (await api.get(f"/v1/role-assignments/{mailed['id']}")).json()["acknowledged_at"] is None
    acknowledged = await api.client.post(f"{path}/acknowledge")
    assert acknowledged.json()["acknowledged_at"] is not None
    silent = (await api.get("/v1/role-assignments", params={"acknowledged": False, "of_role": "front-desk"})).json()
    assert [each["id"] for each in silent["items"]] == [handed["id"]]
    own = (await api.get(f"/v1/role-assignments/{handed['id']}/link")).json()["path"]
    assert (await api.client.get(own)).json()["title"] == "Front desk"
    forged = path[:-4] + ("AAAA" if path[-4:] != "AAAA" else "BBBB")
    assert (await api.client.post(f"{forged}/acknowledge")).status_code == 404

    role["responsibilities"].append({"text": "Pass complaints on the same day."})
    await api.put("/v1/roles/front-desk", role, status=200, headers={"If-Match": '"1"'})
    again = (await api.get(f"/v1/role-assignments/{mailed['id']}")).json()
    assert (again["state"], again["role_version"], again["latest_version"]) == ("outdated", 1, 2)
    assert len((await api.get("/v1/role-assignments?acknowledged=false")).json()["items"]) == 2
    anew = (await api.post("/v1/roles/front-desk/assignments", {**by_mail, "way": "link"}, status=201)).json()
    assert anew["role_version"] == 2
    assert (await api.client.get(path)).status_code == 404
    assert (await api.get(f"/v1/role-assignments/{mailed['id']}")).json()["acknowledged_at"] is not None
    assert [each["version"] for each in (await api.get("/v1/roles/front-desk/versions")).json()["items"]] == [2, 1]


async def test_M5_3_people_are_compared_by_what_they_would_reach_with_everybodys_cases(api: Api) -> None:
    people = await office(api)

    raw, fair = by_reference(await people.standings("raw")), by_reference(await people.standings("fair"))

    assert (raw["a1"]["tier"], raw["a3"]["tier"]) == (1, 3)
    adjusted = {round(fair[name]["adjusted"]["value"], 9) for name in ("a1", "a2", "a3")}
    assert len(adjusted) == 1
    assert (fair["a4"]["tier"], fair["a4"]["judgement"]["verdict"]) == (1, "met")
    assert fair["a3"]["expected"] < fair["a1"]["expected"]
    assert fair["a3"]["estimate"]["n"] == 200
    shown = (await people.standings("fair"))["chart"]
    assert "They differ; 1 of 4 stand apart" in shown["description"]
    # Eight answers: no figure, no tier, no verdict.
    assert fair["new"]["withheld"]
    assert {fair["new"][name] for name in ("estimate", "adjusted", "shrunk", "tier", "judgement")} == {None}


async def test_M5_3_figures_are_seen_by_those_entitled_and_no_others(api: Api) -> None:
    people = await office(api)
    members = [{"staff_id": people.staff[name]} for name in ("a1", "a2")]
    team = {"name": "North", "reference": "north", "viewer_roles": ["north_lead"], "members": members}
    await api.put("/v1/teams/north", team, status=201)

    own = await people.person("a3")
    _, lead = await people.key("lead", OWN, "north_lead")
    _, stranger = await people.key("stranger", OWN, "south_lead")
    _, other = await people.key("reports", [Scope.KPIS_READ, Scope.ANALYSES_WRITE])

    assert await references(people, "fair", own) == ["a3"]
    assert await references(people, "fair", lead) == ["a1", "a2"]
    assert await references(people, "desks", lead) == ["north"]
    assert await references(people, "fair", stranger) == []
    await other.get("/v1/performance-measures/fair/standings", status=403)
    await refuses_people_one_by_one(people, other)
    # Whoever leads a team sees it by their own key.
    led = {**team, "viewer_roles": [], "lead_id": people.staff["a3"]}
    await api.put("/v1/teams/north", led, status=200, headers={"If-Match": '"1"'})
    assert await references(people, "fair", own) == ["a1", "a2", "a3"]
    assert await references(people, "fair", lead) == []


async def test_M5_3_who_is_measured_replies_and_it_stays_beside_the_figure(api: Api) -> None:
    people = await office(api)
    path = "/v1/performance-measures/fair/replies"
    own, colleague = await people.person("a3"), await people.person("a1")
    body = {"staff_id": people.staff["a3"], "from": "2026-01-01", "to": "2026-03-01", "text": "Complaints desk."}

    await own.post(path, body, status=201)
    _, manager = await people.key("manager", [*OWN, Scope.PERFORMANCE_EVERYBODY])
    refused = await manager.post(path, body)

    assert (refused.status_code, refused.json()["code"]) == (403, "not_theirs_to_reply")
    await colleague.post(path, body, status=404)
    seen = by_reference(await people.standings("fair", manager, {"from": "2026-02-01", "to": "2026-03-01"}))
    assert [reply["text"] for reply in seen["a3"]["replies"]] == ["Complaints desk."]
    await answer(api, people.survey.id, given(day="2026-04-10"))
    later = by_reference(await people.standings("fair", manager, {"from": "2026-04-01", "to": "2026-05-01"}))
    assert later["a3"]["replies"] == []


async def test_M5_3_goals_are_set_and_settled_and_people_are_thanked(api: Api) -> None:
    people = await office(api, answers=False)
    members = [{"staff_id": people.staff["a1"]}]
    desk = {"name": "North", "reference": "north", "viewer_roles": ["north_lead"], "members": members}
    team = (await api.put("/v1/teams/north", desk, status=201)).json()
    _, lead = await people.key("lead", [*OWN, Scope.PERFORMANCE_WRITE], "north_lead")
    own, goals = await people.person("a3"), "/v1/performance-goals"
    goal = {"staff_id": people.staff["a1"], "text": "Nine in ten.", "due_on": "2026-01-01", "measure": "fair"}

    made = (await lead.post(goals, {**goal, "target": 0.9}, status=201)).json()
    overdue = (await lead.get(goals, params={"overdue": True})).json()["items"]
    outcome = {"state": "not_reached", "said": "0.74: more staff first."}
    await lead.post(f"{goals}/{made['id']}/outcome", outcome, status=200)
    again = await lead.post(f"{goals}/{made['id']}/outcome", outcome)
    thanks = {"team_id": team["id"], "text": "For the week of the move.", "standard": "short_wait"}
    await lead.post("/v1/recognitions", thanks, status=201)

    assert [each["id"] for each in overdue] == [made["id"]]
    assert again.json()["code"] == "goal_settled"
    assert (await lead.get(goals, params={"overdue": True})).json()["items"] == []
    await lead.post(goals, {**goal, "staff_id": people.staff["a3"]}, status=404)
    assert [each["text"] for each in (await lead.get("/v1/recognitions")).json()["items"]] == [thanks["text"]]
    assert (await own.get("/v1/recognitions")).json()["items"] == []
    for_teams = await lead.post(goals, {**goal, "measure": "desks"})
    assert for_teams.json()["errors"][0]["code"] == "other_subject"


async def test_M5_3_a_review_keeps_the_figures_as_they_were(api: Api) -> None:
    people = await office(api)
    own, colleague = await people.person("a3"), await people.person("a1")
    period = {"from": "2026-01-01", "to": "2026-03-01", "measures": ["fair", "raw"], "summary": "Fair, seen so."}
    fair = by_reference(await people.standings("fair", asked={"from": "2026-01-01", "to": "2026-03-01"}))["a3"]

    made = (await api.post("/v1/performance-reviews", {**period, "staff_id": people.staff["a3"]}, status=201)).json()
    path = f"/v1/performance-reviews/{made['id']}"
    await own.post(f"{path}/replies", {"text": "I agree."}, status=201)
    before = (await own.get(path)).json()
    await answer(api, people.survey.id, given([("a3", "south", "easy", 0, 60)]))

    assert (await own.get(path)).json() == before
    assert before["figures"][0]["adjusted"] == fair["adjusted"]
    assert before["figures"][0]["judgement"]["verdict"] == fair["judgement"]["verdict"]
    assert [reply["text"] for reply in before["replies"]] == ["I agree."]
    assert by_reference(await people.standings("raw", own))["a3"]["estimate"]["n"] == 260
    await colleague.get(path, status=404)
    assert (await colleague.get("/v1/performance-reviews")).json()["items"] == []
    assert [each["id"] for each in (await own.get("/v1/performance-reviews")).json()["items"]] == [made["id"]]


async def test_M4_1_culture_is_assessed_from_evidence_of_every_kind_and_seen_over_time(
    api: Api, database: Database
) -> None:
    customers = await publish(api)
    await answer(api, customers.id, [{"answers": {"nps": 9 if n % 3 else 4}} for n in range(60)])
    staff = await staff_survey(api)
    await answer(api, staff.id, [{"answers": {"nps": 9 if n % 2 else 3}} for n in range(12)])
    run = await finished_run(api, database, customers.id, {"trend": {"sentence": "It got better."}})
    notes = []
    for kind, source in (("document", "Strategy 2026"), ("observation", "Front desk"), ("interview", "With Ada Kim")):
        note = {"kind": kind, "source": source, "text": "Customers come first.", "observed_on": "2026-03-02"}
        made = await api.post("/v1/culture/notes", {**note, "dimensions": ["customer_focus"]}, status=201)
        notes.append(made.json()["id"])
    evidence: list[Json] = [{"kind": "note", "note_id": note, "statement": "It is meant."} for note in notes]
    evidence += [{"kind": "kpi", "survey_id": survey.id, "kpi": "nps"} for survey in (staff, customers)]
    evidence += [{"kind": "run", "analysis_id": run, "pointer": "/trend/sentence"}]
    focus = {
        "key": "customer_focus",
        "label": "Customer focus",
        "level": 3,
        "statement": "Meant.",
        "evidence": evidence,
    }
    spring = {"title": "Spring", "as_of": "2026-03-31", "dimensions": [focus]}

    made = (await api.post("/v1/culture/assessments", spring, status=201)).json()
    without = {**spring, "dimensions": [{**focus, "evidence": []}]}
    refused = (await api.post("/v1/culture/assessments", without, status=422)).json()
    assert refused["code"] == "evidence_missing"
    later = {**spring, "as_of": "2026-09-30", "dimensions": [{**focus, "level": 4, "evidence": evidence[:1]}]}
    await api.post("/v1/culture/assessments", later, status=201)

    frozen = made["dimensions"][0]["evidence"]
    assert [piece["note_kind"] for piece in frozen[:3]] == ["document", "observation", "interview"]
    assert [(piece["audience"], piece["n"]) for piece in frozen[3:5]] == [("staff", 12), ("customers", 60)]
    assert all(piece["low"] < piece["value"] < piece["high"] for piece in frozen[3:5])
    assert frozen[5]["statement"] == "It got better."
    course = (await api.get("/v1/culture/course")).json()["dimensions"]
    assert [(point["as_of"], point["level"], point["change"]) for point in course[0]["points"]] == [
        ("2026-03-31", 3, None),
        ("2026-09-30", 4, 1),
    ]
    assert course[0]["points"][0]["evidence"] == {"note": 3, "kpi": 2, "run": 1}
    await answer(api, customers.id, [{"answers": {"nps": 0}}] * 40)
    again = (await api.get(f"/v1/culture/assessments/{made['id']}")).json()
    assert again == made


async def test_M4_2_M4_3_techniques_and_strategies_are_tied_to_standards_and_what_followed_is_seen(
    api: Api, database: Database
) -> None:
    people = await office(api, answers=False)
    other = await finished_run(
        api, database, people.survey.id, {"trend": {"sentence": "x"}}, question="wait", kpi="csat"
    )
    asked = {"kind": "effect", "kpi": "csat", "question": "wait", "change_on": "2026-01-05", "label": "thanks"}
    effect = {"value": 0.12, "interval": {"low": 0.05, "high": 0.19, "level": 0.95, "method": "x"}, "n": 400}
    found = {"verdict": "effective", "effect": effect, "sentence": "It worked."}
    worked = await finished_run(api, database, people.survey.id, found, **asked)
    action = await planned_action(api, other)
    technique: Json = {
        "kind": "technique",
        "name": "Weekly thanks",
        "description": "One thing that somebody did is told to all.",
        "standards": ["short_wait"],
        "started_on": (datetime.now(UTC) - timedelta(days=1)).date().isoformat(),
        "actions": [{"action_id": action}],
        "effects": [{"analysis_id": worked}],
    }
    path = "/v1/culture/strategies"
    await api.put(f"{path}/weekly-thanks", technique, status=201)
    strategy = {
        "kind": "strategy",
        "name": "Positive reinforcement",
        "description": "What goes well is named.",
        "standards": ["short_wait"],
        "techniques": ["weekly-thanks"],
    }
    await api.put(f"{path}/reinforcement", strategy, status=201)

    seen = (await api.get(f"{path}/weekly-thanks")).json()["followed"]
    assert [(each["verdict"], each["value"], each["n"]) for each in seen["effects"]] == [("effective", 0.12, 400)]
    assert [(each["action_id"], each["state"]) for each in seen["actions"]] == [(action, "planned")]
    assert [each["standard"] for each in seen["standards"]] == ["short_wait"]
    assert seen["sentence"] == "Of 1 analyses of an effect: 1 effective."
    plain = (await api.get(f"{path}/reinforcement")).json()["followed"]["sentence"]
    assert "cannot be told" in plain
    listed = (await api.get(path, params={"of_standard": "short_wait", "kind": "strategy"})).json()["items"]
    assert [each["key"] for each in listed] == ["reinforcement"]
    assert (await api.call("DELETE", f"{path}/weekly-thanks")).json()["code"] == "technique_in_use"
    wrong = {**technique, "effects": [{"analysis_id": other}]}
    refused = await api.put(f"{path}/weekly-thanks", wrong, headers={"If-Match": '"1"'})
    assert refused.json()["code"] == "no_effect_analysis"
    untied = await api.put(f"{path}/untied", {**technique, "standards": ["no_such"]})
    assert untied.json()["errors"][0]["code"] == "unknown_standard"


async def references(people: Office, measure: str, api: Api) -> list[str]:
    """Whom a key sees in a measure."""
    return [unit["reference"] for unit in (await people.standings(measure, api))["units"]]


async def refuses_people_one_by_one(people: Office, api: Api) -> None:
    """What a key for KPIs and analyses is told that may not see everybody: desks, and nobody of them."""
    asked = {"survey": people.survey.id, "question": "wait"}
    await api.get("/v1/kpis/csat/breakdown", params={**asked, "by": "desk"})
    trend = {"kind": "trend", "survey_id": people.survey.id, "kpi": "csat", "question": "wait"}
    for answered in (
        await api.get("/v1/kpis/csat/breakdown", params={**asked, "by": "agent"}, status=403),
        await api.get("/v1/kpis/csat/ranking", params={**asked, "by": "agent"}, status=403),
        await api.get("/v1/kpis/csat/value", params={**asked, "where": "agent:a1"}, status=403),
        await api.get(f"/v1/surveys/{people.survey.id}/cross-tab?rows=wait&columns=agent", status=403),
        await api.post("/v1/analyses", {**trend, "where": {"agent": ["a1"]}}, status=403),
    ):
        assert answered.json()["code"] == "missing_scope"
    await api.post("/v1/analyses", trend, status=202)
