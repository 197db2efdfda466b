"""SQL of sources, their secrets, and what they refused."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, delete, func, insert, or_, select, tuple_, update

from feedback_core.db.session import Session
from feedback_core.inbound.tables import delivery_refusal, source, source_mapping, source_secret
from feedback_core.inbound.types import (
    Preset,
    RefusalCount,
    RefusalReason,
    Scheme,
    Source,
    SourceOptions,
    SourceSecret,
    SourceState,
)


@dataclass(frozen=True, slots=True)
class SealedSecret:
    """A secret as it is stored."""

    id: UUID
    sealed: bytes = field(repr=False)
    expires_at: datetime | None


async def add_source(session: Session, organisation_id: UUID, row: Source) -> None:
    """A new source."""
    await session.execute(
        insert(source).values(
            organisation_id=organisation_id,
            id=row.id,
            survey_id=row.survey_id,
            name=row.name,
            preset=row.preset.value,
            state=row.state.value,
            options=_options_json(row.options),
            signed_url=row.signed_url,
            retention_days=row.retention_days,
            created_at=row.created_at,
        )
    )


async def source_by_id(
    session: Session, organisation_id: UUID, source_id: UUID, *, for_update: bool = False
) -> Source | None:
    """A source, retired or not."""
    statement = _sources(organisation_id).where(source.c.id == source_id)
    if for_update:
        statement = statement.with_for_update(of=source)
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else _source(row)


async def sources_before(
    session: Session,
    organisation_id: UUID,
    *,
    survey_id: UUID | None,
    state: SourceState | None,
    before: UUID | None,
    limit: int,
) -> list[Source]:
    """Sources, newest first; retired ones only if they are asked for."""
    statement = _sources(organisation_id)
    statement = statement.where(
        source.c.state != SourceState.RETIRED.value if state is None else source.c.state == state.value
    )
    if survey_id is not None:
        statement = statement.where(source.c.survey_id == survey_id)
    if before is not None:
        statement = statement.where(source.c.id < before)
    rows = await session.execute(statement.order_by(source.c.id.desc()).limit(limit))
    return [_source(row) for row in rows]


async def update_source(session: Session, organisation_id: UUID, row: Source) -> None:
    """New settings; the revision counts up."""
    await session.execute(
        update(source)
        .where(source.c.organisation_id == organisation_id, source.c.id == row.id)
        .values(
            name=row.name,
            state=row.state.value,
            options=_options_json(row.options),
            signed_url=row.signed_url,
            retention_days=row.retention_days,
            retired_at=row.retired_at,
            revision=source.c.revision + 1,
        )
    )


async def add_secret(
    session: Session, organisation_id: UUID, source_id: UUID, row: SourceSecret, sealed: bytes
) -> None:
    """Another secret of a source."""
    await session.execute(
        insert(source_secret).values(
            organisation_id=organisation_id,
            id=row.id,
            source_id=source_id,
            sealed=sealed,
            hint=row.hint,
            created_at=row.created_at,
            expires_at=row.expires_at,
        )
    )


async def secrets_of(
    session: Session, organisation_id: UUID, source_ids: Sequence[UUID]
) -> Mapping[UUID, tuple[SourceSecret, ...]]:
    """Secrets by source, newest first, expired ones included."""
    rows = await session.execute(
        select(source_secret)
        .where(source_secret.c.organisation_id == organisation_id, source_secret.c.source_id.in_(source_ids))
        .order_by(source_secret.c.id.desc())
    )
    found: dict[UUID, list[SourceSecret]] = {source_id: [] for source_id in source_ids}
    for row in rows:
        found[row.source_id].append(SourceSecret(row.id, row.hint, row.created_at, row.expires_at))
    return {source_id: tuple(secrets) for source_id, secrets in found.items()}


async def sealed_secrets(session: Session, organisation_id: UUID, source_id: UUID) -> list[SealedSecret]:
    """What a source's deliveries are verified with, newest first."""
    rows = await session.execute(
        select(source_secret)
        .where(source_secret.c.organisation_id == organisation_id, source_secret.c.source_id == source_id)
        .order_by(source_secret.c.id.desc())
    )
    return [SealedSecret(row.id, bytes(row.sealed), row.expires_at) for row in rows]


async def expire_secrets(session: Session, organisation_id: UUID, source_id: UUID, *, at: datetime) -> None:
    """Have every secret of a source that would be valid longer expire then."""
    await session.execute(
        update(source_secret)
        .where(
            source_secret.c.organisation_id == organisation_id,
            source_secret.c.source_id == source_id,
            or_(source_secret.c.expires_at.is_(None), source_secret.c.expires_at > at),
        )
        .values(expires_at=at)
    )


async def delete_secrets(
    session: Session, organisation_id: UUID, source_id: UUID, secret_id: UUID | None = None
) -> bool:
    """Delete one secret of a source, or all; false if there was none."""
    statement = delete(source_secret).where(
        source_secret.c.organisation_id == organisation_id, source_secret.c.source_id == source_id
    )
    if secret_id is not None:
        statement = statement.where(source_secret.c.id == secret_id)
    return (await session.execute(statement)).rowcount > 0


async def refusals_since(
    session: Session, organisation_id: UUID, source_id: UUID, day: date
) -> tuple[RefusalCount, ...]:
    """What was refused from that day on, latest day first."""
    rows = await session.execute(
        select(delivery_refusal)
        .where(
            delivery_refusal.c.organisation_id == organisation_id,
            delivery_refusal.c.source_id == source_id,
            delivery_refusal.c.day >= day,
        )
        .order_by(delivery_refusal.c.day.desc(), delivery_refusal.c.reason)
    )
    return tuple(RefusalCount(row.day, RefusalReason(row.reason), row.times, row.last_at) for row in rows)


def _sources(organisation_id: UUID) -> Select[Any]:
    newest = (
        select(func.max(source_mapping.c.version))
        .where(
            tuple_(source_mapping.c.organisation_id, source_mapping.c.source_id)
            == tuple_(source.c.organisation_id, source.c.id)
        )
        .scalar_subquery()
    )
    return select(source, newest.label("mapping_version")).where(source.c.organisation_id == organisation_id)


def _options_json(options: SourceOptions) -> dict[str, object]:
    return {name: value for name, value in asdict(options).items() if value}


def _source(row: Row[Any]) -> Source:
    options = row.options
    return Source(
        id=row.id,
        survey_id=row.survey_id,
        name=row.name,
        preset=Preset(row.preset),
        state=SourceState(row.state),
        options=SourceOptions(
            scheme=Scheme(options["scheme"]) if "scheme" in options else None,
            header=options.get("header"),
            organisation_ids=tuple(options.get("organisation_ids", ())),
        ),
        signed_url=row.signed_url,
        retention_days=row.retention_days,
        mapping_version=row.mapping_version,
        created_at=row.created_at,
        retired_at=row.retired_at,
        revision=row.revision,
    )
