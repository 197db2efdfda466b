"""SQL of who does not want to be asked, and of who was asked when."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from feedback_core.db.session import Session
from feedback_core.sampling.types.frames import OptOutBy

_NOTE = text("""
    INSERT INTO contact_opt_out (organisation_id, contact_ref, kind, reason, noted_by, opted_out_at)
    VALUES (:organisation_id, :contact_ref, :kind, :reason, :by, :at)
    ON CONFLICT DO NOTHING
""")

_WITHDRAW = text("""
    DELETE FROM contact_opt_out WHERE organisation_id = :organisation_id AND contact_ref = :contact_ref
""")

# One statement for each, so that each is found by an index.
_MATCHING = {
    OptOutBy.EMAIL: "u.email_ref = :contact_ref",
    OptOutBy.PHONE: "u.phone_ref = :contact_ref",
    OptOutBy.REF: """u.frame_id IN (SELECT f.id FROM sampling_frame f WHERE f.organisation_id = :organisation_id)
                     AND u.ref = :ref""",
}
_MARK = """
    UPDATE frame_unit u SET opted_out_at = coalesce(u.opted_out_at, :at)
     WHERE u.organisation_id = :organisation_id AND {matching}
    RETURNING u.id
"""

_MARK_ONE = text("""
    UPDATE frame_unit u SET opted_out_at = :at WHERE u.organisation_id = :organisation_id AND u.id = :id
""")

_CONTACTED = text("""
    INSERT INTO person_contact (organisation_id, person_ref, at)
    SELECT :organisation_id, decode(n.person, 'hex'), CAST(n.at AS timestamptz)
      FROM json_to_recordset(CAST(:rows AS json)) AS n (person text, at text)
    ON CONFLICT DO NOTHING
""")

_OPT_OUTS = text("""
    SELECT o.kind, o.opted_out_at FROM contact_opt_out o
     WHERE o.organisation_id = :organisation_id AND o.contact_ref = ANY(:contact_refs) ORDER BY o.opted_out_at
""")

_CONTACTS = text("""
    SELECT c.at FROM person_contact c
     WHERE c.organisation_id = :organisation_id AND c.person_ref = ANY(:person_refs) ORDER BY c.at
""")

_FORGET = text("""
    DELETE FROM person_contact WHERE organisation_id = :organisation_id AND person_ref = ANY(:person_refs)
""")


@dataclass(frozen=True, slots=True)
class Named:
    """Whom an opt-out is of: the keyed hash, and the ref as it is, where it names one."""

    kind: OptOutBy
    contact_ref: bytes
    ref: str | None


async def note_opt_out(
    session: Session, organisation_id: UUID, who: Named, *, reason: str | None, by: str, at: datetime
) -> int:
    """Note that somebody does not want to be asked; of how many units that is."""
    values: dict[str, object] = {"organisation_id": organisation_id, "contact_ref": who.contact_ref}
    await session.execute(_NOTE, {**values, "kind": who.kind.value, "reason": reason, "by": by, "at": at})
    marking = text(_MARK.format(matching=_MATCHING[who.kind]))
    named = {"ref": who.ref} if who.kind is OptOutBy.REF else {"contact_ref": who.contact_ref}
    return len((await session.execute(marking, {"organisation_id": organisation_id, "at": at, **named})).all())


async def withdraw_opt_out(session: Session, organisation_id: UUID, contact_ref: bytes) -> None:
    """Forget that somebody did not want to be asked."""
    await session.execute(_WITHDRAW, {"organisation_id": organisation_id, "contact_ref": contact_ref})


async def mark_unit(session: Session, organisation_id: UUID, unit_id: UUID, at: datetime | None) -> None:
    """Note since when a unit does not want to be asked; ``None``: it does."""
    await session.execute(_MARK_ONE, {"organisation_id": organisation_id, "id": unit_id, "at": at})


async def note_contacts(session: Session, organisation_id: UUID, contacts: Sequence[tuple[bytes, datetime]]) -> None:
    """Note who was asked when."""
    rows = [{"person": person.hex(), "at": at.isoformat()} for person, at in contacts]
    await session.execute(_CONTACTED, {"organisation_id": organisation_id, "rows": json.dumps(rows)})


async def opt_outs_of(
    session: Session, organisation_id: UUID, contact_refs: Sequence[bytes]
) -> list[tuple[str, datetime]]:
    """By what, and since when, somebody does not want to be asked."""
    rows = await session.execute(_OPT_OUTS, {"organisation_id": organisation_id, "contact_refs": list(contact_refs)})
    return [(row.kind, row.opted_out_at) for row in rows]


async def contacts_of(session: Session, organisation_id: UUID, person_refs: Sequence[bytes]) -> list[datetime]:
    """When somebody was asked."""
    rows = await session.execute(_CONTACTS, {"organisation_id": organisation_id, "person_refs": list(person_refs)})
    return list(rows.scalars())


async def forget_contacts(session: Session, organisation_id: UUID, person_refs: Sequence[bytes]) -> int:
    """Forget when somebody was asked."""
    return (
        await session.execute(_FORGET, {"organisation_id": organisation_id, "person_refs": list(person_refs)})
    ).rowcount
