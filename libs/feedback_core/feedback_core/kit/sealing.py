"""Encryption at rest, with keys that rotate."""

import hashlib
from collections.abc import Sequence
from typing import Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

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
        named = [key.strip() for key in keys]
        self._fernet = MultiFernet([Fernet(key) for key in named])
        self._newest = Fernet(named[0])
        self.fingerprint = hashlib.sha256(b"fingerprint of " + named[0].encode()).digest()[:8]
        """Tells the newest key from others, and nothing of it."""

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

    def resealed(self, sealed: bytes) -> bytes | None:
        """The same, sealed with the newest key and as of the same time; ``None``: it is already.

        Raises:
            InvalidToken: none of the keys sealed it, or it was changed.
        """
        try:
            self._newest.decrypt(sealed)
        except InvalidToken:
            return self._fernet.rotate(sealed)
        return None
