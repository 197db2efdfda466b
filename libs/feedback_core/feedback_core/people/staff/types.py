"""Vocabulary of staff and teams."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from feedback_core.kit.errors import Conflict

REFERENCE: Final = r"^[^\x00-\x1f@\s]{1,100}$"
"""Of a member of staff or a team, as responses have it: a code; an address is none."""

TEAM_KEY: Final = r"^[a-z][a-z0-9_-]{0,62}$"

MOST_MEMBERS: Final = 500


class ReferenceTaken(Conflict):
    """Another member of staff, or another team, has this reference."""

    code = "reference_taken"


class StaffInUse(Conflict):
    """Somebody has been sent roles, or was reviewed: let them leave, or erase them on request."""

    code = "staff_in_use"


class TeamInUse(Conflict):
    """Reviews, goals or recognition of the team are kept, so it cannot be deleted."""

    code = "team_in_use"


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is; sealed at rest."""

    name: str
    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class StaffDetails:
    """What is kept of a member of staff.

    Attributes:
        reference: what responses call them, in the attribute that names people.
        api_key_id: the key that is theirs; ``None``: they have none.
        left_on: first day on which they do not work here any more.
    """

    reference: str
    person: Person
    api_key_id: UUID | None = None
    joined_on: date | None = None
    left_on: date | None = None


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A member of staff as they stand."""

    id: UUID
    details: StaffDetails
    teams: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class TeamDetails:
    """What is kept of a team.

    Attributes:
        reference: what responses call it, in the attribute that names teams.
        lead_id: who leads it.
        members: who belongs to it.
        viewer_roles: roles of keys whose holders see how the team and its members do.
    """

    name: str
    reference: str
    lead_id: UUID | None = None
    members: tuple[UUID, ...] = ()
    viewer_roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Team:
    """A team as it stands."""

    id: UUID
    key: str
    details: TeamDetails
    created_at: datetime
    updated_at: datetime
    revision: int
