"""The migrated database, as its catalogue."""

import pytest

from tests.integration.architecture.catalogue import Catalogue


@pytest.fixture(scope="session")
def catalogue(owner_url: str) -> Catalogue:
    """What PostgreSQL says about the migrated database."""
    return Catalogue(owner_url)
