"""The sign of a form: that this service made it for this link, and by what a repetition of it is known."""

import base64
import binascii
import hmac
from typing import Final, Self

from feedback_core.kit.keyed_hashes import Pepper
from feedback_core.kit.settings import SecretSettings

NONCE_BYTES: Final = 16


class FormSigner:
    """Signs forms.

    A page of somebody else cannot make one in a reader's name, and what stands in it cannot be guessed: by it alone a
    form that is sent again is known before the browser has a cookie.
    """

    def __init__(self, pepper: bytes) -> None:
        self._empty = Pepper(pepper).started(b"hosted_form")

    @classmethod
    def from_settings(cls, settings: SecretSettings) -> Self:
        """The same in every process that has the same secrets."""
        return cls(settings.pepper.get_secret_value().encode())

    def sign(self, link: str, nonce: bytes) -> str:
        """What stands in a form of the page behind a link."""
        return base64.urlsafe_b64encode(nonce + self._signature(link, nonce)).decode().rstrip("=")

    def nonce_of(self, link: str, sign: str) -> str | None:
        """The nonce in a form, in hexadecimal; ``None``: the form was not made here for this link."""
        try:
            raw = base64.b64decode(sign + "=" * (-len(sign) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        nonce, signature = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
        return nonce.hex() if hmac.compare_digest(self._signature(link, nonce), signature) else None

    def _signature(self, link: str, nonce: bytes) -> bytes:
        digest = self._empty.copy()
        digest.update(nonce + link.encode())
        return digest.digest()
