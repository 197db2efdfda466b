"""SQL of reading what waits in the inbox."""

from dataclasses import asdict
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select, text, update

from feedback_core.db.session import Session
from feedback_core.inbound.tables import delivery, source_mapping
from feedback_core.inbound.types import DeliveryState, Reason, ReasonCode

UNMAPPED: Final = Reason(ReasonCode.NO_MAPPING.value, "The source has no mapping yet.")
# Literal, not bound: only so can the planner match the partial index.
_WAITING: Final = text("delivery.state = 'waiting'")


async def set_aside_unmapped(
    session: Session, organisation_id: UUID, source_id: UUID, *, at: datetime, most: int
) -> int:
    """Set aside up to ``most`` waiting deliveries of a source without a mapping; how many."""
    mapped = select(source_mapping.c.version).where(
        source_mapping.c.organisation_id == organisation_id, source_mapping.c.source_id == source_id
    )
    waiting = (
        select(delivery.c.id)
        .where(
            delivery.c.organisation_id == organisation_id,
            delivery.c.source_id == source_id,
            _WAITING,
            ~mapped.exists(),
        )
        .order_by(delivery.c.id)
        .limit(most)
        .with_for_update()
    )
    result = await session.execute(
        update(delivery)
        .where(delivery.c.organisation_id == organisation_id, delivery.c.id.in_(waiting))
        .values(
            state=DeliveryState.UNMAPPED.value,
            reason=asdict(UNMAPPED),
            attempts=delivery.c.attempts + 1,
            settled_at=at,
        )
    )
    return result.rowcount
