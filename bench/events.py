"""Events to twenty webhooks, one of which hangs: how late the others are told.

Each event goes to every webhook: ten thousand events are two hundred thousand deliveries, of which those to the
nineteen that answer are counted. Events happen over time, at a rate that two cores can deliver at beside everything
else that runs here; a delay is from when an event happened, before its commit, to when a receiver has it.
"""

import asyncio
import json
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from bench.report import Measured
from bench.world import World
from feedback_core.db.session import Database
from feedback_core.events.types import Event, EventKind
from feedback_core.events.use_cases import record_events
from feedback_core.kit.clock import SystemClock
from feedback_core.kit.settings import DatabaseSettings

WEBHOOKS = 20
EVENTS_PER_SECOND = 40
"""That are 800 deliveries a second, by a worker that shares two cores with PostgreSQL and the receivers."""

AT_ONCE = 4
LATE_SECONDS = 5.0
PATIENCE_SECONDS = 120.0
_TAKEN = b"HTTP/1.1 204 No Content\r\n\r\n"


@dataclass(slots=True)
class _Receivers:
    """All receivers on one port, told apart by their paths; the one at /0 never answers."""

    delays: list[float] = field(default_factory=list)
    told: set[tuple[str, str]] = field(default_factory=set)
    hanging: int = 0
    expected: int = 0
    all_told: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take requests of one connection."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
                content = await reader.readexactly(
                    int(next(v for k, v in fields.items() if k.lower() == "content-length"))
                )
                path = head.split(" ", 2)[1]
                if path == "/0":
                    self.hanging += 1
                    with suppress(asyncio.CancelledError):
                        await reader.read()
                    return
                self._take(path, json.loads(content))
                writer.write(_TAKEN)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            return
        finally:
            writer.close()

    def _take(self, path: str, told: dict[str, str]) -> None:
        if (path, told["id"]) not in self.told:
            self.told.add((path, told["id"]))
            if len(self.told) == self.expected:
                self.all_told.set()
            self.delays.append((datetime.now(UTC) - datetime.fromisoformat(told["timestamp"])).total_seconds())


def delays(world: World, n: int) -> list[Measured]:
    """From when an event happened to when each receiver but the hanging one had it."""
    return asyncio.run(_delays(world, n))


async def _delays(world: World, n: int) -> list[Measured]:
    receivers = _Receivers(expected=n * (WEBHOOKS - 1))
    server = await asyncio.start_server(receivers.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    hooked = await asyncio.to_thread(partial(_webhooks, world, port))
    database = Database(DatabaseSettings(url=world.stack.service_environment["DATABASE_URL"]))
    begun = time.perf_counter()
    try:
        for first in range(0, n, AT_ONCE):
            subjects = [f"bench-{number}" for number in range(first, min(first + AT_ONCE, n))]
            async with database.tenant(world.organisation_id) as session:
                events = [Event(EventKind.ACTION_CHANGED, subject) for subject in subjects]
                await record_events(session, world.organisation_id, events, clock=SystemClock())
            await asyncio.sleep(begun + (first + AT_ONCE) / EVENTS_PER_SECOND - time.perf_counter())
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                await receivers.all_told.wait()
    finally:
        await database.dispose()
        server.close()
        await asyncio.to_thread(partial(_retire, world, hooked))
    assert receivers.hanging, "nothing was sent to the receiver that hangs"
    late = sorted(receivers.delays)
    reached = len(late) / (n * (WEBHOOKS - 1))
    return [
        Measured("events that reached nineteen webhooks beside a hanging one", "share", reached, None, 1.0),
        Measured("99 % of them within", "s", late[int(0.99 * len(late))], None, LATE_SECONDS, at_least=False),
    ]


def _webhooks(world: World, port: int) -> list[str]:
    made = []
    with world.client() as client:
        for number in range(WEBHOOKS):
            body = {"url": f"http://127.0.0.1:{port}/{number}", "events": ["action.changed"]}
            made.append(client.post("/v1/webhooks", json=body).raise_for_status().json()["id"])
            client.post(f"/v1/webhooks/{made[-1]}/secrets", json={}).raise_for_status()
    return made


def _retire(world: World, hooked: list[str]) -> None:
    with world.client() as client:
        for webhook_id in hooked:
            client.post(f"/v1/webhooks/{webhook_id}/retire").raise_for_status()
