"""Runs migrations as the owner of the tables: one at a time, each in a transaction, never waiting long for a lock."""

import os

from alembic import context
from sqlalchemy import create_engine, pool, text

from feedback_core.db.session import driver_url
from feedback_core.tables import metadata

# Two migrations at once wait for each other here; the number is arbitrary, and must only stay the same.
MIGRATION_LOCK = 727_001


def main() -> None:
    url = os.environ.get("MIGRATION_DATABASE_URL") or os.environ["DATABASE_URL"]
    engine = create_engine(driver_url(url), poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
        connection.execute(text("SET lock_timeout = '5s'"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=metadata,
            transaction_per_migration=True,
            compare_server_default=False,
        )
        with context.begin_transaction():
            context.run_migrations()


main()
