"""SQL of organisations, API keys and remembered requests."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from feedback_core.db.session import Session
from feedback_core.organisations.tables import api_key, idempotent_request, organisation
from feedback_core.organisations.types import ApiKey, Organisation, RememberedAnswer, Scope


async def add_organisation(session: Session, row: Organisation) -> None:
    """A new tenant; the session is already bound to it."""
    await session.execute(
        insert(organisation).values(
            organisation_id=row.organisation_id,
            key=row.key,
            name=row.name,
            time_zone=row.time_zone,
            minimum_cell_size=row.minimum_cell_size,
            created_at=row.created_at,
        )
    )


async def organisation_by_id(session: Session, organisation_id: UUID) -> Organisation | None:
    """The organisation of this session."""
    statement = select(organisation).where(organisation.c.organisation_id == organisation_id)
    found = (await session.execute(statement)).mappings().one_or_none()
    return Organisation(**found) if found else None


async def organisation_with_key(system: Session, key: str) -> UUID | None:
    """The organisation of that key, across tenants; for the administrator's command."""
    found = await system.execute(select(organisation.c.organisation_id).where(organisation.c.key == key))
    identifier: UUID | None = found.scalar_one_or_none()
    return identifier


async def update_organisation(
    session: Session, organisation_id: UUID, *, name: str, minimum_cell_size: int, if_revision: int
) -> bool:
    """New settings, and the revision counts up; whether that was still the one that was edited."""
    done = await session.execute(
        update(organisation)
        .where(organisation.c.organisation_id == organisation_id, organisation.c.revision == if_revision)
        .values(name=name, minimum_cell_size=minimum_cell_size, revision=if_revision + 1)
        .returning(organisation.c.revision)
    )
    return done.one_or_none() is not None


async def add_api_key(session: Session, organisation_id: UUID, row: ApiKey, secret_hash: bytes) -> None:
    """A new key, known from here on only by the hash of its secret."""
    await session.execute(
        insert(api_key).values(
            organisation_id=organisation_id,
            id=row.id,
            name=row.name,
            hint=row.hint,
            secret_hash=secret_hash,
            scopes=[str(scope) for scope in row.scopes],
            roles=list(row.roles),
            created_at=row.created_at,
            expires_at=row.expires_at,
        )
    )


async def api_key_with_hash(session: Session, organisation_id: UUID, key_id: UUID) -> tuple[ApiKey, bytes] | None:
    """A key and the hash of its secret."""
    found = (
        await session.execute(
            select(api_key).where(api_key.c.organisation_id == organisation_id, api_key.c.id == key_id)
        )
    ).one_or_none()
    return (_api_key(found), bytes(found.secret_hash)) if found else None


async def api_keys(session: Session, organisation_id: UUID) -> list[ApiKey]:
    """Every key of the organisation, oldest first."""
    rows = await session.execute(
        select(api_key).where(api_key.c.organisation_id == organisation_id).order_by(api_key.c.id)
    )
    return [_api_key(row) for row in rows]


async def revoke_api_key(session: Session, organisation_id: UUID, key_id: UUID, *, at: datetime) -> bool:
    """Revoke a key; false if there is none. A second revocation keeps the first time."""
    result = await session.execute(
        update(api_key)
        .where(api_key.c.organisation_id == organisation_id, api_key.c.id == key_id)
        .values(revoked_at=_first(at))
    )
    return result.rowcount == 1


async def remember_request(
    session: Session, organisation_id: UUID, operation: str, key_hash: bytes, request_hash: bytes, *, at: datetime
) -> RememberedAnswer | None:
    """Claim a key for this request, or give the answer that an earlier one got.

    Waits for an earlier request with the same key that is still running, and then sees its answer.
    """
    claimed = await session.execute(
        upsert(idempotent_request)
        .values(
            organisation_id=organisation_id,
            operation=operation,
            key_hash=key_hash,
            request_hash=request_hash,
            created_at=at,
        )
        .on_conflict_do_nothing()
        .returning(idempotent_request.c.operation)
    )
    if claimed.first() is not None:
        return None
    row = (await session.execute(_remembered(organisation_id, operation, key_hash))).one()
    return RememberedAnswer(bytes(row.request_hash), row.status, row.headers, bytes(row.body))


async def keep_answer(
    session: Session, organisation_id: UUID, operation: str, key_hash: bytes, answer: RememberedAnswer
) -> None:
    """Keep what a request was answered, in the transaction of its effect."""
    await session.execute(
        update(idempotent_request)
        .where(
            idempotent_request.c.organisation_id == organisation_id,
            idempotent_request.c.operation == operation,
            idempotent_request.c.key_hash == key_hash,
        )
        .values(status=answer.status, headers=answer.headers, body=answer.body)
    )


def _remembered(organisation_id: UUID, operation: str, key_hash: bytes) -> Any:  # noqa: ANN401 - a SQLAlchemy statement
    return select(idempotent_request).where(
        idempotent_request.c.organisation_id == organisation_id,
        idempotent_request.c.operation == operation,
        idempotent_request.c.key_hash == key_hash,
    )


def _first(at: datetime) -> Any:  # noqa: ANN401 - a SQLAlchemy expression
    return func.coalesce(api_key.c.revoked_at, at)


def _api_key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        id=row.id,
        name=row.name,
        hint=row.hint,
        scopes=tuple(Scope(scope) for scope in row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        roles=tuple(row.roles),
    )
