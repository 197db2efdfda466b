"""Group commit: what is asked for while a transaction of its organisation runs is written in the next one, together.

Nobody waits while nothing runs; under load a transaction, and the flush of its log, is shared by all that came
meanwhile.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from feedback_core.db.session import Database, Session
from feedback_core.kit.errors import Unavailable

Item = TypeVar("Item")
Result = TypeVar("Result")

Write = Callable[[Session, UUID, Sequence[Item]], Awaitable[Sequence[Result]]]

_PATIENCE_SECONDS: Final = 0.25
"""How long a group waits for another transaction; an item that must wait longer does so by itself."""

_MOST_WRITING: Final = 4
"""Organisations that are written for at the same time; whoever reads keeps the other connections."""

_AWAY: Final = ("08", "53", "57")
"""Classes of SQLSTATE that say something of the database, not of what was to be written."""


class QueueFull(Unavailable):
    """More is waiting to be written than is kept in memory."""

    code = "overloaded"

    def __init__(self) -> None:
        super().__init__("More is coming in than can be written at this moment: try again.")


class ShuttingDown(Unavailable):
    """This process takes nothing more; another one does."""

    code = "shutting_down"

    def __init__(self) -> None:
        super().__init__("This process is about to end: try again.")


@dataclass(frozen=True, slots=True)
class QueueLimits:
    """What a process holds.

    Attributes:
        items: that are not written yet.
        size: bytes of them, as they say themselves.
        group: items of one transaction.
    """

    items: int
    size: int = 64 * 2**20
    group: int = 500


@dataclass(eq=False, slots=True)
class _Waiting(Generic[Item, Result]):
    item: Item
    size: int
    written: asyncio.Future[Result]


class GroupCommit(Generic[Item, Result]):
    """Writes items of many requests in few transactions."""

    def __init__(self, database: Database, write: Write[Item, Result], limits: QueueLimits) -> None:
        """Nothing runs yet.

        Args:
            database: of this process.
            write: writes items of one organisation in a transaction, and gives a result for each.
            limits: beyond them an item is refused.
        """
        self._database = database
        self._write = write
        self._limits = limits
        self._items = 0
        self._size = 0
        self._closing = False
        self._queues: dict[UUID, deque[_Waiting[Item, Result]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(_MOST_WRITING)

    @property
    def waiting(self) -> int:
        """Items that are not durable yet."""
        return self._items

    async def put(self, organisation_id: UUID, item: Item, *, size: int = 0) -> Result:
        """Have an item written; its transaction is committed when this returns. Whoever leaves takes nothing back.

        Raises:
            QueueFull: too much is waiting.
            ShuttingDown: nothing more is taken.
        """
        if self._closing:
            raise ShuttingDown
        if self._items >= self._limits.items or self._size + size > self._limits.size:
            raise QueueFull
        waiting = _Waiting(item, size, asyncio.get_running_loop().create_future())
        self._items += 1
        self._size += size
        queue = self._queues.get(organisation_id)
        if queue is None:
            queue = self._queues[organisation_id] = deque()
            self._begin(self._empty(organisation_id, queue))
        queue.append(waiting)
        result: Result = await waiting.written
        return result

    async def close(self) -> None:
        """Take nothing more; return once everything that waits has been written, or has failed."""
        self._closing = True
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _empty(self, organisation_id: UUID, queue: deque[_Waiting[Item, Result]]) -> None:
        try:
            while queue:
                async with self._slots:
                    group = [queue.popleft() for _ in range(min(len(queue), self._limits.group))]
                    await self._write_group(organisation_id, group)
        finally:
            del self._queues[organisation_id]

    async def _write_group(self, organisation_id: UUID, group: Sequence[_Waiting[Item, Result]]) -> None:
        try:
            results = await self._committed(organisation_id, group, patience=_PATIENCE_SECONDS)
        except Exception as error:  # noqa: BLE001 - it is raised again where the result is awaited
            if _is_of_an_item(error):
                # Not awaited here: whoever waits for another transaction must not hold up who comes next.
                for waiting in group:
                    self._begin(self._write_alone(organisation_id, waiting))
                return
            for waiting in group:
                self._fail(waiting, error)
        else:
            for waiting, result in zip(group, results, strict=True):
                self._settle(waiting, result)

    async def _write_alone(self, organisation_id: UUID, waiting: _Waiting[Item, Result]) -> None:
        """One of a group that could not be written, with all the patience of a request: only the one to blame fails."""
        try:
            (result,) = await self._committed(organisation_id, [waiting], patience=None)
        except Exception as error:  # noqa: BLE001 - it is raised again where the result is awaited
            self._fail(waiting, error)
        else:
            self._settle(waiting, result)

    async def _committed(
        self, organisation_id: UUID, group: Sequence[_Waiting[Item, Result]], *, patience: float | None
    ) -> Sequence[Result]:
        async with self._database.tenant(organisation_id, lock_timeout_seconds=patience) as session:
            return await self._write(session, organisation_id, [waiting.item for waiting in group])

    def _settle(self, waiting: _Waiting[Item, Result], result: Result) -> None:
        self._leave(waiting)
        if not waiting.written.done():
            waiting.written.set_result(result)

    def _fail(self, waiting: _Waiting[Item, Result], error: Exception) -> None:
        self._leave(waiting)
        if not waiting.written.done():
            waiting.written.set_exception(error)

    def _leave(self, waiting: _Waiting[Item, Result]) -> None:
        self._items -= 1
        self._size -= waiting.size


def _is_of_an_item(error: Exception) -> bool:
    """Whether one of a group may be to blame: it cannot be written, or another transaction writes the same."""
    state = str(getattr(getattr(error, "orig", None), "sqlstate", None) or "")
    return isinstance(error, DBAPIError) and bool(state) and not state.startswith(_AWAY)
