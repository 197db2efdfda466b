"""A part of a file by its bytes: Range and If-Range (RFC 9110, section 14)."""

import re
from dataclasses import dataclass
from typing import Final

_RANGE: Final = re.compile(r"\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes of a file, both ends included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """How many they are."""
        return self.last - self.first + 1


class Unsatisfiable(Exception):
    """The file has none of the bytes that are asked for."""


def asked_span(asked: str | None, size: int, *, if_range: str | None, etag: str) -> Span | None:
    """The bytes that a request asks for; ``None``: the whole file.

    The whole file is given too where the range is of another file (``If-Range``), in another unit, malformed, or of
    several parts: a server may always leave a range out of account.

    Raises:
        Unsatisfiable: the range begins behind the end.
    """
    found = None if asked is None else _RANGE.fullmatch(asked)
    if found is None or (if_range is not None and if_range.strip() != etag):
        return None
    first, last = found.groups()
    if not first and not last:
        return None
    if not first:
        # The last so many bytes.
        span = Span(max(0, size - int(last)), size - 1)
        satisfiable = int(last) > 0 and size > 0
    else:
        span = Span(int(first), min(int(last), size - 1) if last else size - 1)
        if last and int(last) < int(first):
            return None
        satisfiable = span.first < size
    if not satisfiable:
        raise Unsatisfiable
    return span
