"""Rows of the requirements: watching a collection while it runs, with a real worker and real frames and comments."""

import csv
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.comments import put_codebook, readings, say
from tests.support.fieldwork import Asked, invited, put_rules, standing
from tests.support.open_responses import begin
from tests.support.planning import make_plan, move_plan, plan_of
from tests.support.real_data import unpacked
from tests.support.responses import batch
from tests.support.sampling import asked, new_frame, units_of
from tests.support.surveys import POST_VISIT, Json, PublishedSurvey, publish
from tests.support.waiting import soon

pytestmark = [pytest.mark.xdist_group("watch_fieldwork"), pytest.mark.usefixtures("worker_process")]

ATTRIBUTES = ("stype", "county")
TYPES = ("E", "H", "M")
COMMENTS = 400
CODEBOOK: Json = {
    "themes": [
        {"key": "staff", "label": "Staff", "feature": "staff", "rules": [{"any": ["staff", "nurse", "doctor"]}]},
        {"key": "waiting", "label": "Waiting", "feature": "waiting_time", "rules": [{"any": ["wait", "time"]}]},
        {"key": "thanks", "label": "Thanks", "rules": [{"any": ["thank*", "good", "excellent", "great"]}]},
    ]
}


def schools() -> list[Json]:
    """All schools of California as a frame: the type, and the county, of each."""
    rows = csv.DictReader(StringIO(unpacked("survey_api_frame/apipop.csv.gz").decode()))
    return [{"ref": row["cds"], "attributes": {"stype": row["stype"], "county": row["cname"]}} for row in rows]


def day(later: int) -> str:
    return (datetime.now(UTC) + timedelta(days=later)).date().isoformat()


async def drawn_by_type(api: Api, survey: PublishedSurvey) -> Json:
    """A hundred schools of each type."""
    frame = await new_frame(api, schools(), name="Schools", attributes=list(ATTRIBUTES), measures=[])
    design = {"kind": "stratified", "strata_by": ["stype"], "n": 300, "rule": "equal"}
    requested = await asked(api, frame, design, survey_id=survey.id, seed=20260301)
    path = f"/v1/samples/{requested['id']}"

    async def is_drawn() -> bool:
        return bool((await api.get(path)).json()["status"] == "succeeded")

    await soon(is_drawn, seconds=180)
    found: Json = (await api.get(path)).json()
    return found


async def alerts_of(api: Api, survey: PublishedSurvey, number: int) -> list[Json]:
    """Alerts of a survey, as soon as a worker has raised so many."""
    parameters = {"survey_id": survey.id}

    async def are_there() -> bool:
        return len((await api.get("/v1/fieldwork-alerts", params=parameters)).json()["items"]) >= number

    await soon(are_there, seconds=180)
    found: list[Json] = (await api.get("/v1/fieldwork-alerts", params=parameters)).json()["items"]
    return found


async def test_G2_2_G4_5_M5_2_R2_4_a_collection_is_watched_against_frame_plan_and_quota_and_its_alert_changes_the_plan(
    api: Api, database: Database
) -> None:
    survey = await publish(api, confidentiality="pseudonymous")
    sample = await drawn_by_type(api, survey)
    units = await units_of(api, sample)
    of = [tuple(unit["unit_id"] for unit in units if unit["stratum"] == place) for place in range(3)]
    sampling = {"frame": "Schools", "design": "stratified", "population": 6194, "answers": 150, "invitations": 300}
    plan = await make_plan(
        api, plan_of(survey, sampling={**sampling, "response_rate": 0.5}, starts_on=day(-11), ends_on=day(9))
    )
    await move_plan(api, plan["id"], "approved")
    await move_plan(api, plan["id"], "running")
    await invited(
        api,
        database,
        survey,
        Asked(45, "completed", units=of[0][:45]),
        Asked(10, "partial", units=of[0][45:55]),
        Asked(45, "delivered", units=of[0][55:]),
        Asked(5, "completed", units=of[1][:5]),
        Asked(15, "refused", units=of[1][5:20]),
        Asked(10, "ineligible", units=of[1][20:30]),
        Asked(70, "opened", units=of[1][30:]),
        Asked(25, "completed", units=of[2][:25]),
        Asked(5, "started", units=of[2][25:30]),
        Asked(10, "bounced", units=of[2][30:40]),
        Asked(60, "sent", units=of[2][40:]),
        sample=sample["id"],
    )
    await put_rules(
        api,
        survey,
        {"key": "rate", "kind": "response_rate", "threshold": 0.4},
        {"key": "types", "kind": "response_rate", "threshold": 0.3, "by": "stratum"},
        {"key": "gap", "kind": "composition", "threshold": 0.1},
        {"key": "quota", "kind": "quota"},
        policy={"bounce": "ineligible", "opened": "non_contact"},
    )

    alerts = {(each["rule"], each["subject"]): each for each in await alerts_of(api, survey, 5)}
    found = await standing(api, survey, by="stratum")

    counts = found["whole"]["counts"]
    reached = ("invited", "delivered", "opened", "started", "completed", "partial", "refused", "ineligible", "bounced")
    assert [counts[step] for step in reached] == [300, 230, 185, 100, 75, 10, 15, 10, 10]
    rates = found["whole"]["outcome_rates"]
    known = 75 + 10 + 15 + 5 + 70
    assert rates["e"] == pytest.approx(known / (known + 20))
    assert rates["rates"]["rr1"]["value"] == pytest.approx(75 / (known + 105))
    people = Counter(school["attributes"]["stype"] for school in schools())
    groups = {each["group"]: each for each in found["groups"]}
    assert {name: each["population"] for name, each in groups.items()} == people
    assert {name: each["counts"]["completed"] for name, each in groups.items()} == {"E": 45, "H": 5, "M": 25}
    assert [groups[name]["pace"]["expected"] for name in TYPES] == pytest.approx([100 * 0.5 * 10 / 21] * 3)
    assert groups["H"]["pace"]["completed"] < groups["H"]["pace"]["low"]
    weighted = found["whole"]["weighted"]["rates"]["rr5"]["value"]
    assert weighted == pytest.approx(
        (people["E"] * 45 + people["H"] * 5 + people["M"] * 25)
        / (people["E"] * 55 + people["H"] * 90 + people["M"] * 30)
    )
    assert found["frame"] == {"people": 6194, "eligible": 6194, "drawn": 300, "invited": 300, "completed": 75}
    gaps = {each["category"]: each["gap"] for each in found["composition"]["gaps"] if each["attribute"] == "stype"}
    assert gaps["H"]["value"] == pytest.approx(5 / 75 - 1 / 3)
    assert found["composition"]["r_indicator"]["interval"]["high"] < 0.9
    assert found["composition"]["left_out"] == ["county"]
    forecast = found["forecast"]["final"]
    assert 75 <= forecast["interval"]["low"] <= forecast["value"] <= forecast["interval"]["high"] <= 300

    assert set(alerts) == {("rate", ""), ("types", "H"), ("gap", "stype: E"), ("gap", "stype: H"), ("quota", "answers")}
    rate = alerts["rate", ""]
    shown = (await api.get(f"/v1/fieldwork-alerts/{rate['id']}")).json()
    tag = {"If-Match": f'"{shown["proposal"]["plan_revision"]}"'}
    revised = await api.post(f"/v1/fieldwork-alerts/{rate['id']}/plan-revision", {}, status=201, headers=tag)
    differences = (await api.get(f"{revised.headers['Location']}/differences")).json()
    assert differences["signal"] == {
        "kind": "response_rate",
        "observed": rate["sentence"],
        "reference": f"/v1/fieldwork-alerts/{rate['id']}",
    }
    changed = {each["path"]: (each["before"], each["after"]) for each in differences["differences"]}
    assert changed == {"/sampling/response_rate": (0.5, 0.25), "/sampling/invitations": (300, 600)}


async def test_G2_3_focus_is_the_off_topic_share_of_comments_and_where_people_stop(
    api: Api, database: Database
) -> None:
    survey = await publish(api)
    await api.put("/v1/features/staff", {"name": "Staff"}, status=201)
    await put_codebook(api, survey, CODEBOOK)
    rows = csv.DictReader(StringIO(unpacked("nhs_fft_comments/v6framework_230831.csv.gz").decode(errors="replace")))
    comments = [row["FFT answer"] for row in rows if len(row["FFT answer"]) > 20][:COMMENTS]
    await say(api, survey, comments)
    await batch(api, survey, [{"status": "partial", "answers": {"nps": 8, "wait": 2}} for _ in range(40)])
    for _ in range(2):
        respondent = await begin(api, survey)
        await respondent.answer("nps", 7)

    async def are_read() -> bool:
        return len(await readings(database, api, survey)) == COMMENTS

    await soon(are_read, seconds=180)
    await put_rules(
        api,
        survey,
        {"key": "focus", "kind": "off_topic", "threshold": 0.1},
        {"key": "leaving", "kind": "drop_off", "threshold": 0.05},
    )
    alerts = {(each["rule"], each["subject"]): each for each in await alerts_of(api, survey, 2)}
    found = await standing(api, survey)

    themes = [set(each["themes"]) for each in (await readings(database, api, survey)).values()]
    themed = [each for each in themes if each]
    off = sum(each == {"thanks"} for each in themed)
    assert (found["off_topic"]["themed"], found["off_topic"]["off_topic"]) == (len(themed), off)
    assert found["off_topic"]["unread"] == COMMENTS - len(themed)
    assert 0.1 < found["off_topic"]["share"]["interval"]["low"] < off / len(themed)
    questions = {each["question"]: each for each in found["drop_off"]["questions"]}
    assert list(questions) == [question["key"] for question in POST_VISIT["questions"]]
    assert (questions["wait"]["reached"], questions["wait"]["left"]) == (COMMENTS + 40, 40)
    assert found["drop_off"]["answering"] == 2
    assert set(alerts) == {("focus", ""), ("leaving", "wait")}
    assert alerts["leaving", "wait"]["value"] == pytest.approx(40 / (COMMENTS + 40))
