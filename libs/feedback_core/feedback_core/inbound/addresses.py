"""The address of a source: in base64url, its organisation and its id, so that it is looked up inside the tenant.

It is no credential: whoever knows it still has to sign.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Final
from uuid import UUID

PATH: Final = "/v1/inbound"
_UUID_BYTES: Final = 16
_LENGTH: Final = 43


@dataclass(frozen=True, slots=True)
class SourceAddress:
    """What an address says; nothing of it is believed before what came there is verified."""

    organisation_id: UUID
    source_id: UUID

    def token(self) -> str:
        """The address as one step of a path."""
        return base64.urlsafe_b64encode(self.organisation_id.bytes + self.source_id.bytes).decode().rstrip("=")

    def path(self) -> str:
        """Where its sender delivers."""
        return f"{PATH}/{self.token()}"


def parse_address(token: str) -> SourceAddress | None:
    """The parts of an address, or ``None`` if it is not one, or not written as this service writes it."""
    if len(token) != _LENGTH or not token.isascii():
        return None
    try:
        raw = base64.b64decode(token + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    found = SourceAddress(UUID(bytes=raw[:_UUID_BYTES]), UUID(bytes=raw[_UUID_BYTES:]))
    return found if found.token() == token else None
