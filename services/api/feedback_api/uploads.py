"""The two parts of an import's request: the mapping and the file."""

import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import PurePosixPath
from typing import Any, Final, Protocol, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from feedback_api.pointers import pointer_to
from feedback_api.schemas.imports import EXAMPLE, ImportMappingIn
from feedback_core.kit.errors import Fault, Invalid
from feedback_core.kit.tabular.types import ImportFormat
from feedback_core.responses.imports.types import CHUNK_BYTES, ImportFault

Shape = TypeVar("Shape", bound=BaseModel)


class HasFormat(Protocol):
    """A mapping, which may say what kind of file it is of."""

    @property
    def format(self) -> ImportFormat | None:
        """What kind; ``None``: by the file's type or name."""
        ...


MOST_MAPPING_BYTES: Final = 2**20
_LONGEST_NAME: Final = 300
_MOST_FAULTS: Final = 100

_BY_TYPE: Final = {
    "text/csv": ImportFormat.CSV,
    "application/x-ndjson": ImportFormat.NDJSON,
    "application/ndjson": ImportFormat.NDJSON,
    "application/jsonl": ImportFormat.NDJSON,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ImportFormat.XLSX,
}
_BY_NAME: Final = {
    ".csv": ImportFormat.CSV,
    ".tsv": ImportFormat.CSV,
    ".txt": ImportFormat.CSV,
    ".ndjson": ImportFormat.NDJSON,
    ".jsonl": ImportFormat.NDJSON,
    ".xlsx": ImportFormat.XLSX,
}


def request_body(shape: str, *, summary: str, mapping: dict[str, Any], file: str) -> dict[str, Any]:
    """For OpenAPI: the body is read by hand, so that nothing is taken in before the caller is known.

    Args:
        shape: name of the schema of the mapping.
        summary: of the example.
        mapping: of the example.
        file: of the example, in CSV.
    """
    return {
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "required": ["mapping", "file"],
                        "additionalProperties": False,
                        "properties": {
                            "mapping": {"$ref": f"#/components/schemas/{shape}"},
                            "file": {
                                "type": "string",
                                "contentMediaType": "application/octet-stream",
                                "description": "CSV, NDJSON or XLSX",
                            },
                        },
                    },
                    "encoding": {
                        "mapping": {"contentType": "application/json"},
                        "file": {
                            "contentType": "text/csv, application/x-ndjson,"
                            " application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                        },
                    },
                    "examples": {"csv": {"summary": summary, "value": {"mapping": mapping, "file": file}}},
                }
            },
        }
    }


REQUEST_BODY: Final[dict[str, Any]] = request_body(
    "ImportMappingIn",
    summary="A call centre's CSV",
    mapping=EXAMPLE,
    file="Ticket,Completed,Region,NPS,Wait,Used\nT-1,03/01/2026 10:00:00 AM,N,9,Agree,web;app\n",
)


def form_of(request: Request) -> AbstractAsyncContextManager[FormData]:
    """The parts of the request; a file is spooled to disk.

    Raises:
        HTTPException: the body is not ``multipart/form-data``.
    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise HTTPException(415, "Send multipart/form-data with the parts mapping and file.")
    return request.form(max_files=2, max_fields=2, max_part_size=MOST_MAPPING_BYTES)


async def mapping_in(form: FormData) -> ImportMappingIn:
    """The mapping of an import, as text or as a file of its own.

    Raises:
        Invalid: there is none, it is not JSON, or not of the form of a mapping.
    """
    return await mapping_of(form, ImportMappingIn)


async def mapping_of(form: FormData, shape: type[Shape]) -> Shape:
    """A mapping of this shape, as text or as a file of its own.

    Raises:
        Invalid: there is none, it is not JSON, or not of the form of a mapping.
    """
    _refuse_others(form)
    part = form.get("mapping")
    if part is None:
        raise Invalid([Fault("/mapping", "missing", "Send the mapping as a part of its own, in JSON.")])
    document = await part.read(MOST_MAPPING_BYTES + 1) if isinstance(part, UploadFile) else part
    if len(document) > MOST_MAPPING_BYTES:
        raise Invalid([Fault("/mapping", "too_long", f"Send a mapping of at most {MOST_MAPPING_BYTES} bytes.")])
    try:
        return shape.model_validate_json(document)
    except ValidationError as error:
        raise Invalid(_faults(error, document)) from error


def file_in(form: FormData) -> UploadFile:
    """The file.

    Raises:
        Invalid: there is none, or it came as text.
    """
    part = form.get("file")
    if not isinstance(part, UploadFile):
        raise Invalid([Fault("/file", "missing", "Send the file as a part of its own, with a file name.")])
    return part


def format_of(mapping: HasFormat, file: UploadFile) -> ImportFormat:
    """What kind of file it is: as the mapping says, or by its type, or by its name.

    Raises:
        Invalid: none of them says.
    """
    media_type = (file.content_type or "").partition(";")[0].strip().lower()
    suffix = PurePosixPath(file.filename or "").suffix.lower()
    found = mapping.format or _BY_TYPE.get(media_type) or _BY_NAME.get(suffix)
    if found is None:
        raise Invalid([Fault("/mapping/format", ImportFault.UNKNOWN_FORMAT.value, "Say csv, ndjson or xlsx.")])
    return found


def name_of(file: UploadFile) -> str | None:
    """What the caller calls the file; only letters that can be stored and shown."""
    name = "".join(character for character in file.filename or "" if character.isprintable())
    return name[:_LONGEST_NAME] or None


async def chunks_of(file: UploadFile) -> AsyncIterator[bytes]:
    """The bytes of a file, in parts."""
    while content := await file.read(CHUNK_BYTES):
        yield content


def hashed_key(api_key_id: bytes, key: str | None) -> bytes | None:
    """An idempotency key as it is remembered, apart for every API key."""
    return None if key is None else hashlib.sha256(api_key_id + key.encode()).digest()


def _refuse_others(form: FormData) -> None:
    names = [name for name, _ in form.multi_items()]
    faults = [
        Fault(f"/{name}"[:100], "unknown_field", "Send the parts mapping and file, each once.")
        for number, name in enumerate(names)
        if name not in {"mapping", "file"} or name in names[:number]
    ]
    if faults:
        raise Invalid(faults)


def _faults(error: ValidationError, document: str | bytes) -> list[Fault]:
    try:
        parsed: object = json.loads(document)
    except (ValueError, RecursionError):
        parsed = None
    return [
        Fault(
            "/mapping" + pointer_to({**found, "loc": ("body", *found["loc"])}, parsed),
            found["type"],
            f"{found['msg']}.",
        )
        for found in error.errors(include_url=False)[:_MOST_FAULTS]
    ]
