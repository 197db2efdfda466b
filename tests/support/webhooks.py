"""Webhooks of a test's organisation, and a courier whose time the test sets."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from feedback_core.db.session import Database
from feedback_core.events.types import Event, EventKind
from feedback_core.events.use_cases import record_events
from feedback_core.kit.clock import FixedClock, SystemClock
from feedback_core.kit.settings import SecretSettings, WebhookSettings
from feedback_worker.courier import Courier
from tests.support.api import Api
from tests.support.receivers import TestReceiver
from tests.support.waiting import soon


@dataclass(frozen=True, slots=True)
class TestWebhook:
    """A webhook and the secret that its receiver knows."""

    __test__ = False

    api: Api
    id: str
    secret: str

    @property
    def path(self) -> str:
        """Where it is."""
        return f"/v1/webhooks/{self.id}"

    async def shown(self) -> dict[str, Any]:
        """It as it stands."""
        found: dict[str, Any] = (await self.api.get(self.path)).json()
        return found

    async def change(self, **changes: Any) -> dict[str, Any]:
        """Change settings of it."""
        answer = await self.api.get(self.path)
        names = ("url", "description", "events", "format", "state")
        body = {name: answer.json()[name] for name in names} | changes
        changed = await self.api.put(self.path, body, headers={"If-Match": answer.headers["etag"]}, status=200)
        document: dict[str, Any] = changed.json()
        return document

    async def deliveries(self, **filters: Any) -> list[dict[str, Any]]:
        """What became of what it was told, the latest first."""
        found: list[dict[str, Any]] = (await self.api.get(f"{self.path}/deliveries", params=filters)).json()["items"]
        return found

    async def delivery(self, event_id: str) -> dict[str, Any]:
        """What became of one event."""
        found: dict[str, Any] = (await self.api.get(f"{self.path}/deliveries/{event_id}")).json()
        return found


async def new_webhook(api: Api, receiver: TestReceiver, events: Sequence[str] = (), **settings: Any) -> TestWebhook:
    """A webhook that a receiver is told by."""
    body = {"url": receiver.url, "events": list(events), **settings}
    made = (await api.post("/v1/webhooks", body, status=201)).json()
    added = (await api.post(f"/v1/webhooks/{made['id']}/secrets", {}, status=201)).json()
    return TestWebhook(api, made["id"], added["secret"])


@dataclass(slots=True)
class CourierBench:
    """A courier at a time that the test sets.

    Attributes:
        clock: stands still until the test moves it.
    """

    database: Database
    clock: FixedClock
    settings: WebhookSettings

    def courier(self) -> Courier:
        """A courier as a worker has it."""
        return Courier(self.database, self.clock, SecretSettings(), self.settings)

    async def drain(self) -> int:
        """Deliver what is due, as soon as every transaction that others hold open has ended."""
        return await self.courier().drain()

    async def end_amid(self, when: Callable[[], bool]) -> None:
        """Deliver until that is so, and end as a process that is killed; what it had claimed is free again by then."""
        courier = self.courier()
        ended = asyncio.create_task(courier.drain())
        await soon(lambda: when() or ended.done(), seconds=60, pause=0)
        ended.cancel()
        await asyncio.gather(ended, return_exceptions=True)
        # A thread that was sending has nobody to tell; what it sends is sent.
        await asyncio.to_thread(courier._threads.shutdown)
        self.wait(minutes=1)

    async def record(self, api: Api, *subjects: str, kind: EventKind = EventKind.ACTION_CHANGED, **data: Any) -> None:
        """Record an event of each subject, and wait until the feed has them."""
        organisation_id = api.organisation.organisation_id
        events = [Event(kind, subject, {"n": n, **data}) for n, subject in enumerate(subjects)]
        before = await told(api)
        async with self.database.tenant(organisation_id) as session:
            await record_events(session, organisation_id, events, clock=self.clock)

        async def there() -> bool:
            return await told(api) == before + len(subjects)

        await soon(there, seconds=20)

    def wait(self, **duration: float) -> None:
        """Let time pass."""
        self.clock.instant += timedelta(**duration)


async def told(api: Api) -> int:
    """How many events the feed has."""
    n, more = 0, True
    cursor: dict[str, str] = {}
    while more:
        page = (await api.get("/v1/events", params={"limit": 1000, **cursor})).json()
        n, cursor, more = n + len(page["items"]), {"cursor": page["next_cursor"]}, page["has_more"]
    return n


def bench_now(database: Database, *, ago: timedelta = timedelta(), **settings: Any) -> CourierBench:
    """A courier for which it is now, or was so long ago."""
    return CourierBench(database, FixedClock(SystemClock().now() - ago), WebhookSettings(**settings))
