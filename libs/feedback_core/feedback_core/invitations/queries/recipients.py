"""SQL of people invited by name: whether they opted out, and where they stand in invitations."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import func, or_, select, update

from feedback_core.db.session import Session
from feedback_core.invitations.queries.invitations import made, whole
from feedback_core.invitations.tables import invitation
from feedback_core.invitations.types.invitations import Invitation
from feedback_core.sampling.tables import contact_opt_out, frame_unit

_REFS = (invitation.c.email_ref, invitation.c.phone_ref, invitation.c.ref_ref)


async def opted_out_among(session: Session, organisation_id: UUID, refs: Iterable[bytes]) -> set[bytes]:
    """Keyed hashes of those who do not want to be asked."""
    columns = contact_opt_out.c
    rows = await session.execute(
        select(columns.contact_ref).where(
            columns.organisation_id == organisation_id, columns.contact_ref.in_(list(refs))
        )
    )
    return {bytes(each) for each in rows.scalars()}


async def invitations_of_people(
    session: Session, organisation_id: UUID, refs: Sequence[bytes], *, unit_refs: Sequence[str]
) -> list[Invitation]:
    """Invitations of people known by one of these keyed hashes, and of units known by them or so called."""
    units = select(frame_unit.c.id).where(
        frame_unit.c.organisation_id == organisation_id,
        or_(
            frame_unit.c.email_ref.in_(refs),
            frame_unit.c.phone_ref.in_(refs),
            frame_unit.c.ref.in_(unit_refs),
        ),
    )
    of_them = or_(*(column.in_(refs) for column in _REFS), invitation.c.unit_id.in_(units))
    return made(await session.execute(whole(organisation_id).where(of_them).order_by(invitation.c.id)))


async def of_interviewers(session: Session, organisation_id: UUID, names: Sequence[str]) -> list[UUID]:
    """Invitations whose interviewer is called so."""
    lowered = [name.casefold() for name in names]
    rows = await session.execute(
        select(invitation.c.id).where(
            invitation.c.organisation_id == organisation_id, func.lower(invitation.c.interviewer).in_(lowered)
        )
    )
    return list(rows.scalars())


async def forget_interviewers(session: Session, organisation_id: UUID, ids: Sequence[UUID]) -> None:
    """Take out who asked."""
    await session.execute(
        update(invitation)
        .where(invitation.c.organisation_id == organisation_id, invitation.c.id.in_(ids))
        .values(interviewer=None)
    )
