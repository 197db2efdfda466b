"""Encryption at rest, with keys that rotate."""

from collections.abc import Sequence
from typing import Self

from cryptography.fernet import Fernet, MultiFernet

from feedback_core.kit.settings import SecretSettings


class Seal:
    """Seals with the newest key, opens with any of them.

    Source: Fernet (AES-128-CBC with HMAC-SHA256), https://github.com/fernet/spec.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        """Take the keys, newest first.

        Raises:
            ValueError: no key, or one that is not 32 bytes in base64url.
        """
        self._fernet = MultiFernet([Fernet(key.strip()) for key in keys])

    @classmethod
    def from_settings(cls, settings: SecretSettings) -> Self:
        """The same in every process that has the same secrets.

        Raises:
            ValueError: a key is not usable.
        """
        return cls(settings.secret_keys.get_secret_value().split(","))

    def seal(self, content: bytes) -> bytes:
        """What may be stored: says nothing without a key."""
        return self._fernet.encrypt(content)

    def open(self, sealed: bytes) -> bytes:
        """What was sealed.

        Raises:
            InvalidToken: none of the keys sealed it, or it was changed.
        """
        return self._fernet.decrypt(sealed)
