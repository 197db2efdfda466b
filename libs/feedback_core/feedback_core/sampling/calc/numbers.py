"""Permanent random numbers: each unit of a frame has one, which follows from the frame's seed and the unit's name.

They are points on a circle of 2^63 places. A sample is who lies next on it after a start; so a draw can be repeated,
kept apart from another one, or moved on by a part.
"""

import hashlib
from typing import Final
from uuid import UUID

CIRCLE: Final = 2**63
"""Places on the circle: as many as a bigint has from 0 on."""

_SEED_BITS: Final = 53
_UNIT: Final = b"unit"


def number_of(seed: int, name: str, purpose: bytes = _UNIT) -> int:
    """The permanent random number of a unit, or of a cluster, by its name: 0 up to ``CIRCLE``.

    Numbers of different names are independent and uniform, as far as a keyed hash is (BLAKE2, RFC 7693).
    """
    key = seed.to_bytes(8, "big")
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8, key=key, person=purpose).digest(), "big") >> 1


def fraction_of(seed: int, purpose: bytes) -> float:
    """A number from 0 up to 1, uniform over seeds."""
    digest = hashlib.blake2b(seed.to_bytes(8, "big"), digest_size=8, person=purpose).digest()
    return float(int.from_bytes(digest, "big") >> (64 - _SEED_BITS)) / float(2**_SEED_BITS)


def seed_from(identifier: UUID) -> int:
    """A seed for whoever names none: of 53 bits, which every JSON parser keeps."""
    return int.from_bytes(hashlib.sha256(identifier.bytes).digest()[:8], "big") >> (64 - _SEED_BITS)
