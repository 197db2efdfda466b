"""Who is calling: the bearer key gives the organisation and its scopes, and nothing in the request can change them."""

import hashlib
import time
from collections import OrderedDict
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from feedback_core.db.session import Database
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Forbidden, Unauthenticated
from feedback_core.organisations.credentials import Credential, parse_credential
from feedback_core.organisations.types import Caller, Scope
from feedback_core.organisations.use_cases import authenticate

bearer = HTTPBearer(auto_error=False, scheme_name="ApiKey", description="An API key: fbk_…")


class MissingScope(Forbidden):
    """The key is valid, but does not carry what this route needs."""

    code = "missing_scope"


class KeyCache:
    """Callers by key, believed for a few seconds, so that a revoked key is refused by every process within them."""

    def __init__(self, database: Database, clock: Clock, *, seconds: float, size: int) -> None:
        self._database = database
        self._clock = clock
        self._seconds = seconds
        self._size = size
        # Keyed by the hash: the cache holds no secret.
        self._callers: OrderedDict[bytes, tuple[float, Caller]] = OrderedDict()

    async def caller(self, token: str) -> Caller:
        """Who holds this token.

        Raises:
            Unauthenticated: it is not a valid key.
        """
        digest = hashlib.sha256(token.encode()).digest()
        known = self._callers.get(digest)
        if known and known[0] > time.monotonic() and not self._expired(known[1]):
            return known[1]
        self._callers.pop(digest, None)
        credential = parse_credential(token)
        if credential is None:
            raise Unauthenticated("This API key is not valid.")
        caller = await self._look_up(credential)
        self._callers[digest] = (time.monotonic() + self._seconds, caller)
        if len(self._callers) > self._size:
            self._callers.popitem(last=False)
        return caller

    async def _look_up(self, credential: Credential) -> Caller:
        async with self._database.tenant(credential.organisation_id) as session:
            return await authenticate(session, credential, clock=self._clock)

    def _expired(self, caller: Caller) -> bool:
        return caller.expires_at is not None and caller.expires_at <= self._clock.now()


async def current_caller(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> Caller:
    """The holder of the key in the Authorization header.

    Raises:
        Unauthenticated: no key, or not a valid one.
    """
    if credentials is None:
        raise Unauthenticated("Send an API key: Authorization: Bearer fbk_…")
    cache: KeyCache = request.app.state.keys
    return await cache.caller(credentials.credentials)


CurrentCaller = Annotated[Caller, Depends(current_caller)]


class Requires:
    """A dependency: the caller, if the key carries the scope, and those that go with it."""

    def __init__(self, scope: Scope, *also: Scope) -> None:
        self.scope = scope
        self.also = also

    async def __call__(self, caller: CurrentCaller) -> Caller:
        """The caller.

        Raises:
            MissingScope: the key does not carry the scope.
        """
        for scope in (self.scope, *self.also):
            if scope not in caller.scopes:
                raise MissingScope(f"This key lacks the scope {scope}.")
        return caller


CanReadOrganisation = Annotated[Caller, Depends(Requires(Scope.ORGANISATION_READ))]
CanAdminister = Annotated[Caller, Depends(Requires(Scope.ORGANISATION_ADMIN))]
CanReadService = Annotated[Caller, Depends(Requires(Scope.SERVICE_READ))]
CanWriteService = Annotated[Caller, Depends(Requires(Scope.SERVICE_WRITE))]
CanReadSurveys = Annotated[Caller, Depends(Requires(Scope.SURVEYS_READ))]
CanWriteSurveys = Annotated[Caller, Depends(Requires(Scope.SURVEYS_WRITE))]
CanReadResponses = Annotated[Caller, Depends(Requires(Scope.RESPONSES_READ))]
CanWriteResponses = Annotated[Caller, Depends(Requires(Scope.RESPONSES_WRITE))]
CanErase = Annotated[Caller, Depends(Requires(Scope.RESPONSES_ERASE))]
CanReadIdentities = Annotated[Caller, Depends(Requires(Scope.IDENTITIES_READ))]
CanReadSources = Annotated[Caller, Depends(Requires(Scope.SOURCES_READ))]
CanWriteSources = Annotated[Caller, Depends(Requires(Scope.SOURCES_WRITE))]
CanReadBodies = Annotated[Caller, Depends(Requires(Scope.IDENTITIES_READ, Scope.SOURCES_READ))]
CanReadCodings = Annotated[Caller, Depends(Requires(Scope.CODINGS_READ))]
CanWriteCodings = Annotated[Caller, Depends(Requires(Scope.CODINGS_WRITE))]
CanReadKpis = Annotated[Caller, Depends(Requires(Scope.KPIS_READ))]
CanWriteKpis = Annotated[Caller, Depends(Requires(Scope.KPIS_WRITE))]
CanReadAnalyses = Annotated[Caller, Depends(Requires(Scope.ANALYSES_READ))]
CanWriteAnalyses = Annotated[Caller, Depends(Requires(Scope.ANALYSES_WRITE))]
CanReadRecommendations = Annotated[Caller, Depends(Requires(Scope.RECOMMENDATIONS_READ))]
CanWriteRecommendations = Annotated[Caller, Depends(Requires(Scope.RECOMMENDATIONS_WRITE))]
