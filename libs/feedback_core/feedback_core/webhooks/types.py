"""Vocabulary of webhooks: endpoints, their secrets, deliveries and attempts at them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from feedback_core.events.types import EventKind
from feedback_core.kit.errors import Conflict, Invalid

MOST_SECRETS: Final = 2
"""Of a webhook at a time: each signs every delivery, so that its receiver may change over."""

MOST_WEBHOOKS: Final = 100
"""Of an organisation that are not retired."""

MOST_REPLAYED: Final = 100_000
"""Deliveries of one replay."""

LONGEST_URL: Final = 2_000


class WebhookFormat(StrEnum):
    """How a message is written: as Standard Webhooks has it, or as a CloudEvent in structured mode; both are signed."""

    STANDARD = "standard"
    CLOUDEVENTS = "cloudevents"


class WebhookState(StrEnum):
    """What a webhook does: deliver, keep what is to be delivered, or nothing any more."""

    ACTIVE = "active"
    PAUSED = "paused"
    RETIRED = "retired"


class PauseReason(StrEnum):
    """Why a webhook is paused: somebody asked, nothing was taken for days, or its receiver said that it is gone."""

    ASKED = "asked"
    FAILING = "failing"
    GONE = "gone"


class DeliveryState(StrEnum):
    """Where a delivery stands.

    ``failed``: refused by its receiver, or tried as often as is tried; only a replay brings it back.
    """

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class AttemptOutcome(StrEnum):
    """How one attempt ended."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    GONE = "gone"
    BUSY = "busy"
    SERVER_ERROR = "server_error"
    REDIRECTED = "redirected"
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    ADDRESS_REFUSED = "address_refused"


class WebhookInvalid(Invalid):
    """The webhook's address, filter or secret is not usable; each fault is named with a pointer."""

    code = "webhook_invalid"


class WebhookRetired(Conflict):
    """The webhook was retired for good."""

    code = "webhook_retired"


class WebhookPaused(Conflict):
    """The webhook is paused: it delivers nothing until it is made active."""

    code = "webhook_paused"


class WebhookUnsigned(Conflict):
    """The webhook has no secret that is valid: it delivers nothing until it has one."""

    code = "webhook_unsigned"


class TooManyWebhooks(Conflict):
    """The organisation has as many webhooks as it may have."""

    code = "too_many_webhooks"


class TooManyWebhookSecrets(Conflict):
    """The webhook has as many secrets as it may have."""

    code = "too_many_webhook_secrets"


class ReplayTooLarge(Conflict):
    """So much is not replayed at once."""

    code = "replay_too_large"


@dataclass(frozen=True, slots=True)
class Webhook:
    """An endpoint that is told of events, and how it does.

    Attributes:
        kinds: names of events, or everything of one kind of subject (``action.*``); empty: all.
        pause_reason: why it is paused.
        state_since: since when it is in its state.
        failures: attempts that failed since the last that did not.
        failing_since: of the first of them.
        resting_until: no attempt is made before, since the last ones failed.
        last_delivered_at: of the latest delivery that was taken.
        pending: deliveries that wait.
    """

    id: UUID
    url: str
    description: str | None
    kinds: tuple[str, ...]
    format: WebhookFormat
    state: WebhookState
    pause_reason: PauseReason | None
    state_since: datetime
    created_by: str
    created_at: datetime
    revision: int
    failures: int = 0
    failing_since: datetime | None = None
    resting_until: datetime | None = None
    last_delivered_at: datetime | None = None
    pending: int = 0


@dataclass(frozen=True, slots=True)
class WebhookSecret:
    """A secret as it may be shown: never itself.

    Attributes:
        hint: its last characters, to tell secrets apart.
        expires_at: it signs nothing from then on; ``None``: for good.
    """

    id: UUID
    hint: str
    created_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewWebhookSecret:
    """A secret just added: ``made`` is what it is if this service made it, shown now and never again."""

    secret: WebhookSecret
    made: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class WebhookDelivery:
    """What became of one event at one webhook.

    Attributes:
        attempts: how often it was tried.
        next_attempt_at: when it is due again, while it is pending.
        settled_at: when it was taken or given up.
    """

    webhook_id: UUID
    event_id: UUID
    kind: EventKind
    position: int
    state: DeliveryState
    attempts: int
    next_attempt_at: datetime | None
    created_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a delivery.

    Attributes:
        status: that the receiver answered; ``None``: it did not.
        detail: what went wrong, in words of ours.
        snippet: the beginning of the receiver's answer.
    """

    number: int
    at: datetime
    outcome: AttemptOutcome
    status: int | None
    detail: str | None
    snippet: str | None
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Answer:
    """How a receiver answered one request, or that it did not.

    Attributes:
        retry_after: seconds after which it asks to be tried again.
    """

    outcome: AttemptOutcome
    status: int | None = None
    detail: str | None = None
    snippet: str | None = None
    retry_after: float | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: the same bytes at every attempt, with headers signed anew."""

    body: bytes
    headers: Mapping[str, str]
