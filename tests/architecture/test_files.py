"""What holds for every file of the repository: its length, and what its text must not name."""

import re

import pytest

from tests.architecture.sources import files, python_files, text_of

LONGEST = 400

# The expressions do not match themselves, so this file is held to them too.
MACHINE_PATHS = re.compile(r"(?<![\w./-])/(?:work|root|home|Users)/\w")
# Written with gaps, so that no host is named here either.
_HOSTS = "|".join(
    re.escape(host.replace(" ", ""))
    for host in ("py pi.org", "python hosted.org", "registry.np mjs.org", "cra tes.io", "proxy.go lang.org")
)
REGISTRIES = re.compile(
    rf"\b(?:{_HOSTS})"
    r"|(?<!--no-emit)-(?:-extra)?-index-url|(?:^|\s)--find-links|https?://[^\s\"'<>]*/simple(?:/|\b)"
)
URLS = re.compile(r"\b(?:https?|ftp)://([^\s/\"'`<>)]+)")
LOOPBACK = re.compile(r"(localhost|127\.0\.0\.1|0\.0\.0\.0)(:.*)?")
PACKAGING = re.compile(r"(\.lock|pyproject\.toml|Makefile|Dockerfile|docker-compose\.yml|\.ci/run|\.dockerignore)$")


def test_no_python_file_is_longer_than_400_lines() -> None:
    lengths = {source.path: source.text.count("\n") for source in python_files()}
    assert len(lengths) > 100
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST} == {}


def test_no_file_names_a_path_of_a_machine() -> None:
    assert _lines_with(MACHINE_PATHS, files()) == []


def test_no_file_names_a_package_registry() -> None:
    assert _lines_with(REGISTRIES, files()) == []


def test_no_packaging_file_names_a_host() -> None:
    packaging = [path for path in files() if PACKAGING.search(path)]
    assert {"requirements.lock", "pyproject.toml", "Makefile"} <= set(packaging)
    named = {(path, host) for path in packaging for host in URLS.findall(text_of(path)) if not LOOPBACK.fullmatch(host)}
    assert named == set()


def test_every_pinned_package_has_a_hash() -> None:
    locks = [path for path in files() if path.endswith(".lock")]
    assert "requirements.lock" in locks
    for path in locks:
        pins = [part for part in re.split(r"\n(?=\S)", text_of(path)) if re.match(r"[\w.\[\],-]+==", part)]
        assert pins, path
        assert [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin] == [], path


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [
        (MACHINE_PATHS, ("see /", "work/somewhere")),
        (MACHINE_PATHS, ("open('/", "home/anna/x')")),
        (REGISTRIES, ("https://files.python", "hosted.org/packages/x")),
        (REGISTRIES, ("-", "-index-url http://registry")),
        (REGISTRIES, ("http://mirror.internal/", "simple/")),
    ],
)
def test_what_must_not_be_named_is_found(pattern: re.Pattern[str], parts: tuple[str, str]) -> None:
    assert pattern.search("".join(parts))


@pytest.mark.parametrize("text", ["--no-emit-index-url --no-emit-find-links", "docs/home/x", "a simple/plain thing"])
def test_what_may_be_named_is_not_found(text: str) -> None:
    assert not REGISTRIES.search(text)
    assert not MACHINE_PATHS.search(text)


def _lines_with(pattern: re.Pattern[str], paths: tuple[str, ...]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:120]}"
        for path in paths
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if pattern.search(line)
    ]
