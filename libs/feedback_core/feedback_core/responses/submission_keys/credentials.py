"""Credentials that the public may hold: ``fbs_`` of a survey, ``fbr_`` of one respondent.

In base64url they name the organisation, the survey, and the key or the open response; then comes a secret, of which
only the hash is kept.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

SECRET_BYTES = 24
_IDS = 3
_UUID_BYTES = 16


class PublicKind(StrEnum):
    """What a credential lets its holder do; its value begins the token."""

    SUBMISSION = "fbs_"
    RESPONDENT = "fbr_"


@dataclass(frozen=True, slots=True)
class PublicCredential:
    """What a token says about itself; nothing of it is believed before the secret's hash is compared.

    Attributes:
        id: of the submission key, or of the open response.
    """

    kind: PublicKind
    organisation_id: UUID
    survey_id: UUID
    id: UUID
    secret: bytes = field(repr=False)

    def token(self) -> str:
        """What its holder is given."""
        raw = self.organisation_id.bytes + self.survey_id.bytes + self.id.bytes + self.secret
        return self.kind + base64.urlsafe_b64encode(raw).decode().rstrip("=")

    def secret_hash(self) -> bytes:
        """SHA-256 of the secret, which has 192 random bits."""
        return hashlib.sha256(self.secret).digest()

    def matches(self, secret_hashes: Iterable[bytes]) -> bool:
        """Whether it is one of those that were kept, each compared in constant time."""
        own = self.secret_hash()
        found = False
        for kept in secret_hashes:
            found |= hmac.compare_digest(own, kept)
        return found


def is_public(token: str) -> bool:
    """Whether a token looks like one of these."""
    return token.startswith(tuple(PublicKind))


def parse_public_credential(token: str) -> PublicCredential | None:
    """The parts of a token, or ``None`` if it is not one."""
    kind = next((kind for kind in PublicKind if token.startswith(kind)), None)
    if kind is None:
        return None
    encoded = token[len(kind) :]
    try:
        raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(raw) != _IDS * _UUID_BYTES + SECRET_BYTES:
        return None
    organisation, survey, own = (UUID(bytes=raw[start : start + _UUID_BYTES]) for start in range(0, 48, _UUID_BYTES))
    return PublicCredential(kind, organisation, survey, own, raw[48:])
