"""Around every request: its id, its log line, its metrics, and a limit to its body."""

import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog
from prometheus_client import Counter, Gauge, Histogram
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from feedback_api.problems import internal_error, problem
from feedback_api.rate_limits import STATE, headers_of
from feedback_core.kit.ids import new_id
from feedback_core.kit.logs import get_logger

log = get_logger("feedback_api.access")

REQUESTS = Histogram(
    "feedback_http_request_seconds",
    "Time to answer a request",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
IN_FLIGHT = Gauge("feedback_http_requests_in_flight", "Requests being answered")
REFUSED_BODIES = Counter("feedback_http_bodies_refused_total", "Bodies over the limit")

CALLER_LEFT = 499
"""What the log and the metrics say of a request whose caller left before its body had come; nobody is answered."""

_WEBHOOKS = "/v1/inbound/"
_PAGES = "/s/"
"""Where people see what is answered, not programs."""
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,128}")


class BodyTooLarge(Exception):
    """The body went over its limit while it was read."""


class RequestContext:
    """Gives each request its id, and says in one line and one metric how it went."""

    def __init__(
        self,
        app: ASGIApp,
        body_limit: int,
        import_limit: int,
        webhook_limit: int,
        too_large_page: Callable[[Scope], ASGIApp],
    ) -> None:
        self.app = app
        self.too_large_page = too_large_page
        self.body_limit = body_limit
        self.import_limit = import_limit
        self.webhook_limit = webhook_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        answer = _Answer(scope, send, request_id)
        started = time.perf_counter()
        IN_FLIGHT.inc()
        try:
            await self._guarded(scope, receive, answer)
        finally:
            IN_FLIGHT.dec()
            self._record(scope, answer.status, time.perf_counter() - started)

    async def _guarded(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        limit = self._limit_of(scope["path"])
        try:
            _refuse_declared(scope, limit)
            await self.app(scope, _limited(receive, limit), answer)
        except BodyTooLarge:
            REFUSED_BODIES.inc()
            detail = f"The body is larger than {limit} bytes."
            is_page = scope["path"].startswith(_PAGES)
            said = problem(answer.request_id, 413, "body_too_large", detail)
            await self._refuse(scope, receive, answer, self.too_large_page(scope) if is_page else said)
        except ClientDisconnect:
            answer.status = answer.status or CALLER_LEFT
        except Exception as error:
            if answer.status:
                raise
            await self._refuse(scope, receive, answer, internal_error(answer.request_id, error))

    def _limit_of(self, path: str) -> int:
        if path.startswith(_WEBHOOKS):
            return self.webhook_limit
        return self.import_limit if path.endswith("/imports") else self.body_limit

    async def _refuse(self, scope: Scope, receive: Receive, answer: "_Answer", response: ASGIApp) -> None:
        if not answer.status:
            await response(scope, receive, answer)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "none")
        REQUESTS.labels(scope["method"], route, str(status)).observe(seconds)
        log.info("request", method=scope["method"], route=route, status=status, milliseconds=round(seconds * 1000, 1))


class _Answer:
    """Passes the response on, with request id and quotas in its headers, and remembers its status."""

    def __init__(self, scope: Scope, send: Send, request_id: str) -> None:
        self.scope = scope
        self.send = send
        self.request_id = request_id
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            quotas = headers_of(self.scope.get("state", {}).get(STATE, ()))
            message["headers"] = [*message["headers"], (b"x-request-id", self.request_id.encode()), *quotas]
        await self.send(message)


def _limited(receive: Receive, limit: int) -> Callable[[], Awaitable[MutableMapping[str, Any]]]:
    taken = 0

    async def read() -> MutableMapping[str, Any]:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise BodyTooLarge
        return message

    return read


def _refuse_declared(scope: Scope, limit: int) -> None:
    """Refuse by what Content-Length says, before a byte is read."""
    declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if declared.isdigit() and int(declared) > limit:
        raise BodyTooLarge


def _request_id(scope: Scope) -> str:
    given = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"x-request-id"), "")
    return given if _REQUEST_ID.fullmatch(given) else str(new_id())
