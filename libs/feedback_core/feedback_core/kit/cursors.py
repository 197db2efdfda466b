"""Keyset cursors: opaque, and bound to the query that made them."""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from re import Pattern
from typing import Final, Protocol, TypeVar, overload
from uuid import UUID

from feedback_core.kit.errors import Fault, Invalid

Row = TypeVar("Row")


class Identified(Protocol):
    """What has an id."""

    @property
    def id(self) -> UUID:
        """Its own."""


IdentifiedRow = TypeVar("IdentifiedRow", bound=Identified)
_ID: Final = attrgetter("id")

_MOST_DIGITS: Final = 19
"""Of the largest number that a column holds."""


class InvalidCursor(Invalid):
    """The cursor is damaged, or belongs to a query with other filters."""

    code = "invalid_cursor"

    def __init__(self) -> None:
        detail = "This cursor does not belong to this query: use next_cursor as given, with the same filters."
        super().__init__([Fault("/query/cursor", self.code, detail)], detail)


def encode_cursor(position: Sequence[str], query: Mapping[str, object]) -> str:
    """A cursor at ``position`` (the sort key of the last row), usable only with the same ``query``."""
    payload = json.dumps([_fingerprint(query), *position], separators=(",", ":"))
    return base64.urlsafe_b64encode(payload.encode()).decode().rstrip("=")


@overload
def page_of(
    found: Sequence[IdentifiedRow], limit: int, query: Mapping[str, object]
) -> tuple[list[IdentifiedRow], str | None]: ...
@overload
def page_of(
    found: Sequence[Row], limit: int, query: Mapping[str, object], *, at: Callable[[Row], object]
) -> tuple[list[Row], str | None]: ...
def page_of(
    found: Sequence[Row], limit: int, query: Mapping[str, object], *, at: Callable[[Row], object] = _ID
) -> tuple[list[Row], str | None]:
    """What a caller is given of rows of which one more than ``limit`` was read, and the cursor to those after them.

    Args:
        found: the rows, in the order of the list.
        limit: how many the caller asked for.
        query: which list this is and with which filters.
        at: by what the list is in order, their id unless another is named; several parts as a tuple.
    """
    page = list(found[:limit])
    if len(found) <= limit:
        return page, None
    position = at(page[-1])
    parts = position if isinstance(position, tuple) else (position,)
    return page, encode_cursor([str(part) for part in parts], query)


def decode_cursor(cursor: str, query: Mapping[str, object], *, parts: int) -> tuple[str, ...]:
    """The position in a cursor.

    Raises:
        InvalidCursor: it is damaged, or was made by another query.
    """
    try:
        decoded = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise InvalidCursor from error
    if not isinstance(decoded, list) or len(decoded) != parts + 1 or not all(isinstance(x, str) for x in decoded):
        raise InvalidCursor
    if decoded[0] != _fingerprint(query):
        raise InvalidCursor
    return tuple(decoded[1:])


def id_in_cursor(cursor: str | None, query: Mapping[str, object]) -> UUID | None:
    """The id at which a cursor stands; ``None`` without a cursor.

    Raises:
        InvalidCursor: it is damaged, or was made by another query.
    """
    if cursor is None:
        return None
    (position,) = decode_cursor(cursor, query, parts=1)
    try:
        return UUID(position)
    except ValueError as error:
        raise InvalidCursor from error


def key_in_cursor(cursor: str | None, query: Mapping[str, object], form: Pattern[str]) -> str | None:
    """The key at which a cursor stands, of the form that keys have there; ``None`` without a cursor.

    Raises:
        InvalidCursor: it is damaged, or was made by another query.
    """
    if cursor is None:
        return None
    (position,) = decode_cursor(cursor, query, parts=1)
    if not form.fullmatch(position):
        raise InvalidCursor
    return position


def numbers_in_cursor(
    cursor: str, query: Mapping[str, object], *, parts: int = 1, below: int = 2**31
) -> tuple[int, ...]:
    """The numbers at which a cursor stands, from 0 on; ``below`` is what their columns can hold.

    Raises:
        InvalidCursor: it is damaged, or was made by another query.
    """
    position = decode_cursor(cursor, query, parts=parts)
    if not all(_is_number(part) and int(part) < below for part in position):
        raise InvalidCursor
    return tuple(map(int, position))


def _is_number(part: str) -> bool:
    # Of very many digits Python makes no number at all.
    return part.isascii() and part.isdigit() and len(part) <= _MOST_DIGITS


def _fingerprint(query: Mapping[str, object]) -> str:
    canonical = json.dumps(query, sort_keys=True, default=str)
    return hashlib.blake2b(canonical.encode(), digest_size=9).hexdigest()
