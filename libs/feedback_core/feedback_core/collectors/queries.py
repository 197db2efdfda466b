"""SQL of collectors."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select, update

from feedback_core.collectors.tables import collector
from feedback_core.collectors.types import Collector, CollectorDetails, CollectorState
from feedback_core.db.session import Session
from feedback_core.planning.types import CollectionMethod
from feedback_core.responses.open_responses.tables import open_response


async def add_collector(session: Session, organisation_id: UUID, row: Collector) -> None:
    """A new collector."""
    await session.execute(
        insert(collector).values(
            organisation_id=organisation_id,
            id=row.id,
            survey_id=row.survey_id,
            created_by=row.created_by,
            created_at=row.created_at,
            updated_at=row.updated_at,
            **_columns(row.details),
        )
    )


async def save_collector(
    session: Session, organisation_id: UUID, collector_id: UUID, details: CollectorDetails, *, at: datetime
) -> None:
    """A collector as it is to be from now on."""
    await session.execute(
        update(collector)
        .where(collector.c.organisation_id == organisation_id, collector.c.id == collector_id)
        .values(revision=collector.c.revision + 1, updated_at=at, **_columns(details))
    )


async def collector_by_id(session: Session, organisation_id: UUID, collector_id: UUID) -> Collector | None:
    """A collector of any survey."""
    found = await session.execute(
        select(collector).where(collector.c.organisation_id == organisation_id, collector.c.id == collector_id)
    )
    row = found.one_or_none()
    return _collector(row) if row else None


async def collector_of_survey(
    session: Session, organisation_id: UUID, survey_id: UUID, collector_id: UUID, *, for_update: bool = False
) -> Collector | None:
    """A collector of one survey."""
    statement = select(collector).where(
        collector.c.organisation_id == organisation_id,
        collector.c.survey_id == survey_id,
        collector.c.id == collector_id,
    )
    row = (await session.execute(statement.with_for_update() if for_update else statement)).one_or_none()
    return _collector(row) if row else None


async def opened_under(session: Session, organisation_id: UUID, survey_id: UUID, reference: bytes) -> UUID | None:
    """The open response, or the one that was, that was opened under a key, by the keyed hash of it."""
    found = await session.execute(
        select(open_response.c.id).where(
            open_response.c.organisation_id == organisation_id,
            open_response.c.survey_id == survey_id,
            open_response.c.idempotency_ref == reference,
        )
    )
    open_id: UUID | None = found.scalar_one_or_none()
    return open_id


async def count_collectors(session: Session, organisation_id: UUID, survey_id: UUID) -> int:
    """How many collectors a survey has."""
    found = await session.execute(
        select(func.count())
        .select_from(collector)
        .where(collector.c.organisation_id == organisation_id, collector.c.survey_id == survey_id)
    )
    return int(found.scalar_one())


async def collectors_after(
    session: Session, organisation_id: UUID, survey_id: UUID, *, after: UUID | None, limit: int
) -> list[Collector]:
    """Collectors of a survey, oldest first, from behind ``after``."""
    statement = select(collector).where(
        collector.c.organisation_id == organisation_id, collector.c.survey_id == survey_id
    )
    if after is not None:
        statement = statement.where(collector.c.id > after)
    return [_collector(row) for row in await session.execute(statement.order_by(collector.c.id).limit(limit))]


def _columns(details: CollectorDetails) -> dict[str, object]:
    values = asdict(details)
    return {**values, "state": details.state.value, "method": details.method.value}


def _collector(row: Row[Any]) -> Collector:
    return Collector(
        id=row.id,
        survey_id=row.survey_id,
        details=CollectorDetails(
            name=row.name,
            language=row.language,
            introduction=row.introduction,
            thank_you=row.thank_you,
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            method=CollectionMethod(row.method),
            attributes=row.attributes,
            state=CollectorState(row.state),
        ),
        created_by=row.created_by,
        created_at=row.created_at,
        updated_at=row.updated_at,
        revision=row.revision,
    )
