"""Sessions: one transaction each, bound to one organisation. Nothing else in the project commits."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy import URL, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from feedback_core.kit.settings import DatabaseSettings

Session = AsyncConnection
"""One open transaction; queries take it as their first argument."""

# The role that row-level security binds, whatever the login is; and the tenant. Both end with the transaction.
_ENTER = text(
    "SELECT set_config('role', :role, true), set_config('feedback.organisation_id', :organisation_id, true),"
    " set_config('statement_timeout', :timeout, true), set_config('lock_timeout', :lock_timeout, true)"
)


def driver_url(url: str) -> URL:
    """A plain ``postgresql://`` address for the asynchronous driver."""
    return make_url(url).set(drivername="postgresql+psycopg")


class Database:
    """The pool of connections of one process."""

    def __init__(self, settings: DatabaseSettings) -> None:
        self._timeout = _milliseconds(settings.statement_timeout_seconds)
        self._lock_timeout = _milliseconds(settings.lock_timeout_seconds)
        self.engine: AsyncEngine = create_async_engine(
            driver_url(settings.url.get_secret_value()),
            pool_size=settings.pool_size,
            max_overflow=settings.pool_overflow,
            pool_timeout=settings.pool_timeout_seconds,
            pool_pre_ping=False,
            pool_recycle=1800,
            hide_parameters=True,  # an error is logged; what a customer said is not
            connect_args={"connect_timeout": 5, "application_name": "feedback"},
        )

    @asynccontextmanager
    async def tenant(
        self,
        organisation_id: UUID,
        *,
        timeout_seconds: float | None = None,
        lock_timeout_seconds: float | None = None,
    ) -> AsyncIterator[Session]:
        """A transaction in which only this organisation's rows exist; commits on leaving, rolls back on an error."""
        async with self.engine.begin() as connection:
            await self._enter(connection, "feedback_app", str(organisation_id), timeout_seconds, lock_timeout_seconds)
            yield connection

    @asynccontextmanager
    async def snapshot(self, organisation_id: UUID, *, timeout_seconds: float | None = None) -> AsyncIterator[Session]:
        """A read-only transaction in which every statement sees the same instant."""
        async with self.engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            async with connection.begin():
                await self._enter(connection, "feedback_app", str(organisation_id), timeout_seconds)
                yield connection

    @asynccontextmanager
    async def system(self) -> AsyncIterator[Session]:
        """A transaction across organisations that sees jobs and what is due, never anything a customer said."""
        async with self.engine.begin() as connection:
            await self._enter(connection, "feedback_system", "", None)
            yield connection

    async def dispose(self) -> None:
        """Close every connection."""
        await self.engine.dispose()

    async def _enter(
        self,
        connection: Session,
        role: str,
        organisation_id: str,
        limit: float | None,
        lock_limit: float | None = None,
    ) -> None:
        # Work with a limit of its own waits for locks as long as it may run.
        timeout, lock_timeout = (
            (self._timeout, self._lock_timeout) if limit is None else (_milliseconds(limit), _milliseconds(limit))
        )
        if lock_limit is not None:
            lock_timeout = _milliseconds(lock_limit)
        await connection.execute(
            _ENTER,
            {"role": role, "organisation_id": organisation_id, "timeout": timeout, "lock_timeout": lock_timeout},
        )


def _milliseconds(seconds: float) -> str:
    return f"{int(seconds * 1000)}ms"
