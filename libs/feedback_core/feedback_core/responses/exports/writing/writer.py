"""What every writer does."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Protocol

from feedback_core.jobs.files import PART_BYTES
from feedback_core.responses.exports.records import Entry

_PIECE: Final = PART_BYTES


class Writer(Protocol):
    """Makes a file of entries. Called from one thread at a time."""

    values_shortened: int

    def add(self, entries: Sequence[Entry]) -> bytes:
        """Take more entries; the bytes of the file that are finished by then."""
        ...

    def end(self) -> Iterator[bytes]:
        """The bytes that are left, in pieces of moderate size; nothing can be added any more."""
        ...

    def close(self) -> None:
        """Give back what is held, whether or not the file came to its end."""
        ...


def pieces_of(path: Path) -> Iterator[bytes]:
    """A file on disk, piece by piece."""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
