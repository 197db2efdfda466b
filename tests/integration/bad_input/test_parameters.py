"""Parameters that are unknown, repeated, of the wrong form, or another query's, at every operation."""

import base64
import json
import re
from typing import Any

import pytest

from tests.architecture.served import Operation
from tests.integration.bad_input.conftest import Unharmed
from tests.integration.bad_input.test_bodies import request_of
from tests.support.operations import Slot, call, every_operation, slots
from tests.support.refusals import refused
from tests.support.seeded import Seeded

IN_PATHS = [(operation, slot) for operation in every_operation() for slot in slots(operation) if slot.place == "path"]
NO_IDS = ["x", "0", "%00", "a%00b", "%ff%fe", "'", "9" * 400, "%2e%2e%2f", "é", "{}", "null"]
NO_TAGS = ["x", "", '"', "*", 'W/"1"', '"1", "2"', '"-1"', "1.0", '"' + "9" * 40 + '"', "\u0663"]


def queries(operation: Operation) -> dict[str, dict[str, Any]]:
    """The query parameters and their schemas."""
    return {p["name"]: p["schema"] for p in operation.document.get("parameters", []) if p["in"] == "query"}


async def ask(seeded: Seeded, operation: Operation, *, headers: dict[str, str] | None = None, **more: Any) -> Any:
    """The operation's good request, with other query parameters or headers."""
    request = request_of(operation, seeded)
    rest = {
        **request.rest,
        "params": [*request.rest["params"].items(), *more.get("params", [])],
        "headers": {**request.rest["headers"], **(headers or {})},
    }
    return await seeded.api.call(request.method, request.path, **rest)


@pytest.mark.parametrize("operation", every_operation(), ids=str)
async def test_a_parameter_that_nobody_knows_is_named(operation: Operation, seeded: Seeded, unharmed: Unharmed) -> None:
    async with unharmed():
        answer = await ask(seeded, operation, params=[("co/lour", "red"), ("x\x00y", "1")])
        refused(answer, 422, "unknown_parameter", "/query/co~1lour", "/query/x\x00y")


@pytest.mark.parametrize("operation", [o for o in every_operation() if queries(o)], ids=str)
async def test_a_parameter_that_is_taken_once_is_not_repeated(
    operation: Operation, seeded: Seeded, unharmed: Unharmed
) -> None:
    good = request_of(operation, seeded).rest["params"]
    once = [name for name, schema in queries(operation).items() if schema.get("type") != "array"]
    async with unharmed():
        for name in once:
            params = [(name, good.get(name, "1"))] * (1 if name in good else 2)
            refused(await ask(seeded, operation, params=params), 422, "repeated_parameter", f"/query/{name}")


@pytest.mark.parametrize("operation", [o for o in every_operation() if queries(o)], ids=str)
async def test_no_parameter_takes_what_it_cannot_be(operation: Operation, seeded: Seeded, unharmed: Unharmed) -> None:
    request = request_of(operation, seeded)
    async with unharmed():
        for name in queries(operation):
            for bad in ("a\x00b", "a" * 3_000):
                params = {**request.rest["params"], name: bad}
                answer = await seeded.api.call(request.method, request.path, params=params)
                refused(answer, 422, "invalid")
                assert answer.json()["errors"][0]["pointer"].startswith(f"/query/{name}"), answer.text


@pytest.mark.parametrize(
    ("operation", "name"),
    [(o, name) for o in every_operation() for name, schema in queries(o).items() if schema.get("type") == "integer"],
    ids=str,
)
async def test_a_number_is_a_number_within_its_limits(
    operation: Operation, name: str, seeded: Seeded, unharmed: Unharmed
) -> None:
    async with unharmed():
        for bad in ("", "0", "-1", "1.5", "1e3", "0x10", "\u0661", "true", "9" * 30, "9" * 5_000, "nan"):
            refused(await ask(seeded, operation, params=[(name, bad)]), 422, "invalid", f"/query/{name}")


@pytest.mark.parametrize(("operation", "slot"), IN_PATHS, ids=lambda value: str(value).replace("/", "|"))
async def test_what_is_no_id_names_nothing(
    operation: Operation, slot: Slot, seeded: Seeded, unharmed: Unharmed
) -> None:
    schema = next(p["schema"] for p in operation.document["parameters"] if p["name"] == slot.name)
    pattern = schema.get("pattern", "(?!)")

    async with unharmed():
        for bad in NO_IDS:
            if re.fullmatch(pattern, bad):
                continue
            request = call(operation, {s: bad if s == slot else seeded.ids[s.thing] for s in slots(operation)})
            answer = await seeded.api.call(request.method, request.path, **request.rest)

            assert answer.status_code in {404, 405, 422}, (bad, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
            if answer.status_code == 422 and answer.json()["code"] == "invalid":
                assert answer.json()["errors"][0]["pointer"] == f"/path/{slot.name}"


@pytest.mark.parametrize("operation", [o for o in every_operation() if "if-match" in o.headers], ids=str)
async def test_what_is_no_tag_matches_nothing(operation: Operation, seeded: Seeded, unharmed: Unharmed) -> None:
    async with unharmed():
        for bad in NO_TAGS:
            answer = await ask(seeded, operation, headers={"If-Match": bad.encode()})  # type: ignore[dict-item]
            refused(answer, 422, "invalid", "/header/if-match")


@pytest.mark.parametrize("operation", [o for o in every_operation() if "idempotency-key" in o.headers], ids=str)
async def test_what_is_no_idempotency_key_is_refused(operation: Operation, seeded: Seeded, unharmed: Unharmed) -> None:
    async with unharmed():
        for bad in (b"a b", b"a\x00b", b"\xc3\xa9", b"a" * 256, b"a\tb", b"\x7f"):
            answer = await ask(seeded, operation, headers={"Idempotency-Key": bad})  # type: ignore[dict-item]
            refused(answer, 422, "invalid", "/header/idempotency-key")


def cursor_of(document: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")


LISTS = [operation for operation in every_operation() if "cursor" in queries(operation)]
DAMAGED = [
    "x",
    "A" * 1000,
    "_-_-",
    cursor_of([]),
    cursor_of({}),
    cursor_of(None),
    cursor_of(["a", "b"]),
    cursor_of(["a", "b", "c"]),
    cursor_of("text"),
    base64.urlsafe_b64encode(b"[" * 700).decode().rstrip("="),
    base64.urlsafe_b64encode(b'["\xff\xfe"]').decode().rstrip("="),
]


@pytest.mark.parametrize("operation", LISTS, ids=str)
async def test_a_cursor_that_this_service_never_gave_is_refused(
    operation: Operation, seeded: Seeded, unharmed: Unharmed
) -> None:
    async with unharmed():
        for bad in DAMAGED:
            refused(await ask(seeded, operation, params=[("cursor", bad)]), 422, "invalid_cursor", "/query/cursor")
        for bad in ("", "!", "====", "a b", "a\x00", "a" * 1001):
            refused(await ask(seeded, operation, params=[("cursor", bad)]), 422, "invalid", "/query/cursor")
