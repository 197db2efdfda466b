"""What only a real connection can do wrong: bytes that are no HTTP, bodies that never end, callers who leave."""

import asyncio
import json
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx
import pytest

from tests.integration.bad_input.conftest import Unharmed
from tests.support.refusals import refused
from tests.support.seeded import Seeded
from tests.support.serving import Served

MEGABYTE = 2**20
POST = b"POST /v1/surveys HTTP/1.1\r\nHost: x\r\n"
NO_HTTP = {
    "no request at all": b"\x00\xff\x00\xff\r\n\r\n",
    "a NUL in a header": b"GET /livez HTTP/1.1\r\nHost: x\r\nX-A: a\x00b\r\n\r\n",
    "a NUL in the path": b"GET /liv\x00ez HTTP/1.1\r\nHost: x\r\n\r\n",
    "two lengths": POST + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\n{}   ",
    "a length below 0": POST + b"Content-Length: -1\r\n\r\n",
    "a chunk of no size": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
}


@pytest.fixture
async def client(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=served.url, timeout=30) as client:
        yield client


@pytest.fixture(autouse=True)
async def _alive(served: Served, client: httpx.AsyncClient) -> AsyncIterator[None]:
    """The process answers afterwards, and calls nothing a defect of its own."""
    yield
    assert (await client.get("/readyz")).status_code == 200
    assert "unhandled_error" not in served.log.read_text()


def headers_of(seeded: Seeded) -> dict[str, str]:
    return {"Authorization": f"Bearer {seeded.api.organisation.token}", "Content-Type": "application/json"}


@pytest.mark.parametrize("known_length", [True, False])
async def test_ten_megabytes_are_refused_while_they_come(
    known_length: bool, client: httpx.AsyncClient, seeded: Seeded, unharmed: Unharmed
) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b" " * MEGABYTE

    headers = {**headers_of(seeded), **({"Content-Length": str(10 * MEGABYTE)} if known_length else {})}
    async with unharmed():
        answer = await client.post("/v1/surveys", content=chunks(), headers=headers)

        refused(answer, 413, "body_too_large")


@pytest.mark.parametrize("request_bytes", NO_HTTP.values(), ids=list(NO_HTTP))
async def test_what_is_not_http_is_answered_and_hung_up_on(request_bytes: bytes, served: Served) -> None:
    address = urlsplit(served.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(request_bytes)
    await writer.drain()
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()

    status = answer.split(b"\r\n", 1)[0]
    assert status.startswith(b"HTTP/1.1 4") or not status


async def test_a_caller_who_leaves_in_the_middle_leaves_nothing(
    served: Served, seeded: Seeded, unharmed: Unharmed
) -> None:
    address = urlsplit(served.url)
    body = json.dumps({"answers": {"nps": 9}}).encode()
    lines = [f"POST /v1/surveys/{seeded.survey.id}/responses HTTP/1.1", "Host: x", f"Content-Length: {len(body)}"]
    head = "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers_of(seeded).items())])

    async with unharmed():
        for end in (0, 1, len(body) - 1):
            _, writer = await asyncio.open_connection(address.hostname, address.port)
            writer.write(f"{head}\r\n\r\n".encode() + body[:end])
            await writer.drain()
            writer.close()
            await writer.wait_closed()
        await asyncio.sleep(0.2)
