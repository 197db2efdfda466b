"""SQL of what goes out: who is next, how they are reached, and whether they want to be asked."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, bindparam, exists, func, or_, text

from feedback_core.db.session import Session
from feedback_core.invitations.queries.invitations import of_row, whole
from feedback_core.invitations.tables import invitation
from feedback_core.invitations.types.invitations import Invitation
from feedback_core.sampling.tables import contact_opt_out, frame_unit

# Who of a sample has no invitation yet: those whose place another one has taken are passed over, and so is whoever
# has this way and wave already, or has answered or refused in this wave by another way.
_UNITS = text("""
    SELECT s.position, s.unit_id, s.stratum, u.opted_out_at, u.email_ref IS NOT NULL AS has_email,
           u.phone_ref IS NOT NULL AS has_phone, u.attributes ->> CAST(:language_attribute AS text) AS language,
           s.replaced_for IS NOT NULL OR u.ref IS NULL OR EXISTS (
               SELECT 1 FROM invitation i
                WHERE i.organisation_id = s.organisation_id AND i.unit_id = s.unit_id AND i.survey_id = :survey_id
                  AND i.wave IS NOT DISTINCT FROM CAST(:wave AS text)
                  AND (i.method = :method AND i.state <> 'cancelled'
                       OR i.state IN ('completed', 'partial', 'refused', 'opted_out', 'ineligible'))
           ) AS is_passed_over
      FROM sample_unit s
      JOIN frame_unit u ON u.organisation_id = s.organisation_id AND u.id = s.unit_id
     WHERE s.organisation_id = :organisation_id AND s.sample_id = :sample_id AND s.position > :after
     ORDER BY s.position LIMIT :limit
""")

# A sample counts those drawn as asked when they are drawn; they are when something is sent to them.
_CONTACTED = text("""
    WITH asked AS (
        SELECT decode(n.person, 'hex') AS person_ref, n.counted_at
          FROM json_to_recordset(CAST(:rows AS json)) AS n (person text, counted_at timestamptz)
    ), moved AS (
        DELETE FROM person_contact c USING asked a
         WHERE c.organisation_id = :organisation_id AND c.person_ref = a.person_ref AND c.at = a.counted_at
    )
    INSERT INTO person_contact (organisation_id, person_ref, at)
    SELECT DISTINCT CAST(:organisation_id AS uuid), a.person_ref, CAST(:at AS timestamptz) FROM asked a
    ON CONFLICT DO NOTHING
""")

# When units were counted as asked with the draw, or the refill, that they came with.
_COUNTED = text("""
    SELECT s.unit_id, coalesce(r.released_at, d.drawn_at) AS counted_at
      FROM sample_unit s
      JOIN sample d ON d.organisation_id = s.organisation_id AND d.id = s.sample_id
      LEFT JOIN sample_release r
        ON r.organisation_id = s.organisation_id AND r.sample_id = s.sample_id AND r.number = s.release
     WHERE s.organisation_id = :organisation_id AND s.sample_id = :sample_id AND s.unit_id = ANY(:unit_ids)
""")


@dataclass(frozen=True, slots=True)
class UnitToInvite:
    """A unit of a sample; ``is_passed_over``: it needs no invitation."""

    position: int
    unit_id: UUID
    stratum: int
    opted_out: bool
    has_email: bool
    has_phone: bool
    language: str | None
    is_passed_over: bool


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody to whom a message is to go out now.

    Attributes:
        contact: sealed; of the frame, or given by name. ``None``: not known any more.
        ref: the organisation's own name for a unit.
        person_ref: by what contact rules know them.
    """

    invitation: Invitation
    contact: bytes | None = field(repr=False)
    ref: str | None
    person_ref: bytes | None = field(repr=False)
    is_opted_out: bool


async def units_to_invite(
    session: Session,
    organisation_id: UUID,
    *,
    sample_id: UUID,
    survey_id: UUID,
    method: str,
    wave: str | None,
    language_attribute: str | None,
    after: int,
    limit: int,
) -> list[UnitToInvite]:
    """Units of a sample in the order in which they are to be asked."""
    values = {
        "organisation_id": organisation_id,
        "sample_id": sample_id,
        "survey_id": survey_id,
        "method": method,
        "wave": wave,
        "language_attribute": language_attribute,
        "after": after,
        "limit": limit,
    }
    return [
        UnitToInvite(
            position=row.position,
            unit_id=row.unit_id,
            stratum=row.stratum,
            opted_out=row.opted_out_at is not None,
            has_email=row.has_email,
            has_phone=row.has_phone,
            language=row.language,
            is_passed_over=row.is_passed_over,
        )
        for row in await session.execute(_UNITS, values)
    ]


async def due_now(session: Session, organisation_id: UUID, batch_id: UUID, *, now: datetime, limit: int) -> list[Due]:
    """Whom something is to be sent to now, the longest due first."""
    statement = _with_contacts(organisation_id).where(invitation.c.batch_id == batch_id, invitation.c.next_at <= now)
    rows = await session.execute(statement.order_by(invitation.c.next_at, invitation.c.id).limit(limit))
    return [_due(row) for row in rows]


async def reached_by(session: Session, organisation_id: UUID, invitation_id: UUID) -> Due | None:
    """How the person of an invitation is reached."""
    row = (await session.execute(_with_contacts(organisation_id).where(invitation.c.id == invitation_id))).one_or_none()
    return None if row is None else _due(row)


async def note_contacted(session: Session, organisation_id: UUID, sent: Sequence[Due], *, at: datetime) -> None:
    """Count people as asked at an instant: the draw's count is moved to it."""
    counted: dict[UUID, datetime] = {}
    samples = {due.invitation.sample_id for due in sent if due.invitation.sample_id is not None}
    for sample_id in samples:
        units = [due.invitation.unit_id for due in sent if due.invitation.sample_id == sample_id]
        values = {"organisation_id": organisation_id, "sample_id": sample_id, "unit_ids": units}
        counted |= {row.unit_id: row.counted_at for row in await session.execute(_COUNTED, values)}
    rows = []
    for due in sent:
        if due.person_ref is None:
            continue
        drawn = None if due.invitation.unit_id is None else counted.get(due.invitation.unit_id)
        rows.append({"person": due.person_ref.hex(), "counted_at": None if drawn is None else drawn.isoformat()})
    if rows:
        await session.execute(_CONTACTED, {"organisation_id": organisation_id, "rows": json.dumps(rows), "at": at})


def _with_contacts(organisation_id: UUID) -> Any:  # noqa: ANN401 - SQLAlchemy expressions
    mine, unit, out = invitation.c, frame_unit.c, contact_opt_out.c
    named = or_(*(out.contact_ref == ref for ref in (mine.email_ref, mine.phone_ref, mine.ref_ref)))
    opted_out = exists().where(out.organisation_id == bindparam("own", organisation_id), named)
    return (
        whole(organisation_id)
        .outerjoin(frame_unit, and_(unit.organisation_id == mine.organisation_id, unit.id == mine.unit_id))
        .add_columns(
            func.coalesce(mine.contact, unit.contact).label("reached"),
            unit.ref.label("unit_ref"),
            func.coalesce(unit.person_ref, mine.email_ref, mine.phone_ref, mine.ref_ref).label("person"),
            or_(unit.opted_out_at.is_not(None), opted_out).label("is_opted_out"),
        )
    )


def _due(row: Row[Any]) -> Due:
    return Due(of_row(row), row.reached, row.unit_ref, row.person, row.is_opted_out)
