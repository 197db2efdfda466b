"""The public address of a survey: in base64url, its organisation and its id, so that it is looked up inside the tenant.

It is no credential, and opens nothing but what was published.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Final
from uuid import UUID

_UUID_BYTES: Final = 16
_LENGTH: Final = 43


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """What an address says."""

    organisation_id: UUID
    survey_id: UUID

    def token(self) -> str:
        """The address as one step of a path."""
        return base64.urlsafe_b64encode(self.organisation_id.bytes + self.survey_id.bytes).decode().rstrip("=")

    def path(self, form: str) -> str:
        """Where everybody reads it, in the form ``json`` or ``html``."""
        return f"/v1/public/{self.token()}/you-said-we-did.{form}"


def parse_public_address(token: str) -> PublicAddress | None:
    """The parts of an address, or ``None`` if it is not one, or not written as this service writes it."""
    if len(token) != _LENGTH or not token.isascii():
        return None
    try:
        raw = base64.b64decode(token + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    found = PublicAddress(UUID(bytes=raw[:_UUID_BYTES]), UUID(bytes=raw[_UUID_BYTES:]))
    return found if found.token() == token else None
