"""Links to a role for whom it was sent to: ``fbl_`` and what names and signs the assignment."""

from typing import Final, Self

from feedback_core.kit.settings import SecretSettings
from feedback_core.kit.signed_links import SignedLinks

PREFIX: Final = "fbl_"


class RoleLinks(SignedLinks):
    """Makes links to roles, and tells those that it has made from all others."""

    @classmethod
    def from_settings(cls, settings: SecretSettings) -> Self:
        """The same in every process that has the same secrets."""
        return cls(settings.pepper.get_secret_value().encode(), purpose=b"role_links", prefix=PREFIX)


def path_of(token: str) -> str:
    """Where the API shows it."""
    return f"/v1/shared-roles/{token}"
