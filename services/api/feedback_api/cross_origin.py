"""Which pages may call from a browser: those whose exact origin a live submission key of the survey names.

Only the routes for answering take part (the Fetch standard's CORS protocol); everywhere else no page is let in.
"""

import asyncio
import re
import time
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from feedback_api.problems import problem
from feedback_api.security import ORIGIN_NAMED, OriginNotAllowed
from feedback_core.db.session import Database
from feedback_core.kit.clock import Clock
from feedback_core.kit.logs import get_logger
from feedback_core.responses.submission_keys.queries import every_live_origin

log = get_logger(__name__)

_ID: Final = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
ROUTES: Final = re.compile(rf"/v1/surveys/({_ID})/(?:form|submissions|open-responses(?:/.*)?)")

METHODS: Final = "GET, POST, PUT, PATCH, DELETE"
TAKEN_HEADERS: Final = "Authorization, Content-Type, Idempotency-Key, If-Match, X-Request-ID"
EXPOSED_HEADERS: Final = (
    "ETag, Location, Retry-After, RateLimit, RateLimit-Policy, X-Request-ID, Idempotent-Replayed, Deprecation, Sunset,"
    " Link"
)
PREFLIGHT_SECONDS: Final = "600"
_AGAIN_SECONDS: Final = 0.5
"""Pause after which an origin that is not known is looked for again: a key may just have been made."""


class OriginDirectory:
    """The origins of all live keys, by survey; read as a whole, so that no flood of preflights reads more."""

    def __init__(self, database: Database, clock: Clock, *, seconds: float) -> None:
        self._database = database
        self._clock = clock
        self._seconds = seconds
        self._known: Mapping[UUID, frozenset[str]] = {}
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()

    async def names(self, survey_id: UUID, origin: str) -> bool:
        """Whether a live key of the survey names the origin."""
        await self._read_after(self._seconds)
        if origin not in self._known.get(survey_id, ()):
            await self._read_after(min(self._seconds, _AGAIN_SECONDS))
        return origin in self._known.get(survey_id, ())

    async def _read_after(self, seconds: float) -> None:
        if time.monotonic() < self._read_at + seconds:
            return
        async with self._reading:
            if time.monotonic() < self._read_at + seconds:
                return
            try:
                async with self._database.system() as session:
                    self._known = await every_live_origin(session, now=self._clock.now())
            except Exception as error:  # noqa: BLE001 -- what was known stands until the database is back
                log.warning("origins_not_read", error=type(error).__name__)
            self._read_at = time.monotonic()


class CrossOriginHeaders:
    """Outermost: lets a page read whatever is answered to it, if its origin is named."""

    def __init__(self, app: ASGIApp, origins: OriginDirectory) -> None:
        self.app = app
        self.origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        route = ROUTES.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if route is None:
            await self.app(scope, receive, send)
            return
        origin = Headers(scope=scope).get("origin")

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Origin")
                if origin and await self._is_named(scope, UUID(route[1]), origin):
                    headers["Access-Control-Allow-Origin"] = origin
                    headers["Access-Control-Expose-Headers"] = EXPOSED_HEADERS
            await send(message)

        await self.app(scope, receive, answer)

    async def _is_named(self, scope: Scope, survey_id: UUID, origin: str) -> bool:
        """By the key of the request; by all keys of the survey, if it was refused before its key was looked at."""
        named: bool | None = scope.get(ORIGIN_NAMED)
        return await self.origins.names(survey_id, origin) if named is None else named


class Preflight:
    """Innermost: answers what a browser asks before it calls. It carries no key, so the survey's keys decide."""

    def __init__(self, app: ASGIApp, origins: OriginDirectory) -> None:
        self.app = app
        self.origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        is_options = scope["type"] == "http" and scope["method"] == "OPTIONS"
        route = ROUTES.fullmatch(scope["path"]) if is_options else None
        headers = Headers(scope=scope) if route else {}
        origin, method = headers.get("origin"), headers.get("access-control-request-method")
        if route is None or origin is None or method is None:
            await self.app(scope, receive, send)
            return
        answer = _allowed() if await self.origins.names(UUID(route[1]), origin) else _refused(scope)
        answer.headers.add_vary_header("Access-Control-Request-Method")
        answer.headers.add_vary_header("Access-Control-Request-Headers")
        await answer(scope, receive, send)


def _allowed() -> Response:
    return Response(
        status_code=204,
        headers={
            "Access-Control-Allow-Methods": METHODS,
            "Access-Control-Allow-Headers": TAKEN_HEADERS,
            "Access-Control-Max-Age": PREFLIGHT_SECONDS,
        },
    )


def _refused(scope: Scope) -> Response:
    detail = "No live submission key of this survey names the origin of this page."
    return problem(scope["request_id"], 403, OriginNotAllowed.code, detail)
