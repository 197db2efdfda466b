"""The random order of comments: each has a number that chance alone decides, but always alike.

Comments in the order of their numbers are in random order, so any stretch of it is a simple random sample of them,
found by an index however many there are; a seed says where the stretch begins.
"""

import hashlib
from uuid import UUID


def lot_of(response_id: UUID, question_key: str) -> int:
    """The number of a comment, -2**63 .. 2**63 - 1."""
    return _number(response_id.bytes + question_key.encode())


def place_of(seed: int) -> int:
    """Where in the order a seed begins, in the same range."""
    return _number(seed.to_bytes(8, "big"))


def _number(content: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "big", signed=True)
