"""Exclude, restore, erase: who and why is kept, what was said never changes, and one decision stands at a time."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from feedback_core.db.session import Database
from feedback_core.kit.clock import SystemClock
from feedback_core.kpis.corrections import recount
from feedback_core.organisations.types import Scope
from feedback_core.responses.use_cases import erase_response
from tests.support.api import Api
from tests.support.organisations import TestOrganisation, new_token
from tests.support.responses import count, decide, everything, give, listed, owner, read, recorded, responses_of
from tests.support.surveys import PublishedSurvey


async def test_an_exclusion_and_its_end_are_kept_with_who_and_why(api: Api, survey: PublishedSurvey) -> None:
    response_id = await recorded(api, survey, answers={"nps": 9, "why": "as said"})
    before = await read(api, survey, response_id)

    excluded = await decide(api, survey, response_id, "exclude")
    meanwhile = await read(api, survey, response_id)
    restored = await decide(api, survey, response_id, "restore")
    after = await read(api, survey, response_id)

    assert (excluded.status_code, restored.status_code) == (200, 200)
    assert meanwhile == {**before, "excluded": True, "exclusions": [excluded.json()]}
    assert after == {**before, "excluded": False, "exclusions": [restored.json()]}
    assert restored.json() == {
        **excluded.json(),
        "restore_reason": "reason to restore",
        "restored_by": "test",
        "restored_at": restored.json()["restored_at"],
    }
    assert (excluded.json()["reason"], excluded.json()["excluded_by"]) == ("reason to exclude", "test")
    assert excluded.json()["restored_at"] is None


async def test_what_is_decided_already_is_a_conflict(api: Api, survey: PublishedSurvey) -> None:
    response_id = await recorded(api, survey)

    answers = [await decide(api, survey, response_id, verb) for verb in ("restore", "exclude", "exclude")]
    again = [await decide(api, survey, response_id, verb) for verb in ("restore", "restore", "exclude")]

    assert [answer.status_code for answer in answers] == [409, 200, 409]
    assert [answer.json().get("code") for answer in answers] == ["not_excluded", None, "already_excluded"]
    assert [answer.status_code for answer in again] == [200, 409, 200]
    assert len((await read(api, survey, response_id))["exclusions"]) == 2


@pytest.mark.parametrize("verb", ["exclude", "restore", "erase"])
@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": " "}, {"reason": "a\0b"}, {"reason": None}, None])
async def test_a_decision_needs_a_reason(api: Api, survey: PublishedSurvey, verb: str, body: Any) -> None:
    response_id = await recorded(api, survey)

    refused = await api.post(f"{responses_of(survey)}/{response_id}/{verb}", body, status=422)

    assert refused.json()["errors"][0]["pointer"] in {"", "/reason"}
    assert (await read(api, survey, response_id))["exclusions"] == []


async def test_a_reason_with_half_a_character_is_refused(api: Api, survey: PublishedSurvey) -> None:
    response_id = await recorded(api, survey)
    path = f"{responses_of(survey)}/{response_id}/exclude"

    headers = {"Content-Type": "application/json"}
    await api.call("POST", path, content=b'{"reason": "\\ud800"}', headers=headers, status=422)


async def test_an_erased_response_is_gone_and_only_its_erasure_is_known(
    api: Api, survey: PublishedSurvey, owner_url: str
) -> None:
    said = {"answers": {"why": "Words-Hjk-3"}, "external_id": "Name-Hjk-3", "respondent": {"id": "Who-Hjk-3"}}
    response_id = await recorded(api, survey, **said)
    await decide(api, survey, response_id, "exclude")

    erased = await decide(api, survey, response_id, "erase")

    assert erased.status_code == 204
    await api.get(f"{responses_of(survey)}/{response_id}", status=404)
    await api.get(f"{responses_of(survey)}/{response_id}/identity", status=404)
    for verb in ("exclude", "restore", "erase"):
        assert (await decide(api, survey, response_id, verb)).status_code == 404
    assert await listed(api, survey) == []
    with owner(owner_url) as connection:
        assert "Hjk-3" not in everything(connection)
        assert [count(connection, table, survey) for table in ("response", "response_exclusion")] == [0, 0]
        identity = connection.execute("SELECT count(*) FROM respondent_identity WHERE response_id = %s", [response_id])
        assert identity.fetchone() == (0,)
        kept = connection.execute(
            "SELECT response_id, reason, erased_by FROM response_erasure WHERE survey_id = %s", [survey.id]
        ).fetchall()
    assert kept == [(UUID(response_id), "reason to erase", "test")]


async def test_a_repeated_decision_with_a_key_gets_its_first_answer(api: Api, survey: PublishedSurvey) -> None:
    response_id = await recorded(api, survey)
    path, headers = f"{responses_of(survey)}/{response_id}/exclude", {"Idempotency-Key": "once"}

    first = await api.post(path, {"reason": "a test entry"}, headers=headers, status=200)
    again = await api.post(path, {"reason": "a test entry"}, headers=headers, status=200)

    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"


async def test_of_many_exclusions_at_once_one_stands(api: Api, survey: PublishedSurvey) -> None:
    response_id = await recorded(api, survey)

    answers = await asyncio.gather(*(decide(api, survey, response_id, "exclude") for _ in range(8)))

    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 7}
    assert len((await read(api, survey, response_id))["exclusions"]) == 1


async def test_decisions_at_once_leave_a_history_that_makes_sense(api: Api, survey: PublishedSurvey) -> None:
    response_id = await recorded(api, survey)

    answers = await asyncio.gather(
        *(decide(api, survey, response_id, verb) for verb in ("exclude", "restore") * 6),
        decide(api, survey, response_id, "erase"),
    )

    assert {answer.status_code for answer in answers[:-1]} <= {200, 404, 409}
    assert answers[-1].status_code == 204
    await api.get(f"{responses_of(survey)}/{response_id}", status=404)


@pytest.mark.parametrize("verb", ["exclude", "restore", "erase"])
async def test_a_decision_that_waits_for_an_erasure_finds_nothing_left(
    api: Api, survey: PublishedSurvey, database: Database, verb: str
) -> None:
    response_id = await recorded(api, survey)
    organisation_id = api.organisation.organisation_id

    async with database.tenant(organisation_id) as session:
        await erase_response(
            session,
            organisation_id,
            UUID(survey.id),
            UUID(response_id),
            reason="first",
            by="test",
            recount=recount,
            clock=SystemClock(),
        )
        waiting = asyncio.create_task(decide(api, survey, response_id, verb))
        await asyncio.sleep(0.3)
        assert not waiting.done()

    assert (await waiting).status_code == 404


async def test_erasing_needs_its_own_scope(api: Api, survey: PublishedSurvey, database: Database) -> None:
    response_id = await recorded(api, survey)
    organisation_id = api.organisation.organisation_id
    token = await new_token(database, organisation_id, [Scope.RESPONSES_WRITE])
    writer = Api(api.client, TestOrganisation(organisation_id, token))

    assert (await decide(writer, survey, response_id, "erase")).status_code == 403
    assert (await decide(writer, survey, response_id, "exclude")).status_code == 200
    await writer.get(responses_of(survey), status=403)


async def test_what_was_said_cannot_be_updated_even_by_the_service(
    api: Api, survey: PublishedSurvey, database: Database
) -> None:
    await give(api, survey)

    for statement in ("UPDATE response SET answers = '{}'", "UPDATE respondent_identity SET ciphertext = ''"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with database.tenant(api.organisation.organisation_id) as session:
                await session.execute(text(statement))
