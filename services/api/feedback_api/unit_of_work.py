"""One request, one transaction, committed before the answer leaves; and the memory of requests with a key."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from types import UnionType
from typing import Annotated, Any, Self, Union, get_args, get_origin
from uuid import UUID

from fastapi import Depends, Header, Request, Response
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import ParamTypes
from fastapi.routing import APIRoute

from feedback_api.bodies import JsonRequest
from feedback_api.security import CurrentCaller
from feedback_core.db.session import Database, Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Fault, Invalid
from feedback_core.kit.pointers import step
from feedback_core.organisations import queries
from feedback_core.organisations.types import RememberedAnswer

KEPT_HEADERS = ("content-type", "location", "etag")


class IdempotencyKeyReused(Invalid):
    """The key came before, with another request."""

    code = "idempotency_key_reused"

    def __init__(self) -> None:
        detail = "This Idempotency-Key came before with another request: use a new key for a new request."
        super().__init__([Fault("/header/idempotency-key", self.code, detail)])


class UnknownParameter(Invalid):
    """A query parameter that this route does not have."""

    code = "unknown_parameter"


class RepeatedParameter(Invalid):
    """A query parameter that this route takes once came more often."""

    code = "repeated_parameter"


class Replay(Exception):
    """The request was answered before; carries that answer out of the dependencies."""

    def __init__(self, answer: RememberedAnswer) -> None:
        super().__init__()
        self.answer = answer


class UnitOfWork:
    """The transaction of a request: begun when first asked for, committed on leaving, rolled back on an error."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stack = AsyncExitStack()
        self._session: Session | None = None
        self._keep: Callable[[RememberedAnswer], Coroutine[Any, Any, None]] | None = None

    async def __aenter__(self) -> Self:
        await self._stack.__aenter__()
        return self

    async def __aexit__(self, *error: Any) -> bool | None:  # noqa: ANN401, PYI036 - the protocol's own signature
        return await self._stack.__aexit__(*error)

    async def session(self, organisation_id: UUID) -> Session:
        """The session that this request writes in."""
        if self._session is None:
            self._session = await self._stack.enter_async_context(self._database.tenant(organisation_id))
        return self._session

    async def snapshot(self, organisation_id: UUID) -> Session:
        """A session that this request reads in, every statement at the same instant."""
        if self._session is None:
            self._session = await self._stack.enter_async_context(self._database.snapshot(organisation_id))
        return self._session

    async def remember(self, caller: CurrentCaller, request: Request, key: str, clock: Clock) -> None:
        """Claim an idempotency key; the answer is kept in the transaction of its effect.

        Raises:
            Replay: the same request was answered before.
            IdempotencyKeyReused: another request had this key.
        """
        session = await self.session(caller.organisation_id)
        operation = f"{request.method} {request.scope['route'].path}"
        key_hash = hashlib.sha256(caller.api_key_id.bytes + key.encode()).digest()
        precondition = request.headers.get("if-match", "")
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        content = f"{asked}\0{precondition}\0".encode() + await request.body()
        # Keyed by what is not stored: answers are few enough to be found again by trying all of them.
        request_hash = hmac.digest(key.encode(), content, "sha256")
        earlier = await queries.remember_request(
            session, caller.organisation_id, operation, key_hash, request_hash, at=clock.now()
        )
        if earlier and earlier.request_hash != request_hash:
            raise IdempotencyKeyReused
        if earlier:
            raise Replay(earlier)

        async def keep(answer: RememberedAnswer) -> None:
            await queries.keep_answer(session, caller.organisation_id, operation, key_hash, answer)

        self._keep = keep

    async def complete(self, response: Response) -> None:
        """Keep the answer, if the request came with a key."""
        if self._keep:
            headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
            await self._keep(RememberedAnswer(b"", response.status_code, headers, bytes(response.body)))


class TransactionalRoute(APIRoute):
    """A route whose transaction is committed before its answer is sent; it refuses what it would not understand."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, inside its unit of work."""
        handle = super().get_route_handler()
        takes_many = {
            parameter.alias: _is_list(parameter.field_info.annotation)
            for parameter in get_flat_params(self.dependant)
            if getattr(parameter.field_info, "in_", None) == ParamTypes.query
        }
        has_body = self.body_field is not None

        async def handler(request: Request) -> Response:
            _check_parameters(request, takes_many)
            if has_body:
                request = JsonRequest(request.scope, request.receive)
                await request.read_json()
            try:
                async with UnitOfWork(request.app.state.database) as unit:
                    request.state.unit_of_work = unit
                    response = await handle(request)
                    await unit.complete(response)
            except Replay as replay:
                return _again(replay.answer)
            return response

        return handler


def _is_list(annotation: object) -> bool:
    origin = get_origin(annotation)
    return origin is list or (origin in {Union, UnionType} and any(_is_list(part) for part in get_args(annotation)))


def _check_parameters(request: Request, takes_many: Mapping[str, bool]) -> None:
    if request.headers.get("if-match") == "":
        # FastAPI takes an empty header for one that did not come, and what was to be guarded would go through.
        raise Invalid([Fault("/header/if-match", "unknown_etag", "Send the ETag as this service gave it.")])
    given = Counter(name for name, _ in request.query_params.multi_items())
    if unknown := [name for name in given if name not in takes_many]:
        detail = "This route has no such parameter."
        raise UnknownParameter([Fault(f"/query{step(name)}", UnknownParameter.code, detail) for name in unknown])
    if repeated := [name for name, times in given.items() if times > 1 and not takes_many[name]]:
        detail = "Give this parameter once."
        raise RepeatedParameter([Fault(f"/query{step(name)}", RepeatedParameter.code, detail) for name in repeated])


def _again(answer: RememberedAnswer) -> Response:
    return Response(answer.body, answer.status, {**answer.headers, "Idempotent-Replayed": "true"})


async def write_session(request: Request, caller: CurrentCaller) -> Session:
    """The transaction of this request, bound to the caller's organisation."""
    unit: UnitOfWork = request.state.unit_of_work
    return await unit.session(caller.organisation_id)


async def read_session(request: Request, caller: CurrentCaller) -> Session:
    """A read-only snapshot, bound to the caller's organisation."""
    unit: UnitOfWork = request.state.unit_of_work
    return await unit.snapshot(caller.organisation_id)


async def clock_of(request: Request) -> Clock:
    """The clock of this process."""
    clock: Clock = request.app.state.clock
    return clock


async def request_id_of(request: Request) -> str:
    """The id of this request, as its answer and the log have it."""
    return str(request.scope["request_id"])


RequestId = Annotated[str, Depends(request_id_of)]
ClockDep = Annotated[Clock, Depends(clock_of)]
SessionDep = Annotated[Session, Depends(write_session)]
SnapshotDep = Annotated[Session, Depends(read_session)]


async def _remembered(
    request: Request,
    caller: CurrentCaller,
    clock: ClockDep,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=255,
            pattern=r"^[\x21-\x7e]+$",
            description="Repeat a request safely: the same key and content get the first answer again",
        ),
    ] = None,
) -> None:
    if idempotency_key:
        unit: UnitOfWork = request.state.unit_of_work
        await unit.remember(caller, request, idempotency_key, clock)


Idempotent = Depends(_remembered)
"""Put it into a POST route's ``dependencies``."""
