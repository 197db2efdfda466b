"""What is too large, too slow, too deep or disguised is refused within bounds, and never by an error of ours."""

import asyncio
import gzip
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest

from feedback_api.app import create_app
from feedback_api.settings import ApiSettings, Settings
from tests.support.api import Api
from tests.support.inbound_senders import (
    HUBSPOT_V3,
    SALESFORCE,
    STANDARD,
    TYPEFORM,
    ZENDESK,
    Sender,
    TestSource,
    deliver,
    new_source,
)
from tests.support.refusals import refused
from tests.support.signing import ORGANISATION, hubspot_event, salesforce_message
from tests.support.surveys import PublishedSurvey

LIMIT = 2**20
QUICKLY = 5.0

BILLION_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><lolz>&i;</lolz>"
).encode()
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>'
QUADRATIC = b'<!DOCTYPE x [<!ENTITY a "' + b"a" * 50_000 + b'">]><x>' + b"&a;" * 50_000 + b"</x>"
XML = {
    "a billion laughs": BILLION_LAUGHS,
    "a file of the server": OUTSIDE,
    "quadratic growth": QUADRATIC,
    "200,000 levels": b"<a>" * 200_000,
    "100,000 closed levels": b"<a>" * 100_000 + b"</a>" * 100_000,
    "another encoding": b'<?xml version="1.0" encoding="utf-16"?><x/>',
    "an encoding that nobody knows": b'<?xml version="1.0" encoding="nonsense"?><x/>',
    "another document": b"<x/>",
    "no XML": b"{}",
    "a stray NUL": b"<x>\x00</x>",
    "no notifications": salesforce_message(),
    "a document type around a message": b"<!DOCTYPE x>" + salesforce_message(1).partition(b"?>")[2],
}


async def only(api: Api, source: TestSource) -> dict[str, Any]:
    (stored,) = (await api.get(f"/v1/sources/{source.id}/deliveries")).json()["items"]
    return dict(stored)


async def count(api: Api, source: TestSource) -> int:
    return len((await api.get(f"/v1/sources/{source.id}/deliveries")).json()["items"])


@asynccontextmanager
async def another_process(settings: Settings, **limits: Any) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(Settings(settings.database, settings.secrets, api=ApiSettings(**limits), logs=settings.logs))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        yield client


async def test_a_body_over_the_limit_is_refused_declared_or_not(api: Api, survey: PublishedSurvey) -> None:
    source = await new_source(api, survey.id, STANDARD)
    body = json.dumps({"text": "a" * LIMIT}).encode()

    async def chunked() -> AsyncIterator[bytes]:
        for at in range(0, len(body), 2**16):
            yield body[at : at + 2**16]

    refused(await deliver(api.client, source, STANDARD, body), 413, "body_too_large")
    answer = await api.client.post(source.path, content=chunked(), headers=STANDARD.headers(body))
    refused(answer, 413, "body_too_large")
    assert await count(api, source) == 0


async def test_a_body_that_just_fits_is_taken(api: Api, survey: PublishedSurvey) -> None:
    source = await new_source(api, survey.id, STANDARD)
    body = b'{"text": "' + b"a" * (LIMIT - 12) + b'"}'

    assert len(body) == LIMIT
    assert (await deliver(api.client, source, STANDARD, body)).status_code == 200
    assert (await only(api, source))["body_size"] == LIMIT


async def test_a_body_that_never_ends_is_given_up(api: Api, survey: PublishedSurvey, settings: Settings) -> None:
    source = await new_source(api, survey.id, STANDARD)

    async def endless() -> AsyncIterator[bytes]:
        yield b'{"text": "'
        await asyncio.Event().wait()

    async with another_process(settings, webhook_read_seconds=0.2) as client:
        answer = await client.post(source.path, content=endless(), headers=STANDARD.headers(b"{}"))

    refused(answer, 408, "body_too_slow")
    assert answer.headers["Connection"] == "close"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "identity, gzip", "GZIP"])
async def test_a_compressed_body_is_refused_unread(encoding: str, api: Api, survey: PublishedSurvey) -> None:
    source = await new_source(api, survey.id, STANDARD)
    body = gzip.compress(b"\x00" * 10_000_000)
    headers = {**STANDARD.headers(body), "Content-Encoding": encoding}

    answer = await api.client.post(source.path, content=body, headers=headers)

    refused(answer, 415, "unsupported_media_type")
    assert await count(api, source) == 0


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000 + b"]" * 100_000,
        b'{"id":' * 100_000 + b"1" + b"}" * 100_000,
        b'[{"a":' + b"[" * 900 + b"]" * 900 + b"}]",
        b'{"id": ' + b"9" * 100_000 + b"}",
        b'{"id": NaN, "time": 1e999}',
        b"no JSON at all",
        b'{"id": "a", "id": "b"}',
    ],
    ids=["lists", "objects", "read but not written", "digits", "no numbers", "text", "twice"],
)
@pytest.mark.parametrize("sender", [ZENDESK, TYPEFORM, HUBSPOT_V3, STANDARD], ids=str)
async def test_signed_nonsense_is_kept_and_never_an_error(
    sender: Sender, body: bytes, api: Api, survey: PublishedSurvey
) -> None:
    source = await new_source(api, survey.id, sender)

    for _ in range(2):
        assert (await deliver(api.client, source, sender, body)).status_code == 200

    stored = await only(api, source)
    assert (stored["repeats"], stored["body_size"]) == (1, len(body))


@pytest.mark.parametrize("identifier", ["a\x00b", "\ud800", "a" * 100_000, "\u202egnp.exe", "line\nbreak", ""])
async def test_an_id_that_cannot_be_stored_stands_by_its_digest(
    identifier: str, api: Api, survey: PublishedSurvey
) -> None:
    source = await new_source(api, survey.id, ZENDESK)
    bodies = [json.dumps({"id": identifier, "time": "2026-03-01T10:00:00Z", "n": n}).encode() for n in range(2)]

    for body in bodies:
        assert (await deliver(api.client, source, ZENDESK, body)).status_code == 200

    found = (await api.get(f"/v1/sources/{source.id}/deliveries")).json()["items"]
    assert all(stored["dedupe_id"].startswith("sha256:") for stored in found)
    # An empty id is none: then the bodies are told apart.
    assert len(found) == (1 if identifier else 2)


@pytest.mark.parametrize("how", XML)
async def test_xml_that_would_expand_or_mislead_is_refused(how: str, api: Api, survey: PublishedSurvey) -> None:
    source = await new_source(api, survey.id, SALESFORCE)
    began = time.monotonic()

    refused(await deliver(api.client, source, SALESFORCE, XML[how]), 401, "webhook_not_verified")

    assert time.monotonic() - began < QUICKLY
    assert await count(api, source) == 0
    (told,) = (await api.get(f"/v1/sources/{source.id}")).json()["refusals"]
    assert told["reason"] == "body_malformed"


async def test_another_salesforce_organisation_is_refused(api: Api, survey: PublishedSurvey) -> None:
    source = await new_source(api, survey.id, SALESFORCE)
    other = salesforce_message(1, organisation="00D000000000002AAA")

    refused(await deliver(api.client, source, SALESFORCE, other), 401, "webhook_not_verified")

    short = salesforce_message(1, organisation=ORGANISATION[:15])
    assert (await deliver(api.client, source, SALESFORCE, short)).status_code == 200


async def test_what_opens_the_senders_organisation_is_not_kept(api: Api, survey: PublishedSurvey) -> None:
    source = await new_source(api, survey.id, SALESFORCE)
    body = SALESFORCE.body(1)
    await deliver(api.client, source, SALESFORCE, body)

    stored = await only(api, source)
    kept = (await api.get(f"/v1/sources/{source.id}/deliveries/{stored['id']}/body")).json()["text"]

    assert b"a-session-that-opens" in body
    assert kept == body.decode().replace("00D!a-session-that-opens-everything", "")


async def test_the_order_and_the_attempts_of_hubspots_events_change_nothing(api: Api, survey: PublishedSurvey) -> None:
    source = await new_source(api, survey.id, HUBSPOT_V3)
    first = json.dumps([hubspot_event(1), hubspot_event(2)]).encode()
    again = json.dumps([hubspot_event(2, attemptNumber=3), hubspot_event(1, attemptNumber=3)]).encode()
    other = json.dumps([hubspot_event(1), hubspot_event(3)]).encode()

    for body in (first, again, other):
        assert (await deliver(api.client, source, HUBSPOT_V3, body)).status_code == 200

    assert await count(api, source) == 2


async def test_a_query_that_came_is_part_of_what_must_be_signed(api: Api, survey: PublishedSurvey) -> None:
    source = await new_source(api, survey.id, HUBSPOT_V3)
    body = HUBSPOT_V3.body(1)

    answer = await api.client.post(f"{source.path}?x=1", content=body, headers=HUBSPOT_V3.headers(body))

    refused(answer, 401, "webhook_not_verified")


async def test_where_it_was_sent_to_is_not_believed_from_its_headers(api: Api, survey: PublishedSurvey) -> None:
    sender = replace(HUBSPOT_V3, settings={"signed_url": "https://other.example.org/hooks"})
    source = await new_source(api, survey.id, sender)
    body = HUBSPOT_V3.body(1)
    forged = {"Host": "feedback.example.org", "X-Forwarded-Host": "feedback.example.org", "X-Forwarded-Proto": "https"}

    answer = await deliver(api.client, source, sender, body, {**HUBSPOT_V3.headers(body), **forged})

    refused(answer, 401, "webhook_not_verified")
