"""What is kept of who answered: nothing, a code, or the identity apart from the answers and encrypted."""

from typing import Any

import pytest

from feedback_core.db.session import Database
from feedback_core.organisations.types import Scope
from tests.support.api import Api
from tests.support.organisations import TestOrganisation, new_token
from tests.support.responses import (
    MOMENT,
    batch,
    codes,
    count,
    everything,
    give,
    owner,
    read,
    recorded,
    responses_of,
)
from tests.support.surveys import Json, PublishedSurvey, publish

WHO = {"id": "customer-Zyx-81", "name": "Ada Quill", "email": "Ada.Quill@example.com", "phone": "+441632960817"}


def _found(owner_url: str, secrets: list[str]) -> list[str]:
    with owner(owner_url) as connection:
        stored = everything(connection).lower()
    return [secret for secret in secrets if secret.lower() in stored or secret.lower().encode().hex() in stored]


async def test_of_an_anonymous_response_nothing_is_kept_that_identifies(api: Api, owner_url: str) -> None:
    survey = await publish(api, confidentiality="anonymous")
    said: Json = {"submitted_at": MOMENT, "answers": {"nps": 9, "why": "kept-words"}}
    first = await give(api, survey, external_id="invoice-Qw7Zk3Vb9-single", key="attempt-Qw7Zk3Vb9-key", **said)
    many = await batch(api, survey, [{"external_id": "invoice-Qw7Zk3Vb9-batch", **said}])
    refused = await give(api, survey, external_id="invoice-Qw7Zk3Vb9-refused", respondent=WHO, **said)

    assert (first.status_code, many["recorded"], refused.status_code) == (201, 1, 422)
    assert _found(owner_url, ["kept-words"]) == ["kept-words"]
    assert _found(owner_url, ["Qw7Zk3Vb9", "203.0.113.9", *WHO.values()]) == []
    found = await read(api, survey, first.json()["id"])
    assert (found["external_id"], found["respondent_ref"], found["confidentiality"]) == (None, None, "anonymous")
    await api.get(f"{first.headers['Location']}/identity", status=404)


async def test_no_address_and_no_user_agent_is_kept(api: Api, survey: PublishedSurvey, owner_url: str) -> None:
    headers = {"User-Agent": "Browser-Vbn-5", "X-Forwarded-For": "203.0.113.77"}
    await api.post(responses_of(survey), {"answers": {"nps": 9}}, headers=headers, status=201)

    assert _found(owner_url, ["Browser-Vbn-5", "203.0.113.77"]) == []


async def test_an_anonymous_response_is_still_recorded_once(api: Api) -> None:
    survey = await publish(api, confidentiality="anonymous")
    first = await give(api, survey, external_id="crm-1")
    again = await give(api, survey, external_id="crm-1")

    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])


async def test_who_is_named_in_an_anonymous_response_is_refused(api: Api, survey: PublishedSurvey) -> None:
    refused = await give(api, survey, confidentiality="anonymous", respondent={"email": "ada@example.com"})

    assert (refused.status_code, refused.json()["code"]) == (422, "identity_not_allowed")
    assert codes(refused) == {"/respondent": "identity_not_allowed"}


@pytest.mark.parametrize(
    ("promised", "wanted", "status"),
    [
        ("anonymous", "pseudonymous", 422),
        ("anonymous", "identified", 422),
        ("pseudonymous", "identified", 422),
        ("pseudonymous", "anonymous", 201),
        ("identified", "pseudonymous", 201),
        ("identified", "identified", 201),
    ],
)
async def test_a_response_keeps_no_more_than_its_survey_promises(
    api: Api, promised: str, wanted: str, status: int
) -> None:
    survey = await publish(api, confidentiality=promised)
    answer = await give(api, survey, confidentiality=wanted)

    assert answer.status_code == status
    if status == 422:
        assert answer.json()["code"] == "confidentiality_looser"
        assert codes(answer) == {"/confidentiality": "confidentiality_looser"}
    else:
        assert answer.json()["confidentiality"] == wanted


async def test_of_a_pseudonymous_respondent_only_a_code_is_kept(api: Api, owner_url: str) -> None:
    survey = await publish(api, confidentiality="pseudonymous")
    other = await publish(api, confidentiality="pseudonymous")

    async def code(where: PublishedSurvey, **respondent: Any) -> str:
        found = await read(api, where, await recorded(api, where, respondent=respondent))
        return str(found["respondent_ref"])

    by_id = await code(survey, **WHO)
    by_email = await code(survey, email="Ada.Quill@example.com")
    assert by_id == await code(survey, id=WHO["id"])
    assert by_email == await code(survey, email="ada.quill@EXAMPLE.com")
    assert len({by_id, by_email, await code(survey, id="another"), await code(other, id=WHO["id"])}) == 4
    assert _found(owner_url, list(WHO.values())) == []
    with owner(owner_url) as connection:
        kept = connection.execute(
            "SELECT count(*) FROM respondent_identity JOIN response ON id = response_id WHERE survey_id = %s",
            [survey.id],
        ).fetchone()
    assert kept == (0,)


async def test_a_pseudonymous_respondent_needs_something_to_make_a_code_of(api: Api) -> None:
    survey = await publish(api, confidentiality="pseudonymous")

    refused = await give(api, survey, respondent={"name": "Ada", "phone": "1"})

    assert codes(refused) == {"/respondent": "respondent_not_named"}


async def test_an_identity_is_kept_encrypted_and_read_with_its_own_scope(
    api: Api, survey: PublishedSurvey, owner_url: str, database: Database
) -> None:
    one = await recorded(api, survey, respondent=WHO)
    (item,) = (await batch(api, survey, [{"answers": {"nps": 3}, "respondent": {"phone": "+441632960818"}}]))["items"]
    nobody = await recorded(api, survey)
    organisation_id = api.organisation.organisation_id
    token = await new_token(database, organisation_id, [Scope.RESPONSES_READ, Scope.RESPONSES_WRITE])
    reader = Api(api.client, TestOrganisation(organisation_id, token))

    answer = await api.get(f"{responses_of(survey)}/{one}/identity")
    other = await api.get(f"{responses_of(survey)}/{item['id']}/identity")

    assert answer.json() == WHO
    assert other.json() == {"id": None, "name": None, "email": None, "phone": "+441632960818"}
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert _found(owner_url, [*WHO.values(), "+441632960818"]) == []
    await api.get(f"{responses_of(survey)}/{nobody}/identity", status=404)
    await reader.get(f"{responses_of(survey)}/{one}/identity", status=403)
    assert "Quill" not in (await reader.get(f"{responses_of(survey)}/{one}")).text


async def test_an_identity_is_kept_once(api: Api, survey: PublishedSurvey, owner_url: str) -> None:
    for _ in range(2):
        await give(api, survey, external_id="crm-1", respondent=WHO)

    with owner(owner_url) as connection:
        assert count(connection, "response", survey) == 1
        kept = connection.execute(
            "SELECT count(*) FROM respondent_identity JOIN response ON id = response_id WHERE survey_id = %s",
            [survey.id],
        ).fetchone()
    assert kept == (1,)
