"""Real data, read in place: never part of the repository. Absent files skip a test; in CI they fail it."""

import gzip
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def data_file(name: str) -> Path:
    """A file in ``$FEEDBACK_DATA_DIR``, by default in ``../shared/data`` beside the repository."""
    folder = Path(os.environ.get("FEEDBACK_DATA_DIR") or ROOT.parent / "shared" / "data")
    path = folder / name
    if not path.is_file():
        what = f"{name} is not in {folder} (set FEEDBACK_DATA_DIR)"
        pytest.fail(what) if os.environ.get("CI") else pytest.skip(what)
    return path


def unpacked(name: str) -> bytes:
    """What a gzipped file holds."""
    return gzip.decompress(data_file(name).read_bytes())
