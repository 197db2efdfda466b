"""The forms of secrets: what a sender gives, or this service makes where the sender takes any."""

import base64
import re
from typing import Final

from feedback_core.inbound.types import Preset, Scheme, SecretMalformed, SourceOptions
from feedback_core.inbound.verification import standard
from feedback_core.kit.errors import Fault

RANDOM_BYTES: Final = 32
"""What a secret is made of, where this service makes it."""

SHORTEST: Final = 16
LONGEST: Final = 500
_SHOWN: Final = 4
_VISIBLE: Final = re.compile(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?")
_PATH: Final = re.compile(r"[A-Za-z0-9_-]{22,200}")
_LENGTHS: Final = {standard.SYMMETRIC: range(24, 65), standard.PUBLIC: range(32, 33)}
_SHARED: Final = frozenset({Preset.SHARED_SECRET, Preset.FRESHDESK})
_OURS_TO_MAKE: Final = frozenset(
    {Preset.STANDARD, Preset.TYPEFORM, Preset.GITHUB, Preset.SALESFORCE_OUTBOUND_MESSAGE} | _SHARED
)


def make_secret(preset: Preset, options: SourceOptions, random: bytes) -> str:
    """A secret to be given to the sender.

    Raises:
        SecretMalformed: senders of this preset make their secrets themselves.
    """
    if preset not in _OURS_TO_MAKE:
        raise _wrong("Give the secret that the sender shows: it makes its own.")
    if preset is Preset.STANDARD:
        return standard.SYMMETRIC + base64.b64encode(random).decode()
    made = base64.urlsafe_b64encode(random).decode().rstrip("=")
    return f"feedback:{made}" if options.scheme is Scheme.BASIC else made


def check_secret(preset: Preset, options: SourceOptions, secret: str) -> None:
    """Hold a secret to the form that senders of a preset give.

    Raises:
        SecretMalformed: it has another.
    """
    if not _VISIBLE.fullmatch(secret) or len(secret) > LONGEST:
        raise _wrong(f"Give at most {LONGEST} printable ASCII characters, none of them a space at either end.")
    if preset is Preset.STANDARD:
        _check_standard(secret)
    elif preset is Preset.SALESFORCE_OUTBOUND_MESSAGE and not _PATH.fullmatch(secret):
        raise _wrong("Give 22 to 200 letters, digits, _ or -: it becomes a part of the address.")
    elif preset is Preset.SURVEYMONKEY and not all(secret.partition("&")[::2]):
        raise _wrong("Give the API key or client id and the API secret, with & between them.")
    elif options.scheme is Scheme.BASIC and not all(secret.partition(":")[::2]):
        raise _wrong("Give user and password, with a colon between them.")
    if len(secret) < SHORTEST:
        raise _wrong(f"Give at least {SHORTEST} characters.")


def hint_of(secret: str) -> str:
    """Its last characters, to tell secrets apart; none where those would be much of it."""
    return secret[-_SHOWN:] if len(secret) >= SHORTEST else ""


def _check_standard(secret: str) -> None:
    raw = standard.decoded(secret)
    lengths = next((found for prefix, found in _LENGTHS.items() if secret.startswith(prefix)), range(0))
    if raw is None or len(raw) not in lengths:
        raise _wrong("Give whsec_ and 24 to 64 bytes in base64, or whpk_ and an ed25519 public key in base64.")


def _wrong(detail: str) -> SecretMalformed:
    return SecretMalformed([Fault("/secret", SecretMalformed.code, detail)])
