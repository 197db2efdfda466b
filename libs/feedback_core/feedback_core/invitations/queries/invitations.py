"""SQL of single invitations and their steps."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, func, select, text, update

from feedback_core.db.session import Session
from feedback_core.invitations.tables import invitation, invitation_batch, invitation_step
from feedback_core.invitations.types.invitations import Invitation, InvitationStep
from feedback_core.invitations.types.states import EndReason, InvitationState
from feedback_core.planning.types import CollectionMethod
from feedback_core.sampling.tables import frame_unit

_COLUMNS: Final = tuple(column for column in invitation.c if column.name != "organisation_id")

_ADD = text("""
    INSERT INTO invitation (
        organisation_id, id, batch_id, survey_id, sample_id, unit_id, collector_id, method, wave, stratum, interviewer,
        contact, email_ref, phone_ref, ref_ref, language, state, reason, created_at, ended_at, expires_at, next_at
    )
    SELECT b.organisation_id, n.id, b.id, b.survey_id, b.sample_id, n.unit_id, b.collector_id, b.method, b.wave,
           n.stratum, n.interviewer, decode(n.contact, 'hex'), decode(n.email_ref, 'hex'), decode(n.phone_ref, 'hex'),
           decode(n.ref_ref, 'hex'), n.language, n.state, n.reason, :at,
           CASE WHEN n.reason IS NULL THEN NULL ELSE CAST(:at AS timestamptz) END, b.expires_at,
           CASE WHEN n.reason IS NULL THEN CAST(:next_at AS timestamptz) END
      FROM invitation_batch b, json_to_recordset(CAST(:rows AS json)) AS n (
           id uuid, unit_id uuid, stratum text, interviewer text, contact text, email_ref text, phone_ref text,
           ref_ref text, language text, state text, reason text)
     WHERE b.organisation_id = :organisation_id AND b.id = :batch_id
    ON CONFLICT DO NOTHING
    RETURNING id
""")

_ADD_STEPS = text("""
    INSERT INTO invitation_step (organisation_id, invitation_id, number, happening, state, reason, noted_by, at)
    SELECT :organisation_id, n.id,
           1 + coalesce((SELECT max(s.number) FROM invitation_step s
                          WHERE s.organisation_id = :organisation_id AND s.invitation_id = n.id), 0),
           n.happening, n.state, n.reason, n.noted_by, CAST(n.at AS timestamptz)
      FROM json_to_recordset(CAST(:rows AS json)) AS n (
           id uuid, happening text, state text, reason text, noted_by text, at text)
""")

_SAVE = text("""
    UPDATE invitation i
       SET state = n.state, reason = n.reason, sent_at = n.sent_at, delivered_at = n.delivered_at,
           opened_at = n.opened_at, started_at = n.started_at, completed_at = n.completed_at, ended_at = n.ended_at,
           next_at = n.next_at, messages_sent = n.messages_sent, attempts = n.attempts,
           reminders_sent = n.reminders_sent, cost = n.cost, open_response_id = n.open_response_id,
           response_id = n.response_id, revision = i.revision + 1
      FROM json_to_recordset(CAST(:rows AS json)) AS n (
           id uuid, state text, reason text, sent_at timestamptz, delivered_at timestamptz, opened_at timestamptz,
           started_at timestamptz, completed_at timestamptz, ended_at timestamptz, next_at timestamptz,
           messages_sent integer, attempts integer, reminders_sent integer, cost float8, open_response_id uuid,
           response_id uuid)
     WHERE i.organisation_id = :organisation_id AND i.id = n.id
""")
_SAVED: Final = (
    "state",
    "reason",
    "sent_at",
    "delivered_at",
    "opened_at",
    "started_at",
    "completed_at",
    "ended_at",
    "next_at",
    "messages_sent",
    "attempts",
    "reminders_sent",
    "cost",
    "open_response_id",
    "response_id",
)


@dataclass(frozen=True, slots=True)
class InvitationToAdd:
    """Somebody to be invited; with a ``reason`` they are not, and it is noted why."""

    id: UUID
    unit_id: UUID | None = None
    stratum: str | None = None
    interviewer: str | None = None
    contact: bytes | None = None
    email_ref: bytes | None = None
    phone_ref: bytes | None = None
    ref_ref: bytes | None = None
    language: str | None = None
    state: InvitationState = InvitationState.CREATED
    reason: EndReason | None = None


@dataclass(frozen=True, slots=True)
class StepToAdd:
    """What happened to an invitation."""

    id: UUID
    happening: str
    state: InvitationState
    reason: EndReason | None
    noted_by: str
    at: datetime


async def add_invitations(
    session: Session,
    organisation_id: UUID,
    batch_id: UUID,
    rows: Sequence[InvitationToAdd],
    *,
    next_at: datetime | None,
    by: str,
    at: datetime,
) -> int:
    """Invite people; units that have an invitation of the batch keep theirs. How many are new."""
    said = [
        {
            "id": str(row.id),
            "unit_id": None if row.unit_id is None else str(row.unit_id),
            "stratum": row.stratum,
            "interviewer": row.interviewer,
            **{name: _hex(getattr(row, name)) for name in ("contact", "email_ref", "phone_ref", "ref_ref")},
            "language": row.language,
            "state": row.state.value,
            "reason": row.reason,
        }
        for row in rows
    ]
    values = {"organisation_id": organisation_id, "batch_id": batch_id, "at": at, "next_at": next_at}
    added = set((await session.execute(_ADD, {**values, "rows": json.dumps(said)})).scalars())
    steps = [StepToAdd(row.id, row.state.value, row.state, row.reason, by, at) for row in rows if row.id in added]
    await add_steps(session, organisation_id, steps)
    return len(added)


async def add_steps(session: Session, organisation_id: UUID, steps: Sequence[StepToAdd]) -> None:
    """Note what happened, at most one for each invitation in a call."""
    rows = [
        {
            "id": str(step.id),
            "happening": step.happening,
            "state": step.state.value,
            "reason": step.reason,
            "noted_by": step.noted_by,
            "at": step.at.isoformat(),
        }
        for step in steps
    ]
    if rows:
        await session.execute(_ADD_STEPS, {"organisation_id": organisation_id, "rows": json.dumps(rows)})


async def save(session: Session, organisation_id: UUID, changed: Sequence[Invitation]) -> None:
    """Write what may change of invitations that are held."""
    rows = [{"id": str(each.id), **{name: _said(getattr(each, name)) for name in _SAVED}} for each in changed]
    if rows:
        await session.execute(_SAVE, {"organisation_id": organisation_id, "rows": json.dumps(rows)})


async def invitation_by_id(
    session: Session, organisation_id: UUID, invitation_id: UUID, *, hold: bool = False
) -> Invitation | None:
    """An invitation; held, nobody else changes it until the transaction ends."""
    found = await invitations_by_id(session, organisation_id, [invitation_id], hold=hold)
    return found[0] if found else None


async def invitations_by_id(
    session: Session, organisation_id: UUID, ids: Sequence[UUID], *, hold: bool = False
) -> list[Invitation]:
    """Invitations in the order of their ids."""
    statement = whole(organisation_id).where(invitation.c.id.in_(ids)).order_by(invitation.c.id)
    return made(await session.execute(statement.with_for_update(of=invitation) if hold else statement))


async def invitations_after(
    session: Session,
    organisation_id: UUID,
    *,
    survey_id: UUID | None,
    batch_id: UUID | None,
    state: InvitationState | None,
    after: UUID | None,
    limit: int,
) -> list[Invitation]:
    """Invitations in the order of their ids, those after ``after`` only."""
    statement = whole(organisation_id)
    for column, wanted in (
        (invitation.c.survey_id, survey_id),
        (invitation.c.batch_id, batch_id),
        (invitation.c.state, state),
    ):
        if wanted is not None:
            statement = statement.where(column == wanted)
    if after is not None:
        statement = statement.where(invitation.c.id > after)
    return made(await session.execute(statement.order_by(invitation.c.id).limit(limit)))


async def in_states(
    session: Session,
    organisation_id: UUID,
    batch_id: UUID,
    states: Sequence[InvitationState],
    *,
    expired_by: datetime | None = None,
    after: UUID | None = None,
    limit: int,
) -> list[Invitation]:
    """Invitations of a batch in some states, held until the transaction ends."""
    statement = whole(organisation_id).where(invitation.c.batch_id == batch_id, invitation.c.state.in_(states))
    if expired_by is not None:
        statement = statement.where(invitation.c.expires_at <= expired_by)
    if after is not None:
        statement = statement.where(invitation.c.id > after)
    statement = statement.order_by(invitation.c.id).limit(limit).with_for_update(of=invitation)
    return made(await session.execute(statement))


async def steps_of(session: Session, organisation_id: UUID, invitation_id: UUID) -> list[InvitationStep]:
    """What happened to an invitation, in that order."""
    columns = invitation_step.c
    rows = await session.execute(
        select(invitation_step)
        .where(columns.organisation_id == organisation_id, columns.invitation_id == invitation_id)
        .order_by(columns.number)
    )
    return [
        InvitationStep(
            number=row.number,
            happening=row.happening,
            state=InvitationState(row.state),
            reason=None if row.reason is None else EndReason(row.reason),
            noted_by=row.noted_by,
            at=row.at,
        )
        for row in rows
    ]


async def refs_of(session: Session, organisation_id: UUID, unit_ids: Sequence[UUID]) -> dict[UUID, str | None]:
    """The organisation's own names for units."""
    rows = await session.execute(
        select(frame_unit.c.id, frame_unit.c.ref).where(
            frame_unit.c.organisation_id == organisation_id, frame_unit.c.id.in_(unit_ids)
        )
    )
    return {row.id: row.ref for row in rows}


async def forget_contacts(
    session: Session, organisation_id: UUID, batch_id: UUID | None, ids: Sequence[UUID] | None = None
) -> int:
    """Take out how people by name are reached, and by what they are known; of how many that was."""
    columns = invitation.c
    statement = update(invitation).where(columns.organisation_id == organisation_id)
    if batch_id is not None:
        statement = statement.where(
            columns.batch_id == batch_id,
            func.num_nonnulls(columns.contact, columns.email_ref, columns.phone_ref, columns.ref_ref) > 0,
        )
    if ids is not None:
        statement = statement.where(columns.id.in_(ids))
    gone = await session.execute(
        statement.values(contact=None, email_ref=None, phone_ref=None, ref_ref=None, next_at=None)
    )
    return gone.rowcount


def whole(organisation_id: UUID) -> Select[Any]:
    """Every column of an invitation, and what its batch says of it."""
    batch = invitation_batch.c
    return (
        select(*_COLUMNS, batch.keeps_response, batch.settings["resumable"].as_boolean().label("resumable"))
        .join(
            invitation_batch,
            (batch.organisation_id == invitation.c.organisation_id) & (batch.id == invitation.c.batch_id),
        )
        .where(invitation.c.organisation_id == organisation_id)
    )


def made(rows: Any) -> list[Invitation]:  # noqa: ANN401 - rows of whatever statement begins with ``whole``
    """Invitations of rows."""
    return [of_row(row) for row in rows]


def of_row(row: Row[Any]) -> Invitation:
    """An invitation of a row, whatever else it holds."""
    found = {name: getattr(row, name) for name in Invitation.__dataclass_fields__}
    found["method"] = CollectionMethod(row.method)
    found["state"] = InvitationState(row.state)
    found["reason"] = None if row.reason is None else EndReason(row.reason)
    return Invitation(**found)


def _hex(value: bytes | None) -> str | None:
    return None if value is None else value.hex()


def _said(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
