"""Who did what that cannot be undone, or that changes what is kept of people; without a value of anybody."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.ids import new_id
from feedback_core.organisations import audit_queries as queries
from feedback_core.organisations.types import AuditAction, AuditEvent


async def record_event(
    session: Session,
    organisation_id: UUID,
    action: AuditAction,
    *,
    by: str,
    thing: str,
    thing_id: object = None,
    clock: Clock,
    details: Mapping[str, object] | None = None,
) -> None:
    """Write down what was done, in the transaction that does it.

    Args:
        session: bound to the organisation.
        organisation_id: whose event it is.
        action: what was done.
        by: name of the API key, or of the part of the service that did it by itself.
        thing: what it was done to, in words of ours: ``survey``.
        thing_id: which one.
        clock: for the time of it.
        details: numbers and words of ours; never what somebody said, nor who somebody is.
    """
    identifier = None if thing_id is None else str(thing_id)
    event = AuditEvent(new_id(), action, by, thing, identifier, details or {}, clock.now())
    await queries.add_event(session, organisation_id, event)


async def list_events(
    session: Session,
    organisation_id: UUID,
    *,
    actions: Sequence[AuditAction],
    thing_id: str | None,
    cursor: str | None,
    limit: int,
) -> tuple[list[AuditEvent], str | None]:
    """A page of events, the latest first, and the cursor of the next page.

    Raises:
        InvalidCursor: the cursor is not one of this list with these filters.
    """
    query = {
        "list": "audit",
        "organisation": organisation_id,
        "actions": sorted(actions),
        "thing": thing_id,
    }
    before = id_in_cursor(cursor, query)
    found = await queries.events_before(
        session, organisation_id, actions=actions, thing_id=thing_id, before=before, limit=limit + 1
    )
    return page_of(found, limit, query)
