"""51 to 53: how much is kept of who answers is decided when a survey is published, and can only become less."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from tests.support.api import Api
from tests.support.responses import codes, everything, give, owner, read, recorded, responses_of
from tests.support.surveys import PublishedSurvey, publish, survey_body


async def _by_put(api: Api, survey: PublishedSurvey, mode: str) -> httpx.Response:
    tag = (await api.get(f"/v1/surveys/{survey.id}")).headers["ETag"]
    return await api.put(
        f"/v1/surveys/{survey.id}/confidentiality", {"confidentiality": mode}, headers={"If-Match": tag}
    )


async def _by_draft(api: Api, survey: PublishedSurvey, mode: str) -> httpx.Response:
    await api.post(f"/v1/surveys/{survey.id}/versions")
    tag = (await api.get(f"/v1/surveys/{survey.id}")).headers["ETag"]
    body = survey_body(key=survey.key, confidentiality=mode)
    return await api.put(f"/v1/surveys/{survey.id}", body, headers={"If-Match": tag})


WAYS = [_by_put, _by_draft]
Way = Callable[[Api, PublishedSurvey, str], Awaitable[httpx.Response]]


async def test_51_a_survey_that_was_published_anonymous_keeps_nobody_however_it_is_answered(
    api: Api, owner_url: str
) -> None:
    survey = await publish(api, confidentiality="anonymous")
    who = {"id": "customer-Rty-5", "email": "rty-five@example.org"}

    named = await give(api, survey, respondent=who)
    looser = await give(api, survey, confidentiality="identified", respondent=who)
    plain = await recorded(api, survey, external_id="ticket-Rty-5")

    assert (named.status_code, looser.status_code) == (422, 422)
    assert codes(looser)["/confidentiality"] == "confidentiality_looser"
    assert (await read(api, survey, plain))["external_id"] is None
    with owner(owner_url) as connection:
        stored = everything(connection)
    assert [value for value in (*who.values(), "ticket-Rty-5") if value in stored] == []


async def test_51_the_next_version_keeps_the_promise_of_the_one_before(api: Api) -> None:
    survey = await publish(api, confidentiality="anonymous")
    await api.post(f"/v1/surveys/{survey.id}/versions", status=201)
    await api.post(f"/v1/surveys/{survey.id}/publish", status=200)

    assert (await api.get(f"/v1/surveys/{survey.id}")).json()["confidentiality"] == "anonymous"
    assert (await give(api, survey, respondent={"id": "somebody"})).status_code == 422


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("before", "after"), [("anonymous", "identified"), ("pseudonymous", "identified")])
async def test_52_it_cannot_be_reverted_whichever_way_it_is_tried(api: Api, way: Way, before: str, after: str) -> None:
    survey = await publish(api, confidentiality=before)

    refused = await way(api, survey, after)

    assert (refused.status_code, refused.json()["code"]) == (409, "confidentiality_loosened")
    assert (await api.get(f"/v1/surveys/{survey.id}")).json()["confidentiality"] == before


async def test_52_nor_after_closing_and_opening_again(api: Api) -> None:
    survey = await publish(api, confidentiality="anonymous")
    await api.post(f"/v1/surveys/{survey.id}/close", status=200)
    assert (await _by_put(api, survey, "identified")).status_code == 409
    await api.post(f"/v1/surveys/{survey.id}/versions", status=201)
    await api.post(f"/v1/surveys/{survey.id}/publish", status=200)

    assert (await _by_put(api, survey, "pseudonymous")).status_code == 409


async def test_52_of_an_anonymous_response_there_is_nothing_to_reveal(api: Api) -> None:
    survey = await publish(api)
    given = await recorded(api, survey, confidentiality="anonymous")

    await api.get(f"{responses_of(survey)}/{given}/identity", status=404)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("answered", [False, True])
async def test_53_it_can_be_tightened_at_any_time_and_holds_for_the_next_response(
    api: Api, way: Way, answered: bool
) -> None:
    survey = await publish(api, confidentiality="identified")
    if answered:
        await recorded(api, survey, respondent={"id": "before"})

    assert (await way(api, survey, "anonymous")).status_code == 200

    refused = await give(api, survey, respondent={"id": "after"})
    assert (refused.status_code, refused.json()["code"]) == (422, "identity_not_allowed")
    assert (await way(api, survey, "identified")).status_code == 409


async def test_53_the_respondents_own_choice_holds_where_it_is_stricter(api: Api) -> None:
    survey = await publish(api, confidentiality="identified")

    own = await recorded(api, survey, external_id="ticket-1", confidentiality="anonymous")
    other = await recorded(api, survey, confidentiality="pseudonymous", respondent={"id": "customer-1"})

    assert (await read(api, survey, own))["confidentiality"] == "anonymous"
    assert (await read(api, survey, own))["external_id"] is None
    assert (await read(api, survey, other))["confidentiality"] == "pseudonymous"
    await api.get(f"{responses_of(survey)}/{other}/identity", status=404)
