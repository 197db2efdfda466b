"""SQL of features."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

from feedback_core.db.session import Session
from feedback_core.service.tables import feature, feature_offer, feature_touchpoint
from feedback_core.service.types import Feature, FeatureDetails, FeatureInUse, PartKind, name_of_key

_FOREIGN_KEY_VIOLATION = "23503"
_TIES = {
    PartKind.OFFER: (feature_offer, feature_offer.c.offer_key),
    PartKind.TOUCHPOINT: (feature_touchpoint, feature_touchpoint.c.touchpoint_key),
}

Ties = Mapping[str, Mapping[PartKind, tuple[str, ...]]]
"""Feature to the keys of what it is tied to."""


async def features_after(session: Session, organisation_id: UUID, *, after: str | None, limit: int) -> list[Feature]:
    """Features ordered by key, those after ``after`` only."""
    statement = select(feature).where(feature.c.organisation_id == organisation_id)
    if after is not None:
        statement = statement.where(feature.c.key > after)
    rows = (await session.execute(statement.order_by(feature.c.key).limit(limit))).all()
    ties = await _ties(session, organisation_id, [row.key for row in rows])
    return [_feature(row, ties) for row in rows]


async def feature_by_key(
    session: Session, organisation_id: UUID, key: str, *, for_update: bool = False
) -> Feature | None:
    """One feature; held until the end of the transaction if it is to be changed."""
    statement = select(feature).where(feature.c.organisation_id == organisation_id, feature.c.key == key)
    if for_update:
        statement = statement.with_for_update(key_share=True)
    row = (await session.execute(statement)).one_or_none()
    return _feature(row, await _ties(session, organisation_id, [key])) if row else None


async def features_by_key(session: Session, organisation_id: UUID, keys: Collection[str]) -> dict[str, Feature]:
    """Those of the features that are there."""
    statement = select(feature).where(feature.c.organisation_id == organisation_id, feature.c.key.in_(keys))
    rows = (await session.execute(statement)).all()
    ties = await _ties(session, organisation_id, [row.key for row in rows])
    return {row.key: _feature(row, ties) for row in rows}


async def add_feature(
    session: Session, organisation_id: UUID, key: str, details: FeatureDetails, *, at: datetime
) -> bool:
    """A new feature; false if somebody else has just added one with this key."""
    result = await session.execute(
        upsert(feature)
        .values(organisation_id=organisation_id, key=key, created_at=at, **_columns(details))
        .on_conflict_do_nothing()
        .returning(feature.c.key)
    )
    added = result.first() is not None
    if added:
        await _tie(session, organisation_id, key, details)
    return added


async def update_feature(session: Session, organisation_id: UUID, key: str, details: FeatureDetails) -> None:
    """New details of a feature; the revision counts up."""
    await session.execute(
        update(feature)
        .where(feature.c.organisation_id == organisation_id, feature.c.key == key)
        .values(**_columns(details), revision=feature.c.revision + 1)
    )
    for table, _ in _TIES.values():
        await session.execute(
            delete(table).where(table.c.organisation_id == organisation_id, table.c.feature_key == key)
        )
    await _tie(session, organisation_id, key, details)


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
            detail = f"Published questions or standards are about the feature {key}, so it stays."
            raise FeatureInUse(detail) from error
        raise
    return result.rowcount == 1


async def features_among(session: Session, organisation_id: UUID, keys: Collection[str]) -> set[str]:
    """Those of the keys that features have."""
    statement = select(feature.c.key).where(feature.c.organisation_id == organisation_id, feature.c.key.in_(keys))
    return set((await session.execute(statement)).scalars())


async def feature_names(session: Session, organisation_id: UUID) -> dict[str, str]:
    """Every feature, by key."""
    columns = feature.c
    rows = await session.execute(select(columns.key, columns.name).where(columns.organisation_id == organisation_id))
    return {row.key: row.name for row in rows}


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


async def hold_features(session: Session, organisation_id: UUID, keys: Collection[str]) -> set[str]:
    """Those of the keys that features have, held against deletion until the transaction ends."""
    statement = select(feature.c.key).where(feature.c.organisation_id == organisation_id, feature.c.key.in_(keys))
    held = statement.order_by(feature.c.key).with_for_update(read=True, key_share=True)
    return set((await session.execute(held)).scalars())


def _columns(details: FeatureDetails) -> dict[str, str | int | None]:
    return {
        "name": details.name,
        "description": details.description,
        "process_key": details.process,
        "owner": details.owner,
        "assumed_importance": details.assumed_importance,
    }


async def _tie(session: Session, organisation_id: UUID, key: str, details: FeatureDetails) -> None:
    for kind, parts in ((PartKind.OFFER, details.offers), (PartKind.TOUCHPOINT, details.touchpoints)):
        table, column = _TIES[kind]
        if parts:
            rows = [{"organisation_id": organisation_id, "feature_key": key, column.name: part} for part in parts]
            await session.execute(upsert(table).values(rows))


async def _ties(session: Session, organisation_id: UUID, keys: Collection[str]) -> Ties:
    found: dict[str, dict[PartKind, tuple[str, ...]]] = {key: {} for key in keys}
    for kind, (table, column) in _TIES.items():
        rows = await session.execute(
            select(table.c.feature_key, column.label("part"))
            .where(table.c.organisation_id == organisation_id, table.c.feature_key.in_(keys))
            .order_by(table.c.feature_key, column)
        )
        for row in rows:
            found[row.feature_key][kind] = (*found[row.feature_key].get(kind, ()), row.part)
    return found


def _feature(row: Row[Any], ties: Ties) -> Feature:
    tied = ties[row.key]
    details = FeatureDetails(
        row.name,
        row.description,
        row.process_key,
        row.owner,
        tied.get(PartKind.OFFER, ()),
        tied.get(PartKind.TOUCHPOINT, ()),
        row.assumed_importance,
    )
    return Feature(row.key, details, row.created_at, row.revision)
