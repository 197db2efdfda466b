"""Keeping staff and teams."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import id_in_cursor, key_in_cursor, page_of
from feedback_core.kit.errors import Fault, Invalid, NotFound, PreconditionFailed, require_current
from feedback_core.kit.ids import new_id
from feedback_core.kit.sealing import Seal
from feedback_core.organisations.use_cases import key_is_valid
from feedback_core.people.sealed_queries import hang_on_staff, hang_on_team
from feedback_core.people.staff import queries
from feedback_core.people.staff.sealing import opened, sealed
from feedback_core.people.staff.types import (
    TEAM_KEY,
    ReferenceTaken,
    StaffDetails,
    StaffInUse,
    StaffMember,
    Team,
    TeamDetails,
    TeamInUse,
)

_KEY: Final = re.compile(TEAM_KEY)


async def add_staff(
    session: Session, organisation_id: UUID, details: StaffDetails, *, seal: Seal, clock: Clock
) -> StaffMember:
    """A new member of staff.

    Raises:
        NotFound: there is no such key that could be theirs.
        ReferenceTaken: somebody has this reference.
        Invalid: they left before they came.
    """
    staff_id = new_id()
    await _check(session, organisation_id, staff_id, details, clock)
    values = _values(details, seal)
    await queries.add_staff(session, organisation_id, staff_id, at=clock.now(), **values)
    return await get_staff(session, organisation_id, staff_id, seal=seal)


async def change_staff(
    session: Session,
    organisation_id: UUID,
    staff_id: UUID,
    details: StaffDetails,
    *,
    if_revision: int,
    seal: Seal,
    clock: Clock,
) -> StaffMember:
    """Other details of a member of staff.

    Raises:
        NotFound: no such member of staff, or no such key that could be theirs.
        PreconditionFailed: they have changed since ``if_revision``.
        ReferenceTaken: somebody else has this reference.
        Invalid: they left before they came.
    """
    found = await queries.staff_by_id(session, organisation_id, staff_id, for_update=True)
    if found is None:
        raise NotFound("member of staff", staff_id)
    if found.revision != if_revision:
        raise PreconditionFailed("The member of staff has changed since you read them: read them again.")
    await _check(session, organisation_id, staff_id, details, clock)
    values = _values(details, seal)
    await queries.change_staff(session, organisation_id, staff_id, at=clock.now(), **values)
    return await get_staff(session, organisation_id, staff_id, seal=seal)


async def get_staff(session: Session, organisation_id: UUID, staff_id: UUID, *, seal: Seal) -> StaffMember:
    """A member of staff, with who they are.

    Raises:
        NotFound: no such member of staff here.
    """
    found = await queries.staff_by_id(session, organisation_id, staff_id)
    if found is None:
        raise NotFound("member of staff", staff_id)
    return _shown(found, seal)


async def list_staff(
    session: Session,
    organisation_id: UUID,
    *,
    team: str | None,
    present: bool | None,
    seal: Seal,
    cursor: str | None,
    limit: int,
) -> tuple[list[StaffMember], str | None]:
    """A page of the staff in the order in which they were added, and the cursor of the next one.

    Raises:
        NotFound: no such team here.
        InvalidCursor: the cursor belongs to another query.
    """
    if team is not None:
        await get_team(session, organisation_id, team)
    query = {"list": "staff", "organisation": organisation_id, "team": team, "present": present}
    after = id_in_cursor(cursor, query)
    found = await queries.staff_after(
        session, organisation_id, team_key=team, present=present, after=after, limit=limit + 1
    )
    page, following = page_of(found, limit, query)
    return [_shown(each, seal) for each in page], following


async def delete_staff(session: Session, organisation_id: UUID, staff_id: UUID) -> None:
    """Take a member of staff off who was never sent, reviewed or thanked for anything.

    Raises:
        NotFound: no such member of staff here.
        StaffInUse: something of them is kept.
    """
    if await queries.staff_by_id(session, organisation_id, staff_id, for_update=True) is None:
        raise NotFound("member of staff", staff_id)
    if await hang_on_staff(session, organisation_id, staff_id):
        raise StaffInUse("Something of them is kept: say when they left, or erase them by a request of theirs.")
    await queries.delete_staff(session, organisation_id, [staff_id])


async def put_team(
    session: Session, organisation_id: UUID, key: str, details: TeamDetails, *, if_revision: int | None, clock: Clock
) -> tuple[Team, bool]:
    """Keep a team, or replace it, and whether it is new.

    Raises:
        PreconditionRequired: it is there, and ``if_revision`` is ``None``.
        PreconditionFailed: it has changed since, or is not there.
        NotFound: somebody named is none of the staff.
        ReferenceTaken: another team has this reference.
    """
    found = await queries.team_by_key(session, organisation_id, key, for_update=True)
    require_current("team", None if found is None else found.revision, if_revision)
    members = tuple(dict.fromkeys(details.members))
    await require_staff(session, organisation_id, [*members, *([details.lead_id] if details.lead_id else [])])
    details = replace(details, members=members, viewer_roles=tuple(dict.fromkeys(details.viewer_roles)))
    team_id = new_id() if found is None else found.id
    reference = details.reference
    if await queries.reference_is_taken(session, organisation_id, "team", reference, by_other_than=team_id):
        raise _taken(reference)
    if found is None:
        await queries.add_team(session, organisation_id, team_id, key, details, at=clock.now())
    else:
        await queries.change_team(session, organisation_id, team_id, details, at=clock.now())
    return await get_team(session, organisation_id, key), found is None


async def get_team(session: Session, organisation_id: UUID, key: str) -> Team:
    """A team.

    Raises:
        NotFound: no such team here.
    """
    found = await queries.team_by_key(session, organisation_id, key)
    if found is None:
        raise NotFound("team", key)
    return found


async def list_teams(
    session: Session, organisation_id: UUID, *, cursor: str | None, limit: int
) -> tuple[list[Team], str | None]:
    """A page of teams by key, and the cursor of the next one.

    Raises:
        InvalidCursor: the cursor belongs to another query.
    """
    query = {"list": "teams", "organisation": organisation_id}
    after = key_in_cursor(cursor, query, _KEY)
    found = await queries.teams_after(session, organisation_id, after=after, limit=limit + 1)
    return page_of(found, limit, query, at=lambda each: each.key)


async def delete_team(session: Session, organisation_id: UUID, key: str) -> None:
    """Delete a team of which nothing is kept; its members stay.

    Raises:
        NotFound: no such team here.
        TeamInUse: reviews, goals or recognition of it are kept.
    """
    found = await queries.team_by_key(session, organisation_id, key, for_update=True)
    if found is None:
        raise NotFound("team", key)
    if await hang_on_team(session, organisation_id, found.id):
        raise TeamInUse("Reviews, goals or recognition of it are kept.")
    await queries.delete_team(session, organisation_id, found.id)


async def require_staff(session: Session, organisation_id: UUID, ids: Sequence[UUID]) -> None:
    """Hold members of staff, so that they stay while they are named.

    Raises:
        NotFound: one of them is none.
    """
    known = await queries.known_staff(session, organisation_id, ids)
    for each in ids:
        if each not in known:
            raise NotFound("member of staff", each)


async def _check(session: Session, organisation_id: UUID, staff_id: UUID, details: StaffDetails, clock: Clock) -> None:
    if details.joined_on and details.left_on and details.left_on < details.joined_on:
        raise Invalid([Fault("/left_on", "left_before_joined", "They cannot leave before they come.")])
    key = details.api_key_id
    if key is not None and not await key_is_valid(session, organisation_id, key, clock=clock):
        raise NotFound("API key", key)
    reference = details.reference
    if await queries.reference_is_taken(session, organisation_id, "staff", reference, by_other_than=staff_id):
        raise _taken(reference)


def _values(details: StaffDetails, seal: Seal) -> dict[str, object]:
    return {
        "reference": details.reference,
        "sealed": sealed(details.person, seal),
        "api_key_id": details.api_key_id,
        "joined_on": details.joined_on,
        "left_on": details.left_on,
    }


def _shown(found: queries.StoredStaff, seal: Seal) -> StaffMember:
    return StaffMember(
        id=found.id,
        details=StaffDetails(
            found.reference, opened(found.sealed, seal), found.api_key_id, found.joined_on, found.left_on
        ),
        teams=found.teams,
        created_at=found.created_at,
        updated_at=found.updated_at,
        revision=found.revision,
    )


def _taken(reference: str) -> ReferenceTaken:
    detail = f"Somebody else is called {reference} in responses: choose another reference."
    return ReferenceTaken(detail, [Fault("/reference", ReferenceTaken.code, detail)])
