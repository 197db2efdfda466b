"""The body of a request as JSON, read so that nothing in it is ambiguous: RFC 8259, with unique names (RFC 7493)."""

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NoReturn

from fastapi import Request

from feedback_core.kit.errors import DomainError, Fault, Invalid
from feedback_core.kit.pointers import step

_BYTE_ORDER_MARK: Final = "\ufeff"


class UnsupportedMediaType(DomainError):
    """The body calls itself something else than JSON."""

    code = "unsupported_media_type"


class MalformedJson(DomainError):
    """The body is not JSON, or has a number that no computer holds."""

    code = "malformed_json"

    def __init__(self, why: str) -> None:
        detail = f"The body is not JSON: {why}."
        super().__init__(detail, [Fault("", self.code, detail)])


class RepeatedName(Invalid):
    """An object of the body has a name twice, and readers of JSON differ in which one they take."""

    code = "repeated_name"


class JsonRequest(Request):
    """A request whose body has been read by `read_json`."""

    async def read_json(self) -> None:
        """Read the body, if there is one.

        Raises:
            UnsupportedMediaType: it does not call itself JSON.
            MalformedJson: it is not JSON.
            RepeatedName: an object names something twice.
        """
        body = await self.body()
        if not body:
            return
        media_type = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != "application/json" and not (
            media_type.startswith("application/") and media_type.endswith("+json")
        ):
            raise UnsupportedMediaType("Send JSON, with Content-Type: application/json.")
        self._json = parse_json(body)


def parse_json(body: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """The value in a body.

    Raises:
        MalformedJson: it is not UTF-8, not JSON, nested too deep, or has a number that is too large or NaN.
        RepeatedName: an object names something twice.
    """
    repeated: dict[int, tuple[object, list[str]]] = {}

    def read_object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            # Kept with its object, so that no other can come to have its id.
            repeated[id(found)] = found, [name for name, times in Counter(n for n, _ in pairs).items() if times > 1]
        return found

    decoder = json.JSONDecoder(object_pairs_hook=read_object, parse_float=_finite, parse_constant=_refuse)
    try:
        value = decoder.decode(body.decode().removeprefix(_BYTE_ORDER_MARK))
    except UnicodeDecodeError as error:
        raise MalformedJson(f"byte {error.start} is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise MalformedJson(f"{error.msg} at line {error.lineno}, column {error.colno}") from error
    except RecursionError as error:
        raise MalformedJson("it is nested too deep") from error
    except ValueError as error:
        raise MalformedJson("it has a number that is too large, or NaN") from error
    if repeated:
        names = {number: names for number, (_, names) in repeated.items()}
        raise RepeatedName(
            [Fault(place, RepeatedName.code, "Say it once.") for place in _places(value, names)],
            "An object has the same name twice.",
        )
    return value


def _finite(number: str) -> float:
    value = float(number)
    if math.isinf(value):
        raise ValueError(number)
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _places(value: object, repeated: Mapping[int, list[str]], pointer: str = "") -> Iterator[str]:
    yield from (pointer + step(name) for name in repeated.get(id(value), ()))
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _places(part, repeated, pointer + step(name))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _places(part, repeated, pointer + step(index))
