"""Every preset: what its sender signs is stored once; everything else is refused and leaves nothing but a count."""

import asyncio
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import text

from feedback_core.db.session import Database
from feedback_core.inbound.types import Preset
from tests.support.api import Api
from tests.support.inbound_senders import LONG_AGO, SENDERS, Sender, TestSource, deliver, new_source
from tests.support.refusals import refused
from tests.support.signing import Headers
from tests.support.surveys import PublishedSurvey

TRACES = text(
    "SELECT (SELECT count(*) FROM delivery) + (SELECT count(*) FROM delivery_item)"
    " + (SELECT count(*) FROM job) + (SELECT count(*) FROM response)"
)

Forge = Callable[[Sender, bytes], tuple[bytes, Headers]]


def altered(sender: Sender, body: bytes) -> tuple[bytes, Headers]:
    return body.replace(b"9", b"8", 1) if b"9" in body else body + b" ", sender.headers(body)


def without_signature(sender: Sender, body: bytes) -> tuple[bytes, Headers]:
    return body, {name: value for name, value in sender.headers(body).items() if name != sender.signature}


def with_signature(*values: str) -> Forge:
    def forge(sender: Sender, body: bytes) -> tuple[bytes, Headers]:
        assert sender.signature
        return body, {**sender.headers(body), sender.signature: values[0]}

    return forge


FORGED: dict[str, Forge] = {
    "without its header": without_signature,
    **{
        f"with the header {garbage[:20]!r}": with_signature(garbage)
        for garbage in (
            "garbage",
            "v1,x,y",
            "v1,a",
            "",
            "=",
            ",,,",
            "sha256=",
            "t=x,v1=",
            "é",
            "v1," * 2_000,
            "Basic é",
        )
    },
}


async def traces(api: Api, database: Database) -> int:
    async with database.tenant(api.organisation.organisation_id) as session:
        return int((await session.execute(TRACES)).scalar_one())


async def refusals(api: Api, source: TestSource) -> dict[str, int]:
    counts = (await api.get(f"/v1/sources/{source.id}")).json()["refusals"]
    return {count["reason"]: count["times"] for count in counts}


def test_every_preset_has_a_sender() -> None:
    assert {sender.preset for sender in SENDERS} == {preset.value for preset in Preset}


@pytest.mark.parametrize("sender", SENDERS, ids=str)
async def test_what_is_signed_is_stored_as_it_came(sender: Sender, api: Api, survey: PublishedSurvey) -> None:
    source = await new_source(api, survey.id, sender)
    body = sender.body(1)

    answer = await deliver(api.client, source, sender, body)

    assert answer.status_code == (202 if sender.preset == "github" else 200), answer.text
    (stored,) = (await api.get(f"/v1/sources/{source.id}/deliveries")).json()["items"]
    assert stored["preset"] == sender.preset
    assert stored["secret_id"] == source.secret_id
    assert stored["body_sha256"] == hashlib.sha256(body).hexdigest()
    assert stored["content_type"] == sender.content_type
    kept = (await api.get(f"/v1/sources/{source.id}/deliveries/{stored['id']}/body")).json()
    if sender.preset != "salesforce_outbound_message":
        assert kept["text"] == body.decode()
    assert sender.secret not in str(stored)
    assert (sender.signature or "signature").lower() not in {name.lower() for name in stored["headers"]}


@pytest.mark.parametrize("sender", SENDERS, ids=str)
async def test_a_repetition_is_answered_alike_and_counted(
    sender: Sender, api: Api, survey: PublishedSurvey, database: Database
) -> None:
    source = await new_source(api, survey.id, sender)
    first = await deliver(api.client, source, sender, sender.body(1))
    before = await traces(api, database)

    at = datetime.now(UTC) + timedelta(seconds=60)
    again = await deliver(api.client, source, sender, sender.body(1), sender.headers(sender.body(1), at=at))

    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert await traces(api, database) == before
    (stored,) = (await api.get(f"/v1/sources/{source.id}/deliveries")).json()["items"]
    assert stored["repeats"] == 1
    await deliver(api.client, source, sender, sender.body(2))
    assert len((await api.get(f"/v1/sources/{source.id}/deliveries")).json()["items"]) == 2


@pytest.mark.parametrize("sender", SENDERS, ids=str)
async def test_what_comes_at_the_same_time_is_stored_once(sender: Sender, api: Api, survey: PublishedSurvey) -> None:
    source = await new_source(api, survey.id, sender)
    bodies = [sender.body(number % 4) for number in range(20)]

    answers = await asyncio.gather(*(deliver(api.client, source, sender, body) for body in bodies))

    assert {answer.status_code for answer in answers} <= {200, 202}
    stored = (await api.get(f"/v1/sources/{source.id}/deliveries")).json()["items"]
    assert len(stored) == 4
    assert sum(delivery["repeats"] for delivery in stored) == 16


@pytest.mark.parametrize("sender", SENDERS, ids=str)
async def test_a_wrong_secret_is_refused(sender: Sender, api: Api, survey: PublishedSurvey, database: Database) -> None:
    source = await new_source(api, survey.id, sender)
    body = sender.body(1)
    path = sender.path(source, body, secret=sender.other_secret)

    answer = await api.client.post(path, content=body, headers=sender.headers(body, secret=sender.other_secret))

    refused(answer, 401, "webhook_not_verified")
    assert await traces(api, database) == 0
    assert sum((await refusals(api, source)).values()) == 1


@pytest.mark.parametrize("sender", [s for s in SENDERS if s.timed], ids=str)
async def test_an_old_signature_and_one_of_tomorrow_are_refused(
    sender: Sender, api: Api, survey: PublishedSurvey, database: Database
) -> None:
    source = await new_source(api, survey.id, sender)
    body, now = sender.body(1), datetime.now(UTC)

    for at in (now - LONG_AGO, now + LONG_AGO + timedelta(seconds=30)):
        refused(
            await deliver(api.client, source, sender, body, sender.headers(body, at=at)), 401, "webhook_not_verified"
        )

    assert await traces(api, database) == 0
    assert await refusals(api, source) == {"too_old": 1, "too_new": 1}


@pytest.mark.parametrize("sender", [s for s in SENDERS if s.covers_body], ids=str)
async def test_an_altered_byte_is_refused(
    sender: Sender, api: Api, survey: PublishedSurvey, database: Database
) -> None:
    source = await new_source(api, survey.id, sender)
    body = sender.body(1)
    other, headers = altered(sender, body)

    answer = await api.client.post(sender.path(source, body), content=other, headers=headers)

    refused(answer, 401, "webhook_not_verified")
    assert await traces(api, database) == 0
    assert await refusals(api, source) == {"signature_wrong": 1}


@pytest.mark.parametrize("sender", [s for s in SENDERS if s.signature], ids=str)
async def test_a_missing_or_senseless_header_is_refused(
    sender: Sender, api: Api, survey: PublishedSurvey, database: Database
) -> None:
    source = await new_source(api, survey.id, sender)
    for forge in FORGED.values():
        body, headers = forge(sender, sender.body(1))
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        answer = await api.client.post(sender.path(source, body), content=body, headers=raw)
        refused(answer, 401, "webhook_not_verified")

    assert await traces(api, database) == 0
    assert sum((await refusals(api, source)).values()) == len(FORGED)


@pytest.mark.parametrize("sender", [s for s in SENDERS if s.signature], ids=str)
async def test_a_header_that_comes_twice_is_refused(
    sender: Sender, api: Api, survey: PublishedSurvey, database: Database
) -> None:
    source = await new_source(api, survey.id, sender)
    body = sender.body(1)
    headers = [*sender.headers(body).items()]
    twice = [*headers, *(pair for pair in headers if pair[0] == sender.signature)]

    answer = await api.client.post(sender.path(source, body), content=body, headers=twice)

    refused(answer, 401, "webhook_not_verified")
    assert await traces(api, database) == 0
    assert await refusals(api, source) == {"header_repeated": 1}


@pytest.mark.parametrize("sender", SENDERS, ids=str)
async def test_bytes_that_are_no_text_are_refused_even_if_signed(
    sender: Sender, api: Api, survey: PublishedSurvey, database: Database
) -> None:
    source = await new_source(api, survey.id, sender)
    for body in (b'{"id": "\xff\xfe"}', b"\x80", bytes(range(256))):
        refused(await deliver(api.client, source, sender, body), 401, "webhook_not_verified")

    assert await traces(api, database) == 0
    assert sum((await refusals(api, source)).values()) == 3


@pytest.mark.parametrize("sender", SENDERS, ids=str)
async def test_an_empty_body_is_refused(sender: Sender, api: Api, survey: PublishedSurvey, database: Database) -> None:
    source = await new_source(api, survey.id, sender)

    refused(await deliver(api.client, source, sender, b""), 401, "webhook_not_verified")

    assert await traces(api, database) == 0
    assert await refusals(api, source) == {"body_empty": 1}


@pytest.mark.parametrize("sender", SENDERS, ids=str)
async def test_another_source_of_the_preset_does_not_believe_it(
    sender: Sender, api: Api, survey: PublishedSurvey, database: Database
) -> None:
    await new_source(api, survey.id, sender)
    body = {"name": "Without a secret", "preset": sender.preset, "survey_id": survey.id, **sender.settings}
    made = (await api.post("/v1/sources", body, status=201)).json()
    other = TestSource(made["id"], made["inbound_url"], "")

    refused(await deliver(api.client, other, sender, sender.body(1)), 401, "webhook_not_verified")

    assert await refusals(api, other) == {"no_secret": 1}


async def answered(client: httpx.AsyncClient, path: str) -> httpx.Response:
    return await client.post(path, content=b"{}", headers={"Content-Type": "application/json"})


@pytest.mark.parametrize("token", ["x", "A" * 43, "é" * 43, "A" * 5_000, "%00", "01890a5d-ac96-774b-bcce-b302099a8057"])
async def test_an_address_of_nothing_is_answered_like_a_wrong_signature(token: str, api: Api) -> None:
    refused(await answered(api.client, f"/v1/inbound/{token}"), 401, "webhook_not_verified")
    refused(await answered(api.client, f"/v1/inbound/{token}/secret"), 401, "webhook_not_verified")


@pytest.mark.parametrize("sender", [s for s in SENDERS if s.signature], ids=str)
async def test_nothing_may_follow_the_address_of_who_signs(sender: Sender, api: Api, survey: PublishedSurvey) -> None:
    source = await new_source(api, survey.id, sender)
    body = sender.body(1)

    answer = await api.client.post(f"{source.path}/more", content=body, headers=sender.headers(body))

    refused(answer, 401, "webhook_not_verified")


async def test_whoever_asks_is_told_that_something_listens(api: Api, survey: PublishedSurvey) -> None:
    source = await new_source(api, survey.id, SENDERS[0])
    assert (await api.client.head(source.path)).status_code == 200
