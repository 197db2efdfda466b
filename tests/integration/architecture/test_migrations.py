"""The migrations make what the code describes, and can be taken back."""

import os
import subprocess
import sys
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from feedback_core.service.types import FEATURE_KEY
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


PROCESSES = ["Reception", "Reception", "reception!", "Ämter & Büro", "受付", "Front desk", None]


def test_what_features_called_their_process_becomes_a_process_that_they_refer_to(empty: Catalogue) -> None:
    alembic(empty.url, "upgrade", "events")
    rows = [(uuid4(), f"feature_{number}", name) for number, name in enumerate(PROCESSES)]
    organisation, other = rows[0][0], rows[1][0]
    with psycopg.connect(empty.url) as connection:
        for number, (_, key, name) in enumerate(rows):
            whose = other if number == 1 else organisation
            values = (whose, key, key, name)
            insert = (
                "INSERT INTO feature (organisation_id, key, name, process, created_at) VALUES (%s, %s, %s, %s, now())"
            )
            connection.execute(insert, values)

    alembic(empty.url, "upgrade", "head")
    found = empty.rows(
        "SELECT f.process, f.process_key, p.name, p.organisation_id = f.organisation_id FROM feature f"
        " LEFT JOIN process p ON p.organisation_id = f.organisation_id AND p.key = f.process_key ORDER BY f.key"
    )
    keys = {str(name): str(key) for name, key, *_ in found if name is not None}
    alembic(empty.url, "downgrade", "events")

    assert [(name, is_ours) for _, _, name, is_ours in found] == [
        (name, None if name is None else True) for name in PROCESSES
    ]
    assert all(FEATURE_KEY.fullmatch(key) for key in keys.values())
    assert keys["Front desk"] == "front_desk"
    assert {str(key) for name, key, *_ in found if name in {"Reception", "reception!"}} > {"reception"}
    assert empty.rows("SELECT process FROM feature ORDER BY key") == [(name,) for name in PROCESSES]


def test_every_migration_can_be_taken_back_and_made_again(empty: Catalogue) -> None:
    alembic(empty.url, "upgrade", "head")
    made = empty.snapshot()

    alembic(empty.url, "downgrade", "base")
    assert empty.tables() == []

    alembic(empty.url, "upgrade", "head")
    assert empty.snapshot() == made
