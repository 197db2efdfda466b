"""Keyed hashes that stand for external ids, idempotency keys, respondents and content.

Equal values have equal hashes within one survey, so duplicates are found; without the pepper nobody can tell a value
from its hash, not even by trying all of them, and hashes of different surveys or purposes cannot be joined.
"""

import hashlib
from enum import Enum
from typing import Final, Protocol
from uuid import UUID

from feedback_core.kit.keyed_hashes import HASH_BYTES, Pepper

REFERENCE_BYTES: Final = HASH_BYTES


class Purpose(bytes, Enum):
    """What a hash is of; at most 16 bytes."""

    EXTERNAL_ID = b"external_id"
    IDEMPOTENCY_KEY = b"idempotency_key"
    RESPONDENT = b"respondent"
    CONTENT = b"content"


class Named(Protocol):
    """Whoever can be recognised by a name of the organisation or by an address."""

    @property
    def id(self) -> str | None:
        """As the organisation calls them."""
        ...

    @property
    def email(self) -> str | None:
        """Their address."""
        ...


class References:
    """Makes the hashes of every survey from one pepper."""

    def __init__(self, pepper: bytes) -> None:
        made = Pepper(pepper)
        self._empty = {purpose: made.started(purpose.value) for purpose in Purpose}

    def of_survey(self, organisation_id: UUID, survey_id: UUID) -> "SurveyReferences":
        """Those of one survey."""
        begun = {}
        for purpose, empty in self._empty.items():
            begun[purpose] = empty.copy()
            begun[purpose].update(organisation_id.bytes + survey_id.bytes)
        return SurveyReferences(begun)


class SurveyReferences:
    """Makes the hashes of one survey: 16 bytes each."""

    __slots__ = ("_begun",)

    def __init__(self, begun: dict[Purpose, "hashlib.blake2b"]) -> None:
        self._begun = begun

    def external_id(self, value: str) -> bytes:
        """Of the caller's name for a response."""
        return self._hash(Purpose.EXTERNAL_ID, value)

    def idempotency_key(self, value: str) -> bytes:
        """Of the name of an attempt."""
        return self._hash(Purpose.IDEMPOTENCY_KEY, value)

    def content(self, canonical: str) -> bytes:
        """Of everything that was said; keyed, because what was said may identify an anonymous respondent."""
        return self._hash(Purpose.CONTENT, canonical)

    def respondent(self, respondent: Named) -> bytes | None:
        """Of who answered, by id or else by e-mail (without regard to case); ``None`` if neither is known."""
        if respondent.id is not None:
            return self._hash(Purpose.RESPONDENT, "id:" + respondent.id)
        if respondent.email is not None:
            return self._hash(Purpose.RESPONDENT, "email:" + respondent.email.strip().casefold())
        return None

    def _hash(self, purpose: Purpose, value: str) -> bytes:
        digest = self._begun[purpose].copy()
        digest.update(value.encode())
        return digest.digest()
