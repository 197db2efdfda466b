"""The migrations are one line of history, and the code knows where it ends."""

import re

from alembic.config import Config
from alembic.script import ScriptDirectory

from feedback_core.db.migrations import HEAD
from tests.architecture.sources import ROOT

FILE_NAME = re.compile(r"\d{4}_\d{2}_\d{2}_[a-z0-9_]+\.py")


def scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(Config(ROOT / "migrations/alembic.ini"))


def test_the_code_needs_the_newest_migration() -> None:
    assert scripts().get_heads() == [HEAD]


def test_every_migration_says_what_it_changes_and_can_be_taken_back() -> None:
    for script in scripts().walk_revisions():
        assert script.doc, script.revision
        assert callable(script.module.upgrade)
        assert callable(script.module.downgrade)


def test_every_migration_is_named_by_day_and_revision() -> None:
    for script in scripts().walk_revisions():
        name = script.path.rpartition("/")[2]
        assert FILE_NAME.fullmatch(name), name
        assert name.endswith(f"_{script.revision}.py"), name
