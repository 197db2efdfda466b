"""The library that front ends render surveys with, run without a browser.

Without it the test is skipped by name; where ``FEEDBACK_SURVEYJS_REQUIRED`` says that it must be there, it fails.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import playwright
import pytest

Json = dict[str, Any]

FOLDER = Path(__file__).parents[1] / "surveyjs"


def program() -> str:
    """Where node is: what is on the path, else that which the driver of browsers brings."""
    own = Path(playwright.__file__).parent / "driver" / "node"
    found = shutil.which("node") or (str(own) if own.exists() else None)
    has_library = (FOLDER / "node_modules" / "survey-core" / "package.json").exists()
    if found is not None and has_library:
        return found
    what = "no survey-core here: `make surveyjs` installs it" if found else "no node on this machine"
    if os.environ.get("FEEDBACK_SURVEYJS_REQUIRED"):
        pytest.fail(what)
    pytest.skip(what)


def rendered(cases: Sequence[tuple[Json, Json]]) -> list[Json]:
    """What came of each model, once somebody gave these answers to what they were shown."""
    sent = json.dumps([{"model": model, "answers": answers} for model, answers in cases])
    command = [program(), str(FOLDER / "render.cjs")]
    done = subprocess.run(command, input=sent, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    made: list[Json] = json.loads(done.stdout)
    return made
