"""What a verifier looks at: a request as it came, and what was agreed with its sender."""

import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from feedback_core.inbound.instants import from_seconds
from feedback_core.inbound.types import RefusalReason

LONGEST_HEADER: Final = 8_192
TOLERANCE: Final = timedelta(minutes=5)
"""How far the sender's clock may be from ours, either way."""

_VISIBLE: Final = re.compile(r"[\x20-\x7e]*")
_SECONDS: Final = re.compile(r"[0-9]{1,12}")


class Refused(Exception):
    """The request is not believed; the reason is for the owner of the source."""

    def __init__(self, reason: RefusalReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Headers:
    """Headers of a request, by lower-case name, each as often as it came."""

    def __init__(self, raw: Iterable[tuple[bytes, bytes]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in raw:
            self._values.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        return self._values.get(name.lower(), [])

    def one(self, name: str) -> str:
        """The value of a header that must be there once.

        Raises:
            Refused: it is not there, more than once, or no printable ASCII.
        """
        values = self.all(name)
        if not values:
            raise Refused(RefusalReason.HEADER_MISSING)
        if len(values) > 1:
            raise Refused(RefusalReason.HEADER_REPEATED)
        if len(values[0]) > LONGEST_HEADER or not _VISIBLE.fullmatch(values[0]):
            raise Refused(RefusalReason.HEADER_MALFORMED)
        return values[0]


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret that is valid now."""

    id: UUID
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """A request as it came.

    Attributes:
        url: as the sender calls and signs it, from configuration, with the query that came; ``None``: not known.
        query: as it came, undecoded.
        path_secret: what stood in the path behind the address of the source.
    """

    method: str
    headers: Headers
    body: bytes = field(repr=False)
    now: datetime
    url: str | None = None
    query: str = ""
    path_secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Signed:
    """A request that was believed.

    Attributes:
        secret_id: of the secret that fitted.
        signed_id: an id that the signature covers, where it is not simply a field of the body.
        body: what may be kept of the body, if not all of it.
    """

    secret_id: UUID
    signed_id: str | None = None
    body: bytes | None = field(default=None, repr=False)


def fitting(secrets: Sequence[Secret], given: Iterable[str], expected: Iterable[tuple[Secret, str]]) -> Secret:
    """The secret whose signature is one of those given, every one compared in constant time.

    Raises:
        Refused: none, or there is no secret.
    """
    if not secrets:
        raise Refused(RefusalReason.NO_SECRET)
    offered = [signature.encode() for signature in given]
    found: Secret | None = None
    for secret, signature in expected:
        matches = [hmac.compare_digest(signature.encode(), other) for other in offered]
        if any(matches) and found is None:
            found = secret
    if found is None:
        raise Refused(RefusalReason.SIGNATURE_WRONG)
    return found


def check_age(now: datetime, sent_at: datetime) -> None:
    """Hold the time of sending against ours.

    Raises:
        Refused: it is further away than the tolerance.
    """
    if now - sent_at > TOLERANCE:
        raise Refused(RefusalReason.TOO_OLD)
    if sent_at - now > TOLERANCE:
        raise Refused(RefusalReason.TOO_NEW)


def instant_of_seconds(text: str) -> datetime:
    """An instant in whole seconds since 1970.

    Raises:
        Refused: it is none.
    """
    found = from_seconds(int(text)) if _SECONDS.fullmatch(text) else None
    if found is None:
        raise Refused(RefusalReason.TIMESTAMP_MALFORMED)
    return found
