"""SQL of motivation techniques and strategies."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, delete, insert, select, update

from feedback_core.db.session import Session
from feedback_core.people.motivation.types import Strategy, StrategyDetails, StrategyKind
from feedback_core.people.tables import motivation_strategy

_DETAILS = TypeAdapter(StrategyDetails)


async def strategy_by_key(
    session: Session, organisation_id: UUID, key: str, *, for_update: bool = False
) -> Strategy | None:
    """One; held until the end of the transaction if it is to be changed."""
    columns = motivation_strategy.c
    statement = select(motivation_strategy).where(columns.organisation_id == organisation_id, columns.key == key)
    row = (await session.execute(statement.with_for_update() if for_update else statement)).one_or_none()
    return None if row is None else _strategy(row)


async def strategies_after(
    session: Session,
    organisation_id: UUID,
    *,
    kind: StrategyKind | None,
    standard: str | None,
    after: str | None,
    limit: int,
) -> list[Strategy]:
    """Techniques and strategies by key."""
    columns = motivation_strategy.c
    statement = select(motivation_strategy).where(columns.organisation_id == organisation_id)
    if kind is not None:
        statement = statement.where(columns.details["kind"].astext == kind.value)
    if standard is not None:
        statement = statement.where(columns.details["standards"].contains([standard]))
    if after is not None:
        statement = statement.where(columns.key > after)
    return [_strategy(row) for row in await session.execute(statement.order_by(columns.key).limit(limit))]


async def known_techniques(session: Session, organisation_id: UUID, keys: Collection[str]) -> set[str]:
    """Which of these are techniques."""
    columns = motivation_strategy.c
    found = await session.execute(
        select(columns.key).where(
            columns.organisation_id == organisation_id,
            columns.key.in_(list(keys)),
            columns.details["kind"].astext == StrategyKind.TECHNIQUE.value,
        )
    )
    return set(found.scalars())


async def used_by(session: Session, organisation_id: UUID, technique: str) -> list[str]:
    """Keys of the strategies that use a technique."""
    columns = motivation_strategy.c
    found = await session.execute(
        select(columns.key).where(
            columns.organisation_id == organisation_id, columns.details["techniques"].contains([technique])
        )
    )
    return list(found.scalars())


async def add_strategy(
    session: Session, organisation_id: UUID, key: str, details: StrategyDetails, *, at: datetime
) -> None:
    """A new one."""
    await session.execute(
        insert(motivation_strategy).values(
            organisation_id=organisation_id, key=key, details=_json(details), created_at=at, updated_at=at
        )
    )


async def change_strategy(
    session: Session, organisation_id: UUID, key: str, details: StrategyDetails, *, at: datetime
) -> None:
    """Other details."""
    columns = motivation_strategy.c
    await session.execute(
        update(motivation_strategy)
        .where(columns.organisation_id == organisation_id, columns.key == key)
        .values(details=_json(details), updated_at=at, revision=columns.revision + 1)
    )


async def delete_strategy(session: Session, organisation_id: UUID, key: str) -> None:
    """Delete one."""
    columns = motivation_strategy.c
    await session.execute(
        delete(motivation_strategy).where(columns.organisation_id == organisation_id, columns.key == key)
    )


def _json(details: StrategyDetails) -> Any:  # noqa: ANN401 - a JSON document
    return _DETAILS.dump_python(details, mode="json")


def _strategy(row: Row[Any]) -> Strategy:
    return Strategy(row.key, _DETAILS.validate_python(row.details), row.created_at, row.updated_at, row.revision)
