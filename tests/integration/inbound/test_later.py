"""What is genuine and cannot be stored now is answered so that its sender comes back, and is stored then."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import httpx
import psycopg
import pytest
from pydantic import SecretStr

from feedback_api.app import create_app
from feedback_api.settings import ApiSettings, Settings
from feedback_core.kit.settings import DatabaseSettings
from tests.support.api import Api
from tests.support.inbound_senders import SALESFORCE, SENDERS, STANDARD, TWILIO, Sender, TestSource, deliver, new_source
from tests.support.refusals import refused
from tests.support.surveys import PublishedSurvey
from tests.support.waiting import soon


def told_to_come_back(sender: Sender, answer: httpx.Response) -> None:
    if sender.preset == "salesforce_outbound_message":
        assert (answer.status_code, "<Ack>false</Ack>" in answer.text) == (200, True), answer.text
        return
    refused(answer, 503, "come_back_later")
    # Zendesk comes back only for a pause below a minute; Typeform ends at 404 and 410, others at nothing of these.
    assert 0 < int(answer.headers["Retry-After"]) < 60


@asynccontextmanager
async def another_process(settings: Settings, api: ApiSettings) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(Settings(settings.database, settings.secrets, api=api, logs=settings.logs))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        yield client


@contextmanager
def held(owner_url: str) -> Iterator[None]:
    """Nothing can be stored meanwhile."""
    with psycopg.connect(owner_url) as connection:
        connection.execute("LOCK TABLE delivery IN ACCESS EXCLUSIVE MODE")
        yield


async def state_of(api: Api, source: TestSource, state: str) -> None:
    path = f"/v1/sources/{source.id}"
    found = await api.get(path)
    body = {"name": "Changed", "state": state, "options": found.json()["options"]}
    body["signed_url"] = found.json()["signed_url"]
    await api.put(path, body, status=200, headers={"If-Match": found.headers["ETag"]})


async def count(api: Api, source: TestSource) -> int:
    return len((await api.get(f"/v1/sources/{source.id}/deliveries")).json()["items"])


@pytest.mark.parametrize("sender", SENDERS, ids=str)
async def test_a_paused_source_has_its_sender_come_back(sender: Sender, api: Api, survey: PublishedSurvey) -> None:
    source = await new_source(api, survey.id, sender, state="paused")
    body = sender.body(1)

    told_to_come_back(sender, await deliver(api.client, source, sender, body))

    path = sender.path(source, body, secret=sender.other_secret)
    forged = await api.client.post(path, content=body, headers=sender.headers(body, secret=sender.other_secret))
    refused(forged, 401, "webhook_not_verified")
    assert await count(api, source) == 0
    await state_of(api, source, "active")

    async def taken() -> bool:
        return (await deliver(api.client, source, sender, body)).status_code in {200, 202} and bool(
            await count(api, source)
        )

    await soon(taken, seconds=5)


@pytest.mark.parametrize("sender", [STANDARD, SALESFORCE, TWILIO], ids=str)
async def test_a_source_that_delivers_too_much_comes_back_and_no_other_one(
    sender: Sender, api: Api, survey: PublishedSurvey, settings: Settings
) -> None:
    source, other = await new_source(api, survey.id, sender), await new_source(api, survey.id, sender)
    async with another_process(settings, ApiSettings(webhook_requests_per_minute=2)) as client:
        for number in range(2):
            assert (await deliver(client, source, sender, sender.body(number))).status_code < 300
        told_to_come_back(sender, await deliver(client, source, sender, sender.body(3)))
        await deliver(client, other, sender, sender.body(3))

    assert (await count(api, source), await count(api, other)) == (2, 1)


@pytest.mark.parametrize("sender", [STANDARD, SALESFORCE, TWILIO], ids=str)
async def test_what_the_database_cannot_take_comes_back(
    sender: Sender, api: Api, survey: PublishedSurvey, settings: Settings, owner_url: str
) -> None:
    source = await new_source(api, survey.id, sender)
    database = DatabaseSettings(url=settings.database.url, lock_timeout_seconds=0.2)
    slow = Settings(database, settings.secrets, logs=settings.logs)

    async with another_process(slow, ApiSettings()) as client:
        with held(owner_url):
            told_to_come_back(sender, await deliver(client, source, sender, sender.body(1)))
        assert await count(api, source) == 0
        assert (await deliver(client, source, sender, sender.body(1))).status_code == 200
    assert await count(api, source) == 1


async def test_without_a_database_nobody_is_told_that_he_is_unknown(settings: Settings) -> None:
    nowhere = DatabaseSettings(url=SecretStr("postgresql://nobody@127.0.0.1:1/none"))
    async with another_process(Settings(nowhere, settings.secrets, logs=settings.logs), ApiSettings()) as client:
        body = STANDARD.body(1)
        answer = await client.post(f"/v1/inbound/{'A' * 43}", content=body, headers=STANDARD.headers(body))

    refused(answer, 503, "come_back_later")


async def test_more_than_is_kept_in_memory_comes_back_and_loses_nothing(
    api: Api, survey: PublishedSurvey, settings: Settings, owner_url: str
) -> None:
    source = await new_source(api, survey.id, STANDARD)
    bodies = [STANDARD.body(number) for number in range(40)]

    async with another_process(settings, ApiSettings(webhook_queue_size=10)) as client:
        with held(owner_url):
            sent = [asyncio.create_task(deliver(client, source, STANDARD, body)) for body in bodies]
            done, _ = await asyncio.wait(sent, timeout=5, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                told_to_come_back(STANDARD, task.result())
        answers = await asyncio.gather(*sent)
    statuses = [answer.status_code for answer in answers]

    assert set(statuses) == {200, 503}
    assert await count(api, source) == statuses.count(200)
