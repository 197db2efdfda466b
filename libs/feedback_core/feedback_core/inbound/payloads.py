"""The jobs of the inbox; by themselves, so that asking for one loads nothing else."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from feedback_core.jobs.types import JobPayload


@dataclass(frozen=True, slots=True)
class ProcessDeliveries(JobPayload):
    """Read the deliveries of a source that wait, in the order in which they came about.

    One open job for each source, by the dedupe key ``str(source_id)``. A delivery that commits while such a job is
    ending is found by the schedule.
    """

    kind: ClassVar[str] = "inbound.process"

    source_id: UUID


@dataclass(frozen=True, slots=True)
class RedactDeliveries(JobPayload):
    """Take away the bodies of an organisation's deliveries that are older than their source keeps them."""

    kind: ClassVar[str] = "inbound.redact"
