"""Bodies that are no JSON, or JSON of another shape, at every operation that takes one."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.architecture.served import Operation
from tests.integration.bad_input.conftest import Unharmed
from tests.support.operations import Call, call, every_operation, slots
from tests.support.refusals import refused
from tests.support.seeded import Seeded

LIMIT = 5 * 2**20
TAKES_JSON = [
    operation
    for operation in every_operation()
    if "application/json" in operation.document.get("requestBody", {}).get("content", {})
]
WITHOUT_TEXTS = {"previewSourceMapping", "putAnswer", "submitOpenResponse", "createDownloadLink", "lintSurvey"}
"""Operations that store no text of their example: a preview stores nothing; an answer, time or version is a number."""

WITH_TESTS_OF_THEIR_OWN = {"importSurveyJs", "settleDifferences"}
"""Where another tool's form cannot be read it is named, and a value is judged once there is something to settle."""

TAKES_TEXTS = [
    operation
    for operation in TAKES_JSON
    if operation.document["operationId"] not in WITHOUT_TEXTS | WITH_TESTS_OF_THEIR_OWN
]
TAKES_A_BODY = [operation for operation in every_operation() if "requestBody" in operation.document]

NO_JSON = {
    "cut off": b'{"answers": {"nps": 9',
    "of single quotes": b"{'answers': {}}",
    "not UTF-8": b'{"key": "\xff\xfe"}',
    "of bytes NUL": b"\x00" * 64,
    "with a bare NUL": b'{"key": "a\x00b"}',
    "NaN": b'{"answers": {"nps": NaN}}',
    "infinite": b'{"answers": {"nps": -Infinity}}',
    "beyond every float": b'{"answers": {"nps": 1e400}}',
    "with a number of 5,000 digits": b'{"answers": {"nps": ' + b"9" * 5_000 + b"}}",
    "10,000 lists deep": b"[" * 10_000 + b"]" * 10_000,
    "10,000 objects deep": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
}
OTHER_SHAPES: dict[str, Any] = {"list": [], "text": "answers", "number": 7, "null": None, "true": True}
MEDIA = ["text/plain", "application/x-www-form-urlencoded", "application/xml", "text/json", "nonsense", None]


def request_of(operation: Operation, seeded: Seeded) -> Call:
    return call(operation, {slot: seeded.ids[slot.thing] for slot in slots(operation)})


async def send(seeded: Seeded, operation: Operation, content: Any, media: str | None = "application/json") -> Any:
    request = request_of(operation, seeded)
    own = {name: value for name, value in request.rest["headers"].items() if name != "Content-Type"}
    headers = {**own, **({"Content-Type": media} if media else {})}
    return await seeded.api.call(
        request.method, request.path, content=content, headers=headers, params=request.rest["params"]
    )


@pytest.mark.parametrize("operation", TAKES_JSON, ids=str)
async def test_what_is_not_json_is_refused(operation: Operation, seeded: Seeded, unharmed: Unharmed) -> None:
    async with unharmed():
        for body in NO_JSON.values():
            refused(await send(seeded, operation, body), 400, "malformed_json", "")


@pytest.mark.parametrize("operation", TAKES_JSON, ids=str)
async def test_json_of_another_shape_is_refused(operation: Operation, seeded: Seeded, unharmed: Unharmed) -> None:
    async with unharmed():
        for body in OTHER_SHAPES.values():
            answer = await send(seeded, operation, json.dumps(body).encode())
            refused(answer, 422, "invalid")
            assert {fault["pointer"] for fault in answer.json()["errors"]} <= {"", "/kind"}


@pytest.mark.parametrize("operation", TAKES_JSON, ids=str)
async def test_a_missing_body_is_missed(operation: Operation, seeded: Seeded, unharmed: Unharmed) -> None:
    async with unharmed():
        refused(await send(seeded, operation, b""), 422, "invalid", "")
        refused(await send(seeded, operation, b"", None), 422, "invalid", "")


@pytest.mark.parametrize("operation", TAKES_JSON, ids=str)
async def test_a_name_said_twice_is_pointed_at(operation: Operation, seeded: Seeded, unharmed: Unharmed) -> None:
    good = json.dumps(request_of(operation, seeded).rest["json"])
    name = next(iter(json.loads(good)))
    body = f'{{"{name}": 1, {good[1:]}'

    async with unharmed():
        refused(await send(seeded, operation, body.encode()), 422, "repeated_name", f"/{name}")


@pytest.mark.parametrize("operation", TAKES_JSON, ids=str)
async def test_a_field_that_nobody_knows_is_named(operation: Operation, seeded: Seeded, unharmed: Unharmed) -> None:
    body = {**request_of(operation, seeded).rest["json"], "col/our~": "red"}

    async with unharmed():
        refused(await send(seeded, operation, json.dumps(body).encode()), 422, "invalid", "/col~1our~0")


@pytest.mark.parametrize("operation", TAKES_A_BODY, ids=str)
async def test_what_calls_itself_something_else_is_refused(
    operation: Operation, seeded: Seeded, unharmed: Unharmed
) -> None:
    body = json.dumps(request_of(operation, seeded).rest.get("json", {})).encode()

    async with unharmed():
        for media in MEDIA:
            refused(await send(seeded, operation, body, media), 415, "unsupported_media_type")


@pytest.mark.parametrize("operation", TAKES_JSON, ids=str)
async def test_ten_megabytes_are_too_many(operation: Operation, seeded: Seeded, unharmed: Unharmed) -> None:
    body = b'{"title": "' + b"a" * (2 * LIMIT) + b'"}'

    def in_chunks() -> Iterator[bytes]:
        yield from (body[at : at + 2**16] for at in range(0, len(body), 2**16))

    async def chunked() -> Any:
        for chunk in in_chunks():
            yield chunk

    async with unharmed():
        refused(await send(seeded, operation, body), 413, "body_too_large")
        refused(await send(seeded, operation, chunked()), 413, "body_too_large")


@pytest.mark.parametrize("operation", TAKES_TEXTS, ids=str)
async def test_texts_that_cannot_be_stored_are_refused(
    operation: Operation, seeded: Seeded, unharmed: Unharmed
) -> None:
    good = request_of(operation, seeded).rest["json"]
    places = list(texts_in(good))
    assert places

    async with unharmed():
        for place in places:
            for bad in ("a\x00b", "\ud800", "a" * 2_000_000):
                body = json.dumps(put(good, place, bad)).encode()
                answer = await send(seeded, operation, body)

                assert answer.status_code in {200, 422}, answer.text
                if answer.status_code == 200:
                    # Of a batch each item is judged by itself.
                    assert answer.json()["recorded"] == 0
                    faults = answer.json()["items"][0]["errors"]
                else:
                    faults = answer.json()["errors"]
                # A key of the wrong form may make unknown what refers to it, too.
                assert pointer(place) in {fault["pointer"] for fault in faults}, (place, bad[:9], faults)


def texts_in(document: Any, *path: str | int) -> Iterator[tuple[str | int, ...]]:
    """The places of all texts that are not enumerated words."""
    if isinstance(document, str):
        yield path
    elif isinstance(document, dict):
        for name, part in document.items():
            yield from texts_in(part, *path, name)
    elif isinstance(document, list):
        for index, part in enumerate(document):
            yield from texts_in(part, *path, index)


def put(document: Any, place: tuple[str | int, ...], value: Any) -> Any:
    """The document with another value in one place."""
    if not place:
        return value
    first, *rest = place
    if isinstance(document, dict):
        return {**document, first: put(document[first], tuple(rest), value)}
    return [put(part, tuple(rest), value) if index == first else part for index, part in enumerate(document)]


def pointer(place: tuple[str | int, ...]) -> str:
    """A JSON pointer."""
    return "".join(f"/{step}" for step in place)
