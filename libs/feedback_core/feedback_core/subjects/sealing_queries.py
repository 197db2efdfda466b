"""SQL of what is sealed with keys that rotate."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from feedback_core.db.session import Session
from feedback_core.organisations.tables import organisation
from feedback_core.subjects.tables import sealing_state, subject_export

_RESEAL_SECRETS = text("SELECT reseal_source_secrets(:ids, :before, :after)")
_RESEAL_IDENTITIES = text("SELECT reseal_identities(:ids, :before, :after)")


async def organisations_to_check(system: Session, before: datetime, *, most: int) -> list[UUID]:
    """Organisations, across tenants, that were last checked before an instant, or never; the longest waiting first."""
    found = await system.execute(
        select(organisation.c.organisation_id)
        .outerjoin(sealing_state, sealing_state.c.organisation_id == organisation.c.organisation_id)
        .where(or_(sealing_state.c.checked_at.is_(None), sealing_state.c.checked_at < before))
        .order_by(sealing_state.c.checked_at.nulls_first(), organisation.c.organisation_id)
        .limit(most)
    )
    return list(found.scalars())


async def walks_with(session: Session, organisation_id: UUID, fingerprint: bytes) -> int:
    """How often everything sealed was walked through with this key."""
    found = await session.execute(
        select(sealing_state.c.walks).where(
            sealing_state.c.organisation_id == organisation_id, sealing_state.c.key_fingerprint == fingerprint
        )
    )
    return int(found.scalar_one_or_none() or 0)


async def note_walks(session: Session, organisation_id: UUID, fingerprint: bytes, *, walks: int, at: datetime) -> None:
    """Note how often everything sealed was walked through with this key, and when that was looked at."""
    values = {"key_fingerprint": fingerprint, "walks": walks, "checked_at": at}
    await session.execute(
        upsert(sealing_state)
        .values(organisation_id=organisation_id, **values)
        .on_conflict_do_update(index_elements=["organisation_id"], set_=values)
    )


async def replace_identities(session: Session, changed: Sequence[tuple[UUID, bytes, bytes]]) -> int:
    """Put sealed identities (response, before, after) in the place of what is still as it was."""
    ids, before, after = ([each[part] for each in changed] for part in range(3))
    values = {"ids": ids, "before": before, "after": after}
    return int((await session.execute(_RESEAL_IDENTITIES, values)).scalar_one())


async def replace_secrets(session: Session, changed: Sequence[tuple[UUID, bytes, bytes]]) -> int:
    """Put sealed secrets of sources (id, before, after) in the place of what is still as it was."""
    ids, before, after = ([each[part] for each in changed] for part in range(3))
    values = {"ids": ids, "before": before, "after": after}
    return int((await session.execute(_RESEAL_SECRETS, values)).scalar_one())


async def replace_exports(session: Session, organisation_id: UUID, changed: Sequence[tuple[UUID, bytes, bytes]]) -> int:
    """Put sealed exports (request, before, after) in the place of what is still as it was."""
    replaced = 0
    for request_id, before, after in changed:
        gone = await session.execute(
            subject_export.delete()
            .where(
                subject_export.c.organisation_id == organisation_id,
                subject_export.c.request_id == request_id,
                subject_export.c.sealed == before,
            )
            .returning(subject_export.c.created_at, subject_export.c.expires_at)
        )
        row = gone.one_or_none()
        if row is not None:
            await session.execute(
                subject_export.insert().values(
                    organisation_id=organisation_id,
                    request_id=request_id,
                    sealed=after,
                    created_at=row.created_at,
                    expires_at=row.expires_at,
                )
            )
            replaced += 1
    return replaced
