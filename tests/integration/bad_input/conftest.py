"""An organisation that bad input is sent to, and what must be true of it afterwards."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from feedback_core.db.session import Database
from feedback_core.tables import metadata
from tests.support.api import Api
from tests.support.organisations import new_organisation
from tests.support.seeded import Seeded, seed
from tests.support.serving import served

__all__ = ["served"]

Unharmed = Callable[[], AbstractAsyncContextManager[None]]


@pytest.fixture(scope="session")
async def seeded(app: FastAPI, database: Database) -> AsyncIterator[Seeded]:
    """An organisation with one of everything."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield await seed(Api(client, await new_organisation(database)), database)


@pytest.fixture
def unharmed(seeded: Seeded, database: Database) -> Unharmed:
    """A block after which every table has as many rows of the organisation as before, and the next answer is taken."""
    counts = select(
        *(
            select(func.count()).select_from(table).scalar_subquery().label(table.name)
            for table in metadata.sorted_tables
        )
    )

    async def rows() -> dict[str, int]:
        async with database.tenant(seeded.api.organisation.organisation_id) as session:
            return dict((await session.execute(counts)).one()._mapping)

    @asynccontextmanager
    async def block() -> AsyncIterator[None]:
        before = await rows()
        yield
        assert await rows() == before
        await seeded.api.get("/readyz", status=200)
        path = f"/v1/surveys/{seeded.survey.id}/responses"
        await seeded.api.post(path, {"answers": {"nps": 9, "why": "Nothing broke."}}, status=201)

    return block
