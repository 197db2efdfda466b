"""The sign of a browser at a link: made here for this link, in a cookie and in every form."""

import base64
import binascii
import hmac
from typing import Final, Self

from feedback_core.kit.keyed_hashes import Pepper
from feedback_core.kit.settings import SecretSettings

NONCE_BYTES: Final = 16


class FormSigner:
    """Makes and reads signs.

    Nobody else can make one, and what stands in it cannot be guessed. It is in the cookie, so that a browser is known
    before its first form has come; and in the form, so that one is sent again, or goes on, without a cookie.
    """

    def __init__(self, pepper: bytes) -> None:
        self._empty = Pepper(pepper).started(b"hosted_form")

    @classmethod
    def from_settings(cls, settings: SecretSettings) -> Self:
        """The same in every process that has the same secrets."""
        return cls(settings.pepper.get_secret_value().encode())

    def sign(self, link: str, nonce: bytes) -> str:
        """What a browser is given with the page behind a link."""
        return base64.urlsafe_b64encode(nonce + self._signature(link, nonce)).decode().rstrip("=")

    def nonce_of(self, link: str, sign: str) -> bytes | None:
        """The nonce in a sign; ``None``: it was not made here for this link."""
        try:
            raw = base64.b64decode(sign + "=" * (-len(sign) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        nonce, signature = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
        return nonce if hmac.compare_digest(self._signature(link, nonce), signature) else None

    def _signature(self, link: str, nonce: bytes) -> bytes:
        digest = self._empty.copy()
        digest.update(nonce + link.encode())
        return digest.digest()
