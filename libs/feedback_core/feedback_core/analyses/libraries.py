"""Versions of what calculated a result, kept with it."""

import platform
from collections.abc import Mapping
from importlib.metadata import version


def versions_of(*libraries: str) -> Mapping[str, str]:
    """Versions by name: Python's, and of these installed libraries."""
    return {"python": platform.python_version(), **{name: version(name) for name in libraries}}
