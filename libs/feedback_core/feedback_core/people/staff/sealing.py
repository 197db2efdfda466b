"""Who somebody is, as it is sealed and opened again."""

import json
from dataclasses import asdict

from feedback_core.kit.sealing import Seal
from feedback_core.people.staff.types import Person


def sealed(person: Person, seal: Seal) -> bytes:
    """As it is kept."""
    return seal.seal(json.dumps(asdict(person), ensure_ascii=False).encode())


def opened(content: bytes, seal: Seal) -> Person:
    """As it was given.

    Raises:
        InvalidToken: none of the keys sealed it.
    """
    return Person(**json.loads(seal.open(content)))
