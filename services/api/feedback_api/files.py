"""A stored file as a response: whole or in part, from the database to the caller part by part."""

import base64
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Header, Request
from starlette.responses import Response, StreamingResponse

from feedback_api.problems import problem, problem_response
from feedback_api.ranges import Span, Unsatisfiable, asked_span
from feedback_api.security import require_scope
from feedback_core.organisations.types import Caller, Scope
from feedback_core.reports.portfolios.use_cases import PortfolioFile, portfolio_parts
from feedback_core.reports.use_cases import ReportFile, report_parts
from feedback_core.responses.exports.types import ExportFormat
from feedback_core.responses.exports.use_cases import FinishedFile, file_parts

MEDIA_TYPES: Final[Mapping[ExportFormat, str]] = {
    ExportFormat.CSV: "text/csv; charset=utf-8; header=present",
    ExportFormat.NDJSON: "application/x-ndjson",
    ExportFormat.PARQUET: "application/vnd.apache.parquet",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
CONTENT: Final[dict[str, Any]] = {
    media_type.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
    for media_type in MEDIA_TYPES.values()
}
NO_SCRIPTS: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Of pages that this service shows: they run nothing, fetch nothing, and stand in no other page."""


@dataclass(frozen=True, slots=True)
class _Served:
    """A file as it is served.

    Attributes:
        sha256: in hexadecimal; its ETag.
        parts: the bytes from one to another, both included.
    """

    name: str
    media_type: str
    size: int
    sha256: str
    parts: Callable[[int, int], AsyncIterator[bytes]]
    headers: Mapping[str, str]


FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The file", "content": CONTENT},
    206: {"description": "The bytes that Range asks for", "content": CONTENT},
    416: problem_response(416),
}
"""What a route that gives a file can answer, beside problems."""

AskedBytes = Annotated[str | None, Header(alias="Range", description="Bytes of the file: `bytes=1048576-`")]
IfRange = Annotated[str | None, Header(description="ETag of what was begun; of another file all comes")]


def may_fetch(caller: Caller, file: FinishedFile) -> None:
    """Let somebody have a file only with the scopes that what stands in it needs.

    Raises:
        MissingScope: the key lacks one.
    """
    if file.has_identities:
        require_scope(caller, Scope.IDENTITIES_READ)
    if file.is_unmasked:
        require_scope(caller, Scope.VERBATIMS_UNMASKED)


def file_response(request: Request, file: FinishedFile, *, asked: str | None, if_range: str | None) -> Response:
    """The file of an export, or the part that is asked for.

    ``asked`` is the header Range.
    """
    database = request.app.state.database

    def parts(first: int, last: int) -> AsyncIterator[bytes]:
        return file_parts(database, file, first=first, last=last)

    served = _Served(file.name, MEDIA_TYPES[file.format], file.size, file.sha256, parts, _download(file.name))
    return _ranged(request, served, asked=asked, if_range=if_range)


def report_response(
    request: Request, file: ReportFile, *, asked: str | None, if_range: str | None, is_shown: bool = False
) -> Response:
    """The file of a report, or the part that is asked for.

    Args:
        request: that asks.
        file: what for.
        asked: the header Range.
        if_range: the header If-Range.
        is_shown: in the reader's browser, where it can show it, rather than downloaded.
    """
    database = request.app.state.database

    def parts(first: int, last: int) -> AsyncIterator[bytes]:
        return report_parts(database, file, first=first, last=last)

    headers = {"Content-Security-Policy": NO_SCRIPTS, "Referrer-Policy": "no-referrer"}
    headers |= {"Content-Disposition": f'inline; filename="{file.name}"'} if is_shown else _download(file.name)
    served = _Served(file.name, file.media_type, file.size, file.sha256, parts, headers)
    return _ranged(request, served, asked=asked, if_range=if_range)


def portfolio_response(request: Request, file: PortfolioFile, *, asked: str | None, if_range: str | None) -> Response:
    """The file of a portfolio, or the part that is asked for.

    ``asked`` is the header Range.
    """
    database = request.app.state.database

    def parts(first: int, last: int) -> AsyncIterator[bytes]:
        return portfolio_parts(database, file, first=first, last=last)

    served = _Served(file.name, "application/zip", file.size, file.sha256, parts, _download(file.name))
    return _ranged(request, served, asked=asked, if_range=if_range)


def _download(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _ranged(request: Request, file: _Served, *, asked: str | None, if_range: str | None) -> Response:
    etag = f'"{file.sha256}"'
    try:
        span = asked_span(asked, file.size, if_range=if_range, etag=etag)
    except Unsatisfiable:
        detail = f"The file has {file.size} bytes, the first of them is byte 0."
        headers = {"Content-Range": f"bytes */{file.size}"}
        return problem(request.scope["request_id"], 416, "range_not_satisfiable", detail, (), headers)
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-store",
        "ETag": etag,
        "Repr-Digest": f"sha-256=:{base64.b64encode(bytes.fromhex(file.sha256)).decode()}:",
        "X-Content-Type-Options": "nosniff",
        **file.headers,
    }
    if span is not None:
        headers["Content-Range"] = f"bytes {span.first}-{span.last}/{file.size}"
    whole = span or Span(0, file.size - 1)
    # The length is said beforehand: a file that is thrown away meanwhile ends early, and no caller takes it for whole.
    headers["Content-Length"] = str(whole.length)
    return StreamingResponse(
        file.parts(whole.first, whole.last), 200 if span is None else 206, headers, file.media_type
    )
