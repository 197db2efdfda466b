"""The feed of events: the same that webhooks tell, for those who ask."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from feedback_api.problems import problems
from feedback_api.schemas.common import Cursor, Limit
from feedback_api.schemas.events import EventOut, EventsOut
from feedback_api.schemas.times import Moment, instant_of
from feedback_api.security import CanReadEvents
from feedback_api.unit_of_work import SnapshotDep, TransactionalRoute
from feedback_core.events import use_cases
from feedback_core.events.types import EventFilter, EventKind
from feedback_core.kit.errors import Invalid, NotFound
from feedback_core.organisations.use_cases import get_organisation

router = APIRouter(prefix="/v1/events", route_class=TransactionalRoute, tags=["Events"])

OfKinds = Annotated[
    list[EventKind] | None, Query(alias="type", max_length=50, description="Only events of these types")
]
OfSubject = Annotated[
    str | None,
    Query(min_length=1, max_length=200, pattern=r"^[\x20-\x7e]+$", description="Only what is about this id"),
]
From = Annotated[Moment | None, Query(alias="from", description="Happened then or later")]


@router.get("", operation_id="listEvents", responses=problems(Invalid))
async def list_events(
    caller: CanReadEvents,
    session: SnapshotDep,
    kinds: OfKinds = None,
    subject: OfSubject = None,
    start: From = None,
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> EventsOut:
    """What happened, the oldest first. Keep `next_cursor`, and ask with it again: nothing is told twice or left out.

    What happens to one subject comes in its order. Days are the organisation's.
    """
    zone = (await get_organisation(session, caller.organisation_id)).time_zone
    wanted = EventFilter(tuple(sorted(set(kinds or ()))), subject, instant_of(start, zone))
    page = await use_cases.read_feed(session, caller.organisation_id, wanted, cursor=cursor, limit=limit)
    return EventsOut.of(page)


@router.get("/{event_id}", operation_id="getEvent", responses=problems(NotFound))
async def get_event(event_id: UUID, caller: CanReadEvents, session: SnapshotDep) -> EventOut:
    """One event, as long as it is kept."""
    return EventOut.of(await use_cases.get_event(session, caller.organisation_id, event_id))
