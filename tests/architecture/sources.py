"""The project's own files, and what is written in them: read from their syntax, without importing them."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "libs/feedback_core/feedback_core"
API = ROOT / "services/api/feedback_api"
WORKER = ROOT / "services/analytics-worker/feedback_worker"


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file: its path from the root of the repository, and its text."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        """Its syntax."""
        return ast.parse(self.text, self.path)

    @property
    def is_query_module(self) -> bool:
        """Whether it is one of the files that hold a capability's SQL."""
        *folders, file = self.path.split("/")
        return file == "queries.py" or file.endswith("_queries.py") or "queries" in folders


@cache
def files() -> tuple[str, ...]:
    """Every file that is tracked, or would be with the next commit."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return tuple(sorted(path for path in set(listed.stdout.split("\0")) if path and (ROOT / path).is_file()))


def text_of(path: str) -> str:
    """The text of a file; what is not text is read as far as it goes."""
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


@cache
def python_files() -> tuple[Source, ...]:
    """Every Python file."""
    return tuple(Source(path, text_of(path)) for path in files() if path.endswith(".py"))


def sources(*folders: Path) -> tuple[Source, ...]:
    """The Python files under these folders."""
    prefixes = tuple(f"{folder.relative_to(ROOT)}/" for folder in folders)
    return tuple(source for source in python_files() if source.path.startswith(prefixes))


def called_names(node: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call below a node, under its whole name as written: ``datetime.now``, ``self.session.commit``."""
    for found in ast.walk(node):
        if isinstance(found, ast.Call):
            yield ast.unparse(found.func), found


def imports(tree: ast.Module) -> Iterator[tuple[str, str | None, int]]:
    """Every import as (module, name or None, line)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, None, node.lineno
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield "." * node.level + (node.module or ""), alias.name, node.lineno


def strings(tree: ast.Module) -> Iterator[ast.Constant]:
    """Every string that is not a docstring; the parts of f-strings too."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node
