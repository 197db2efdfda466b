"""Vocabulary of processing: its jobs, and why items and deliveries are as they are."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from feedback_core.inbound.types import DeliveryReason, DeliveryState, InboxReason
from feedback_core.jobs.types import JobPayload

BATCH: Final = 200
"""Deliveries that are settled in one transaction."""

MOST_RETRIES: Final = 20
"""Attempts at one delivery after the first, with pauses up to 5 minutes: somewhat more than an hour in all."""

SUPERSEDED: Final = "superseded"
"""Reason of the exclusion of what its sender has changed since."""

REPLAYABLE: Final = (DeliveryState.UNMAPPED, DeliveryState.FAILED, DeliveryState.IGNORED)
"""States from which a delivery is read again; one that is processed stays as it is."""


NO_MAPPING: Final = DeliveryReason(InboxReason.NO_MAPPING.value, "The source has no mapping yet.")


class ProcessingReason(StrEnum):
    """Why an item or a delivery is as it is, beside the codes of mappings and of responses."""

    NOT_WANTED = "not_wanted"
    LEFT_OUT = "left_out"
    REPEATED_ANSWERS = "repeated_answers"
    SAME_AS_BEFORE = "same_as_before"
    ERASED_BEFORE = "erased_before"
    FORGOTTEN_BEFORE = "forgotten_before"
    NOBODY_TO_FORGET = "nobody_to_forget"
    FORGOTTEN = "forgotten"
    MAPPING_OUTDATED = "mapping_outdated"
    FETCHING = "fetching"
    FETCH_FAILED = "fetch_failed"
    FETCH_REFUSED = "fetch_refused"
    NO_CONNECTOR = "no_connector"
    INTERNAL_ERROR = "internal_error"


@dataclass(frozen=True, slots=True)
class RetryDelivery(JobPayload):
    """Read one delivery by itself: something has to be fetched for it, or it failed among others.

    One open job for each delivery, by the dedupe key ``str(delivery_id)``.
    """

    kind: ClassVar[str] = "inbound.retry"

    source_id: UUID
    delivery_id: UUID


@dataclass(frozen=True, slots=True)
class ReplayDeliveries(JobPayload):
    """Have deliveries of a source that are not processed read again; ``None``: any."""

    kind: ClassVar[str] = "inbound.replay"

    source_id: UUID
    state: DeliveryState | None = None
    received_from: datetime | None = None
    received_to: datetime | None = None
    dedupe_id: str | None = None
    reason: str | None = None
