"""From the feed into the queues: each event once to each webhook that asks for it, in the order of the feed."""

from uuid import UUID

from feedback_core.db.session import Database
from feedback_core.events import queries as events
from feedback_core.events.types import EventFilter
from feedback_core.kit.clock import Clock
from feedback_core.webhooks.calc import lets_through
from feedback_core.webhooks.queries import endpoints, queues

EVENTS_AT_A_TIME = 500


async def organisations_behind(database: Database) -> list[UUID]:
    """Organisations with events that wait to be handed out."""
    async with database.system() as system:
        return await queues.feeds_behind(system, below=await events.oldest_open(system))


async def hand_out(database: Database, organisation_id: UUID, *, clock: Clock) -> int:
    """Hand out the next events of an organisation; how many, 0 if another worker does so now.

    The deliveries and the place that was reached are one transaction: none is missing, and none is there twice.
    """
    async with database.tenant(organisation_id) as session:
        after = await queues.hold_feed(session, organisation_id)
        if after is None:
            return 0
        below = await events.oldest_open(session)
        found = await events.events_after(
            session, organisation_id, EventFilter(), after=after, below=below, limit=EVENTS_AT_A_TIME
        )
        if not found:
            return 0
        told = {
            webhook_id: [number for number, event in enumerate(found) if lets_through(kinds, event.kind)]
            for webhook_id, kinds in await endpoints.listening(session, organisation_id)
        }
        await queues.enqueue(session, organisation_id, found, told, now=clock.now())
        await queues.move_feed(session, organisation_id, found[-1].place)
        return len(found)
