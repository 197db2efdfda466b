"""Group commit: what is asked for while a transaction of its organisation runs is written in the next one, together.

Nobody waits while nothing runs; under load a transaction, and the flush of its log, is shared by all that came
meanwhile.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from uuid import UUID

from sqlalchemy.exc import DataError, IntegrityError

from feedback_core.db.session import Database, Session
from feedback_core.kit.errors import Unavailable

Item = TypeVar("Item")
Result = TypeVar("Result")

Write = Callable[[Session, UUID, Sequence[Item]], Awaitable[Sequence[Result]]]


class QueueFull(Unavailable):
    """More is waiting to be written than is kept in memory."""

    code = "overloaded"

    def __init__(self) -> None:
        super().__init__("Too much is coming in at this moment: try again.")


@dataclass(slots=True)
class _Waiting(Generic[Item, Result]):
    item: Item
    written: asyncio.Future[Result]


@dataclass(slots=True)
class GroupCommit(Generic[Item, Result]):
    """Writes items of many requests in few transactions.

    Attributes:
        write: writes items of one organisation, and gives a result for each.
        most_waiting: items that wait or are being written, in all; one more is refused.
        most_in_group: items of one transaction.
    """

    database: Database
    write: Write[Item, Result]
    most_waiting: int
    most_in_group: int = 500
    _queues: dict[UUID, deque[_Waiting[Item, Result]]] = field(default_factory=dict)
    _writers: set[asyncio.Task[None]] = field(default_factory=set)
    _waiting: int = 0

    async def put(self, organisation_id: UUID, item: Item) -> Result:
        """Have an item written; its transaction is committed when this returns.

        Raises:
            QueueFull: too much is waiting.
        """
        if self._waiting >= self.most_waiting:
            raise QueueFull
        waiting = _Waiting(item, asyncio.get_running_loop().create_future())
        self._waiting += 1
        queue = self._queues.get(organisation_id)
        if queue is None:
            queue = self._queues[organisation_id] = deque()
            writer = asyncio.create_task(self._empty(organisation_id, queue))
            self._writers.add(writer)
            writer.add_done_callback(self._writers.discard)
        queue.append(waiting)
        result: Result = await waiting.written
        return result

    async def close(self) -> None:
        """Return once everything that waits has been written, or has failed."""
        while self._writers:
            await asyncio.wait(self._writers)

    async def _empty(self, organisation_id: UUID, queue: deque[_Waiting[Item, Result]]) -> None:
        try:
            while queue:
                group = [queue.popleft() for _ in range(min(len(queue), self.most_in_group))]
                try:
                    await self._settle(organisation_id, group)
                finally:
                    self._waiting -= len(group)
        finally:
            del self._queues[organisation_id]

    async def _settle(self, organisation_id: UUID, group: Sequence[_Waiting[Item, Result]]) -> None:
        """Write a group; one that cannot be written at all is tried item by item, so that each fails by itself."""
        try:
            results = await self._written(organisation_id, [waiting.item for waiting in group])
        except Exception as error:  # noqa: BLE001 -- it is raised again where the result is awaited
            if len(group) > 1 and isinstance(error, DataError | IntegrityError):
                for waiting in group:
                    await self._settle(organisation_id, [waiting])
                return
            for waiting in group:
                if not waiting.written.done():
                    waiting.written.set_exception(error)
        else:
            for waiting, result in zip(group, results, strict=True):
                # Whoever waited may have left; the item is there all the same.
                if not waiting.written.done():
                    waiting.written.set_result(result)

    async def _written(self, organisation_id: UUID, items: Sequence[Item]) -> Sequence[Result]:
        async with self.database.tenant(organisation_id) as session:
            return await self.write(session, organisation_id, items)
