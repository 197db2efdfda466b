"""SQL of who may see whom."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from feedback_core.db.session import Session
from feedback_core.people.performance.types import SubjectKind
from feedback_core.people.tables import performance_measure, staff_member, team, team_member


async def staff_of_key(session: Session, organisation_id: UUID, api_key_id: UUID) -> UUID | None:
    """The member of staff whose key it is, unless they have left; of several, the one who came first."""
    found = await session.execute(
        select(staff_member.c.id)
        .where(
            staff_member.c.organisation_id == organisation_id,
            staff_member.c.api_key_id == api_key_id,
            staff_member.c.left_on.is_(None),
        )
        .order_by(staff_member.c.id)
        .limit(1)
    )
    return found.scalar_one_or_none()


async def teams_of(
    session: Session, organisation_id: UUID, roles: Collection[str], *, led_by: UUID | None
) -> set[UUID]:
    """Teams that holders of one of these roles may see, and those that somebody leads."""
    theirs = [team.c.viewer_roles.overlap(sorted(roles))] if roles else []
    theirs += [team.c.lead_id == led_by] if led_by is not None else []
    if not theirs:
        return set()
    found = await session.execute(select(team.c.id).where(team.c.organisation_id == organisation_id, or_(*theirs)))
    return set(found.scalars())


async def members_of(session: Session, organisation_id: UUID, team_ids: Collection[UUID]) -> set[UUID]:
    """The staff of these teams."""
    if not team_ids:
        return set()
    found = await session.execute(
        select(team_member.c.staff_id).where(
            team_member.c.organisation_id == organisation_id, team_member.c.team_id.in_(list(team_ids))
        )
    )
    return set(found.scalars())


async def attributes_of_people(session: Session, organisation_id: UUID) -> set[str]:
    """Attributes whose values are references of people who are measured, as the measures are now."""
    columns = performance_measure.c
    latest = (
        select(columns.details)
        .where(columns.organisation_id == organisation_id)
        .ext(distinct_on(columns.key))
        .order_by(columns.key, columns.version.desc())
        .subquery()
    )
    found = await session.execute(
        select(latest.c.details["attribute"].astext)
        .where(latest.c.details["of"].astext == SubjectKind.PERSON.value)
        .distinct()
    )
    return set(found.scalars())
