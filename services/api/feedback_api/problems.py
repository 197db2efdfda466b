"""The one place where an error becomes words, a status code and an RFC 9457 problem."""

import http
import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import ErrorDetails
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from feedback_api.bodies import MalformedJson, UnsupportedMediaType
from feedback_api.pointers import pointer_to
from feedback_api.rate_limits import TooManyRequests
from feedback_core.kit import errors
from feedback_core.kit.errors import DomainError, Fault
from feedback_core.kit.logs import get_logger

log = get_logger(__name__)

PROBLEM_JSON = "application/problem+json"

STATUS: Mapping[type[DomainError], int] = {
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Gone: 410,
    errors.PreconditionFailed: 412,
    errors.PreconditionRequired: 428,
    errors.Invalid: 422,
    errors.NotEstimable: 422,
    errors.Unavailable: 503,
    MalformedJson: 400,
    UnsupportedMediaType: 415,
    TooManyRequests: 429,
}

_MOST_FAULTS = 100
_RETRY_SOON = {"Retry-After": "1"}
_LOCK_NOT_AVAILABLE = "55P03"


class ProblemFault(BaseModel):
    """One thing wrong with the request."""

    model_config = ConfigDict(title="ProblemFault")

    pointer: str = Field(
        description="JSON pointer to the field, or /query/…, /path/…, /header/…", examples=["/answers/nps"]
    )
    code: str = Field(description="Stable, for programs", examples=["off_scale"])
    detail: str = Field(description="What to do about it", examples=["Give a whole number from 0 to 10."])


class Problem(BaseModel):
    """Every error of this service (RFC 9457). Branch on `code`; the words may change."""

    model_config = ConfigDict(title="Problem")

    type: str = Field(description="Always about:blank; `code` tells the kinds apart", examples=["about:blank"])
    title: str = Field(examples=["Unprocessable Content"])
    status: int = Field(examples=[422])
    code: str = Field(examples=["invalid"])
    detail: str = Field(examples=["Give a whole number from 0 to 10."])
    request_id: str = Field(examples=["01890a5d-ac96-774b-bcce-b302099a8057"])
    errors: list[ProblemFault] = Field(default_factory=list)


def status_of(error: DomainError) -> int:
    """The status code of a domain error: that of its nearest ancestor in the table."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def problems(*kinds: type[DomainError]) -> dict[int | str, dict[str, Any]]:
    """What a route documents: the problems that it can answer beside those that every route can."""
    statuses = {400, 401, 403, 429, 503} | {
        next(STATUS[kind] for kind in given.__mro__ if kind in STATUS) for given in kinds
    }
    return {status: problem_response(status) for status in sorted(statuses)}


def problem_response(status: int) -> dict[str, Any]:
    """The OpenAPI entry of one problem."""
    return {
        "description": http.HTTPStatus(status).phrase,
        "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def problem(
    request_id: str,
    status: int,
    code: str,
    detail: str,
    faults: Sequence[Fault] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem as a response."""
    body = Problem(
        type="about:blank",
        title=http.HTTPStatus(status).phrase,
        status=status,
        code=code,
        detail=detail,
        request_id=request_id,
        errors=[ProblemFault(pointer=f.pointer, code=f.code, detail=f.detail) for f in faults[:_MOST_FAULTS]],
    )
    return JSONResponse(body.model_dump(), status, dict(headers or {}), PROBLEM_JSON)


def install_error_mapper(app: FastAPI) -> None:
    """Have every error, ours, the framework's and the unforeseen, answered as a problem."""

    @app.exception_handler(DomainError)
    async def _domain(request: Request, error: DomainError) -> Response:
        headers = {"WWW-Authenticate": "Bearer"} if isinstance(error, errors.Unauthenticated) else None
        if isinstance(error, errors.Unavailable):
            headers = _RETRY_SOON
        elif isinstance(error, TooManyRequests):
            headers = {"Retry-After": str(error.retry_after)}
        return problem(_id(request), status_of(error), error.code, error.detail, error.faults, headers)

    @app.exception_handler(RequestValidationError)
    async def _validation(request: Request, error: RequestValidationError) -> Response:
        return _invalid_request(_id(request), error.errors(), error.body)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        headers = {"Allow": _allowed(request)} if error.status_code == http.HTTPStatus.METHOD_NOT_ALLOWED else {}
        return _framework(_id(request), error, {**(error.headers or {}), **headers})

    @app.exception_handler(PoolTimeout)
    @app.exception_handler(DBAPIError)
    async def _database(request: Request, error: Exception) -> Response:
        return from_database(_id(request), error)

    @app.exception_handler(Exception)
    async def _unforeseen(request: Request, error: Exception) -> Response:
        return internal_error(_id(request), error)


def internal_error(request_id: str, error: Exception) -> Response:
    """A defect of ours: logged with its trace, answered without."""
    log.error("unhandled_error", exc_info=error)
    return problem(request_id, 500, "internal_error", "Something went wrong here; it has been logged.")


def _id(request: Request) -> str:
    return str(request.scope.get("request_id", ""))


def _invalid_request(request_id: str, found: Sequence[Any], body: object) -> Response:
    faults = [_fault(error, body) for error in found[:_MOST_FAULTS]]
    return problem(request_id, 422, "invalid", faults[0].detail, faults)


def _fault(error: ErrorDetails, body: object) -> Fault:
    code, message = error["type"], error["msg"]
    match code:
        case "union_tag_not_found":
            code, message = "missing", "Field required"
        case "union_tag_invalid":
            code, message = "enum", f"Input should be one of {_plain(error['ctx']['expected_tags'])}"
    return Fault(pointer_to(error, body), code, f"{message}.")


def _allowed(request: Request) -> str:
    """Every method of the path; the framework names those of the first route that it met there."""
    path = request.scope["path"]
    routes = [route for route in iter_route_contexts(request.app.routes) if route.methods]
    return ", ".join(sorted({method for r in routes if r.path_regex.match(path) for method in r.methods or ()}))


def _plain(tags: str) -> str:
    """Tags as they are written in JSON: Pydantic names the members of an enumeration as Python does."""
    return re.sub(r"<[\w.]+: ('[^']*')>", r"\1", tags)


def _framework(request_id: str, error: HTTPException, headers: Mapping[str, str]) -> Response:
    codes = {404: "no_such_route", 405: "method_not_allowed", 400: "malformed_body"}
    words = {404: "There is no such route.", 405: "This route does not know that method."}
    code = codes.get(error.status_code, http.HTTPStatus(error.status_code).name.lower())
    detail = words.get(error.status_code, str(error.detail))
    return problem(request_id, error.status_code, code, detail, (), headers)


def from_database(request_id: str, error: Exception) -> Response:
    """What the database refused: another request is in the way, it is busy, or a defect of ours."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
    if state == _LOCK_NOT_AVAILABLE:
        detail = "An earlier request with this key, or on this thing, is still running: try again."
        return problem(request_id, 409, "request_in_progress", detail, (), _RETRY_SOON)
    busy = isinstance(error, PoolTimeout | OperationalError) or state[:2] in {"08", "53", "57"} or state == "40001"
    if busy:
        log.warning("database_unavailable", error=type(error).__name__, sqlstate=state)
        return problem(request_id, 503, "service_unavailable", "The database is busy: try again.", (), _RETRY_SOON)
    return internal_error(request_id, error)
