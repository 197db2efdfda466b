"""6: duplicates that nobody can explain."""

from uuid import uuid4

from feedback_core.db.session import Database
from feedback_core.organisations.types import Scope
from tests.support.api import Api
from tests.support.open_responses import begin, from_page, submission_key
from tests.support.organisations import TestOrganisation, new_token
from tests.support.responses import batch, everything, give, listed, owner, read
from tests.support.surveys import publish


async def test_06_each_response_says_with_which_key_and_in_which_request_it_came(api: Api, database: Database) -> None:
    survey = await publish(api)
    organisation_id = api.organisation.organisation_id
    other = Api(
        api.client,
        TestOrganisation(organisation_id, await new_token(database, organisation_id, [Scope.RESPONSES_WRITE])),
    )
    answers = {"answers": {"nps": 9}}
    first = await give(api, survey)
    second = await other.post(
        f"/v1/surveys/{survey.id}/responses", answers, headers={"X-Request-ID": "retry-of-a-form"}
    )
    page = await from_page(
        api, "POST", f"/v1/surveys/{survey.id}/submissions", await submission_key(api, survey), answers
    )
    submitted = await (await begin(api, survey, **answers)).submit()
    await batch(api, survey, [answers])

    rows = await listed(api, survey)

    keys = {row["id"]: row["name"] for row in (await api.get("/v1/api-keys")).json()["items"]}
    assert [row["request_id"] for row in rows[:4]] == [
        answer.headers["x-request-id"] for answer in (first, second, page, submitted)
    ]
    assert rows[1]["request_id"] == "retry-of-a-form"
    assert rows[0]["sent_by"] == rows[3]["sent_by"] == rows[4]["sent_by"] != rows[1]["sent_by"]
    assert {rows[0]["sent_by"], rows[1]["sent_by"]} <= set(keys)
    (key,) = (await api.get(f"/v1/surveys/{survey.id}/submission-keys")).json()["items"]
    assert rows[2]["sent_by"] == key["id"]
    assert (await read(api, survey, rows[0]["id"]))["request_id"] == first.headers["x-request-id"]


async def test_06_of_an_anonymous_one_no_request_is_kept_that_logs_could_tell_of(api: Api, owner_url: str) -> None:
    survey = await publish(api, confidentiality="anonymous")
    request_id = f"marker-{uuid4()}"

    await api.post(
        f"/v1/surveys/{survey.id}/responses", {"answers": {"nps": 9}}, headers={"X-Request-ID": request_id}, status=201
    )

    (row,) = await listed(api, survey)
    assert (row["request_id"], row["sent_by"] is None) == (None, False)
    with owner(owner_url) as connection:
        assert request_id not in everything(connection)
