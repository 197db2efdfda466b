"""Two organisations that each have one of everything."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.organisations import new_organisation
from tests.support.seeded import Seeded, seed


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Two organisations of one service."""

    ours: Seeded
    theirs: Seeded


@pytest.fixture(scope="module")
async def neighbours(app: FastAPI, database: Database) -> AsyncIterator[Neighbours]:
    """Both, shared by the tests of a module: none of these takes anything away before the last."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        ours = await seed(Api(client, await new_organisation(database)), database)
        theirs = await seed(Api(client, await new_organisation(database)), database)
        yield Neighbours(ours, theirs)
