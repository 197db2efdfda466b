"""The vocabulary of durable jobs: payload, status, progress, error."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Self
from uuid import UUID

from pydantic import TypeAdapter

from feedback_core.kit.errors import Conflict


class JobStatus(StrEnum):
    """Where a job stands; the last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobPayload:
    """What a job needs to know; subclasses are frozen dataclasses that name their ``kind``.

    Fields may be whatever JSON can carry once converted: numbers, strings, UUIDs, instants, enums, tuples, dataclasses.
    A payload is read by a later release than wrote it: give a new field a default, and never rename one.

    Attributes:
        kind: stable dotted name of the work: ``analyses.trend``.
    """

    __slots__ = ()

    kind: ClassVar[str]

    def to_json(self) -> dict[str, Any]:
        """The payload as a JSON document."""
        document: dict[str, Any] = TypeAdapter(type(self)).dump_python(self, mode="json")
        return document

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """The payload in a JSON document; fields that are not known any more are ignored.

        Raises:
            ValueError: a field is missing or of another type.
        """
        return TypeAdapter(cls).validate_python(document)


class FileState(StrEnum):
    """Where the bytes of a file that a job writes are: being written, ready to be fetched, or gone."""

    WRITING = "writing"
    READY = "ready"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class JobProgress:
    """How far a running job is.

    Attributes:
        done: units finished.
        total: units in all, where that is known.
        unit: what is counted, in the plural: ``rows``.
    """

    done: int
    total: int | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class JobError:
    """Why the last attempt failed: a problem's code and detail, without secrets or anything a customer said."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Job:
    """A job as its organisation sees it.

    Attributes:
        attempts: how often it was begun.
        run_at: not begun before this instant; after a failure, when it is tried again.
        error: of the last failed attempt; a job that succeeded later keeps none.
        started_at: of the first attempt.
    """

    organisation_id: UUID
    id: UUID
    kind: str
    status: JobStatus
    attempts: int
    progress: JobProgress
    error: JobError | None
    run_at: datetime
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    cancel_requested_at: datetime | None


@dataclass(frozen=True, slots=True)
class DueJob:
    """A job that waits for a worker: what the relay rings for."""

    organisation_id: UUID
    id: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to run a job once.

    Attributes:
        payload: as it was written down, not yet read.
        attempt: 1 the first time.
        lease_token: whoever writes to the running job must know it.
    """

    organisation_id: UUID
    job_id: UUID
    payload: dict[str, Any]
    attempt: int
    lease_token: UUID


class Outcome(StrEnum):
    """How one attempt ended.

    ``not_claimed``: there was nothing to do, the ring was an echo. ``given_back``: the worker was told to stop.
    ``lost``: the lease ran out and the job is another's.
    """

    NOT_CLAIMED = "not_claimed"
    SUCCEEDED = "succeeded"
    WILL_RETRY = "will_retry"
    FAILED = "failed"
    CANCELLED = "cancelled"
    GIVEN_BACK = "given_back"
    LOST = "lost"


class JobFinished(Conflict):
    """The job has ended already; there is nothing left to cancel."""

    code = "job_finished"


class LeaseLost(Exception):
    """The job is no longer this run's: another worker has it, or it has ended. The transaction is rolled back."""


class TimeLimitExceeded(Exception):
    """The function of a job took longer than its actor allows."""


class JobCancelled(Exception):
    """Somebody asked for the job to be cancelled; its function lets this pass."""
