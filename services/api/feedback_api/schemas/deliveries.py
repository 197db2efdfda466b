"""Shapes of the delivery log."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import Field

from feedback_api.schemas.common import Output, Page
from feedback_core.inbound.types import Delivery, DeliveryState, ItemOutcome, Preset
from feedback_core.inbound.use_cases.deliveries import DeliveryDetail


class DeliveryReasonOut(Output):
    """Why something is as it is."""

    code: str = Field(examples=["no_mapping"])
    detail: str


class DeliveryOut(Output):
    """An accepted request, without its body."""

    id: UUID
    source_id: UUID
    preset: Preset = Field(description="How it was verified")
    secret_id: UUID = Field(description="Which of the source's secrets fitted")
    dedupe_id: str = Field(description="What its sender signed as its id, or a digest")
    received_at: datetime
    occurred_at: datetime | None = Field(description="When its sender says that it came about")
    content_type: str | None
    headers: dict[str, str] = Field(description="Those worth keeping, no credential among them")
    body_sha256: str = Field(description="Of the body as it came")
    body_size: int = Field(description="Bytes that were kept of it")
    state: DeliveryState
    reason: DeliveryReasonOut | None
    attempts: int = Field(description="How often it was read")
    mapping_version: int | None
    settled_at: datetime | None
    repeats: int = Field(description="How often the same came again")
    repeated_at: datetime | None
    redacted_at: datetime | None = Field(description="When its body was taken away")


class DeliveryItemOut(Output):
    """What one item of a delivery became."""

    number: int = Field(description="Its place in the delivery, from 0")
    item_id: str = Field(description="The same in every delivery that carries it")
    occurred_at: datetime | None
    outcome: ItemOutcome
    reason: DeliveryReasonOut | None
    response_id: UUID | None
    mapping_version: int | None
    settled_at: datetime | None


class DeliveryDetailOut(DeliveryOut):
    """A delivery, and what its parts became."""

    items: list[DeliveryItemOut]

    @classmethod
    def of(cls, detail: DeliveryDetail) -> Self:
        """From the domain."""
        shown = DeliveryOut.model_validate(detail.delivery).model_dump()
        return cls(**shown, items=[DeliveryItemOut.model_validate(item) for item in detail.items])


class DeliveriesOut(Page[DeliveryOut]):
    """A page of deliveries, latest first."""


class DeliveryBodyOut(Output):
    """The body of a delivery, letter for letter."""

    content_type: str | None
    body_sha256: str = Field(description="Of the body as it came")
    text: str = Field(description="As it came; of Salesforce without the session that it carries")

    @classmethod
    def of(cls, delivery: Delivery, body: bytes) -> Self:
        """From the domain; what is no text was never taken in."""
        return cls(content_type=delivery.content_type, body_sha256=delivery.body_sha256, text=body.decode())
