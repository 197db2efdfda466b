"""Vocabulary of submission keys, and of who calls with one."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from feedback_core.organisations.types import Caller

MOST_ORIGINS: Final = 50
MOST_PER_MINUTE: Final = 100_000
FEWEST_KEY_CHARACTERS: Final = 20
"""Of an Idempotency-Key that comes with a submission key: who guesses one would be told what another was told."""

MOST_KEYS: Final = 100
"""Live keys of one survey."""

_HOST: Final = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?|\[[0-9a-f:.]{2,45}\]"
ORIGIN: Final = re.compile(rf"^https?://(?:{_HOST})(?::[1-9][0-9]{{0,4}})?$")
"""An origin as browsers write it: scheme, host in lower case, port unless it is the usual one; nothing after it."""

_USUAL_PORTS: Final = {"http": 80, "https": 443}
_LAST_PORT: Final = 65_535


class KeyFault(StrEnum):
    """Codes of what can be wrong with a submission key, or with what comes with one."""

    NOT_AN_ORIGIN = "not_an_origin"
    NAMED_TWICE = "named_twice"
    EXPIRED_ALREADY = "expired_already"
    TOO_MANY_KEYS = "too_many_keys"
    NOT_FROM_THE_PUBLIC = "not_from_the_public"
    GUESSABLE_KEY = "guessable_key"


def is_origin(value: str) -> bool:
    """Whether a browser could send exactly this as its ``Origin``."""
    if not ORIGIN.fullmatch(value):
        return False
    scheme, _, rest = value.partition("://")
    _, colon, port = rest.rpartition(":")
    if not colon or rest.endswith("]"):
        return True
    return int(port) <= _LAST_PORT and int(port) != _USUAL_PORTS[scheme]


@dataclass(frozen=True, slots=True)
class NewSubmissionKey:
    """What a caller says of a key.

    Attributes:
        origins: exact origins of the pages that may use it.
        expires_at: ``None``: it does not end by itself.
    """

    name: str
    origins: tuple[str, ...]
    requests_per_minute: int
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SubmissionKey:
    """A key as it may be shown.

    Attributes:
        hint: its last characters, to tell keys apart.
        created_by: name of the API key.
    """

    id: UUID
    survey_id: UUID
    name: str
    hint: str
    origins: tuple[str, ...]
    requests_per_minute: int
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None

    def is_live(self, now: datetime) -> bool:
        """Whether it is neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, slots=True)
class PublicCaller(Caller):
    """Somebody with a submission key, or a respondent with the token of an open response; without any scope.

    Attributes:
        survey_id: the only survey that it reaches.
        open_response_id: the only open response that it reaches; ``None``: none, it has a submission key.
        origins: of pages that may call with it.
        requests_per_minute: of everybody who calls with the key; of one respondent, if no key is behind.
    """

    survey_id: UUID
    open_response_id: UUID | None
    origins: frozenset[str]
    requests_per_minute: int
