"""Group commit: single responses that are in flight at the same time are written in one transaction.

As PostgreSQL flushes its log for many commits at once. Nobody waits while the writer is idle: a group is what came in
while the one before it was written.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from feedback_core.db.session import Database
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Unavailable
from feedback_core.responses.checks import ResponseRow
from feedback_core.responses.privacy import Privacy
from feedback_core.responses.types import Duplicate, NewResponse, Outcome, Recorded, Rejected, StillSettling
from feedback_core.responses.use_cases import check_responses, record_checked, refusal_of, survey_taking_answers
from feedback_core.surveys.types import PublishedSurvey

_MOST_SURVEYS: Final = 4_096
_MOST_WRITING: Final = 4
"""Groups of different surveys that are written at the same time; readers keep the other connections."""

_ROUNDS: Final = 5
_PATIENCE_SECONDS: Final = 0.25
"""How long a group waits for another transaction; a response that must wait longer does so by itself."""

_NOT_TEXT_BYTES: Final = 500
_CONNECTION_STATES: Final = ("08", "53", "57")

SurveyKey: TypeAlias = tuple[UUID, UUID]
"""Organisation and survey."""


class CaptureQueueFull(Unavailable):
    """More responses are waiting to be written than this process will hold."""

    code = "capture_queue_full"


class ShuttingDown(Unavailable):
    """This process takes nothing more; another one does."""

    code = "shutting_down"


@dataclass(frozen=True, eq=False, slots=True)
class _Read:
    """A survey as it was read, and the number of the reading: a later one knows what happened before it began."""

    survey: PublishedSurvey
    number: int


@dataclass(eq=False, slots=True)
class _Waiting:
    """A response in the queue.

    Attributes:
        survey: what it was checked against.
        settled: its outcome once it is durable; ``None``: the survey has changed, check it again.
    """

    row: ResponseRow
    survey: PublishedSurvey
    settled: "asyncio.Future[Outcome | None]"

    @property
    def size(self) -> int:
        return len(self.row.answers) + len(self.row.attributes) + _NOT_TEXT_BYTES

    def settle(self, outcome: Outcome | None) -> None:
        if not self.settled.done():
            self.settled.set_result(outcome)

    def fail(self, error: Exception) -> None:
        if not self.settled.done():
            self.settled.set_exception(error)


class CaptureWriter:
    """Records responses one by one for its callers, in groups for the database; one per process."""

    def __init__(self, database: Database, privacy: Privacy, clock: Clock, *, rows: int, size: int, group: int) -> None:
        """Take the limits.

        Args:
            database: of this process.
            privacy: of this process.
            clock: for the time of receipt.
            rows: responses that may wait at a time.
            size: bytes that they may hold.
            group: most responses in one transaction.
        """
        self._database = database
        self._privacy = privacy
        self._clock = clock
        self._most_rows = rows
        self._most_size = size
        self._group = group
        self._rows = 0
        self._size = 0
        self._closing = False
        self._queues: dict[SurveyKey, deque[_Waiting]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(_MOST_WRITING)
        self._surveys: OrderedDict[SurveyKey, _Read] = OrderedDict()
        self._readings: dict[SurveyKey, asyncio.Future[_Read]] = {}
        self._readings_begun = 0

    @property
    def waiting(self) -> int:
        """Responses that are not durable yet."""
        return self._rows

    async def record(self, organisation_id: UUID, survey_id: UUID, said: NewResponse) -> Recorded | Duplicate:
        """Record one response, once; it is durable when this returns.

        Raises:
            NotFound: no such survey here.
            SurveyNotPublished: it has no version yet.
            SurveyClosed: it takes no more answers.
            ResponseRefused: it cannot be recorded; everything wrong with it is named. Its subclasses: it is another
                response under a name that was used, or keeps more of the respondent than it may.
            CaptureQueueFull: too much is waiting already.
            ShuttingDown: this process is about to end.
            StillSettling: the survey, or the response of the same name, keeps changing.
        """
        key, begun = (organisation_id, survey_id), self._readings_begun
        for _ in range(_ROUNDS):
            read = self._surveys.get(key) or await self._look_up(key)
            (checked,) = check_responses(
                organisation_id, read.survey, [said], privacy=self._privacy, received_at=self._clock.now()
            )
            if isinstance(checked, ResponseRow):
                outcome = await self._enqueue(key, read.survey, checked)
                if isinstance(outcome, Rejected):
                    raise refusal_of(outcome)
                if outcome is not None:
                    return outcome
            elif read.number > begun:
                raise refusal_of(checked)
            # What is remembered of the survey may be out of date; nobody is refused, or let in, by that.
            if self._surveys.get(key) is read:
                del self._surveys[key]
        raise StillSettling("The survey keeps changing: try again.")

    async def close(self) -> None:
        """Take nothing more, and leave when all that was taken is durable, or has failed and says so."""
        self._closing = True
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _look_up(self, key: SurveyKey) -> _Read:
        """Read a survey; those who ask for it at the same time share one reading."""
        reading = self._readings.get(key)
        if reading is None:
            self._readings_begun += 1
            reading = self._readings[key] = asyncio.ensure_future(self._read(key, self._readings_begun))
            reading.add_done_callback(lambda _: self._readings.pop(key))
        # Whoever leaves does not take the reading from the others.
        return await asyncio.shield(reading)

    async def _read(self, key: SurveyKey, number: int) -> _Read:
        organisation_id, survey_id = key
        async with self._database.tenant(organisation_id) as session:
            read = _Read(await survey_taking_answers(session, organisation_id, survey_id), number)
        self._surveys[key] = read
        if len(self._surveys) > _MOST_SURVEYS:
            self._surveys.popitem(last=False)
        return read

    async def _enqueue(self, key: SurveyKey, survey: PublishedSurvey, row: ResponseRow) -> Outcome | None:
        item = _Waiting(row, survey, asyncio.get_running_loop().create_future())
        if self._closing:
            raise ShuttingDown("This process is about to end: try again.")
        if self._rows >= self._most_rows or self._size + item.size > self._most_size:
            raise CaptureQueueFull("More responses are coming in than can be written: try again.")
        self._rows += 1
        self._size += item.size
        queue = self._queues.get(key)
        if queue is None:
            queue = self._queues[key] = deque()
            self._begin(self._write_queue(key, queue))
        queue.append(item)
        try:
            return await item.settled
        finally:
            self._rows -= 1
            self._size -= item.size

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _write_queue(self, key: SurveyKey, queue: "deque[_Waiting]") -> None:
        """Write group after group of one survey, until nothing waits."""
        try:
            while queue:
                async with self._slots:
                    group = [queue.popleft() for _ in range(min(len(queue), self._group))]
                    await self._write_group(key, group)
        finally:
            del self._queues[key]

    async def _write_group(self, key: SurveyKey, group: Sequence[_Waiting]) -> None:
        try:
            await self._write(key, group, patience=_PATIENCE_SECONDS)
        except Exception as error:  # noqa: BLE001 - whatever it is, its callers are told
            if len(group) > 1 and _is_of_one(error):
                for item in group:
                    self._begin(self._write_alone(key, item))
            else:
                _fail(group, error)

    async def _write_alone(self, key: SurveyKey, item: _Waiting) -> None:
        """One response of a group that could not be written, so that only the one to blame fails."""
        try:
            await self._write(key, [item], patience=None)
        except Exception as error:  # noqa: BLE001 - whatever it is, its caller is told
            _fail([item], error)

    async def _write(self, key: SurveyKey, group: Sequence[_Waiting], *, patience: float | None) -> None:
        organisation_id, survey_id = key
        async with self._database.tenant(organisation_id, lock_timeout_seconds=patience) as session:
            survey = await survey_taking_answers(session, organisation_id, survey_id)
            current = [item for item in group if item.survey == survey]
            outcomes = await record_checked(
                session,
                organisation_id,
                survey,
                [item.row for item in current],
                privacy=self._privacy,
            )
        for item, outcome in zip(current, outcomes, strict=True):
            item.settle(outcome)
        for item in group:
            item.settle(None)


def _is_of_one(error: Exception) -> bool:
    """Whether one response of a group may be to blame, rather than the database or the survey."""
    if isinstance(error, StillSettling):
        return True
    state = str(getattr(getattr(error, "orig", None), "sqlstate", None) or "")
    return isinstance(error, DBAPIError) and bool(state) and not state.startswith(_CONNECTION_STATES)


def _fail(group: Sequence[_Waiting], error: Exception) -> None:
    for item in group:
        item.fail(error)
