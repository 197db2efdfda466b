"""SQL of features."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

from feedback_core.db.session import Session
from feedback_core.service.tables import feature
from feedback_core.service.types import Feature, FeatureDetails, FeatureInUse, name_of_key

_FOREIGN_KEY_VIOLATION = "23503"


async def features_after(session: Session, organisation_id: UUID, *, after: str | None, limit: int) -> list[Feature]:
    """Features ordered by key, those after ``after`` only."""
    statement = select(feature).where(feature.c.organisation_id == organisation_id)
    if after is not None:
        statement = statement.where(feature.c.key > after)
    rows = await session.execute(statement.order_by(feature.c.key).limit(limit))
    return [_feature(row) for row in rows]


async def feature_by_key(
    session: Session, organisation_id: UUID, key: str, *, for_update: bool = False
) -> Feature | None:
    """One feature; held until the end of the transaction if it is to be changed."""
    statement = select(feature).where(feature.c.organisation_id == organisation_id, feature.c.key == key)
    if for_update:
        statement = statement.with_for_update(key_share=True)
    row = (await session.execute(statement)).one_or_none()
    return _feature(row) if row else None


async def add_feature(
    session: Session, organisation_id: UUID, key: str, details: FeatureDetails, *, at: datetime
) -> bool:
    """A new feature; false if somebody else has just added one with this key."""
    result = await session.execute(
        upsert(feature)
        .values(organisation_id=organisation_id, key=key, created_at=at, **asdict(details))
        .on_conflict_do_nothing()
        .returning(feature.c.key)
    )
    return result.first() is not None


async def update_feature(session: Session, organisation_id: UUID, key: str, details: FeatureDetails) -> None:
    """New details of a feature; the revision counts up."""
    await session.execute(
        update(feature)
        .where(feature.c.organisation_id == organisation_id, feature.c.key == key)
        .values(**asdict(details), revision=feature.c.revision + 1)
    )


async def delete_feature(session: Session, organisation_id: UUID, key: str) -> bool:
    """Delete a feature; false if there is none.

    Raises:
        FeatureInUse: something refers to it; the transaction is then of no further use.
    """
    statement = delete(feature).where(feature.c.organisation_id == organisation_id, feature.c.key == key)
    try:
        result = await session.execute(statement)
    except IntegrityError as error:
        if getattr(error.orig, "sqlstate", None) == _FOREIGN_KEY_VIOLATION:
            raise FeatureInUse(f"Published questions are about the feature {key}, so it stays.") from error
        raise
    return result.rowcount == 1


async def features_among(session: Session, organisation_id: UUID, keys: Collection[str]) -> set[str]:
    """Those of the keys that features have."""
    statement = select(feature.c.key).where(feature.c.organisation_id == organisation_id, feature.c.key.in_(keys))
    return set((await session.execute(statement)).scalars())


async def features_named(session: Session, organisation_id: UUID, keys: Collection[str]) -> dict[str, str]:
    """Names of the features that have these keys."""
    columns = feature.c
    rows = await session.execute(
        select(columns.key, columns.name).where(columns.organisation_id == organisation_id, columns.key.in_(keys))
    )
    return {row.key: row.name for row in rows}


async def ensure_features(session: Session, organisation_id: UUID, keys: Collection[str], *, at: datetime) -> None:
    """Add the features that are missing, and hold all of them against deletion until the transaction ends."""
    if not keys:
        return
    # Sorted, so that two publications never wait for each other.
    rows = [
        {"organisation_id": organisation_id, "key": key, "name": name_of_key(key), "created_at": at}
        for key in sorted(set(keys))
    ]
    # An update that changes nothing, because doing nothing would not lock a row that is there already.
    await session.execute(
        upsert(feature)
        .values(rows)
        .on_conflict_do_update(index_elements=["organisation_id", "key"], set_={"name": feature.c.name})
    )


def _feature(row: Row[Any]) -> Feature:
    details = FeatureDetails(row.name, row.description, row.process, row.owner)
    return Feature(row.key, details, row.created_at, row.revision)
