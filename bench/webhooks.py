"""Acknowledged webhooks against the same app's no-op POST: verified, stored sealed with their job, durable."""

import asyncio
import base64
import hashlib
import hmac
import json
import time

from bench.capture import CONNECTIONS
from bench.load import Load, drive, request
from bench.report import Measured
from bench.world import World, body

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
REPEATED = 10
"""One of so many deliveries came before."""

WITHIN_SECONDS = 0.5
"""Intercom lowers the priority of who answers later; every other sender waits longer."""


def acknowledgements(world: World, n: int) -> list[Measured]:
    """Standard Webhooks of new events, a tenth of them repeated, over as many connections as single responses."""
    survey = world.survey("bench-webhooks")
    with world.client() as client:
        made = client.post(
            "/v1/sources", json={"name": "Bench", "preset": "standard", "survey_id": str(survey)}
        ).raise_for_status()
        source = made.json()
        client.post(f"/v1/sources/{source['id']}/secrets", json={"secret": SECRET}).raise_for_status()
    noop_path, bodies = f"/v1/surveys/{survey}/nothing", [body(number) for number in range(n)]

    async def run(payloads: list[bytes], status: int) -> Load:
        load = await drive(
            world.port, lambda number: payloads[number], requests=n, connections=CONNECTIONS, status=status
        )
        assert not load.failures, f"{load.failures} requests failed"
        return load

    noops = [request("POST", noop_path, world.key, content) for content in bodies]
    asyncio.run(run(noops, 201))
    limit = asyncio.run(run(noops, 201))
    asyncio.run(run(_deliveries(source["inbound_url"], n, "warm"), 200))
    reached = asyncio.run(run(_deliveries(source["inbound_url"], n, "bench"), 200))
    return [
        Measured("acknowledged webhooks against the no-op POST", "/s", reached.per_second, limit.per_second, 0.4),
        Measured(
            "99 % of webhooks acknowledged within", "s", reached.quantile(0.99), None, WITHIN_SECONDS, at_least=False
        ),
    ]


def _deliveries(path: str, n: int, name: str) -> list[bytes]:
    key, timestamp = base64.b64decode(SECRET.removeprefix("whsec_")), str(int(time.time()))
    return [_delivery(path, key, timestamp, f"{name}_{number - number // REPEATED}") for number in range(n)]


def _delivery(path: str, key: bytes, timestamp: str, identifier: str) -> bytes:
    event = {"type": "survey.answered", "timestamp": "2026-03-01T10:00:00Z", "data": {"id": identifier, "nps": 9}}
    content = json.dumps(event).encode()
    mac = hmac.digest(key, f"{identifier}.{timestamp}.".encode() + content, hashlib.sha256)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n"
        f"webhook-id: {identifier}\r\nwebhook-timestamp: {timestamp}\r\n"
        f"webhook-signature: v1,{base64.b64encode(mac).decode()}\r\n\r\n"
    )
    return head.encode() + content
