"""Single responses are written in groups; nobody notices but by the speed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest
from fastapi import FastAPI

from feedback_api.app import create_app
from feedback_api.settings import ApiSettings, Settings
from feedback_core.db.session import Database
from feedback_core.kit.clock import SystemClock
from feedback_core.responses.capture_writer import CaptureWriter
from feedback_core.responses.privacy import Privacy
from feedback_core.responses.types import NewResponse
from feedback_core.responses.use_cases import record_responses, survey_taking_answers
from tests.support.api import Api
from tests.support.imports import client_of
from tests.support.responses import EVERY_TYPE, count, give, owner
from tests.support.surveys import PublishedSurvey, survey_body
from tests.support.waiting import soon


@asynccontextmanager
async def blocked(owner_url: str) -> AsyncIterator[None]:
    """Nobody can write a response, until the block ends."""
    with owner(owner_url) as connection, connection.transaction():
        connection.execute("LOCK TABLE response IN SHARE MODE")
        yield


def capture_of(app: FastAPI) -> CaptureWriter:
    writer: CaptureWriter = app.state.capture
    return writer


async def test_many_at_a_time_are_few_transactions(api: Api, survey: PublishedSurvey, owner_url: str) -> None:
    answers = await asyncio.gather(*(give(api, survey, external_id=f"crm-{number}") for number in range(200)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 200
    with owner(owner_url) as connection:
        row = connection.execute(
            "SELECT count(*), count(DISTINCT recorded_xid) FROM response WHERE survey_id = %s", [survey.id]
        ).fetchone()
    assert row is not None
    assert row[0] == 200
    assert row[1] < 100


async def test_of_the_same_response_many_times_in_one_group_one_is_recorded(api: Api, survey: PublishedSurvey) -> None:
    answers = await asyncio.gather(
        *(give(api, survey, external_id="crm-1") for _ in range(20)),
        *(give(api, survey, external_id="crm-1", answers={"nps": 3}) for _ in range(2)),
    )

    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(201), statuses.count(200), statuses.count(422)) == (1, 19, 2)
    assert len({answer.json()["id"] for answer in answers if answer.status_code < 300}) == 1


async def test_who_must_wait_for_another_transaction_waits_alone(
    api: Api, survey: PublishedSurvey, database: Database, app: FastAPI
) -> None:
    organisation_id, survey_id = api.organisation.organisation_id, UUID(survey.id)
    same = NewResponse({"nps": 9}, external_id="crm-0")
    async with database.tenant(organisation_id) as other:
        taking = await survey_taking_answers(other, organisation_id, survey_id)
        privacy: Privacy = app.state.privacy
        await record_responses(other, organisation_id, taking, [same], privacy=privacy, clock=SystemClock())
        waiting = asyncio.create_task(give(api, survey, external_id="crm-0"))
        others = await asyncio.gather(*(give(api, survey, external_id=f"crm-{number}") for number in range(1, 30)))
        assert not waiting.done()

    assert {answer.status_code for answer in others} == {201}
    assert (await waiting).status_code == 200


async def test_a_new_version_takes_answers_at_once(api: Api, survey: PublishedSurvey) -> None:
    await give(api, survey)
    await api.post(f"/v1/surveys/{survey.id}/versions", status=201)
    read = await api.get(f"/v1/surveys/{survey.id}")
    later = {"key": "later", "type": "nps", "text": "And later?"}
    body = survey_body(key=survey.key, questions=[*EVERY_TYPE, later], confidentiality="identified")
    await api.put(f"/v1/surveys/{survey.id}", body, status=200, headers={"If-Match": read.headers["ETag"]})
    assert (await give(api, survey, answers={"later": 9})).status_code == 422
    await api.post(f"/v1/surveys/{survey.id}/publish", status=200)

    assert (await give(api, survey, answers={"later": 9})).status_code == 201


async def test_a_survey_is_closed_at_once(api: Api, survey: PublishedSurvey) -> None:
    await give(api, survey)
    await api.post(f"/v1/surveys/{survey.id}/close", status=200)

    assert [(await give(api, survey)).json()["code"] for _ in range(2)] == ["survey_closed"] * 2


async def test_when_too_much_waits_it_is_said_and_passes(
    api: Api, survey: PublishedSurvey, settings: Settings, owner_url: str
) -> None:
    small = Settings(settings.database, settings.secrets, api=ApiSettings(capture_queue_rows=10), logs=settings.logs)
    app = create_app(small)
    async with app.router.lifespan_context(app), client_of(app) as client:
        narrow = Api(client, api.organisation)
        async with blocked(owner_url):
            sent = [asyncio.create_task(give(narrow, survey)) for _ in range(30)]
            await soon(lambda: sum(task.done() for task in sent) == 20, seconds=20)
            refused = [task.result() for task in sent if task.done()]
        taken = [await task for task in sent]
        after = await give(narrow, survey)

    assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(503, "capture_queue_full")}
    assert {answer.headers["Retry-After"] for answer in refused} == {"1"}
    assert [answer.status_code for answer in taken].count(201) == 10
    assert after.status_code == 201
    assert capture_of(app).waiting == 0


async def test_whoever_was_let_in_is_written_before_the_process_ends(
    api: Api, survey: PublishedSurvey, settings: Settings, owner_url: str
) -> None:
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        writer = capture_of(app)
        said = [NewResponse({"nps": 9}, external_id=f"crm-{number}") for number in range(20)]
        async with blocked(owner_url):
            taken = [
                asyncio.create_task(writer.record(api.organisation.organisation_id, UUID(survey.id), one))
                for one in said
            ]
            await soon(lambda: writer.waiting == 20, seconds=20)
            closing = asyncio.create_task(writer.close())
    await closing

    assert len({(await task).receipt.id for task in taken}) == 20
    with owner(owner_url) as connection:
        assert count(connection, "response", survey) == 20
    with pytest.raises(Exception, match="about to end"):
        await writer.record(api.organisation.organisation_id, UUID(survey.id), said[0])
