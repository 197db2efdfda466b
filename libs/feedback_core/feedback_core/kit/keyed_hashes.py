"""Keyed hashes: equal values have equal ones, and without the key nobody can tell a value from its hash."""

import hashlib
from typing import Final

HASH_BYTES: Final = 16
_LEAST_PEPPER: Final = 16
_MOST_KEY: Final = hashlib.blake2b.MAX_KEY_SIZE


class Pepper:
    """The secret that all of them are made with; hashes of different purposes and scopes cannot be joined."""

    def __init__(self, secret: bytes) -> None:
        """Take the secret.

        Raises:
            ValueError: it is too short.
        """
        if len(secret) < _LEAST_PEPPER:
            raise ValueError(f"The pepper needs {_LEAST_PEPPER} bytes or more.")
        self._key = secret if len(secret) <= _MOST_KEY else hashlib.blake2b(secret).digest()

    def started(self, purpose: bytes) -> "hashlib.blake2b":
        """A hash of a purpose, of at most 16 bytes, before anything is put into it."""
        return hashlib.blake2b(key=self._key, person=purpose, digest_size=HASH_BYTES)
