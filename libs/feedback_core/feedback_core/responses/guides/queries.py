"""SQL of interview guides."""

from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, insert, select

from feedback_core.db.session import Session
from feedback_core.responses.guides.tables import interview_guide
from feedback_core.responses.guides.types import Guide, StoredGuide

_GUIDE = TypeAdapter(Guide)


async def latest_guide(session: Session, organisation_id: UUID, survey_id: UUID) -> StoredGuide | None:
    """The version that holds."""
    found = await guides_of(session, organisation_id, survey_id, limit=1)
    return found[0] if found else None


async def guides_of(
    session: Session, organisation_id: UUID, survey_id: UUID, *, below: int | None = None, limit: int
) -> list[StoredGuide]:
    """Versions, the one that holds first; those before ``below`` only."""
    statement = (
        select(interview_guide)
        .where(interview_guide.c.organisation_id == organisation_id, interview_guide.c.survey_id == survey_id)
        .order_by(interview_guide.c.version.desc())
        .limit(limit)
    )
    if below is not None:
        statement = statement.where(interview_guide.c.version < below)
    return [_stored(row) for row in await session.execute(statement)]


async def guide_of_version(
    session: Session, organisation_id: UUID, survey_id: UUID, version: int
) -> StoredGuide | None:
    """One version."""
    row = (
        await session.execute(
            select(interview_guide).where(
                interview_guide.c.organisation_id == organisation_id,
                interview_guide.c.survey_id == survey_id,
                interview_guide.c.version == version,
            )
        )
    ).one_or_none()
    return None if row is None else _stored(row)


async def add_guide(session: Session, organisation_id: UUID, stored: StoredGuide) -> None:
    """Another version."""
    await session.execute(
        insert(interview_guide).values(
            organisation_id=organisation_id,
            survey_id=stored.survey_id,
            version=stored.version,
            guide=_GUIDE.dump_python(stored.guide, mode="json"),
            written_by=stored.written_by,
            written_at=stored.written_at,
        )
    )


def _stored(row: Row[Any]) -> StoredGuide:
    return StoredGuide(row.survey_id, row.version, _GUIDE.validate_python(row.guide), row.written_by, row.written_at)
