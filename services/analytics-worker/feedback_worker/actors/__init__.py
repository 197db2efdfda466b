"""One small module per capability: the names of its jobs and their limits; the work is in the core's ``jobs.py``.

A ``jobs.py`` that is slow to import (statsmodels, Polars) is named by ``loads`` and imported inside the actor's
function, so that a worker that never needs it stays small.
"""

import importlib
import pkgutil


def load_actors() -> None:
    """Import every module here, so that their actors are known."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
