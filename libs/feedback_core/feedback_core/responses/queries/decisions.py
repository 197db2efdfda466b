"""SQL of what is decided about a response: excluded, restored, erased."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, update
from sqlalchemy.dialects.postgresql import insert as upsert

from feedback_core.db.session import Session
from feedback_core.events.queries import delete_events_of
from feedback_core.responses.queries.reading import exclusion
from feedback_core.responses.tables import response, response_erasure, response_exclusion, response_fingerprint
from feedback_core.responses.types import Exclusion


async def add_exclusion(session: Session, organisation_id: UUID, survey_id: UUID, row: Exclusion) -> bool:
    """Exclude a response; false if an exclusion stands already."""
    written = await session.execute(
        upsert(response_exclusion)
        .values(
            organisation_id=organisation_id,
            id=row.id,
            response_id=row.response_id,
            survey_id=survey_id,
            reason=row.reason,
            excluded_by=row.excluded_by,
            excluded_at=row.excluded_at,
        )
        .on_conflict_do_nothing(
            index_elements=["organisation_id", "response_id"],
            index_where=response_exclusion.c.restored_at.is_(None),
        )
        .returning(response_exclusion.c.id)
    )
    return written.scalar_one_or_none() is not None


async def end_exclusion(
    session: Session, organisation_id: UUID, response_id: UUID, *, reason: str, by: str, at: datetime
) -> Exclusion | None:
    """End the exclusion that stands, and give it back; ``None`` if none does."""
    row = (
        await session.execute(
            update(response_exclusion)
            .where(
                response_exclusion.c.organisation_id == organisation_id,
                response_exclusion.c.response_id == response_id,
                response_exclusion.c.restored_at.is_(None),
            )
            .values(restore_reason=reason, restored_by=by, restored_at=at)
            .returning(response_exclusion)
        )
    ).one_or_none()
    return exclusion(row) if row else None


async def erase_response(session: Session, organisation_id: UUID, survey_id: UUID, response_id: UUID) -> bool:
    """Delete a response with its identity, exclusions, flags and fingerprints; false if it is not there."""
    await session.execute(
        delete(response_fingerprint).where(
            response_fingerprint.c.organisation_id == organisation_id,
            response_fingerprint.c.survey_id == survey_id,
            response_fingerprint.c.response_id == response_id,
        )
    )
    await delete_events_of(session, organisation_id, "response", [str(response_id)])
    result = await session.execute(
        delete(response).where(
            response.c.organisation_id == organisation_id,
            response.c.survey_id == survey_id,
            response.c.id == response_id,
        )
    )
    return result.rowcount == 1


async def add_erasure(
    session: Session, organisation_id: UUID, survey_id: UUID, response_id: UUID, *, reason: str, by: str, at: datetime
) -> None:
    """Remember that a response was erased, by whom and why."""
    await session.execute(
        insert(response_erasure).values(
            organisation_id=organisation_id,
            response_id=response_id,
            survey_id=survey_id,
            reason=reason,
            erased_by=by,
            erased_at=at,
        )
    )
