"""Shapes of webhooks, their secrets, and what became of what they were told."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import Input, Line, Output, Page
from feedback_api.schemas.events import EventOut
from feedback_api.schemas.times import Moment
from feedback_core.events.types import EventKind
from feedback_core.webhooks.types import (
    LONGEST_URL,
    AttemptOutcome,
    DeliveryState,
    NewWebhookSecret,
    PauseReason,
    Webhook,
    WebhookDelivery,
    WebhookFormat,
    WebhookState,
)
from feedback_core.webhooks.use_cases.deliveries import DeliveryDetail
from feedback_core.webhooks.use_cases.endpoints import WebhookDetail, WebhookSettingsGiven

EXAMPLE: dict[str, Any] = {
    "url": "https://example.com/feedback",
    "description": "Tickets for low scores",
    "events": ["response.low_score", "case.*"],
}


class WebhookIn(Input):
    """A webhook as it is to be."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    url: str = Field(
        min_length=1, max_length=LONGEST_URL, description="Where events are sent: https, publicly reachable"
    )
    description: Line | None = None
    events: list[Annotated[str, Field(max_length=100)]] = Field(
        default_factory=list,
        max_length=50,
        description="Types of events, or all on one kind of subject (`action.*`); left out: everything",
    )
    format: WebhookFormat = Field(default=WebhookFormat.STANDARD, description="How a message is written")
    state: Literal[WebhookState.ACTIVE, WebhookState.PAUSED] = Field(
        default=WebhookState.ACTIVE, description="What happens while it is paused waits"
    )

    def settings(self) -> WebhookSettingsGiven:
        """The same, for the domain."""
        kinds = tuple(dict.fromkeys(self.events))
        return WebhookSettingsGiven(self.url, self.description, kinds, self.format, self.state)


class WebhookSecretIn(Input):
    """Another secret of a webhook."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"previous_expire_at": "2026-03-02T00:00:00Z"}]})

    secret: str | None = Field(
        default=None, min_length=1, max_length=200, description="whsec_ and base64; left out, one is made"
    )
    previous_expire_at: Moment | None = Field(
        default=None, description="From when the other secrets sign nothing any more; null: they stay as they are"
    )


class WebhookSecretOut(Output):
    """A secret, never shown itself."""

    id: UUID
    hint: str = Field(description="Its last characters")
    created_at: datetime
    expires_at: datetime | None = Field(description="It signs nothing from then on; null: for good")


class NewWebhookSecretOut(WebhookSecretOut):
    """A secret just added: the only time that it is shown, and only if this service made it."""

    secret: str | None = Field(description="Give it to the receiver; it cannot be shown again")

    @classmethod
    def of(cls, added: NewWebhookSecret) -> Self:
        """From the domain."""
        return cls(**WebhookSecretOut.model_validate(added.secret).model_dump(), secret=added.made)


class WebhookLinksOut(Output):
    """Where to go from here."""

    self: str
    deliveries: str


class WebhookOut(Output):
    """A webhook as it stands."""

    id: UUID
    url: str
    description: str | None
    events: list[str] = Field(description="What it asks for; empty: everything")
    format: WebhookFormat
    state: WebhookState
    pause_reason: PauseReason | None = Field(
        description="Why it is paused: `asked` for; `failing`, for nothing was taken for days; `gone`, it answered 410"
    )
    state_since: datetime
    failures: int = Field(description="Attempts that failed since the last that did not")
    failing_since: datetime | None
    resting_until: datetime | None = Field(description="Its receiver is left alone until then, since it failed")
    last_delivered_at: datetime | None
    pending: int = Field(description="Deliveries that wait")
    created_by: str
    created_at: datetime
    links: WebhookLinksOut

    @classmethod
    def of(cls, webhook: Webhook) -> Self:
        """From the domain."""
        return cls(**cls.parts(webhook))

    @classmethod
    def parts(cls, webhook: Webhook) -> dict[str, Any]:
        """The fields that a list shows."""
        path = f"/v1/webhooks/{webhook.id}"
        return {
            "id": webhook.id,
            "url": webhook.url,
            "description": webhook.description,
            "events": list(webhook.kinds),
            "format": webhook.format,
            "state": webhook.state,
            "pause_reason": webhook.pause_reason,
            "state_since": webhook.state_since,
            "failures": webhook.failures,
            "failing_since": webhook.failing_since,
            "resting_until": webhook.resting_until,
            "last_delivered_at": webhook.last_delivered_at,
            "pending": webhook.pending,
            "created_by": webhook.created_by,
            "created_at": webhook.created_at,
            "links": WebhookLinksOut(self=path, deliveries=f"{path}/deliveries"),
        }


class WebhookDetailOut(WebhookOut):
    """A webhook with its secrets but for what they are."""

    secrets: list[WebhookSecretOut]

    @classmethod
    def with_secrets(cls, detail: WebhookDetail) -> Self:
        """From the domain."""
        secrets = [WebhookSecretOut.model_validate(secret) for secret in detail.secrets]
        return cls(**cls.parts(detail.webhook), secrets=secrets)


class WebhooksOut(Page[WebhookOut]):
    """A page of webhooks, newest first."""


class AttemptOut(Output):
    """One attempt at a delivery."""

    number: int = Field(description="1: the first")
    at: datetime
    outcome: AttemptOutcome
    status: int | None = Field(description="That the receiver answered; null: it did not")
    detail: str | None = Field(description="What went wrong")
    snippet: str | None = Field(description="The beginning of the receiver's answer")
    milliseconds: int


class WebhookDeliveryOut(Output):
    """What became of one event at one webhook."""

    webhook_id: UUID
    event_id: UUID = Field(description="The `webhook-id` of every attempt")
    type: EventKind
    state: DeliveryState
    attempts: int = Field(description="How often it was tried, the first time included")
    next_attempt_at: datetime | None
    created_at: datetime
    settled_at: datetime | None = Field(description="When it was taken, or given up")

    @classmethod
    def of(cls, delivery: WebhookDelivery) -> Self:
        """From the domain."""
        return cls(**cls.parts(delivery))

    @classmethod
    def parts(cls, delivery: WebhookDelivery) -> dict[str, Any]:
        """The fields that a list shows."""
        return {
            "webhook_id": delivery.webhook_id,
            "event_id": delivery.event_id,
            "type": delivery.kind,
            "state": delivery.state,
            "attempts": delivery.attempts,
            "next_attempt_at": delivery.next_attempt_at,
            "created_at": delivery.created_at,
            "settled_at": delivery.settled_at,
        }


class WebhookDeliveryDetailOut(WebhookDeliveryOut):
    """A delivery with its event and every attempt."""

    event: EventOut
    log: list[AttemptOut]

    @classmethod
    def detailed(cls, detail: DeliveryDetail) -> Self:
        """From the domain."""
        log = [AttemptOut.model_validate(attempt) for attempt in detail.attempts]
        return cls(**cls.parts(detail.delivery), event=EventOut.of(detail.event), log=log)


class WebhookDeliveriesOut(Page[WebhookDeliveryOut]):
    """A page of deliveries, the latest first."""


class FailedIn(Input):
    """Everything that failed, or what of it happened in a time."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"what": "failed"}]}, populate_by_name=True)

    what: Literal["failed"]
    start: Moment | None = Field(default=None, alias="from", description="Happened then or later")
    end: Moment | None = Field(default=None, alias="to", description="Happened before")


class RangeIn(Input):
    """Everything that happened in a time and that the webhook asks for, whether or not it was told of it before."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"what": "range", "from": "2026-03-01T00:00:00Z", "to": "2026-03-02T00:00:00Z"}]
        },
        populate_by_name=True,
    )

    what: Literal["range"]
    start: Moment = Field(alias="from", description="Happened then or later")
    end: Moment = Field(alias="to", description="Happened before")


ReplayIn = Annotated[FailedIn | RangeIn, Field(discriminator="what")]


class ReplayOut(Output):
    """What is delivered once more."""

    replayed: int = Field(description="Deliveries that are due now")
