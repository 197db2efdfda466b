"""Golden cases: figures computed by programs nobody here wrote, read in place; absent goldens skip, in CI they fail."""

import csv
import json
import os
from pathlib import Path
from typing import Any, NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[2]


def golden_folder(case: str) -> Path:
    """Folder of a case by its name or its number: ``s01_nps_ci`` or ``s01``.

    It is sought in ``$FEEDBACK_SHARED_DIR/goldens``, by default in ``../shared/goldens`` beside the repository.
    """
    goldens = _shared() / "goldens"
    folders = [goldens / case, *sorted(goldens.glob(f"{case}_*"))]
    found = next((folder for folder in folders if (folder / "expected.json").is_file()), None)
    if found is None:
        _absent(f"golden {case} is not in {goldens} (set FEEDBACK_SHARED_DIR to the folder that holds goldens/)")
    return found


def shared_file(name: str) -> Path:
    """Another file that lies beside the goldens."""
    path = _shared() / name
    if not path.is_file():
        _absent(f"{name} is not in {_shared()} (set FEEDBACK_SHARED_DIR to the folder that holds it)")
    return path


def load_golden(case: str) -> dict[str, Any]:
    """The whole ``expected.json`` of a case: ``expected``, ``tolerance``, ``tools``, and where given ``published``."""
    text = (golden_folder(case) / "expected.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def golden_rows(case: str, filename: str = "input.csv") -> list[dict[str, str]]:
    """Rows of an input of the case, by column name; an empty field is an empty string."""
    path = golden_folder(case) / filename
    if not path.is_file():
        _absent(f"golden {case} has no {filename}")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _shared() -> Path:
    return Path(os.environ.get("FEEDBACK_SHARED_DIR") or ROOT.parent / "shared")


def _absent(what: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)
