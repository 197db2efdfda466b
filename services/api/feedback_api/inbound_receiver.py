"""Receiving what senders deliver: read within bounds, verify, store with its job, answer at once."""

import asyncio
from functools import partial
from typing import Final

from fastapi import Request
from prometheus_client import Counter
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.responses import Response

from feedback_api.bodies import UnsupportedMediaType
from feedback_api.inbound_answers import come_back_later, not_verified, taken
from feedback_api.inbound_sources import LookupFailed, SourceCache
from feedback_api.problems import problem
from feedback_api.rate_limits import Quota, RateLimits, TooManyRequests
from feedback_api.settings import ApiSettings
from feedback_core.db.group_commit import GroupCommit, QueueFull, QueueLimits, ShuttingDown
from feedback_core.db.session import Database
from feedback_core.inbound.types import Preset, SourceState
from feedback_core.inbound.use_cases.inbox import Arrival, Inbox, Incoming, KnownSource, Refusal, arrived
from feedback_core.inbound.verification import Headers, Refused, Verified, WebhookRequest, verify
from feedback_core.kit.clock import Clock
from feedback_core.kit.logs import get_logger
from feedback_core.kit.sealing import Seal

log = get_logger(__name__)

WEBHOOKS = Counter("feedback_webhooks_total", "Requests of senders, by what became of them", ["preset", "outcome"])

_LARGE: Final = 64 * 2**10
_BUSY: Final = "It cannot be stored at this moment: send it again."
_TOO_MANY: Final = "This source has delivered too much in a minute: send it again."
_PAUSED: Final = "Deliveries are not taken at this moment: send it again."


class BodyTooSlow(Exception):
    """The body did not come within its time."""


class Receiver:
    """Takes requests at addresses of sources."""

    def __init__(
        self,
        database: Database,
        seal: Seal,
        clock: Clock,
        limits: RateLimits,
        settings: ApiSettings,
        public_url: str | None,
    ) -> None:
        self._clock = clock
        self._limits = limits
        self._quota = Quota("source", settings.webhook_requests_per_minute)
        self._public_url = public_url
        self._read_seconds = settings.webhook_read_seconds
        self._sources = SourceCache(
            database, seal, seconds=settings.source_cache_seconds, size=settings.source_cache_size
        )
        self._inbox: GroupCommit[Incoming, bool] = GroupCommit(
            database, Inbox(seal).write, QueueLimits(items=settings.webhook_queue_size)
        )

    async def close(self) -> None:
        """Finish what has been taken."""
        await self._inbox.close()

    async def receive(self, request: Request, token: str, path_secret: str | None) -> Response:
        """One request, answered as its sender understands.

        Raises:
            UnsupportedMediaType: the body is compressed.
        """
        request_id = str(request.scope.get("request_id", ""))
        _refuse_encoded(request)
        try:
            known = await self._sources.find(token)
        except LookupFailed as failed:
            log.warning("source_lookup_failed", error=type(failed.__cause__).__name__)
            WEBHOOKS.labels(failed.preset or "unknown", "deferred").inc()
            return come_back_later(failed.preset, request_id, _BUSY)
        by_path = path_secret is not None
        if known is None or (by_path and known.preset is not Preset.SALESFORCE_OUTBOUND_MESSAGE):
            WEBHOOKS.labels("unknown", "refused").inc()
            return not_verified(request_id)
        try:
            body = await _body_within(request, self._read_seconds)
        except BodyTooSlow:
            detail = f"The body did not come within {self._read_seconds:g} seconds."
            return problem(request_id, 408, "body_too_slow", detail, (), {"Connection": "close"})
        outcome, response = await self._answered(request, known, body, path_secret, request_id)
        WEBHOOKS.labels(known.preset.value, outcome).inc()
        return response

    async def _answered(
        self, request: Request, known: KnownSource, body: bytes, path_secret: str | None, request_id: str
    ) -> tuple[str, Response]:
        now = self._clock.now()
        headers = Headers(request.scope["headers"])
        verifying = partial(self._verified, request, known, headers, body, path_secret)
        try:
            # Of a large body, hashing and reading take so long that others should not wait for them.
            verified = await asyncio.to_thread(verifying) if len(body) > _LARGE else verifying()
        except Refused as refused:
            await self._count(known, Refusal(known.address.source_id, refused.reason, now))
            return "refused", not_verified(request_id)
        if known.state is not SourceState.ACTIVE:
            return "deferred", come_back_later(known.preset, request_id, _PAUSED)
        try:
            # Of what is believed only: a stranger uses up nothing of a sender's.
            self._limits.take([(self._quota, known.address.source_id.bytes)])
        except TooManyRequests:
            return "deferred", come_back_later(known.preset, request_id, _TOO_MANY)
        try:
            is_new = await self._store(known, arrived(known, verified, headers, body, at=now))
        except (QueueFull, ShuttingDown, DBAPIError, PoolTimeout) as error:
            _note(error)
            return "deferred", come_back_later(known.preset, request_id, _BUSY)
        return ("accepted" if is_new else "repeated"), taken(known.preset)

    def _verified(
        self, request: Request, known: KnownSource, headers: Headers, body: bytes, path_secret: str | None
    ) -> Verified:
        now = self._clock.now()
        query = request.scope["query_string"].decode("latin-1")
        came = WebhookRequest(
            method=request.method,
            headers=headers,
            body=body,
            now=now,
            url=known.url(self._public_url, query),
            query=query,
            path_secret=path_secret,
        )
        return verify(known.preset, came, known.valid_secrets(now), known.options)

    async def _store(self, known: KnownSource, arrival: Arrival) -> bool:
        return await self._inbox.put(known.address.organisation_id, arrival, size=len(arrival.verified.body))

    async def _count(self, known: KnownSource, refusal: Refusal) -> None:
        """Count a refusal; that it cannot be counted changes no answer."""
        try:
            await self._inbox.put(known.address.organisation_id, refusal)
        except (QueueFull, ShuttingDown, DBAPIError, PoolTimeout) as error:
            _note(error)


def _note(error: Exception) -> None:
    """Overload is a line in the log; what the database would never take is a defect of ours."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
    if isinstance(error, DBAPIError) and state[:2] in {"22", "23", "42"}:
        log.error("delivery_not_stored", error=type(error).__name__, sqlstate=state)
    else:
        log.warning("delivery_deferred", error=type(error).__name__, sqlstate=state)


def _refuse_encoded(request: Request) -> None:
    """A few compressed bytes may be a great many others: no sender of these compresses."""
    given = {value.strip().lower() for value in request.headers.getlist("content-encoding")}
    if given - {"", "identity"}:
        raise UnsupportedMediaType("Send the body as it is, without Content-Encoding.")


async def _body_within(request: Request, seconds: float) -> bytes:
    """The body; its size is limited by the middleware.

    Raises:
        BodyTooSlow: it did not end in time.
        ClientDisconnect: its sender left.
    """
    try:
        async with asyncio.timeout(seconds):
            return await request.body()
    except TimeoutError:
        raise BodyTooSlow from None
