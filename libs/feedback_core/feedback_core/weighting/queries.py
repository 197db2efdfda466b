"""SQL of weighting schemes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import distinct_on, insert

from feedback_core.db.session import Session
from feedback_core.weighting.schemes import StoredScheme, WeightingScheme
from feedback_core.weighting.tables import weighting_scheme

_DOCUMENT = TypeAdapter(WeightingScheme)
_COLUMNS = {"key", "version"}


async def latest_schemes(session: Session, organisation_id: UUID, survey_id: UUID) -> list[StoredScheme]:
    """The latest version of each scheme of a survey, by key."""
    statement = (
        select(weighting_scheme)
        .where(weighting_scheme.c.organisation_id == organisation_id, weighting_scheme.c.survey_id == survey_id)
        .ext(distinct_on(weighting_scheme.c.key))
        .order_by(weighting_scheme.c.key, weighting_scheme.c.version.desc())
    )
    return [_stored(row) for row in await session.execute(statement)]


async def scheme_versions(session: Session, organisation_id: UUID, survey_id: UUID, key: str) -> list[StoredScheme]:
    """Every version of a scheme, the latest first."""
    statement = (
        select(weighting_scheme)
        .where(
            weighting_scheme.c.organisation_id == organisation_id,
            weighting_scheme.c.survey_id == survey_id,
            weighting_scheme.c.key == key,
        )
        .order_by(weighting_scheme.c.version.desc())
    )
    return [_stored(row) for row in await session.execute(statement)]


async def add_scheme(
    session: Session, organisation_id: UUID, survey_id: UUID, scheme: WeightingScheme, *, by: str, at: datetime
) -> bool:
    """Keep a version; false if somebody else has just taken its number."""
    result = await session.execute(
        insert(weighting_scheme)
        .values(
            organisation_id=organisation_id,
            survey_id=survey_id,
            key=scheme.key,
            version=scheme.version,
            definition=_DOCUMENT.dump_python(scheme, mode="json", exclude=_COLUMNS),
            defined_by=by,
            defined_at=at,
        )
        .on_conflict_do_nothing()
        .returning(weighting_scheme.c.version)
    )
    return result.first() is not None


def _stored(row: Row[Any]) -> StoredScheme:
    scheme = _DOCUMENT.validate_python({**row.definition, "key": row.key, "version": row.version})
    return StoredScheme(scheme, row.defined_by, row.defined_at)
