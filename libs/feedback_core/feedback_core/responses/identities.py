"""Who answered, encrypted at rest."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from feedback_core.responses.types import Respondent


class IdentityVault:
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

    def seal(self, respondent: Respondent) -> bytes:
        """What may be stored: says nothing without a key."""
        said = {name: value for name, value in asdict(respondent).items() if value is not None}
        return self._fernet.encrypt(json.dumps(said).encode())

    def open(self, ciphertext: bytes) -> Respondent:
        """Who it was.

        Raises:
            InvalidToken: none of the keys sealed it, or it was changed.
        """
        return Respondent(**json.loads(self._fernet.decrypt(ciphertext)))

    def seal_text(self, text: str) -> bytes:
        """Any text, sealed."""
        return self._fernet.encrypt(text.encode())

    def open_text(self, ciphertext: bytes) -> str:
        """What was sealed.

        Raises:
            InvalidToken: none of the keys sealed it, or it was changed.
        """
        return self._fernet.decrypt(ciphertext).decode()

    def resealed(self, ciphertext: bytes) -> bytes | None:
        """The same, sealed with the newest key and as of the same time; ``None``: it is already.

        Raises:
            InvalidToken: none of the keys sealed it, or it was changed.
        """
        try:
            self._newest.decrypt(ciphertext)
        except InvalidToken:
            return self._fernet.rotate(ciphertext)
        return None
