"""Places in the database where the service waits until the test lets it go on, so that it can be killed just there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import psycopg

from tests.support.waiting import soon

_LOCK = 4711
# Of this database: another test process may hold a breakpoint in its own.
_WAITING = (
    f"SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = {_LOCK} AND NOT granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where to wait.

    Attributes:
        table: whose rows are written.
        verb: how.
        condition: on NEW and OLD; every row when it is ``true``.
        at_commit: wait in the commit, which goes on even if the client is gone by then; else before the row is
            written, where the end of the client undoes everything.
    """

    table: str
    verb: Literal["INSERT", "UPDATE"]
    condition: str = "true"
    at_commit: bool = False


class Breakpoint:
    """Places, while the test holds them."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    async def reached(self, *, by: int = 1, seconds: float = 30) -> None:
        """Return when so many transactions wait here."""
        await soon(lambda: len(self._waiting()) >= by, seconds=seconds)

    async def release(self) -> None:
        """Let all of them go on, now and later; return when the transactions that waited have ended."""
        waited = self._waiting()
        self._connection.execute("SELECT pg_advisory_unlock_all()")
        await soon(lambda: not self._open(waited), seconds=10)

    def _waiting(self) -> list[int]:
        return [pid for (pid,) in self._connection.execute(_WAITING)]

    def _open(self, pids: list[int]) -> list[int]:
        statement = "SELECT pid FROM pg_stat_activity WHERE pid = ANY(%s) AND xact_start IS NOT NULL"
        return [pid for (pid,) in self._connection.execute(statement, [pids])]


@contextmanager
def breakpoint_at(owner_url: str, *places: Place) -> Iterator[Breakpoint]:
    """Whoever comes by one of the places waits, until it is released or the block ends."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        connection.execute(
            "CREATE FUNCTION wait_for_test() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN PERFORM pg_advisory_xact_lock_shared({_LOCK}); RETURN NEW; END $$"
        )
        try:
            for number, place in enumerate(places):
                connection.execute(_trigger(f"wait_for_test_{number}", place).encode())
            yield Breakpoint(connection)
        finally:
            connection.execute("SELECT pg_advisory_unlock_all()")
            connection.execute("SET lock_timeout = '10s'")
            connection.execute("DROP FUNCTION wait_for_test CASCADE")


def _trigger(name: str, place: Place) -> str:
    kind, timing, deferred = "TRIGGER", "BEFORE", ""
    if place.at_commit:
        kind, timing, deferred = "CONSTRAINT TRIGGER", "AFTER", "DEFERRABLE INITIALLY DEFERRED"
    return (
        f"CREATE {kind} {name} {timing} {place.verb} ON {place.table} {deferred}"
        f" FOR EACH ROW WHEN ({place.condition}) EXECUTE FUNCTION wait_for_test()"
    )
