"""Shapes of events and their feed."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import Field

from feedback_api.schemas.common import Output
from feedback_core.events.types import EventKind, RecordedEvent
from feedback_core.events.use_cases import FeedPage


class EventSubjectOut(Output):
    """What an event is about."""

    kind: str = Field(examples=["recommendation"])
    id: str
    sequence: int = Field(description="Counts up over the events of this subject, in the order in which they happened")


class EventOut(Output):
    """Something that happened, as webhooks tell it too."""

    id: UUID = Field(description="The same wherever and however often it is told")
    type: EventKind
    timestamp: datetime = Field(description="When it happened")
    subject: EventSubjectOut
    data: dict[str, Any] = Field(description="Ids, numbers and words of ours; more is to be had by the ids")

    @classmethod
    def of(cls, event: RecordedEvent) -> Self:
        """From the domain."""
        subject = EventSubjectOut(kind=event.subject_kind, id=event.subject_id, sequence=event.sequence)
        return cls(id=event.id, type=event.kind, timestamp=event.occurred_at, subject=subject, data=dict(event.data))


class EventsOut(Output):
    """A page of the feed, the oldest first."""

    items: list[EventOut]
    next_cursor: str = Field(description="Give it as `cursor` to read on, now or later: there is always one")
    has_more: bool = Field(description="Whether there is more already")

    @classmethod
    def of(cls, page: FeedPage) -> Self:
        """From the domain."""
        shown = [EventOut.of(event) for event in page.items]
        return cls(items=shown, next_cursor=page.next_cursor, has_more=page.has_more)
