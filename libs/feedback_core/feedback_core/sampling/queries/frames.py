"""SQL of frames: what they are, how many units they have, and which are not to be kept any more."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, delete, func, insert, select, text, update

from feedback_core.db.session import Session
from feedback_core.sampling.tables import frame_unit, sample, sampling_frame
from feedback_core.sampling.types.frames import Frame, FrameCounts, FrameSettings

_SETTINGS = TypeAdapter(FrameSettings)

_EMPTY = text("""
    WITH part AS (
        SELECT u.id FROM frame_unit u
         WHERE u.organisation_id = :organisation_id AND u.frame_id = :frame_id AND u.id > :after
         ORDER BY u.id LIMIT :limit
    ), gone AS (
        DELETE FROM frame_unit u USING part
         WHERE u.organisation_id = :organisation_id AND u.id = part.id
           AND NOT EXISTS (SELECT FROM sample_unit s WHERE s.organisation_id = :organisation_id AND s.unit_id = u.id)
    ), stripped AS (
        UPDATE frame_unit u
           SET ref = NULL, contact = NULL, email_ref = NULL, phone_ref = NULL, name_ref = NULL, person_ref = NULL
          FROM part
         WHERE u.organisation_id = :organisation_id AND u.id = part.id
           AND EXISTS (SELECT FROM sample_unit s WHERE s.organisation_id = :organisation_id AND s.unit_id = u.id)
    )
    SELECT id FROM part ORDER BY id
""")


async def add_frame(session: Session, organisation_id: UUID, frame: Frame) -> None:
    """A new one."""
    await session.execute(
        insert(sampling_frame).values(
            organisation_id=organisation_id,
            id=frame.id,
            settings=_SETTINGS.dump_python(frame.settings, mode="json"),
            seed=frame.seed,
            keep_until=frame.keep_until,
            created_by=frame.created_by,
            created_at=frame.created_at,
        )
    )


async def frame_by_id(session: Session, organisation_id: UUID, frame_id: UUID, *, hold: bool = False) -> Frame | None:
    """A frame; held, nobody else changes it until the transaction ends."""
    statement = select(sampling_frame).where(
        sampling_frame.c.organisation_id == organisation_id, sampling_frame.c.id == frame_id
    )
    row = (await session.execute(statement.with_for_update() if hold else statement)).one_or_none()
    return None if row is None else _frame(row)


async def frames_before(session: Session, organisation_id: UUID, *, before: UUID | None, limit: int) -> list[Frame]:
    """Frames, newest first."""
    statement = select(sampling_frame).where(sampling_frame.c.organisation_id == organisation_id)
    if before is not None:
        statement = statement.where(sampling_frame.c.id < before)
    rows = await session.execute(statement.order_by(sampling_frame.c.id.desc()).limit(limit))
    return [_frame(row) for row in rows]


async def save_settings(session: Session, organisation_id: UUID, frame: Frame) -> None:
    """Replace what a frame is."""
    await session.execute(
        _of(organisation_id, frame.id).values(
            settings=_SETTINGS.dump_python(frame.settings, mode="json"),
            keep_until=frame.keep_until,
            changes=frame.changes,
            revision=frame.revision,
        )
    )


async def note_change(
    session: Session, organisation_id: UUID, frame_id: UUID, *, at: datetime, keep_until: datetime | None
) -> None:
    """Units have come in."""
    await session.execute(
        _of(organisation_id, frame_id).values(changes=sampling_frame.c.changes + 1, loaded_at=at, keep_until=keep_until)
    )


async def note_deduplicated(session: Session, organisation_id: UUID, frame_id: UUID, changes: int) -> None:
    """Duplicates were looked for among what had come in by then."""
    await session.execute(
        _of(organisation_id, frame_id).values(deduplicated=func.greatest(sampling_frame.c.deduplicated, changes))
    )


async def note_emptied(session: Session, organisation_id: UUID, frame_id: UUID, at: datetime) -> None:
    """Nothing tells any more whose units they are."""
    await session.execute(_of(organisation_id, frame_id).values(emptied_at=at))


async def counts_of(session: Session, organisation_id: UUID, frame_id: UUID) -> FrameCounts:
    """How many units of each kind."""
    columns, there = frame_unit.c, func.count()
    row = (
        await session.execute(
            select(
                there.label("units"),
                there.filter(columns.repeats.is_not(None)).label("duplicates"),
                there.filter(columns.repeats.is_(None), columns.opted_out_at.is_not(None)).label("opted_out"),
                there.filter(columns.repeats.is_(None), columns.email_ref.is_not(None)).label("with_email"),
                there.filter(columns.repeats.is_(None), columns.phone_ref.is_not(None)).label("with_phone"),
            ).where(columns.organisation_id == organisation_id, columns.frame_id == frame_id)
        )
    ).one()
    return FrameCounts(row.units, row.duplicates, row.opted_out, row.with_email, row.with_phone)


async def is_sampled(session: Session, organisation_id: UUID, frame_id: UUID) -> bool:
    """Whether a sample was drawn from it, or asked for."""
    found = await session.execute(
        select(sample.c.id).where(sample.c.organisation_id == organisation_id, sample.c.frame_id == frame_id).limit(1)
    )
    return found.first() is not None


async def delete_frame(session: Session, organisation_id: UUID, frame_id: UUID) -> None:
    """Delete a frame from which nothing was drawn, with its units and files."""
    await session.execute(
        delete(frame_unit).where(frame_unit.c.organisation_id == organisation_id, frame_unit.c.frame_id == frame_id)
    )
    await session.execute(
        delete(sampling_frame).where(
            sampling_frame.c.organisation_id == organisation_id, sampling_frame.c.id == frame_id
        )
    )


async def frames_due(system: Session, now: datetime) -> Sequence[tuple[UUID, UUID]]:
    """Frames (organisation, id), across tenants, that are not to be kept any more."""
    rows = await system.execute(
        select(sampling_frame.c.organisation_id, sampling_frame.c.id).where(
            sampling_frame.c.keep_until <= now, sampling_frame.c.emptied_at.is_(None)
        )
    )
    return [(row.organisation_id, row.id) for row in rows]


async def empty_some(session: Session, organisation_id: UUID, frame_id: UUID, *, after: UUID, limit: int) -> list[UUID]:
    """Take out of some units whose they are, and delete those of no sample; their ids."""
    values = {"organisation_id": organisation_id, "frame_id": frame_id, "after": after, "limit": limit}
    return list((await session.execute(_EMPTY, values)).scalars())


def _of(organisation_id: UUID, frame_id: UUID) -> Any:  # noqa: ANN401 - a SQLAlchemy statement
    return update(sampling_frame).where(
        sampling_frame.c.organisation_id == organisation_id, sampling_frame.c.id == frame_id
    )


def _frame(row: Row[Any]) -> Frame:
    return Frame(
        id=row.id,
        settings=_SETTINGS.validate_python(row.settings),
        seed=row.seed,
        changes=row.changes,
        deduplicated=row.deduplicated,
        keep_until=row.keep_until,
        loaded_at=row.loaded_at,
        emptied_at=row.emptied_at,
        created_by=row.created_by,
        created_at=row.created_at,
        revision=row.revision,
    )
