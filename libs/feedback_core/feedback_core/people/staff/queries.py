"""SQL of staff and teams."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, and_, delete, func, insert, select, update

from feedback_core.db.session import Session
from feedback_core.people.staff.types import Team, TeamDetails
from feedback_core.people.tables import staff_member, team, team_member


@dataclass(frozen=True, slots=True)
class StoredStaff:
    """A member of staff as they are kept."""

    id: UUID
    reference: str
    sealed: bytes = field(repr=False)
    api_key_id: UUID | None
    joined_on: date | None
    left_on: date | None
    teams: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    revision: int


async def reference_is_taken(
    session: Session, organisation_id: UUID, table: Literal["staff", "team"], reference: str, *, by_other_than: UUID
) -> bool:
    """Whether another has a reference; until the transaction ends nobody else is given one."""
    lock = func.hashtextextended(f"references {organisation_id}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(lock)))
    of = staff_member if table == "staff" else team
    found = await session.execute(
        select(of.c.id).where(
            of.c.organisation_id == organisation_id, of.c.reference == reference, of.c.id != by_other_than
        )
    )
    return found.first() is not None


async def add_staff(session: Session, organisation_id: UUID, staff_id: UUID, *, at: datetime, **values: object) -> None:
    """A new member of staff."""
    await session.execute(
        insert(staff_member).values(
            organisation_id=organisation_id, id=staff_id, created_at=at, updated_at=at, **values
        )
    )


async def change_staff(
    session: Session, organisation_id: UUID, staff_id: UUID, *, at: datetime, **values: object
) -> None:
    """Other details."""
    await session.execute(
        update(staff_member)
        .where(staff_member.c.organisation_id == organisation_id, staff_member.c.id == staff_id)
        .values(updated_at=at, revision=staff_member.c.revision + 1, **values)
    )


async def staff_by_id(
    session: Session, organisation_id: UUID, staff_id: UUID, *, for_update: bool = False
) -> StoredStaff | None:
    """One member of staff; held until the end of the transaction if they are to be changed."""
    statement = select(staff_member).where(
        staff_member.c.organisation_id == organisation_id, staff_member.c.id == staff_id
    )
    rows = (await session.execute(statement.with_for_update() if for_update else statement)).all()
    found = await _with_teams(session, organisation_id, rows)
    return found[0] if found else None


async def staff_after(
    session: Session,
    organisation_id: UUID,
    *,
    team_key: str | None,
    present: bool | None,
    after: UUID | None,
    limit: int,
) -> list[StoredStaff]:
    """Staff in the order in which they were added."""
    columns = staff_member.c
    statement = select(staff_member).where(columns.organisation_id == organisation_id)
    if team_key is not None:
        of_team = (
            select(team_member.c.staff_id)
            .join(
                team, and_(team.c.organisation_id == team_member.c.organisation_id, team.c.id == team_member.c.team_id)
            )
            .where(team_member.c.organisation_id == organisation_id, team.c.key == team_key)
        )
        statement = statement.where(columns.id.in_(of_team))
    if present is not None:
        statement = statement.where(columns.left_on.is_(None) if present else columns.left_on.is_not(None))
    if after is not None:
        statement = statement.where(columns.id > after)
    rows = (await session.execute(statement.order_by(columns.id).limit(limit))).all()
    return await _with_teams(session, organisation_id, rows)


async def delete_staff(session: Session, organisation_id: UUID, staff_ids: Collection[UUID]) -> int:
    """Delete members of staff with everything that hangs on them; teams that they led have no lead then."""
    ids = list(staff_ids)
    await session.execute(
        update(team).where(team.c.organisation_id == organisation_id, team.c.lead_id.in_(ids)).values(lead_id=None)
    )
    gone = await session.execute(
        delete(staff_member).where(staff_member.c.organisation_id == organisation_id, staff_member.c.id.in_(ids))
    )
    return gone.rowcount


async def known_staff(session: Session, organisation_id: UUID, ids: Collection[UUID]) -> set[UUID]:
    """Which of these are members of staff, held so that they stay while they are named."""
    found = await session.execute(
        select(staff_member.c.id)
        .where(staff_member.c.organisation_id == organisation_id, staff_member.c.id.in_(list(ids)))
        .order_by(staff_member.c.id)
        .with_for_update(read=True, key_share=True)
    )
    return set(found.scalars())


async def staff_by_reference(
    session: Session, organisation_id: UUID, references: Collection[str]
) -> Mapping[str, UUID]:
    """Ids of the staff with these references."""
    rows = await session.execute(
        select(staff_member.c.reference, staff_member.c.id).where(
            staff_member.c.organisation_id == organisation_id, staff_member.c.reference.in_(list(references))
        )
    )
    return {row.reference: row.id for row in rows}


async def teams_by_reference(
    session: Session, organisation_id: UUID, references: Collection[str]
) -> Mapping[str, UUID]:
    """Ids of the teams with these references."""
    rows = await session.execute(
        select(team.c.reference, team.c.id).where(
            team.c.organisation_id == organisation_id, team.c.reference.in_(list(references))
        )
    )
    return {row.reference: row.id for row in rows}


async def add_team(
    session: Session, organisation_id: UUID, team_id: UUID, key: str, details: TeamDetails, *, at: datetime
) -> None:
    """A new team."""
    await session.execute(
        insert(team).values(
            organisation_id=organisation_id, id=team_id, key=key, created_at=at, updated_at=at, **_team_values(details)
        )
    )
    await _set_members(session, organisation_id, team_id, details.members)


async def change_team(
    session: Session, organisation_id: UUID, team_id: UUID, details: TeamDetails, *, at: datetime
) -> None:
    """Other details."""
    await session.execute(
        update(team)
        .where(team.c.organisation_id == organisation_id, team.c.id == team_id)
        .values(updated_at=at, revision=team.c.revision + 1, **_team_values(details))
    )
    await _set_members(session, organisation_id, team_id, details.members)


async def team_by_key(session: Session, organisation_id: UUID, key: str, *, for_update: bool = False) -> Team | None:
    """One team; held until the end of the transaction if it is to be changed."""
    statement = select(team).where(team.c.organisation_id == organisation_id, team.c.key == key)
    rows = (await session.execute(statement.with_for_update() if for_update else statement)).all()
    found = await _with_members(session, organisation_id, rows)
    return found[0] if found else None


async def team_by_id(session: Session, organisation_id: UUID, team_id: UUID) -> Team | None:
    """One team."""
    statement = select(team).where(team.c.organisation_id == organisation_id, team.c.id == team_id)
    found = await _with_members(session, organisation_id, (await session.execute(statement)).all())
    return found[0] if found else None


async def teams_after(session: Session, organisation_id: UUID, *, after: str | None, limit: int) -> list[Team]:
    """Teams by key."""
    statement = select(team).where(team.c.organisation_id == organisation_id)
    if after is not None:
        statement = statement.where(team.c.key > after)
    rows = (await session.execute(statement.order_by(team.c.key).limit(limit))).all()
    return await _with_members(session, organisation_id, rows)


async def delete_team(session: Session, organisation_id: UUID, team_id: UUID) -> None:
    """Delete a team; its members stay."""
    await session.execute(delete(team).where(team.c.organisation_id == organisation_id, team.c.id == team_id))


async def staff_sealed_after(
    session: Session, organisation_id: UUID, after: UUID, *, limit: int
) -> list[tuple[UUID, str, bytes]]:
    """Id, reference and who it is, sealed, in the order of ids."""
    rows = await session.execute(
        select(staff_member.c.id, staff_member.c.reference, staff_member.c.sealed)
        .where(staff_member.c.organisation_id == organisation_id, staff_member.c.id > after)
        .order_by(staff_member.c.id)
        .limit(limit)
    )
    return [(row.id, row.reference, bytes(row.sealed)) for row in rows]


def _team_values(details: TeamDetails) -> dict[str, object]:
    return {
        "name": details.name,
        "reference": details.reference,
        "lead_id": details.lead_id,
        "viewer_roles": list(details.viewer_roles),
    }


async def _set_members(session: Session, organisation_id: UUID, team_id: UUID, members: Sequence[UUID]) -> None:
    await session.execute(
        delete(team_member).where(team_member.c.organisation_id == organisation_id, team_member.c.team_id == team_id)
    )
    if members:
        rows = [{"organisation_id": organisation_id, "team_id": team_id, "staff_id": each} for each in members]
        await session.execute(insert(team_member), rows)


async def _with_teams(session: Session, organisation_id: UUID, rows: Sequence[Row[Any]]) -> list[StoredStaff]:
    joined = await session.execute(
        select(team_member.c.staff_id, func.array_agg(team.c.key).label("keys"))
        .join(team, and_(team.c.organisation_id == team_member.c.organisation_id, team.c.id == team_member.c.team_id))
        .where(team_member.c.organisation_id == organisation_id, team_member.c.staff_id.in_([row.id for row in rows]))
        .group_by(team_member.c.staff_id)
    )
    keys = {staff_id: tuple(sorted(of_staff)) for staff_id, of_staff in joined}
    return [
        StoredStaff(
            id=row.id,
            reference=row.reference,
            sealed=bytes(row.sealed),
            api_key_id=row.api_key_id,
            joined_on=row.joined_on,
            left_on=row.left_on,
            teams=keys.get(row.id, ()),
            created_at=row.created_at,
            updated_at=row.updated_at,
            revision=row.revision,
        )
        for row in rows
    ]


async def _with_members(session: Session, organisation_id: UUID, rows: Sequence[Row[Any]]) -> list[Team]:
    joined = await session.execute(
        select(team_member.c.team_id, team_member.c.staff_id)
        .where(team_member.c.organisation_id == organisation_id, team_member.c.team_id.in_([row.id for row in rows]))
        .order_by(team_member.c.staff_id)
    )
    members: dict[UUID, list[UUID]] = {}
    for team_id, staff_id in joined:
        members.setdefault(team_id, []).append(staff_id)
    return [
        Team(
            id=row.id,
            key=row.key,
            details=TeamDetails(
                row.name, row.reference, row.lead_id, tuple(members.get(row.id, ())), tuple(row.viewer_roles)
            ),
            created_at=row.created_at,
            updated_at=row.updated_at,
            revision=row.revision,
        )
        for row in rows
    ]
