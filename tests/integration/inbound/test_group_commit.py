"""Group commit: what waits is written together, each gets its own result, and one that fails takes no other with it."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError, OperationalError

from feedback_core.db.group_commit import GroupCommit, QueueFull
from feedback_core.db.session import Database, Session
from feedback_core.kit.ids import new_id

COUNT = text("SELECT count(*) FROM feature")


class Features:
    """Writes features; one that is called so fails in the database."""

    def __init__(self) -> None:
        self.groups: list[int] = []

    async def write(self, session: Session, organisation_id: UUID, names: Sequence[str]) -> list[str]:
        self.groups.append(len(names))
        for name in names:
            statement = text(
                "INSERT INTO feature (organisation_id, key, name, created_at)"
                " VALUES (:o, :k, :k, CAST(:at AS timestamptz))"
            )
            at = "never at all" if name == "wrong" else "2026-03-01T10:00:00Z"
            await session.execute(statement, {"o": organisation_id, "k": name, "at": at})
        return [name.upper() for name in names]


async def stored(database: Database, organisation_id: UUID) -> int:
    async with database.tenant(organisation_id) as session:
        return int((await session.execute(COUNT)).scalar_one())


async def test_what_comes_meanwhile_is_written_together(database: Database) -> None:
    features, organisation_id = Features(), new_id()
    writer = GroupCommit(database, features.write, most_waiting=1_000, most_in_group=40)

    results = await asyncio.gather(*(writer.put(organisation_id, f"f{number}") for number in range(100)))

    assert results == [f"F{number}" for number in range(100)]
    assert await stored(database, organisation_id) == 100
    assert (len(features.groups), max(features.groups)) == (3, 40)


async def test_one_that_cannot_be_written_fails_alone(database: Database) -> None:
    features, organisation_id = Features(), new_id()
    writer = GroupCommit(database, features.write, most_waiting=1_000)

    names = ["a", "b", "wrong", "c"]
    results = await asyncio.gather(*(writer.put(organisation_id, name) for name in names), return_exceptions=True)

    assert [result if isinstance(result, str) else type(result) for result in results] == ["A", "B", DataError, "C"]
    assert await stored(database, organisation_id) == 3


async def test_a_database_that_is_away_is_asked_once_for_all(database: Database) -> None:
    asked = 0

    async def away(_: Session, __: UUID, names: Sequence[str]) -> list[str]:
        nonlocal asked
        asked += 1
        raise OperationalError("", {}, Exception())

    writer: GroupCommit[str, str] = GroupCommit(database, away, most_waiting=1_000)
    results = await asyncio.gather(*(writer.put(new_id(), "a") for _ in range(3)), return_exceptions=True)
    together = new_id()
    results += await asyncio.gather(*(writer.put(together, "a") for _ in range(50)), return_exceptions=True)

    assert {type(result) for result in results} == {OperationalError}
    assert asked <= 5


async def test_more_than_may_wait_is_refused_at_once(database: Database) -> None:
    features, organisation_id = Features(), new_id()
    writer = GroupCommit(database, features.write, most_waiting=10)

    names = [f"f{number}" for number in range(50)]
    results = await asyncio.gather(*(writer.put(organisation_id, name) for name in names), return_exceptions=True)

    assert {type(result) for result in results} == {str, QueueFull}
    assert await stored(database, organisation_id) == sum(isinstance(result, str) for result in results)
    assert await writer.put(organisation_id, "later") == "LATER"


async def test_whoever_leaves_takes_nothing_back_and_closing_waits(database: Database) -> None:
    features, organisation_id = Features(), new_id()
    writer = GroupCommit(database, features.write, most_waiting=1_000)
    sent = [asyncio.create_task(writer.put(organisation_id, f"f{number}")) for number in range(20)]
    await asyncio.sleep(0)
    for task in sent[::2]:
        task.cancel()

    await writer.close()

    assert await stored(database, organisation_id) == 20
    for task in sent[::2]:
        with pytest.raises(asyncio.CancelledError):
            await task
