"""Files that jobs write: fetched part by part, and thrown away when they are too old or will never be finished."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Final
from uuid import UUID

from feedback_core.db.session import Database, Session
from feedback_core.jobs.file_queries import FileTables, files_due, part_of_file
from feedback_core.jobs.types import JobPayload
from feedback_core.jobs.use_cases import request_job

PART_BYTES: Final = 2**20
"""Of every part of a file but the last."""


class FileVanished(Exception):
    """A file was thrown away while it was being fetched."""


async def parts_between(
    database: Database, where: FileTables, organisation_id: UUID, file_id: UUID, *, first: int, last: int
) -> AsyncIterator[bytes]:
    """The bytes of a file from ``first`` to ``last``, both included, part by part.

    Each part is a transaction of its own: how fast the caller reads holds nothing up, and only one part is held.

    Raises:
        FileVanished: the file was thrown away meanwhile.
    """
    for number in range(first // PART_BYTES, last // PART_BYTES + 1):
        async with database.snapshot(organisation_id) as session:
            content = await part_of_file(session, where, organisation_id, file_id, number)
        if content is None:
            raise FileVanished
        start = number * PART_BYTES
        yield content[max(0, first - start) : last - start + 1]


async def request_discards(
    system: Session, where: FileTables, discard: Callable[[UUID], JobPayload], *, now: datetime
) -> int:
    """Request a job for every file that is due to go; returns how many are."""
    due = await files_due(system, where, now)
    for organisation_id, file_id in due:
        await request_job(system, organisation_id, discard(file_id), now=now, dedupe_key=str(file_id))
    return len(due)
