"""The compose file, as its readers see it."""

import re
import subprocess
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text()
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE)["services"]
VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)(?::([?-])([^}]*))?\}")


def new_environment() -> dict[str, str]:
    """What `deploy/new-env.sh` prints."""
    made = subprocess.run(["sh", "deploy/new-env.sh"], cwd=ROOT, check=True, capture_output=True, text=True)
    return dict(line.split("=", 1) for line in made.stdout.splitlines() if line and not line.startswith("#"))


def resolved(text: str, environment: dict[str, str]) -> str:
    """The text with its variables filled in.

    Raises:
        KeyError: a required variable is not given.
    """

    def value(match: re.Match[str]) -> str:
        name, kind, default = match.groups()
        if kind == "?" and not environment.get(name):
            raise KeyError(name)
        return environment.get(name) or (default if kind == "-" else "")

    return VARIABLE.sub(value, text)
