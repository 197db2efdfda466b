"""The file of an export as a response: whole or in part, from the database to the caller part by part."""

import base64
from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import Header, Request
from starlette.responses import Response, StreamingResponse

from feedback_api.problems import problem, problem_response
from feedback_api.ranges import Span, Unsatisfiable, asked_span
from feedback_api.security import require_scope
from feedback_core.organisations.types import Caller, Scope
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
    """The file, or the part that is asked for.

    ``asked`` is the header Range.
    """
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
        "Content-Disposition": f'attachment; filename="{file.name}"',
        "ETag": etag,
        "Repr-Digest": f"sha-256=:{base64.b64encode(bytes.fromhex(file.sha256)).decode()}:",
        "X-Content-Type-Options": "nosniff",
    }
    if span is not None:
        headers["Content-Range"] = f"bytes {span.first}-{span.last}/{file.size}"
    return _streamed(request, file, span or Span(0, file.size - 1), headers, partial=span is not None)


def _streamed(
    request: Request, file: FinishedFile, span: Span, headers: Mapping[str, str], *, partial: bool
) -> Response:
    # The length is said beforehand: a file that is thrown away meanwhile ends early, and no caller takes it for whole.
    parts = file_parts(request.app.state.database, file, first=span.first, last=span.last)
    return StreamingResponse(
        parts,
        206 if partial else 200,
        {**headers, "Content-Length": str(span.length)},
        MEDIA_TYPES[file.format],
    )
