"""The file: a ZIP whose bytes follow from what is in it, written to disk as records come in."""

import hashlib
import json
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final
from uuid import UUID

from feedback_core.reports.portfolios.content import FileEntry

MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""Of every file in it: the earliest that the format knows. When records are from stands in them."""
_UNIX: Final = 3
_READABLE: Final = 0o100644 << 16


class Archive:
    """A ZIP being written; files come in the order in which they are added."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._files: list[FileEntry] = []

    def write(self, path: str, content: bytes) -> FileEntry:
        """A file as a whole."""
        return self.write_parts(path, [content])

    def write_parts(self, path: str, parts: Iterable[bytes]) -> FileEntry:
        """A file in parts, of which one is held at a time."""
        digest, size = hashlib.sha256(), 0
        with self._zip.open(_entry(path), "w") as file:
            for part in parts:
                digest.update(part)
                size += len(part)
                file.write(part)
        entry = FileEntry(path, size, digest.hexdigest())
        self._files.append(entry)
        return entry

    def close(self) -> None:
        """End the file with its manifest, and with the sums that ``sha256sum -c`` reads."""
        listed = [{"path": file.path, "bytes": file.size, "sha256": file.sha256} for file in self._sorted()]
        self.write(MANIFEST, json_bytes({"algorithm": "SHA-256", "files": listed}))
        sums = "".join(f"{file.sha256}  {file.path}\n" for file in self._sorted())
        self.write(SUMS, sums.encode())
        self._zip.close()

    def abandon(self) -> None:
        """Let go of the file, whatever is in it; a thread may still be writing into it for nobody."""
        with suppress(ValueError):
            self._zip.close()

    def _sorted(self) -> list[FileEntry]:
        return sorted(self._files, key=lambda file: file.path)


def json_bytes(document: object) -> bytes:
    """A document for programs and people: indented, every instant in UTC."""
    said = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2, default=_plain)
    return (said + "\n").encode()


def _plain(value: object) -> object:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case bytes() | memoryview():
            return bytes(value).hex()
        case Decimal():
            return int(value) if value == int(value) else float(value)
    raise TypeError(type(value).__name__)


def _entry(path: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = _UNIX
    info.external_attr = _READABLE
    return info
