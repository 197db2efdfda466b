"""Links to a report for one recipient: ``fbd_`` and what names and signs the distribution."""

from dataclasses import dataclass
from typing import Final, Self
from uuid import UUID

from feedback_core.kit.settings import SecretSettings
from feedback_core.kit.signed_links import SignedLinks

PREFIX: Final = "fbd_"


@dataclass(frozen=True, slots=True)
class Named:
    """What a link names, once its signature is verified."""

    organisation_id: UUID
    distribution_id: UUID


class LinkSigner(SignedLinks):
    """Makes links to reports, and tells those that it has made from all others."""

    def __init__(self, pepper: bytes) -> None:
        super().__init__(pepper, purpose=b"report_links", prefix=PREFIX)

    @classmethod
    def from_settings(cls, settings: SecretSettings) -> Self:
        """The same in every process that has the same secrets."""
        return cls(settings.pepper.get_secret_value().encode())

    def named(self, token: str) -> Named | None:
        """What a token names; ``None``: it was not made here."""
        ids = self.ids_of(token)
        return None if ids is None else Named(*ids)


def path_of(token: str) -> str:
    """Where the API shows it."""
    return f"/v1/shared-reports/{token}"
