"""Keyset cursors: opaque, and bound to the query that made them."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence

from feedback_core.kit.errors import Fault, Invalid


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


def _fingerprint(query: Mapping[str, object]) -> str:
    canonical = json.dumps(query, sort_keys=True, default=str)
    return hashlib.blake2b(canonical.encode(), digest_size=9).hexdigest()
