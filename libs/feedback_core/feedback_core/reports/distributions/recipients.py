"""Who is told, as it is sealed and opened again; and what a distribution's state is called."""

import json
from dataclasses import asdict

from feedback_core.jobs.types import JobStatus
from feedback_core.kit.sealing import Seal
from feedback_core.reports.distributions.types import DistributionState, Recipient, StoredDistribution

_FAILED = frozenset({JobStatus.FAILED, JobStatus.CANCELLED})


def sealed(recipient: Recipient, seal: Seal) -> bytes:
    """As it is kept."""
    return seal.seal(json.dumps(asdict(recipient), ensure_ascii=False).encode())


def opened(content: bytes, seal: Seal) -> Recipient:
    """As it was given.

    Raises:
        InvalidToken: none of the keys sealed it.
    """
    return Recipient(**json.loads(seal.open(content)))


def state_of(stored: StoredDistribution) -> DistributionState:
    """The furthest that it came."""
    if stored.revoked_at is not None:
        return DistributionState.REVOKED
    if stored.acknowledged_at is not None:
        return DistributionState.ACKNOWLEDGED
    if stored.opened_at is not None:
        return DistributionState.OPENED
    if stored.sent_at is not None:
        return DistributionState.SENT
    failed = stored.job is not None and stored.job.status in _FAILED
    return DistributionState.FAILED if failed else DistributionState.WAITING
