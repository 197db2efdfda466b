"""Who answered, encrypted at rest."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from feedback_core.kit.sealing import Seal
from feedback_core.responses.types import Respondent


class IdentityVault:
    """Identities as they may be stored; the newest key seals, any of them opens."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Take the keys, newest first.

        Raises:
            ValueError: no key, or one that is not 32 bytes in base64url.
        """
        self._seal = Seal(keys)

    def seal(self, respondent: Respondent) -> bytes:
        """What may be stored: says nothing without a key."""
        said = {name: value for name, value in asdict(respondent).items() if value is not None}
        return self._seal.seal(json.dumps(said).encode())

    def open(self, ciphertext: bytes) -> Respondent:
        """Who it was.

        Raises:
            InvalidToken: none of the keys sealed it, or it was changed.
        """
        return Respondent(**json.loads(self._seal.open(ciphertext)))
