"""SQL of codebooks."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert

from feedback_core.db.session import Session
from feedback_core.themes.codebooks.types import Codebook, StoredCodebook
from feedback_core.themes.tables import codebook

_DOCUMENT = TypeAdapter(Codebook)


async def codebook_versions(session: Session, organisation_id: UUID, survey_id: UUID) -> list[StoredCodebook]:
    """Every version of the codebook of a survey, the latest first."""
    statement = (
        select(codebook)
        .where(codebook.c.organisation_id == organisation_id, codebook.c.survey_id == survey_id)
        .order_by(codebook.c.version.desc())
    )
    return [_stored(row) for row in await session.execute(statement)]


async def latest_codebook(session: Session, organisation_id: UUID, survey_id: UUID) -> StoredCodebook | None:
    """The codebook of a survey as it holds now, if it has one."""
    statement = (
        select(codebook)
        .where(codebook.c.organisation_id == organisation_id, codebook.c.survey_id == survey_id)
        .order_by(codebook.c.version.desc())
        .limit(1)
    )
    found = (await session.execute(statement)).one_or_none()
    return _stored(found) if found else None


async def add_codebook(
    session: Session, organisation_id: UUID, survey_id: UUID, version: Codebook, *, by: str, at: datetime
) -> bool:
    """Keep a version; false if somebody else has just taken its number."""
    result = await session.execute(
        insert(codebook)
        .values(
            organisation_id=organisation_id,
            survey_id=survey_id,
            version=version.version,
            definition=_DOCUMENT.dump_python(version, mode="json", exclude={"version"}),
            defined_by=by,
            defined_at=at,
        )
        .on_conflict_do_nothing()
        .returning(codebook.c.version)
    )
    return result.first() is not None


def _stored(row: Row[Any]) -> StoredCodebook:
    found = _DOCUMENT.validate_python({**row.definition, "version": row.version})
    return StoredCodebook(found, row.defined_by, row.defined_at)
