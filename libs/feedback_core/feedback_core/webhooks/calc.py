"""Pure parts of webhooks: which events a filter lets through, when to try again, what an answer means."""

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final
from uuid import UUID

from feedback_core.events.types import EventKind
from feedback_core.webhooks.types import AttemptOutcome

PAUSES: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""After the first, second, … attempt that failed: ten attempts over 75 h 35 min.

Source: standard-webhooks, ``spec/standard-webhooks.md``, example schedule.
"""

ATTEMPTS: Final = len(PAUSES) + 1

FAILURES_TO_REST: Final = 3
"""In a row, of whichever deliveries: then the receiver is left alone for a while."""

FIRST_REST: Final = timedelta(seconds=5)
LONGEST_REST: Final = timedelta(minutes=15)
LONGEST_RETRY_AFTER: Final = timedelta(hours=24)

SNIPPET_CHARACTERS: Final = 1_000
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

_ASKED_FOR: Final = frozenset(EventKind) - {EventKind.WEBHOOK_TEST}

FILTERS: Final = frozenset(_ASKED_FOR | {f"{kind.subject_kind}.*" for kind in _ASKED_FOR})
"""What a webhook may ask for: events by name, or all on one kind of subject."""

RETRIED: Final = frozenset(
    {
        AttemptOutcome.BUSY,
        AttemptOutcome.SERVER_ERROR,
        AttemptOutcome.REDIRECTED,
        AttemptOutcome.TIMED_OUT,
        AttemptOutcome.UNREACHABLE,
        AttemptOutcome.ADDRESS_REFUSED,
        AttemptOutcome.GONE,
    }
)
"""What another attempt may mend; after ``gone`` it is made once the webhook is active again."""


def lets_through(kinds: Sequence[str], kind: EventKind) -> bool:
    """Whether a filter asks for events of a kind; a test is for the webhook that it tests, and asked for by nobody."""
    if kind is EventKind.WEBHOOK_TEST:
        return False
    return not kinds or kind.value in kinds or f"{kind.subject_kind}.*" in kinds


def next_attempt(event_id: UUID, step: int, now: datetime, *, retry_after: float | None) -> datetime | None:
    """When to try again after the ``step``-th attempt of the schedule (from 1) failed; ``None``: never.

    A tenth either way is left to chance, so that what failed together does not come back together. It follows from the
    event's id. A receiver that asks for more time gets it, up to a day.
    """
    if step >= ATTEMPTS:
        return None
    pause = PAUSES[step - 1] * _spread(event_id, step, 0.1)
    if retry_after is not None:
        pause = max(pause, min(timedelta(seconds=retry_after), LONGEST_RETRY_AFTER))
    return now + pause


def rest_after(webhook_id: UUID, failures: int, *, retry_after: float | None) -> timedelta:
    """How long a receiver is left alone after so many failures in a row; no time for the first few.

    Doubles from 5 seconds to 15 minutes.
    """
    rest = timedelta()
    if failures >= FAILURES_TO_REST:
        doubled = FIRST_REST * float(1 << min(failures - FAILURES_TO_REST, 16))
        rest = min(doubled, LONGEST_REST) * _spread(webhook_id, failures, 0.1)
    if retry_after is not None:
        rest = max(rest, min(timedelta(seconds=retry_after), LONGEST_RETRY_AFTER))
    return rest


def failures_after(failures: int, outcome: AttemptOutcome) -> int:
    """Failures in a row once another attempt has ended; who does not answer at all is left alone at once."""
    if outcome is AttemptOutcome.DELIVERED:
        return 0
    return max(failures + 1, FAILURES_TO_REST) if outcome is AttemptOutcome.TIMED_OUT else failures + 1


def outcome_of(status: int) -> AttemptOutcome:
    """What a status means for the delivery."""
    match status:
        case HTTPStatus.GONE:
            return AttemptOutcome.GONE
        case HTTPStatus.REQUEST_TIMEOUT | HTTPStatus.TOO_MANY_REQUESTS:
            return AttemptOutcome.BUSY
        case _ if 200 <= status < 300:
            return AttemptOutcome.DELIVERED
        case _ if 300 <= status < 400:
            return AttemptOutcome.REDIRECTED
        case _ if 400 <= status < 500:
            return AttemptOutcome.REFUSED
        case _:
            return AttemptOutcome.SERVER_ERROR


def retry_after_seconds(header: str | None, now: datetime) -> float | None:
    """What ``Retry-After`` asks for: seconds, or an instant; ``None`` if it says nothing of the kind."""
    if header is None:
        return None
    said = header.strip()
    if re.fullmatch(r"\d{1,9}", said):
        return float(said)
    try:
        at = parsedate_to_datetime(said)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return max(0.0, ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds())


def snippet_of(body: bytes) -> str | None:
    """The beginning of an answer as text that can be kept."""
    said = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", body.decode(errors="replace"))[:SNIPPET_CHARACTERS]
    return said or None


def _spread(identifier: UUID, number: int, share: float) -> float:
    digest = hashlib.blake2b(identifier.bytes + number.to_bytes(4), digest_size=8).digest()
    return 1 - share + 2 * share * int.from_bytes(digest) / 2**64
