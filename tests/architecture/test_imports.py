"""Imports go one way, and the API starts without what it must not need."""

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from tests.architecture.sources import CORE, ROOT

CAPABILITIES_CONTRACT = "A capability imports only those below it"
PURE_CONTRACT = "Pure calculation does no input or output"

# What makes it import: everything that the process imports when it starts.
START = "import sys, feedback_api.app, feedback_api.__main__; print('\\n'.join(sorted(sys.modules)))"
NEVER_IN_THE_API = {"statsmodels", "polars", "pandas", "sklearn", "dramatiq", "redis", "pika", "openpyxl"}
# SciPy's own private parts come with `scipy.special`; no other public part may.
SCIPY_IN_THE_API = {"special", "version"}


def contracts() -> dict[str, dict[str, Any]]:
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return {contract["name"]: contract for contract in configuration["tool"]["importlinter"]["contracts"]}


def capabilities() -> set[str]:
    folders = {path.name for path in CORE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    return folders | {path.stem for path in CORE.glob("*.py") if path.name != "__init__.py"}


def test_every_import_contract_is_kept() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_capability_has_its_place_in_the_order() -> None:
    contract = contracts()[CAPABILITIES_CONTRACT]
    assert contract["exhaustive"]
    assert set(contract["layers"]) == capabilities()


def test_every_calculation_is_held_to_be_pure() -> None:
    found = (path for path in CORE.rglob("calc*") if path.name in {"calc", "calc.py"})
    calculations = {".".join(["feedback_core", *path.relative_to(CORE).with_suffix("").parts]) for path in found}
    assert set(contracts()[PURE_CONTRACT]["source_modules"]) >= calculations


def test_the_api_starts_without_statistics_data_frames_or_broker() -> None:
    done = subprocess.run([sys.executable, "-c", START], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = [name.split(".") for name in done.stdout.split()]
    assert ["feedback_api", "app"] in loaded
    assert {name[0] for name in loaded} & NEVER_IN_THE_API == set()
    scipy = {name[1] for name in loaded if name[0] == "scipy" and len(name) > 1 and not name[1].startswith("_")}
    assert scipy <= SCIPY_IN_THE_API
