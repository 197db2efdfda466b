"""A database with workers of its own, which tests may kill."""

from tests.integration.imports.conftest import (
    own_api,
    own_database,
    own_owner_url,
    own_settings,
    workers,
)

__all__ = ["own_api", "own_database", "own_owner_url", "own_settings", "workers"]
