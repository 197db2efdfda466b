"""SQL of submission keys."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, insert, or_, select, update

from feedback_core.db.session import Session
from feedback_core.responses.submission_keys.tables import submission_key
from feedback_core.responses.submission_keys.types import SubmissionKey
from feedback_core.surveys.tables import survey


async def add_key(session: Session, organisation_id: UUID, row: SubmissionKey, secret_hash: bytes) -> None:
    """A new key, known from here on only by the hash of its secret."""
    await session.execute(
        insert(submission_key).values(
            organisation_id=organisation_id,
            id=row.id,
            survey_id=row.survey_id,
            name=row.name,
            hint=row.hint,
            secret_hash=secret_hash,
            origins=list(row.origins),
            requests_per_minute=row.requests_per_minute,
            created_by=row.created_by,
            created_at=row.created_at,
            expires_at=row.expires_at,
        )
    )


async def key_with_hash(
    session: Session, organisation_id: UUID, survey_id: UUID, key_id: UUID
) -> tuple[SubmissionKey, bytes] | None:
    """A key and the hash of its secret."""
    found = await session.execute(select(submission_key).where(*_this(organisation_id, survey_id, key_id)))
    row = found.one_or_none()
    return (_key(row), bytes(row.secret_hash)) if row else None


async def keys_of(session: Session, organisation_id: UUID, survey_id: UUID) -> list[SubmissionKey]:
    """Every key of a survey, oldest first."""
    rows = await session.execute(
        select(submission_key)
        .where(submission_key.c.organisation_id == organisation_id, submission_key.c.survey_id == survey_id)
        .order_by(submission_key.c.id)
    )
    return [_key(row) for row in rows]


async def count_live(session: Session, organisation_id: UUID, survey_id: UUID, *, now: datetime) -> int:
    """How many keys of a survey are neither revoked nor expired; others that add one wait until the transaction ends.

    The survey's row is held: without it, two could each be the last that there is room for.
    """
    await session.execute(
        select(survey.c.id)
        .where(survey.c.organisation_id == organisation_id, survey.c.id == survey_id)
        .with_for_update(key_share=True)
    )
    found = await session.execute(
        select(func.count())
        .select_from(submission_key)
        .where(
            submission_key.c.organisation_id == organisation_id, submission_key.c.survey_id == survey_id, *_live(now)
        )
    )
    count: int = found.scalar_one()
    return count


async def revoke_key(session: Session, organisation_id: UUID, survey_id: UUID, key_id: UUID, *, at: datetime) -> bool:
    """Revoke a key; false if there is none. A second revocation keeps the first time."""
    result = await session.execute(
        update(submission_key)
        .where(*_this(organisation_id, survey_id, key_id))
        .values(revoked_at=func.coalesce(submission_key.c.revoked_at, at))
    )
    return result.rowcount == 1


async def live_origins(session: Session, organisation_id: UUID, survey_id: UUID, *, now: datetime) -> frozenset[str]:
    """The origins of all live keys of a survey."""
    found = await session.execute(
        select(submission_key.c.origins).where(
            submission_key.c.organisation_id == organisation_id, submission_key.c.survey_id == survey_id, *_live(now)
        )
    )
    return frozenset(origin for origins in found.scalars() for origin in origins)


async def every_live_origin(system: Session, *, now: datetime) -> Mapping[UUID, frozenset[str]]:
    """The origins of all live keys by survey, across tenants: preflights name a survey and nobody's organisation."""
    found = await system.execute(select(submission_key.c.survey_id, submission_key.c.origins).where(*_live(now)))
    known: dict[UUID, frozenset[str]] = {}
    for row in found:
        known[row.survey_id] = known.get(row.survey_id, frozenset()) | frozenset(row.origins)
    return known


def _live(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        submission_key.c.revoked_at.is_(None),
        or_(submission_key.c.expires_at.is_(None), submission_key.c.expires_at > now),
    )


def _this(organisation_id: UUID, survey_id: UUID, key_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        submission_key.c.organisation_id == organisation_id,
        submission_key.c.survey_id == survey_id,
        submission_key.c.id == key_id,
    )


def _key(row: Row[Any]) -> SubmissionKey:
    return SubmissionKey(
        id=row.id,
        survey_id=row.survey_id,
        name=row.name,
        hint=row.hint,
        origins=tuple(row.origins),
        requests_per_minute=row.requests_per_minute,
        created_by=row.created_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )
