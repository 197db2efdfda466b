"""Who is calling: the bearer key gives the organisation and its scopes, and nothing in the request can change them."""

import asyncio
import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from feedback_api.rate_limits import Quota, admit
from feedback_core.db.session import Database
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Forbidden, NotFound, Unauthenticated
from feedback_core.kit.pointers import printable
from feedback_core.organisations.credentials import parse_credential
from feedback_core.organisations.types import Caller, Scope
from feedback_core.organisations.use_cases import authenticate
from feedback_core.responses.public_callers import authenticate_public
from feedback_core.responses.submission_keys.credentials import is_public, parse_public_credential
from feedback_core.responses.submission_keys.types import PublicCaller

ORIGIN_NAMED: Final = "feedback.origin_named"
"""In the scope of a request with a public key: whether that key names the origin that it comes from."""

MOST_SHOWN: Final = 100
"""Characters of what a caller sent that are told back."""

bearer = HTTPBearer(
    auto_error=False,
    scheme_name="ApiKey",
    description="An API key: fbk_…; to answer a survey, a submission key (fbs_…) or a respondent's token (fbr_…) does",
)


class MissingScope(Forbidden):
    """The key is valid, but does not carry what this route needs."""

    code = "missing_scope"


class OriginNotAllowed(Forbidden):
    """The page that calls is not of an origin that the submission key names."""

    code = "origin_not_allowed"


@dataclass(frozen=True, slots=True)
class CallerQuotas:
    """What every key, and every organisation with all its keys, may ask in a minute."""

    key: Quota
    organisation: Quota


class KeyCache:
    """Callers by key, believed for a few seconds, so that a revoked key is refused by every process within them."""

    def __init__(self, database: Database, clock: Clock, *, seconds: float, size: int) -> None:
        self._database = database
        self._clock = clock
        self._seconds = seconds
        self._size = size
        # Keyed by the hash: the cache holds no secret.
        self._callers: OrderedDict[bytes, tuple[float, Caller]] = OrderedDict()
        self._looking: dict[bytes, asyncio.Future[Caller]] = {}

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
        # Those who come with it at the same time share one look-up: a burst must not take every connection.
        looking = self._looking.get(digest)
        if looking is None:
            looking = self._looking[digest] = asyncio.ensure_future(self._found(digest, token))
            looking.add_done_callback(lambda _: self._looking.pop(digest))
        return await asyncio.shield(looking)

    async def _found(self, digest: bytes, token: str) -> Caller:
        # Believed from when the look-up began: later ones must not be believed for longer.
        until = time.monotonic() + self._seconds
        caller = await self._look_up(token)
        self._callers[digest] = (until, caller)
        if len(self._callers) > self._size:
            self._callers.popitem(last=False)
        return caller

    async def _look_up(self, token: str) -> Caller:
        credential = parse_credential(token)
        if credential is None:
            raise Unauthenticated("This API key is not valid.")
        async with self._database.tenant(credential.organisation_id) as session:
            return await authenticate(session, credential, clock=self._clock)

    def _expired(self, caller: Caller) -> bool:
        return caller.expires_at is not None and caller.expires_at <= self._clock.now()


class PublicKeyCache(KeyCache):
    """The same for what the public may hold: submission keys and the tokens of respondents."""

    async def _look_up(self, token: str) -> PublicCaller:
        credential = parse_public_credential(token)
        if credential is None:
            raise Unauthenticated("This key is not valid.")
        async with self._database.tenant(credential.organisation_id) as session:
            return await authenticate_public(session, credential, clock=self._clock)


async def current_caller(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> Caller:
    """The holder of the key in the Authorization header, who has not made too many requests.

    Raises:
        Unauthenticated: no key, or not a valid one.
        TooManyRequests: the quota of the key or of its organisation is used up.
    """
    if credentials is None:
        raise Unauthenticated("Send an API key: Authorization: Bearer fbk_…")
    if is_public(credentials.credentials):
        return await _public_caller(request, credentials.credentials)
    cache: KeyCache = request.app.state.keys
    caller = await cache.caller(credentials.credentials)
    quotas: CallerQuotas = request.app.state.quotas
    admit(request, ((quotas.key, caller.api_key_id.bytes), (quotas.organisation, caller.organisation_id.bytes)))
    return caller


async def _public_caller(request: Request, token: str) -> PublicCaller:
    """The holder of a public credential, who reaches one survey, or one open response, from pages that may call.

    Raises:
        Unauthenticated: it is not valid.
        OriginNotAllowed: the request comes from a page of another origin; servers send none.
        TooManyRequests: the quota of the key, or of the respondent, is used up.
        NotFound: the route is about something that it does not reach.
    """
    cache: PublicKeyCache = request.app.state.public_keys
    caller = await cache.caller(token)
    assert isinstance(caller, PublicCaller)
    origin = request.headers.get("origin")
    request.scope[ORIGIN_NAMED] = origin in caller.origins
    if origin is not None and origin not in caller.origins:
        raise OriginNotAllowed(f"This key may not be used by pages of {printable(origin)[:MOST_SHOWN]}.")
    # Not counted for the organisation: strangers must not use up what its own keys may ask.
    kind = "submission_key" if caller.open_response_id is None else "respondent"
    admit(request, ((Quota(kind, caller.requests_per_minute), caller.api_key_id.bytes),))
    for name, reached in (("survey_id", caller.survey_id), ("open_response_id", caller.open_response_id)):
        asked = request.path_params.get(name)
        if asked is not None and asked != str(reached):
            raise NotFound(name.removesuffix("_id").replace("_", " "), printable(asked)[:MOST_SHOWN])
    return caller


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
        require_scope(caller, self.scope)
        for scope in (self.scope, *self.also):
            if scope not in caller.scopes:
                raise MissingScope(f"This key lacks the scope {scope}.")
        return caller


class OpenTo(Requires):
    """A dependency: the caller, if the key carries the scope, or is of a kind that the public may hold."""

    def __init__(self, scope: Scope, *, submission_keys: bool = False, respondents: bool = False) -> None:
        super().__init__(scope)
        self.submission_keys = submission_keys
        self.respondents = respondents

    async def __call__(self, caller: CurrentCaller) -> Caller:
        """The caller.

        Raises:
            MissingScope: the key does not carry the scope, and is of no kind that may do without.
        """
        if isinstance(caller, PublicCaller):
            is_respondent = caller.open_response_id is not None
            if self.respondents if is_respondent else self.submission_keys:
                return caller
        return await super().__call__(caller)


def require_scope(caller: Caller, scope: Scope) -> None:
    """Check that a key carries a scope that only some requests to a route need.

    Raises:
        MissingScope: it does not.
    """
    if scope not in caller.scopes:
        raise MissingScope(f"This key lacks the scope {scope}.")


CanReadOrganisation = Annotated[Caller, Depends(Requires(Scope.ORGANISATION_READ))]
CanAdminister = Annotated[Caller, Depends(Requires(Scope.ORGANISATION_ADMIN))]
CanReadAudit = Annotated[Caller, Depends(Requires(Scope.AUDIT_READ))]
CanReadService = Annotated[Caller, Depends(Requires(Scope.SERVICE_READ))]
CanWriteService = Annotated[Caller, Depends(Requires(Scope.SERVICE_WRITE))]
CanReadSurveys = Annotated[Caller, Depends(Requires(Scope.SURVEYS_READ))]
CanWriteSurveys = Annotated[Caller, Depends(Requires(Scope.SURVEYS_WRITE))]
CanReadPlanning = Annotated[Caller, Depends(Requires(Scope.PLANNING_READ))]
CanWritePlanning = Annotated[Caller, Depends(Requires(Scope.PLANNING_WRITE))]
CanReadSamples = Annotated[Caller, Depends(Requires(Scope.SAMPLING_READ))]
CanWriteSamples = Annotated[Caller, Depends(Requires(Scope.SAMPLING_WRITE))]
CanReadFieldwork = Annotated[Caller, Depends(Requires(Scope.FIELDWORK_READ))]
CanWriteFieldwork = Annotated[Caller, Depends(Requires(Scope.FIELDWORK_WRITE))]
CanRevisePlanForAlert = Annotated[Caller, Depends(Requires(Scope.PLANNING_WRITE, Scope.FIELDWORK_READ))]
CanReadResponses = Annotated[Caller, Depends(Requires(Scope.RESPONSES_READ))]
CanWriteResponses = Annotated[Caller, Depends(Requires(Scope.RESPONSES_WRITE))]
CanSeeForm = Annotated[Caller, Depends(OpenTo(Scope.SURVEYS_READ, submission_keys=True, respondents=True))]
CanSubmit = Annotated[Caller, Depends(OpenTo(Scope.RESPONSES_WRITE, submission_keys=True))]
CanAnswer = Annotated[Caller, Depends(OpenTo(Scope.RESPONSES_WRITE, respondents=True))]
CanWithdraw = Annotated[Caller, Depends(OpenTo(Scope.RESPONSES_ERASE, respondents=True))]
CanResume = Annotated[Caller, Depends(OpenTo(Scope.RESPONSES_READ, respondents=True))]
CanErase = Annotated[Caller, Depends(Requires(Scope.RESPONSES_ERASE))]
CanReadIdentities = Annotated[Caller, Depends(Requires(Scope.IDENTITIES_READ))]
CanReadSubjects = Annotated[Caller, Depends(Requires(Scope.SUBJECTS_READ))]
CanWriteSubjects = Annotated[Caller, Depends(Requires(Scope.SUBJECTS_WRITE))]
CanReadSources = Annotated[Caller, Depends(Requires(Scope.SOURCES_READ))]
CanWriteSources = Annotated[Caller, Depends(Requires(Scope.SOURCES_WRITE))]
CanReadBodies = Annotated[Caller, Depends(Requires(Scope.IDENTITIES_READ, Scope.SOURCES_READ))]
CanReadTranscripts = Annotated[Caller, Depends(Requires(Scope.RESPONSES_READ, Scope.VERBATIMS_UNMASKED))]
CanReadCodings = Annotated[Caller, Depends(Requires(Scope.CODINGS_READ))]
CanWriteCodings = Annotated[Caller, Depends(Requires(Scope.CODINGS_WRITE))]
CanReadKpis = Annotated[Caller, Depends(Requires(Scope.KPIS_READ))]
CanWriteKpis = Annotated[Caller, Depends(Requires(Scope.KPIS_WRITE))]
CanReadStandards = Annotated[Caller, Depends(Requires(Scope.STANDARDS_READ))]
CanWriteStandards = Annotated[Caller, Depends(Requires(Scope.STANDARDS_WRITE))]
CanReadAnalyses = Annotated[Caller, Depends(Requires(Scope.ANALYSES_READ))]
CanWriteAnalyses = Annotated[Caller, Depends(Requires(Scope.ANALYSES_WRITE))]
CanReadRecommendations = Annotated[Caller, Depends(Requires(Scope.RECOMMENDATIONS_READ))]
CanWriteRecommendations = Annotated[Caller, Depends(Requires(Scope.RECOMMENDATIONS_WRITE))]
CanReadProcedures = Annotated[Caller, Depends(Requires(Scope.PROCEDURES_READ))]
CanWriteProcedures = Annotated[Caller, Depends(Requires(Scope.PROCEDURES_WRITE))]
CanReadCases = Annotated[Caller, Depends(Requires(Scope.CASES_READ))]
CanWriteCases = Annotated[Caller, Depends(Requires(Scope.CASES_WRITE))]
CanReadPeople = Annotated[Caller, Depends(Requires(Scope.PEOPLE_READ))]
CanWritePeople = Annotated[Caller, Depends(Requires(Scope.PEOPLE_WRITE))]
CanReadPerformance = Annotated[Caller, Depends(Requires(Scope.PERFORMANCE_READ))]
CanWritePerformance = Annotated[Caller, Depends(Requires(Scope.PERFORMANCE_WRITE))]
CanReply = Annotated[Caller, Depends(Requires(Scope.PERFORMANCE_REPLY))]
CanReadCulture = Annotated[Caller, Depends(Requires(Scope.CULTURE_READ))]
CanWriteCulture = Annotated[Caller, Depends(Requires(Scope.CULTURE_WRITE))]
CanReadEvents = Annotated[Caller, Depends(Requires(Scope.EVENTS_READ))]
CanReadWebhooks = Annotated[Caller, Depends(Requires(Scope.WEBHOOKS_READ))]
CanWriteWebhooks = Annotated[Caller, Depends(Requires(Scope.WEBHOOKS_WRITE, Scope.EVENTS_READ))]
CanReadReports = Annotated[Caller, Depends(Requires(Scope.REPORTS_READ))]
CanWriteReports = Annotated[Caller, Depends(Requires(Scope.REPORTS_WRITE))]
CanSendReports = Annotated[Caller, Depends(Requires(Scope.REPORTS_SEND))]
CanReadEvidence = Annotated[Caller, Depends(Requires(Scope.EVIDENCE_READ))]
CanWriteEvidence = Annotated[Caller, Depends(Requires(Scope.EVIDENCE_WRITE))]
