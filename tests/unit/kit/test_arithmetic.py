"""Linear algebra in one thread, wherever the library is imported."""

import subprocess
import sys

import pytest

_SHOW = (
    "import sys; import feedback_core; loaded = 'numpy' in sys.modules;"
    "import feedback_api.app, feedback_worker.__main__; import os; print(loaded, os.environ['OPENBLAS_NUM_THREADS'])"
)


@pytest.mark.parametrize(("given", "threads"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "4"}, "4")])
def test_threads_are_settled_before_numpy_is_loaded(given: dict[str, str], threads: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", _SHOW], env={"PATH": "/usr/bin", **given}, check=True, capture_output=True, text=True
    )

    assert told.stdout.split() == ["False", threads]
