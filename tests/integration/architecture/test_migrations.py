"""The migrations make what the code describes, and can be taken back."""

import os
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest

from tests.architecture.sources import ROOT
from tests.integration.architecture.catalogue import Catalogue


@pytest.fixture
def empty(owner_url: str, worker_id: str) -> Iterator[Catalogue]:
    """A database in which nothing was made yet."""
    name = f"migrations_{worker_id}"
    server, _, _ = owner_url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        yield Catalogue(f"{server}/{name}")
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def alembic(url: str, *arguments: str) -> None:
    command = [sys.executable, "-m", "alembic", "-c", "migrations/alembic.ini", *arguments]
    environment = {**os.environ, "MIGRATION_DATABASE_URL": url}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_migrations_make_what_the_tables_describe(owner_url: str) -> None:
    alembic(owner_url, "check")


def test_every_migration_can_be_taken_back_and_made_again(empty: Catalogue) -> None:
    alembic(empty.url, "upgrade", "head")
    made = empty.snapshot()

    alembic(empty.url, "downgrade", "base")
    assert empty.tables() == []

    alembic(empty.url, "upgrade", "head")
    assert empty.snapshot() == made
