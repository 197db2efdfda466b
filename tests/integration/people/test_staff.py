"""Staff and teams: sealed, found by requests of data subjects, and gone with everything that was written about them."""

from typing import Any

from sqlalchemy import text

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.seeded_people import MEASURE, added, goal, note
from tests.support.standards import standard
from tests.support.subjects import ask, touched
from tests.support.surveys import Json, publish

ADA: Json = {"reference": "agent_7", "person": {"name": "Ada Kim", "email": "ada.kim@office.example", "phone": None}}


async def test_who_somebody_is_stands_nowhere_in_the_clear(api: Api, database: Database) -> None:
    key = {"Idempotency-Key": "once"}
    made = await api.post("/v1/staff", ADA, status=201, headers=key)
    assert "Ada" not in made.text
    again = await api.post("/v1/staff", ADA, status=201, headers=key)
    assert again.json() == made.json()
    seen = (await api.get(made.headers["Location"])).json()
    assert seen["person"] == ADA["person"]
    organisation_id = api.organisation.organisation_id
    async with database.tenant(organisation_id) as session:
        for table in ("staff_member", "idempotent_request"):
            rows = await session.execute(text(f"SELECT count(*) FROM {table} t WHERE t::text ILIKE '%ada%kim%'"))
            assert rows.scalar_one() == 0, table


async def test_a_reference_is_of_one_and_no_address(api: Api) -> None:
    await api.post("/v1/staff", ADA, status=201)
    taken = await api.post("/v1/staff", {**ADA, "person": {"name": "Bo"}})
    assert (taken.status_code, taken.json()["code"]) == (409, "reference_taken")
    for wrong in ("ada.kim@office.example", "Ada Kim", ""):
        await api.post("/v1/staff", {**ADA, "reference": wrong}, status=422)
    backwards = {**ADA, "reference": "x", "joined_on": "2026-02-01", "left_on": "2026-01-01"}
    assert (await api.post("/v1/staff", backwards)).json()["errors"][0]["code"] == "left_before_joined"


async def test_teams_have_members_who_are_there(api: Api) -> None:
    ada, bo = await added(api), await added(api)
    members = [{"staff_id": ada}, {"staff_id": bo}, {"staff_id": ada}]
    body = {"name": "North", "reference": "north", "lead_id": bo, "members": members}
    team = (await api.put("/v1/teams/north", body, status=201)).json()
    assert sorted(team["members"]) == sorted([ada, bo])
    assert (await api.put("/v1/teams/north", body)).status_code == 428
    taken = await api.put("/v1/teams/south", {**body, "name": "South"})
    assert taken.json()["code"] == "reference_taken"
    of_north = (await api.get("/v1/staff", params={"team": "north", "limit": 1})).json()
    assert [each["id"] for each in of_north["items"]] == [ada]
    rest = await api.get("/v1/staff", params={"team": "north", "limit": 1, "cursor": of_north["next_cursor"]})
    assert [each["id"] for each in rest.json()["items"]] == [bo]
    await api.post("/v1/recognitions", {"team_id": team["id"], "text": "Thank you."}, status=201)
    assert (await api.call("DELETE", "/v1/teams/north")).json()["code"] == "team_in_use"
    await goal(api, ada)
    assert (await api.call("DELETE", f"/v1/staff/{ada}")).json()["code"] == "staff_in_use"


async def test_a_request_of_theirs_shows_and_erases_all_that_is_held_on_them(api: Api, database: Database) -> None:
    ada = (await api.post("/v1/staff", ADA, status=201)).json()["id"]
    bo = await added(api)
    body = {"name": "North", "reference": "north", "lead_id": ada, "members": [{"staff_id": ada}, {"staff_id": bo}]}
    await api.put("/v1/teams/north", body, status=201)
    await goal(api, ada)
    of_bo = {"staff_id": bo, "measures": [], "summary": "Ada Kim and Bo did well."}
    review = (await api.post("/v1/performance-reviews", of_bo, status=201)).json()["id"]
    named = {"kind": "interview", "source": "Ada Kim", "text": "It is fair.", "observed_on": "2026-03-02"}
    await api.post("/v1/culture/notes", named, status=201)
    other = await note(api)

    who: dict[str, Any] = {"email": "ada.kim@office.example", "name": "Ada Kim"}
    asked = await ask(api, database, "export", **who)
    held = (await api.get(f"/v1/subject-requests/{asked['id']}/export")).json()["stores"]
    assert [(each["reference"], each["name"]) for each in held["staff_member"]] == [("agent_7", "Ada Kim")]
    assert [each["store"] for each in held["staff_member"][0]["about_them"]] == ["performance_goal"]
    assert {each["store"] for each in held["texts_about_people"]} == {"performance_review", "culture_note"}

    done = await ask(api, database, "erase", **who)
    assert touched(done)["staff_member"] == 1
    assert touched(done)["texts_about_people"] == 2
    await api.get(f"/v1/staff/{ada}", status=404)
    team = (await api.get("/v1/teams/north")).json()
    assert (team["lead_id"], team["members"]) == (None, [bo])
    assert (await api.get(f"/v1/performance-reviews/{review}")).json()["summary"] is None
    assert [each["id"] for each in (await api.get("/v1/culture/notes")).json()["items"]] == [other]
    assert (await api.get("/v1/performance-goals")).json()["items"] == []


async def test_a_measure_names_what_its_survey_has(api: Api) -> None:
    survey = await publish(api)
    await api.put("/v1/standards/short_wait", standard(survey.id), status=201)
    wrong = {**MEASURE, "attribute": "agent", "case_mix": ["region", "reason"]}
    refused = (await api.put("/v1/performance-measures/m", wrong, status=422)).json()["errors"]
    assert [(each["pointer"], each["code"]) for each in refused] == [
        ("/attribute", "unknown_attribute"),
        ("/case_mix/1", "unknown_attribute"),
    ]
    itself = (await api.put("/v1/performance-measures/m", {**MEASURE, "case_mix": ["region"]}, status=422)).json()
    assert itself["errors"][0]["code"] == "not_a_case_mix"
    missing = (await api.put("/v1/performance-measures/m", {**MEASURE, "standard": "none"}, status=422)).json()
    assert missing["errors"][0]["code"] == "unknown_standard"
    await api.put("/v1/performance-measures/m", {**MEASURE, "minimum_n": 9}, status=422)
    made = await api.put("/v1/performance-measures/m", MEASURE, status=201)
    same = await api.put("/v1/performance-measures/m", MEASURE, status=200, headers={"If-Match": '"1"'})
    assert (made.json()["version"], same.json()["version"]) == (1, 1)
    other = {**MEASURE, "minimum_n": 50}
    changed = await api.put("/v1/performance-measures/m", other, status=200, headers={"If-Match": '"1"'})
    assert changed.json()["version"] == 2
