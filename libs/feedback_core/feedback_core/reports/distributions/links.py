"""Links to a report for one recipient: ``fbd_`` and, in base64url, organisation, distribution and a signature.

Nothing of a link is kept: whoever has the pepper can make it again, and nobody else can make one.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from typing import Final, Self
from uuid import UUID

from feedback_core.kit.settings import SecretSettings

PREFIX: Final = "fbd_"
_SIGNATURE_BYTES: Final = 24
_UUID_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Named:
    """What a link names, once its signature is verified."""

    organisation_id: UUID
    distribution_id: UUID


class LinkSigner:
    """Makes links, and tells those that it has made from all others."""

    def __init__(self, pepper: bytes) -> None:
        # A key of its own: what is signed here is good for nothing else.
        self._key = hashlib.blake2b(pepper, digest_size=32, person=b"report_links").digest()

    @classmethod
    def from_settings(cls, settings: SecretSettings) -> Self:
        """The same in every process that has the same secrets."""
        return cls(settings.pepper.get_secret_value().encode())

    def token(self, organisation_id: UUID, distribution_id: UUID) -> str:
        """What stands in the link of a distribution."""
        named = organisation_id.bytes + distribution_id.bytes
        return PREFIX + base64.urlsafe_b64encode(named + self._signature(named)).decode()

    def named(self, token: str) -> Named | None:
        """What a token names; ``None``: it was not made here. The signature is compared in constant time."""
        encoded = token.removeprefix(PREFIX)
        try:
            raw = base64.b64decode(encoded, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        named, signature = raw[: 2 * _UUID_BYTES], raw[2 * _UUID_BYTES :]
        if not token.startswith(PREFIX) or not hmac.compare_digest(self._signature(named), signature):
            return None
        return Named(UUID(bytes=named[:_UUID_BYTES]), UUID(bytes=named[_UUID_BYTES:]))

    def _signature(self, named: bytes) -> bytes:
        return hmac.digest(self._key, named, "sha256")[:_SIGNATURE_BYTES]


def path_of(token: str) -> str:
    """Where the API shows it."""
    return f"/v1/shared-reports/{token}"
