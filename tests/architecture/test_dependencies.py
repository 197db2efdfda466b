"""Every dependency has its reason, and its pin in the locks."""

import re
import tomllib
from collections.abc import Iterator

from tests.architecture.sources import files, text_of

REASONS = "docs/adr/0011-dependencies.md"
OURS = {"feedback-api", "feedback-core", "feedback-dev", "feedback-worker"}


def declared(*paths: str) -> set[str]:
    """Names of the packages that these projects ask for, their groups included."""
    return {re.split(r"[\[~>=<!; ]", line)[0] for path in paths for line in _requirements(path)} - OURS


def _requirements(path: str) -> Iterator[str]:
    project = tomllib.loads(text_of(path))
    yield from project["project"].get("dependencies", [])
    for group in project.get("dependency-groups", {}).values():
        yield from group


def pinned(path: str) -> set[str]:
    return set(re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==", text_of(path), re.MULTILINE))


def projects() -> list[str]:
    return [path for path in files() if path.endswith("pyproject.toml")]


def test_every_dependency_has_its_reason_and_no_reason_is_left_over() -> None:
    explained = {
        name
        for row in re.findall(r"^\| (`.+?) \|", text_of(REASONS), re.MULTILINE)
        for name in re.findall(r"`(.+?)`", row)
    }
    assert explained == declared(*projects())


def test_the_lock_has_every_dependency() -> None:
    assert declared(*projects()) - pinned("requirements.lock") == set()


def test_the_lock_of_a_service_has_its_own_dependencies_and_no_embedded_server() -> None:
    core = "libs/feedback_core/pyproject.toml"
    for service in ("services/api", "services/analytics-worker"):
        lock, needed = pinned(f"{service}/requirements.lock"), declared(core, f"{service}/pyproject.toml")
        assert needed - lock == set()
        assert (declared("dev/pyproject.toml") - needed) & lock == set()


def test_the_locks_agree_on_versions() -> None:
    versions = [
        dict(re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^ ;\\]+)", text_of(path), re.MULTILINE))
        for path in (
            "requirements.lock",
            "services/api/requirements.lock",
            "services/analytics-worker/requirements.lock",
        )
    ]
    everything, *of_services = versions
    for service in of_services:
        assert {name: version for name, version in service.items() if everything.get(name, version) != version} == {}
