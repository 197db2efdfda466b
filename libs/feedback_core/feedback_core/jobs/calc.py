"""When a failed job is tried again."""

import hashlib
from datetime import timedelta
from uuid import UUID

FIRST_DELAY = timedelta(seconds=2)
LONGEST_DELAY = timedelta(minutes=5)


def retry_delay(job_id: UUID, attempt: int) -> timedelta:
    """Pause after the ``attempt``-th attempt (from 1) failed.

    Doubles from 2 seconds up to 5 minutes; spread by up to a quarter either way, so that jobs which failed together do
    not come back together. The spread follows from the job's id: the same job always waits the same.
    """
    delay = min(FIRST_DELAY * float(1 << min(attempt - 1, 16)), LONGEST_DELAY)
    digest = hashlib.blake2b(job_id.bytes + attempt.to_bytes(4), digest_size=8).digest()
    return delay * (0.75 + 0.5 * int.from_bytes(digest) / 2**64)
