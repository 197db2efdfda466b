"""The secrets that capture works with: hashes for what must be recognised, encryption for what must be read again."""

from dataclasses import dataclass
from typing import Self

from feedback_core.kit.settings import SecretSettings
from feedback_core.responses.identities import IdentityVault
from feedback_core.surveys.references import References


@dataclass(frozen=True, slots=True)
class Privacy:
    """Made once per process, from its settings."""

    references: References
    identities: IdentityVault

    @classmethod
    def from_settings(cls, settings: SecretSettings) -> Self:
        """The same in every process that has the same secrets.

        Raises:
            ValueError: a secret is not usable.
        """
        return cls(
            References(settings.pepper.get_secret_value().encode()),
            IdentityVault(settings.secret_keys.get_secret_value().split(",")),
        )
