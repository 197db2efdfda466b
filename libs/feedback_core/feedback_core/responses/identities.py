"""Who answered, encrypted at rest."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from cryptography.fernet import Fernet, MultiFernet

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
        self._fernet = MultiFernet([Fernet(key.strip()) for key in keys])

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
