"""Whether this process can serve."""

from dataclasses import dataclass

from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError

from feedback_core.db.migrations import HEAD
from feedback_core.db.queries import applied_migration
from feedback_core.db.session import Database
from feedback_core.jobs.lease_queries import oldest_due


@dataclass(frozen=True, slots=True)
class Readiness:
    """What readiness looks at."""

    database: bool
    migrations: bool
    oldest_due_job_seconds: float | None
    jobs: bool

    @property
    def ready(self) -> bool:
        """A late job does not stop what customers say from being taken."""
        return self.database and self.migrations


async def readiness(app: FastAPI) -> Readiness:
    """Ask the database."""
    database: Database = app.state.database
    alarm: float = app.state.settings.api.job_age_alarm_seconds
    try:
        async with database.system() as session:
            at_head = await applied_migration(session) == HEAD
            now = app.state.clock.now()
            due = await oldest_due(session, now=now) if at_head else None
    except (SQLAlchemyError, OSError):
        return Readiness(database=False, migrations=False, oldest_due_job_seconds=None, jobs=False)
    seconds = (now - due).total_seconds() if due else None
    return Readiness(
        database=True,
        migrations=at_head,
        oldest_due_job_seconds=seconds,
        jobs=seconds is None or seconds < alarm,
    )
