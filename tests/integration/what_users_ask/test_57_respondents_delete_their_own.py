"""57: respondents delete what they said themselves; what the organisation is asked for has a status."""

import pytest

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.cells import cells, fold_all, recount
from tests.support.open_responses import begin, opened_at
from tests.support.responses import everything_of, listed, owner, recorded
from tests.support.seeded_invitations import tokens
from tests.support.subjects import work
from tests.support.surveys import POST_VISIT, publish

TYPES = {question["key"]: question["type"] for question in POST_VISIT["questions"]}


async def test_57_a_respondent_withdraws_a_response_with_the_token_they_answered_with(
    api: Api, database: Database, owner_url: str
) -> None:
    survey, organisation_id = await publish(api), api.organisation.organisation_id
    kept = await recorded(api, survey, answers={"nps": 3})
    respondent = await begin(api, survey, answers={"why": "Words-Hkl-7"})
    await respondent.submit(answers={"nps": 9})
    await fold_all(database, organisation_id, survey.id)

    await respondent.call("POST", "/withdraw", status=204)

    assert [row["id"] for row in await listed(api, survey)] == [kept]
    with owner(owner_url) as connection:
        assert "Words-Hkl-7" not in everything_of(connection, organisation_id)
    expected = await recount(database, organisation_id, survey.id, types=TYPES, time_zone="Europe/London")
    assert await cells(database, organisation_id, survey.id) == expected
    # Its token goes with it; a process that still believes it finds nothing.
    assert (await respondent.call("POST", "/withdraw")).status_code in {204, 401}
    events = (await api.get("/v1/audit", params={"action": "response.erased"})).json()["items"]
    assert len(events) == 1


async def test_57_what_is_not_submitted_yet_is_withdrawn_too(api: Api, owner_url: str) -> None:
    survey = await publish(api)
    respondent, other = await begin(api, survey, answers={"why": "Words-Hkl-8"}), await begin(api, survey)

    await respondent.call("POST", "/withdraw", status=204)

    with owner(owner_url) as connection:
        assert "Words-Hkl-8" not in everything_of(connection, api.organisation.organisation_id)
    left = (await api.get(opened_at(survey))).json()["items"]
    assert [row["id"] for row in left] == [other.id]


async def test_57_nobody_withdraws_what_another_said(api: Api) -> None:
    survey = await publish(api)
    respondent, other = await begin(api, survey), await begin(api, survey)
    headers = {"Authorization": f"Bearer {respondent.token}"}

    refused = await api.client.post(f"{other.path}/withdraw", headers=headers)

    assert refused.status_code == 404
    await other.call("GET", status=200)


async def test_57_a_request_to_the_organisation_has_a_status(api: Api, database: Database) -> None:
    body = {"kind": "erase", "subject": {"email": "nobody@example.org"}, "reason": "Asked for"}
    made = await api.post("/v1/subject-requests", body, status=202)

    before = (await api.get(made.headers["Location"])).json()
    await work(api, database)
    after = (await api.get(made.headers["Location"])).json()

    assert (before["status"], before["report"], before["finished_at"]) == ("queued", None, None)
    assert after["status"] == "succeeded"
    assert after["report"]["touched"]
    assert all(each["rows"] == 0 for each in after["report"]["touched"])
    assert (await api.get("/v1/subject-requests")).json()["items"] == [after]


@pytest.mark.parametrize("confidentiality", ["identified", "anonymous"])
async def test_57_whoever_has_a_personal_link_erases_what_they_answered_by_it(
    api: Api, owner_url: str, confidentiality: str
) -> None:
    survey = await publish(api, confidentiality=confidentiality)
    ada, bo = await tokens(api, survey, "Customer", 2)
    for token, words in ((ada, "Words-Hkl-9"), (bo, "Words-Hkl-10")):
        body = {"answers": {"nps": 3, "why": words}}
        assert (await api.client.post(f"/v1/invited/{token}/submission", json=body)).status_code == 201

    for _ in range(2):
        assert (await api.client.post(f"/v1/invited/{ada}/erasure")).status_code == 204

    assert [row["answers"]["why"] for row in await listed(api, survey)] == ["Words-Hkl-10"]
    with owner(owner_url) as connection:
        assert "Words-Hkl-9" not in everything_of(connection, api.organisation.organisation_id)
    invitations = (await api.get("/v1/invitations", params={"survey_id": survey.id})).json()["items"]
    assert {each["state"] for each in invitations} == {"completed"}
    late = await api.client.post(f"/v1/invited/{ada}/submission", json={"answers": {"nps": 3}})
    assert late.json()["code"] == "invitation_ended"
