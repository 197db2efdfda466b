"""What the documents name is there: paths, Python names and their signatures, make targets, goldens."""

import importlib
import inspect
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.architecture.sources import API, CORE, ROOT, WORKER, files, text_of

DOCUMENTS = tuple(
    path for path in files() if path in {"README.md", "CONTRIBUTING.md"} or re.fullmatch(r"docs/.*\.md", path)
)
METHODS = tuple(path for path in DOCUMENTS if path.startswith("docs/methods/"))
DECISIONS = tuple(path for path in DOCUMENTS if path.startswith("docs/adr/"))
CALCULATIONS = (
    "kpis",
    "trends",
    "weighting",
    "bias",
    "data_quality",
    "drivers",
    "fieldwork",
    "method_effectiveness",
    "people.performance",
    "planning",
    "recommendations.effect",
    "responses.quality",
    "standards",
    "surveys.lint",
    "themes",
)
SECTIONS = ("Context", "Decision", "Consequences", "Alternatives", "Enforced by")

CODE = re.compile(r"```[^\n]*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
TOKEN = re.compile(r"[\w./*<>{}-]+")
ENDING = re.compile(r"\.(py|md|toml|yml|lock|ini|mako|typed)$")
TOP = frozenset(path.split("/")[0] for path in files() if "/" in path)
NAME = re.compile(r"\bfeedback_(?:core|api|worker|dev)(?:\.\w+)+")
SIGNATURE = re.compile(r"`(feedback_core(?:\.\w+)+)(\([^`]*\))`")
ENUM_MEMBER = re.compile(r"<(\w+\.\w+): [^>]*>")
TARGET = re.compile(r"\bmake ([a-z][a-z-]*)\b")
GOLDEN = re.compile(r"\bs\d\d\b")


def code_in(path: str) -> Iterator[str]:
    """Inline code and code blocks of a document."""
    for block, inline in CODE.findall(text_of(path)):
        yield block or inline


def named_paths(code: str) -> Iterator[str]:
    """What looks like a path of this repository; addresses, placeholders and what lies outside are left out."""
    for token in (written.rstrip(".-") for written in TOKEN.findall(code)):
        outside = token.startswith(("/", "..", "-", ".data")) or "<" in token or "{" in token
        if not outside and (ENDING.search(token) or ("/" in token and token.split("/")[0] in TOP)):
            yield token


def is_there(token: str, document: str) -> bool:
    if "/" not in token:
        return any(fnmatch(path.rpartition("/")[2], token) for path in files())
    folders = (ROOT, (ROOT / document).parent, CORE, API, WORKER, CORE.parent, API.parent, WORKER.parent)
    return any(any(folder.glob(token.rstrip("/"))) for folder in folders)


def found(name: str) -> object:
    """The module, class or function of a dotted name.

    Raises:
        AttributeError: there is none.
    """
    module, *rest = name.split(".")
    thing: object = importlib.import_module(module)
    for part in rest:
        module = f"{module}.{part}"
        try:
            thing = getattr(thing, part)
        except AttributeError:
            try:
                thing = importlib.import_module(module)
            except ModuleNotFoundError as missing:
                raise AttributeError(name) from missing
    return thing


def bare(signature: inspect.Signature) -> str:
    """A signature without its annotations, a member of an enum written as in code."""
    parameters = [p.replace(annotation=inspect.Parameter.empty) for p in signature.parameters.values()]
    plain = signature.replace(parameters=parameters, return_annotation=inspect.Signature.empty)
    return ENUM_MEMBER.sub(r"\1", str(plain)).replace("'", '"')


def test_there_are_documents() -> None:
    assert {"CONTRIBUTING.md", "docs/architecture.md", "docs/errors.md", "docs/methods/index.md"} <= set(DOCUMENTS)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_that_a_document_names_is_there(document: str) -> None:
    named = {token for code in code_in(document) for token in named_paths(code)}
    assert sorted(token for token in named if not is_there(token, document)) == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document: str) -> None:
    targets = {target.partition("#")[0] for target in LINK.findall(text_of(document)) if "://" not in target}
    folder = (ROOT / document).parent
    assert sorted(target for target in targets if not (folder / target).exists()) == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_python_name_and_signature_is_right(document: str) -> None:
    text = text_of(document)
    for name in NAME.findall(text):
        assert found(name), name
    for name, signature in SIGNATURE.findall(text):
        function = found(name)
        assert callable(function), name
        assert signature == bare(inspect.signature(function)), name


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_make_target_is_there(document: str) -> None:
    known = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    assert {target for code in code_in(document) for target in TARGET.findall(code)} <= known


@pytest.mark.parametrize("document", METHODS)
def test_every_golden_that_a_method_names_is_tested(document: str) -> None:
    tested = {match.group() for path in files() if (match := GOLDEN.search(path.replace("_", " ")))}
    assert set(GOLDEN.findall(text_of(document))) <= tested


def test_every_calculation_is_described() -> None:
    described = {name.rpartition(".")[2] for path in METHODS for name in NAME.findall(text_of(path))}
    exported = {
        name
        for capability in CALCULATIONS
        for module in [importlib.import_module(f"feedback_core.{capability}.calc")]
        for name in module.__all__
        if inspect.isfunction(getattr(module, name))
    }
    assert exported - described == set()


def test_every_decision_says_what_why_and_what_holds_it() -> None:
    numbers = [int(Path(path).name[:4]) for path in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))
    for path in DECISIONS:
        headings = re.findall(r"^## (.+)$", text_of(path), re.MULTILINE)
        assert headings == list(SECTIONS), path


@pytest.mark.parametrize("token", ["libs/nowhere", "kpis/nothing.py", "nobody.md", "tests/unit/*.nope"])
def test_a_path_that_is_not_there_is_found(token: str) -> None:
    assert list(named_paths(f"see {token} and /v1/kpis")) == [token]
    assert not is_there(token, "CONTRIBUTING.md")
