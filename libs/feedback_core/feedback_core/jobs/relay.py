"""What the relay asks: which jobs are due, and since when the oldest waits. Across organisations."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from feedback_core.db.session import Session
from feedback_core.jobs import lease_queries
from feedback_core.jobs.types import DueJob


async def due_jobs(
    session: Session, *, now: datetime, ring_again_after: timedelta, limit: int, max_retries: Mapping[str, int]
) -> list[DueJob]:
    """Free the jobs whose worker is gone, then take up to ``limit`` jobs that are due and note that they were rung.

    A job that nobody began is due again after ``ring_again_after``, so that a broker may lose every message; then after
    ever longer pauses, up to eight times that. Two relays never get the same job within that time.

    Args:
        session: across organisations; what was noted counts once it is committed.
        now: the current instant.
        ring_again_after: how long a message may take to a worker.
        limit: at most so many jobs.
        max_retries: of each kind of job that the workers know; others wait for a worker that does.
    """
    attempts = {kind: retries + 1 for kind, retries in max_retries.items()}
    await lease_queries.free_expired(session, now=now, limit=limit, max_attempts=attempts)
    return await lease_queries.ring_due(
        session, now=now, ring_again_after=ring_again_after, limit=limit, kinds=list(attempts)
    )


async def oldest_due_age(session: Session, *, now: datetime) -> timedelta:
    """How long the job that has waited longest could have been begun, or taken over; zero if none waits."""
    since = await lease_queries.oldest_due(session, now=now)
    return timedelta() if since is None else now - since


async def take_turn(session: Session, tick: str) -> bool:
    """Be the one that looks at what is due by time until the transaction ends; false if another worker does so now."""
    return await lease_queries.hold_name(session, f"tick {tick}")
