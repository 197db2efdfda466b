"""Every row of the requirements is driven through the API by a test that names it."""

import ast
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, sources
from tests.support.requirements import ROWS, Row

FOLDERS = (ROOT / "tests" / "integration", ROOT / "tests" / "e2e")


def names_in(*folders: Path) -> list[str]:
    """Names of the test functions there."""
    return [
        node.name
        for source in sources(*folders)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    ]


def drives(name: str, row: Row) -> bool:
    """Whether a test names the criterion of a row, and not a longer one that begins alike."""
    begins = f"test_{row.criterion}_"
    longer = [other for other in ROWS if other.criterion.startswith(f"{row.criterion}_")]
    return name.startswith(begins) and not any(name.startswith(f"test_{other.criterion}_") for other in longer)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.criterion)
def test_a_row_is_driven(row: Row) -> None:
    assert any(drives(name, row) for name in names_in(*FOLDERS)), f"{row.criterion}: {row.about}"


def test_no_row_is_there_twice() -> None:
    criteria = [row.criterion for row in ROWS]

    assert len(criteria) == len(set(criteria)) == 42
