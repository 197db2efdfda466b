"""SQL of forgetting remembered requests."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, tuple_

from feedback_core.db.session import Session
from feedback_core.organisations.tables import idempotent_request


async def organisations_with_requests_before(system: Session, before: datetime) -> list[UUID]:
    """Organisations, across tenants, that still have requests from before that instant."""
    statement = (
        select(idempotent_request.c.organisation_id)
        .where(idempotent_request.c.created_at < before)
        .distinct()
        .order_by(idempotent_request.c.organisation_id)
    )
    return list((await system.execute(statement)).scalars())


async def forget_requests_before(session: Session, organisation_id: UUID, before: datetime, *, limit: int) -> int:
    """Delete up to ``limit`` requests from before that instant; returns how many."""
    key = tuple_(idempotent_request.c.operation, idempotent_request.c.key_hash)
    old = (
        select(idempotent_request.c.operation, idempotent_request.c.key_hash)
        .where(idempotent_request.c.organisation_id == organisation_id, idempotent_request.c.created_at < before)
        .limit(limit)
    )
    statement = delete(idempotent_request).where(idempotent_request.c.organisation_id == organisation_id, key.in_(old))
    return (await session.execute(statement)).rowcount
