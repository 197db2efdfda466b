"""Times as senders write them; what is none, or of another century, is no time."""

from datetime import UTC, datetime
from typing import Final

_FIRST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(2100, 1, 1, tzinfo=UTC)
_LONGEST: Final = 40
_MILLI: Final = 1000


def from_seconds(value: object) -> datetime | None:
    """Seconds since 1970, whole or not."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return found if _FIRST <= found < _LAST else None


def from_milliseconds(value: object) -> datetime | None:
    """Milliseconds since 1970."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _LAST.timestamp() * _MILLI:
        return None
    return from_seconds(value / _MILLI)


def from_iso(value: object) -> datetime | None:
    """ISO 8601; without a zone it is taken as UTC."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    try:
        found = datetime.fromisoformat(value)
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if _FIRST <= found < _LAST else None
