"""JSON is read in one way only, or refused with the place where it could be read in two."""

from typing import Any

import pytest

from feedback_api.bodies import MalformedJson, RepeatedName, parse_json


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a": [1, 2.5, -0.0, 1e300, null, true, "\\u00e9"]}', {"a": [1, 2.5, -0.0, 1e300, None, True, "é"]}),
        ('"é"'.encode(), "é"),
        ("\ufeff{}".encode(), {}),
        (b"[" * 100 + b"]" * 100, None),
    ],
)
def test_json_is_read(body: bytes, value: Any) -> None:
    assert parse_json(body) == value or value is None


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"{", "line 1, column 2"),
        (b"{'a': 1}", "line 1, column 2"),
        (b'{"a": "\xff"}', "byte 7 is not UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "byte 0 is not UTF-8"),
        (b"[" * 10_000 + b"]" * 10_000, "nested too deep"),
        (b"[NaN]", "too large, or NaN"),
        (b"[-Infinity]", "too large, or NaN"),
        (b"[1e400]", "too large, or NaN"),
        (b"[" + b"9" * 5_000 + b"]", "too large, or NaN"),
        (b'["\x00"]', "control character"),
    ],
)
def test_what_is_not_json_is_refused_and_says_why(body: bytes, why: str) -> None:
    with pytest.raises(MalformedJson) as refused:
        parse_json(body)

    assert why in refused.value.detail
    assert [fault.pointer for fault in refused.value.faults] == [""]


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        (b'{"a": 1, "a": 1}', ["/a"]),
        (b'{"items": [{}, {"answers": {"nps": 9, "nps": 3}}]}', ["/items/1/answers/nps"]),
        (b'{"a": {"x": 1, "x": 2}, "b": {"y/~": 1, "y/~": 2, "z": 0, "z": 0}}', ["/a/x", "/b/y~1~0", "/b/z"]),
        (b'{"a": {"x": 1, "x": 2}, "a": 0}', ["/a"]),
        (b'{"a": 1, "\\u0061": 2}', ["/a"]),
    ],
)
def test_a_name_said_twice_is_pointed_at(body: bytes, pointers: list[str]) -> None:
    with pytest.raises(RepeatedName) as refused:
        parse_json(body)

    assert [fault.pointer for fault in refused.value.faults] == pointers
