"""Shapes of staff and teams."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import Input, Key, Line, Output, Page
from feedback_api.schemas.distributions import Address
from feedback_api.schemas.times import Day
from feedback_core.people.staff.types import (
    MOST_MEMBERS,
    REFERENCE,
    Person,
    StaffDetails,
    StaffMember,
    Team,
    TeamDetails,
)

Reference = Annotated[
    str,
    Field(
        pattern=REFERENCE,
        examples=["agent_17"],
        description="What responses call them: a value of an attribute. A code, never a name or an address",
    ),
]
_ADA: Final[dict[str, Any]] = {"name": "Ada Kim", "email": "ada.kim@example.org"}


class PersonBody(Input):
    """Who somebody is. Sealed at rest."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    name: Line
    email: Address | None = None
    phone: Line | None = None


class StaffIn(Input):
    """What is kept of a member of staff."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reference": "agent_17", "person": _ADA, "joined_on": "2024-02-01"}]}
    )

    reference: Reference
    person: PersonBody
    api_key_id: UUID | None = Field(
        default=None, description="The API key that is theirs: its holder sees their figures, and replies to them"
    )
    joined_on: Day | None = None
    left_on: Day | None = Field(default=None, description="First day on which they do not work here any more")

    def details(self) -> StaffDetails:
        """For the domain."""
        person = Person(self.person.name, self.person.email, self.person.phone)
        return StaffDetails(self.reference, person, self.api_key_id, self.joined_on, self.left_on)


class StaffEditIn(StaffIn):
    """The same, in the place of what was kept."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reference": "agent_18", "person": _ADA, "left_on": "2026-06-30"}]}
    )


class StaffOut(Output):
    """A member of staff, without who they are: that is read with `GET /v1/staff/{staff_id}`."""

    id: UUID
    reference: str
    api_key_id: UUID | None
    joined_on: date | None
    left_on: date | None
    teams: list[str] = Field(description="Keys of their teams")
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, found: StaffMember) -> Self:
        """From the domain."""
        return cls.model_validate(_fields(found))


class StaffDetailOut(StaffOut):
    """A member of staff, with who they are."""

    person: PersonBody

    @classmethod
    def of(cls, found: StaffMember) -> Self:
        """From the domain."""
        return cls.model_validate({**_fields(found), "person": PersonBody.model_validate(found.details.person)})


class StaffPage(Page[StaffDetailOut]):
    """A page of the staff."""


def _fields(found: StaffMember) -> dict[str, object]:
    details = found.details
    return {
        "id": found.id,
        "reference": details.reference,
        "api_key_id": details.api_key_id,
        "joined_on": details.joined_on,
        "left_on": details.left_on,
        "teams": list(found.teams),
        "created_at": found.created_at,
        "updated_at": found.updated_at,
    }


class MemberBody(Input):
    """Somebody who belongs to a team."""

    staff_id: UUID


class TeamIn(Input):
    """What is kept of a team."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "North desk", "reference": "north", "viewer_roles": ["north_lead"], "members": []}]
        }
    )

    name: Line
    reference: Reference
    lead_id: UUID | None = Field(default=None, description="Member of staff who leads it, and sees how it does")
    members: list[MemberBody] = Field(default_factory=list, max_length=MOST_MEMBERS)
    viewer_roles: list[Key] = Field(
        default_factory=list,
        max_length=20,
        description="A key with one of these roles sees how the team and its members do, and no other",
    )

    def details(self) -> TeamDetails:
        """For the domain."""
        members = tuple(each.staff_id for each in self.members)
        return TeamDetails(self.name, self.reference, self.lead_id, members, tuple(self.viewer_roles))


class TeamOut(Output):
    """A team."""

    id: UUID
    key: str
    name: str
    reference: str
    lead_id: UUID | None
    members: list[UUID]
    viewer_roles: list[str]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, found: Team) -> Self:
        """From the domain."""
        details = found.details
        return cls(
            id=found.id,
            key=found.key,
            name=details.name,
            reference=details.reference,
            lead_id=details.lead_id,
            members=list(details.members),
            viewer_roles=list(details.viewer_roles),
            created_at=found.created_at,
            updated_at=found.updated_at,
        )


class TeamPage(Page[TeamOut]):
    """A page of teams."""
