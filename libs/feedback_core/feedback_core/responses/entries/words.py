"""What was said, as it is sealed and opened: exactly, character for character."""

import json
from dataclasses import asdict

from feedback_core.kit.sealing import Seal
from feedback_core.responses.entries.types import Words


def sealed_words(words: Words, seal: Seal) -> bytes | None:
    """As it is kept; ``None``: nothing was written down."""
    said = {name: text for name, text in asdict(words).items() if text is not None}
    return seal.seal(json.dumps(said).encode()) if said else None


def opened_words(sealed: bytes, seal: Seal) -> Words:
    """As it was written down."""
    return Words(**json.loads(seal.open(sealed)))


def size_of(transcript: str | None) -> int:
    """Bytes of a transcript in UTF-8."""
    return 0 if transcript is None else len(transcript.encode("utf-8", "surrogatepass"))
