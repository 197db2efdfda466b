"""Jobs, each test with an organisation of its own."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from feedback_core.db.session import Database
from tests.support.jobs import JobBench


@pytest.fixture
async def bench(database: Database) -> AsyncIterator[JobBench]:
    """Requests, rings and runs jobs of a new organisation; what it leaves open is cancelled, not late."""
    bench = JobBench(database)
    yield bench
    async with database.tenant(bench.organisation_id) as session:
        await session.execute(
            text("UPDATE job SET status = 'cancelled' WHERE organisation_id = :o AND status IN ('queued', 'running')"),
            {"o": bench.organisation_id},
        )
