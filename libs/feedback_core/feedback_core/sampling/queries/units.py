"""SQL of the units of a frame: written in batches, read back, and held against each other.

Many rows go as one JSON text, as responses do: COPY does not work under row-level security.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, text, update

from feedback_core.db.session import Session
from feedback_core.sampling.tables import frame_unit, sampling_frame
from feedback_core.sampling.types.frames import ContactKind, Duplicate, StoredUnit, UnitRow

_PUT = text("""
    INSERT INTO frame_unit AS u (
        organisation_id, id, frame_id, ref, number, attributes, measures, contact, email_ref, phone_ref, name_ref,
        person_ref, opted_out_at, added_at
    )
    SELECT :organisation_id, n.id, :frame_id, n.ref, n.number, n.attributes, n.measures, n.contact, n.email_ref,
           n.phone_ref, n.name_ref, n.person_ref,
           (SELECT min(o.opted_out_at) FROM contact_opt_out o
             WHERE o.organisation_id = :organisation_id
               AND o.contact_ref IN (n.email_ref, n.phone_ref, n.ref_ref)),
           :at
      FROM json_to_recordset(CAST(:rows AS json)) AS n (
           id uuid, ref text, number bigint, attributes jsonb, measures jsonb, contact bytea, email_ref bytea,
           phone_ref bytea, name_ref bytea, person_ref bytea, ref_ref bytea)
    ON CONFLICT (organisation_id, frame_id, ref) DO UPDATE
       SET attributes = EXCLUDED.attributes, measures = EXCLUDED.measures, contact = EXCLUDED.contact,
           email_ref = EXCLUDED.email_ref, phone_ref = EXCLUDED.phone_ref, name_ref = EXCLUDED.name_ref,
           person_ref = EXCLUDED.person_ref, opted_out_at = EXCLUDED.opted_out_at
    RETURNING u.id, u.ref, (u.id <> ALL(CAST(:ids AS uuid[]))) AS was_there
""")

_PACKED_KEYS = text("""
    SELECT string_agg(uuid_send(u.id), ''::bytea ORDER BY u.id) AS ids,
           string_agg(coalesce(u.email_ref, :none), ''::bytea ORDER BY u.id) AS email,
           string_agg(coalesce(u.phone_ref, :none), ''::bytea ORDER BY u.id) AS phone,
           string_agg(coalesce(u.name_ref, :none), ''::bytea ORDER BY u.id) AS name_postcode
      FROM frame_unit u
     WHERE u.organisation_id = :organisation_id AND u.frame_id = :frame_id
""")

_FORGET_REPEATS = text("""
    UPDATE frame_unit u SET repeats = NULL, shares = NULL
     WHERE u.organisation_id = :organisation_id AND u.frame_id = :frame_id AND u.repeats IS NOT NULL
""")

_NOTE_REPEATS = text("""
    UPDATE frame_unit u SET repeats = CAST(n.repeats AS uuid), shares = string_to_array(n.shares, ',')
      FROM json_to_recordset(CAST(:rows AS json)) AS n (id uuid, repeats uuid, shares text)
     WHERE u.organisation_id = :organisation_id AND u.id = n.id
""")

_DUPLICATES = text("""
    SELECT u.id, u.ref, u.repeats, f.ref AS repeats_ref, u.shares
      FROM frame_unit u
      JOIN frame_unit f ON f.organisation_id = u.organisation_id AND f.id = u.repeats
     WHERE u.organisation_id = :organisation_id AND u.frame_id = :frame_id AND u.repeats IS NOT NULL
       AND u.id > :after
     ORDER BY u.id LIMIT :limit
""")


NO_KEY = bytes(16)
"""In the place of a keyed hash that a unit does not have."""


@dataclass(frozen=True, slots=True)
class PutUnit:
    """What became of a unit: its id, and whether it was there before."""

    id: UUID
    was_there: bool


@dataclass(frozen=True, slots=True)
class PackedKeys:
    """The keyed hashes of every unit of a frame, 16 bytes each, in the order of their ids."""

    ids: bytes
    by_kind: Mapping[ContactKind, bytes]


async def put_units(
    session: Session, organisation_id: UUID, frame_id: UUID, rows: Sequence[UnitRow], *, at: datetime
) -> dict[str, PutUnit]:
    """Write units, each ref once, in one statement; those that are there are replaced."""
    if not rows:
        return {}
    document = [
        {
            "id": str(row.id),
            "ref": row.ref,
            "number": row.number,
            "attributes": dict(row.attributes),
            "measures": dict(row.measures),
            "contact": _hex(row.contact),
            "email_ref": _hex(row.email_ref),
            "phone_ref": _hex(row.phone_ref),
            "name_ref": _hex(row.name_ref),
            "person_ref": _hex(row.person_ref),
            "ref_ref": _hex(row.ref_ref),
        }
        for row in rows
    ]
    found = await session.execute(
        _PUT,
        {
            "organisation_id": organisation_id,
            "frame_id": frame_id,
            "rows": json.dumps(document),
            "ids": [row.id for row in rows],
            "at": at,
        },
    )
    return {row.ref: PutUnit(row.id, row.was_there) for row in found}


async def units_after(
    session: Session, organisation_id: UUID, frame_id: UUID, *, ref: str | None, after: UUID | None, limit: int
) -> list[StoredUnit]:
    """Units in the order in which they came in; with ``ref`` only that one."""
    statement = select(frame_unit).where(
        frame_unit.c.organisation_id == organisation_id, frame_unit.c.frame_id == frame_id
    )
    if ref is not None:
        statement = statement.where(frame_unit.c.ref == ref)
    if after is not None:
        statement = statement.where(frame_unit.c.id > after)
    rows = await session.execute(statement.order_by(frame_unit.c.id).limit(limit))
    return [_unit(row) for row in rows]


async def delete_units(session: Session, organisation_id: UUID, frame_id: UUID | None, ids: Sequence[UUID]) -> int:
    """Delete units, of one frame or of any, and with them that they are of samples; how many there were."""
    statement = delete(frame_unit).where(
        frame_unit.c.organisation_id == organisation_id, frame_unit.c.id.in_(list(ids))
    )
    if frame_id is not None:
        statement = statement.where(frame_unit.c.frame_id == frame_id)
    frames = list((await session.execute(statement.returning(frame_unit.c.frame_id))).scalars())
    if frames:
        # Others may have repeated them, and stand for themselves now.
        await session.execute(
            update(sampling_frame)
            .where(sampling_frame.c.organisation_id == organisation_id, sampling_frame.c.id.in_(set(frames)))
            .values(changes=sampling_frame.c.changes + 1)
        )
        await session.execute(
            update(frame_unit)
            .where(
                frame_unit.c.organisation_id == organisation_id,
                frame_unit.c.frame_id.in_(set(frames)),
                frame_unit.c.repeats.in_(list(ids)),
            )
            .values(repeats=None, shares=None)
        )
    return len(frames)


async def refs_there(
    session: Session, organisation_id: UUID, frame_id: UUID, refs: Sequence[str]
) -> dict[str, tuple[UUID, bytes]]:
    """Units of a frame (id, person) by their refs."""
    rows = await session.execute(
        select(frame_unit.c.ref, frame_unit.c.id, frame_unit.c.person_ref).where(
            frame_unit.c.organisation_id == organisation_id,
            frame_unit.c.frame_id == frame_id,
            frame_unit.c.ref.in_(list(refs)),
        )
    )
    return {row.ref: (row.id, bytes(row.person_ref)) for row in rows}


async def packed_keys(session: Session, organisation_id: UUID, frame_id: UUID) -> PackedKeys:
    """What units are compared by."""
    values = {"organisation_id": organisation_id, "frame_id": frame_id, "none": NO_KEY}
    row = (await session.execute(_PACKED_KEYS, values)).one()
    return PackedKeys(bytes(row.ids or b""), {kind: bytes(getattr(row, kind.value) or b"") for kind in ContactKind})


async def forget_repeats(session: Session, organisation_id: UUID, frame_id: UUID) -> None:
    """Every unit stands for itself."""
    await session.execute(_FORGET_REPEATS, {"organisation_id": organisation_id, "frame_id": frame_id})


async def note_repeats(
    session: Session, organisation_id: UUID, repeats: Sequence[tuple[UUID, UUID, Sequence[str]]]
) -> None:
    """Note which units (id, the one that stands for it, what is shared) repeat another."""
    rows = [{"id": str(each), "repeats": str(other), "shares": ",".join(shared)} for each, other, shared in repeats]
    await session.execute(_NOTE_REPEATS, {"organisation_id": organisation_id, "rows": json.dumps(rows)})


async def duplicates_after(
    session: Session, organisation_id: UUID, frame_id: UUID, *, after: UUID, limit: int
) -> list[Duplicate]:
    """Units that repeat another one, in the order in which they came in."""
    values = {"organisation_id": organisation_id, "frame_id": frame_id, "after": after, "limit": limit}
    rows = await session.execute(_DUPLICATES, values)
    return [Duplicate(row.id, row.ref, row.repeats, row.repeats_ref, tuple(row.shares)) for row in rows]


async def units_of_people(
    session: Session,
    organisation_id: UUID,
    *,
    email_refs: Sequence[bytes],
    phone_refs: Sequence[bytes],
    refs: Sequence[str],
) -> list[StoredUnit]:
    """Units of any frame that have one of these addresses, numbers or names."""
    found: dict[UUID, StoredUnit] = {}
    for column, values in (
        (frame_unit.c.email_ref, email_refs),
        (frame_unit.c.phone_ref, phone_refs),
        (frame_unit.c.ref, refs),
    ):
        if values:
            rows = await session.execute(
                select(frame_unit).where(frame_unit.c.organisation_id == organisation_id, column.in_(list(values)))
            )
            found |= {row.id: _unit(row) for row in rows}
    return list(found.values())


def _hex(value: bytes | None) -> str | None:
    """As PostgreSQL reads bytes in a text."""
    return None if value is None else f"\\x{value.hex()}"


def _unit(row: Row[Any]) -> StoredUnit:
    return StoredUnit(
        id=row.id,
        ref=row.ref,
        number=row.number,
        attributes=row.attributes,
        measures=row.measures,
        contact=None if row.contact is None else bytes(row.contact),
        repeats=row.repeats,
        shares=tuple(row.shares or ()),
        opted_out_at=row.opted_out_at,
        added_at=row.added_at,
        has_email=row.email_ref is not None,
        has_phone=row.phone_ref is not None,
    )
