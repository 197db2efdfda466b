"""The courier: hands events out to the queues of webhooks, and delivers what is due in them.

Beside the jobs, in a loop of its own: a receiver that hangs must not keep a worker's thread from other work.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from feedback_core.db.session import Database
from feedback_core.kit.clock import Clock
from feedback_core.kit.logs import get_logger
from feedback_core.kit.sealing import Seal
from feedback_core.kit.settings import SecretSettings, WebhookSettings
from feedback_core.webhooks.delivering.delivering import Deliverer
from feedback_core.webhooks.delivering.handing_out import EVENTS_AT_A_TIME, hand_out, organisations_behind
from feedback_core.webhooks.delivering.settling import Sent
from feedback_core.webhooks.queries.claims import Claim
from feedback_worker.outages import Outage, pause

log = get_logger(__name__)


class Courier:
    """Works on as many queues at once as the settings say, and on each by itself."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        secrets: SecretSettings,
        settings: WebhookSettings,
        note: Callable[[Sent], None] = lambda _: None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._threads = ThreadPoolExecutor(settings.at_a_time, "webhook")
        seal = Seal.from_settings(secrets)
        self._deliverer = Deliverer(database, clock, seal, settings, self._threads, note)
        self._working: set[asyncio.Task[int]] = set()

    async def run(self, stopping: asyncio.Event) -> None:
        """Go round until ``stopping``; an outage of the database only delays it."""
        try:
            await asyncio.gather(
                self._loop("webhooks.hand_out", self._hand_out, stopping),
                self._loop("webhooks.deliver", self._take, stopping),
            )
        finally:
            self._deliverer.cut()
            await asyncio.gather(*self._working, return_exceptions=True)
            await self._deliverer.close()
            self._threads.shutdown(wait=False, cancel_futures=True)

    async def drain(self) -> int:
        """Hand out and deliver until nothing more is due at this instant, and end; how many attempts that took."""
        attempts = 0
        try:
            while True:
                while await self._hand_out():
                    pass
                claims = await self._deliverer.claim(self._settings.at_a_time)
                attempts += sum(await asyncio.gather(*(self._deliverer.deliver(claim) for claim in claims)))
                if not claims and not await organisations_behind(self._database):
                    return attempts
        finally:
            await self._deliverer.close()

    async def _loop(self, name: str, turn: Callable[[], Awaitable[bool]], stopping: asyncio.Event) -> None:
        outage = Outage(name)
        while not stopping.is_set():
            try:
                more = await turn()
            except Exception as error:  # noqa: BLE001 -- an outage of any kind must not end the courier
                await pause(outage.failed(error), stopping)
                continue
            outage.over()
            if not more:
                await pause(timedelta(seconds=self._settings.interval_seconds), stopping)

    async def _hand_out(self) -> bool:
        """Hand out the next events of every organisation that has some; whether any has more."""
        has_more = False
        for organisation_id in await organisations_behind(self._database):
            handed_out = await hand_out(self._database, organisation_id, clock=self._clock)
            has_more |= handed_out == EVENTS_AT_A_TIME
        return has_more

    async def _take(self) -> bool:
        """Begin to work on queues in which something is due; whether to look again at once.

        Not as long as there is room: what comes in meanwhile is delivered with the same batch.
        """
        room = self._settings.at_a_time - len(self._working)
        if room == 0:
            await asyncio.wait(self._working, return_when=asyncio.FIRST_COMPLETED)
            return True
        claims = await self._deliverer.claim(room)
        for claim in claims:
            task = asyncio.create_task(self._deliver(claim))
            self._working.add(task)
            task.add_done_callback(self._working.discard)
        return False

    async def _deliver(self, claim: Claim) -> int:
        try:
            return await self._deliverer.deliver(claim)
        except Exception:
            # The claim runs out, and the queue is taken up again.
            log.exception("webhook_queue_failed", webhook_id=str(claim.webhook_id))
            return 0
