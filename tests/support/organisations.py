"""Organisations for tests: each test has its own, so that none needs the tables emptied."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from feedback_core.db.session import Database
from feedback_core.kit.clock import SystemClock
from feedback_core.kit.ids import new_id
from feedback_core.organisations import use_cases
from feedback_core.organisations.types import Scope


@dataclass(frozen=True, slots=True)
class TestOrganisation:
    """An organisation and the token of its all-scope key."""

    __test__ = False

    organisation_id: UUID
    token: str


async def new_organisation(
    database: Database, *, time_zone: str = "Europe/London", minimum_cell_size: int = 5
) -> TestOrganisation:
    """A new organisation with an all-scope key."""
    organisation_id = new_id()
    async with database.tenant(organisation_id) as session:
        await use_cases.create_organisation(
            session,
            organisation_id,
            key=f"test-{organisation_id}",
            name="Test",
            time_zone=time_zone,
            minimum_cell_size=minimum_cell_size,
            clock=SystemClock(),
        )
    return TestOrganisation(organisation_id, await new_token(database, organisation_id, list(Scope)))


async def new_token(database: Database, organisation_id: UUID, scopes: Iterable[Scope]) -> str:
    """A key of an organisation with the given scopes."""
    async with database.tenant(organisation_id) as session:
        _, token = await use_cases.create_api_key(
            session,
            organisation_id,
            name="test",
            scopes=list(scopes),
            secret=secrets.token_bytes(24),
            clock=SystemClock(),
        )
    return token
