"""API keys: ``fbk_`` and, in base64url, the organisation, the key's id and a secret; only the secret's hash is kept."""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from uuid import UUID

PREFIX = "fbk_"
SECRET_BYTES = 24
_UUID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Credential:
    """What a key says about itself; nothing of it is believed before the secret's hash is compared."""

    organisation_id: UUID
    api_key_id: UUID
    secret: bytes = field(repr=False)

    def token(self) -> str:
        """The key as its owner is shown it, once."""
        raw = self.organisation_id.bytes + self.api_key_id.bytes + self.secret
        return PREFIX + base64.urlsafe_b64encode(raw).decode().rstrip("=")

    def secret_hash(self) -> bytes:
        """SHA-256 of the secret: it has 192 random bits, so that a slow hash would protect nothing more."""
        return hashlib.sha256(self.secret).digest()

    def matches(self, secret_hash: bytes) -> bool:
        """Whether this is the key that was kept, compared in constant time."""
        return hmac.compare_digest(self.secret_hash(), secret_hash)


def parse_credential(token: str) -> Credential | None:
    """The parts of a key, or ``None`` if it is not one."""
    if not token.startswith(PREFIX):
        return None
    encoded = token[len(PREFIX) :]
    try:
        raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(raw) != 2 * _UUID_BYTES + SECRET_BYTES:
        return None
    return Credential(UUID(bytes=raw[:16]), UUID(bytes=raw[16:32]), raw[32:])
