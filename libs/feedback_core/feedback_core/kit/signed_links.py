"""Links for one recipient: a prefix and, in base64url, organisation, thing and a signature.

Nothing of a link is kept: whoever has the pepper can make it again, and nobody else can make one.
"""

import base64
import binascii
import hashlib
import hmac
from typing import Final
from uuid import UUID

_SIGNATURE_BYTES: Final = 24
_UUID_BYTES: Final = 16


class SignedLinks:
    """Makes links of one purpose, and tells those that it has made from all others."""

    def __init__(self, pepper: bytes, *, purpose: bytes, prefix: str) -> None:
        """Take what they are for, at most 16 bytes: what is signed for one purpose is good for no other."""
        self._key = hashlib.blake2b(pepper, digest_size=32, person=purpose).digest()
        self._prefix = prefix

    def token(self, organisation_id: UUID, thing_id: UUID) -> str:
        """What stands in the link of a thing."""
        named = organisation_id.bytes + thing_id.bytes
        return self._prefix + base64.urlsafe_b64encode(named + self._signature(named)).decode()

    def ids_of(self, token: str) -> tuple[UUID, UUID] | None:
        """Organisation and thing; ``None``: it was not made here. The signature is compared in constant time."""
        encoded = token.removeprefix(self._prefix)
        try:
            raw = base64.b64decode(encoded, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        named, signature = raw[: 2 * _UUID_BYTES], raw[2 * _UUID_BYTES :]
        if not token.startswith(self._prefix) or not hmac.compare_digest(self._signature(named), signature):
            return None
        return UUID(bytes=named[:_UUID_BYTES]), UUID(bytes=named[_UUID_BYTES:])

    def _signature(self, named: bytes) -> bytes:
        return hmac.digest(self._key, named, "sha256")[:_SIGNATURE_BYTES]
