"""Shapes of roles, and of whom they were sent to."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import Input, Line, LongText, Output, Page
from feedback_api.schemas.imports import ImportErrorOut
from feedback_api.schemas.practice import StandardName
from feedback_core.people.roles.types import (
    Assignment,
    AssignmentState,
    AssignmentWay,
    Responsibility,
    RoleDetails,
    SharedRole,
    StaffRole,
)
from feedback_core.people.roles.use_cases import state_of


class ResponsibilityBody(Input):
    """Something that a role answers for."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    text: LongText
    standard: StandardName | None = Field(default=None, description="Key of the standard that it is about")


class RoleIn(Input):
    """What a role is."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "Front desk",
                    "purpose": "Nobody who comes in feels lost.",
                    "responsibilities": [
                        {"text": "Greet within a minute.", "standard": "short_wait"},
                        {"text": "Pass complaints on the same day."},
                    ],
                }
            ]
        }
    )

    title: Line
    purpose: LongText | None = None
    responsibilities: list[ResponsibilityBody] = Field(min_length=1, max_length=100)

    def details(self) -> RoleDetails:
        """For the domain."""
        each = tuple(Responsibility(one.text, one.standard) for one in self.responsibilities)
        return RoleDetails(self.title, each, self.purpose)


class RoleOut(Output):
    """A version of a role."""

    key: str
    version: int
    title: str
    purpose: str | None
    responsibilities: list[ResponsibilityBody]
    defined_by: str = Field(description="Name of the API key")
    defined_at: datetime

    @classmethod
    def of(cls, found: StaffRole) -> Self:
        """From the domain."""
        return cls(
            key=found.key,
            version=found.version,
            title=found.details.title,
            purpose=found.details.purpose,
            responsibilities=[ResponsibilityBody.model_validate(each) for each in found.details.responsibilities],
            defined_by=found.defined_by,
            defined_at=found.defined_at,
        )


class RolePage(Page[RoleOut]):
    """A page of roles, or of versions of one."""


class AssignmentIn(Input):
    """Whom a role is sent to, and how."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"staff_id": "01890a5d-ac96-774b-bcce-b302099a8057", "way": "link"}]}
    )

    staff_id: UUID
    way: AssignmentWay = Field(description="`email`: the service sends a mail; `link`: you hand the link over")


class AssignmentOut(Output):
    """A role that was sent to somebody."""

    id: UUID
    role: str
    role_version: int = Field(description="That was sent")
    latest_version: int = Field(description="Of the role now; if it is another, send it anew")
    staff_id: UUID
    way: AssignmentWay
    state: AssignmentState
    error: ImportErrorOut | None = Field(description="Why the mail was not sent, or not yet")
    requested_by: str
    created_at: datetime
    sent_at: datetime | None
    acknowledged_at: datetime | None
    ended_at: datetime | None = Field(description="They have the role no more, or it was sent anew")

    @classmethod
    def of(cls, found: Assignment) -> Self:
        """From the domain."""
        job = found.job
        error = ImportErrorOut.model_validate(job.error) if job and job.error else None
        said = {name: getattr(found, name) for name in cls.model_fields if name not in {"state", "error"}}
        return cls.model_validate({**said, "state": state_of(found), "error": error})


class AssignmentPage(Page[AssignmentOut]):
    """A page of roles that people have."""


class SharedRoleOut(Output):
    """What a link to a role leads to."""

    organisation: str
    title: str
    purpose: str | None
    responsibilities: list[ResponsibilityBody]
    version: int
    is_latest: bool
    acknowledged_at: datetime | None
    acknowledge: str

    @classmethod
    def of(cls, shared: SharedRole, path: str) -> Self:
        """From the domain."""
        role = shared.role
        return cls(
            organisation=shared.organisation,
            title=role.details.title,
            purpose=role.details.purpose,
            responsibilities=[ResponsibilityBody.model_validate(each) for each in role.details.responsibilities],
            version=role.version,
            is_latest=role.version == shared.assignment.latest_version,
            acknowledged_at=shared.assignment.acknowledged_at,
            acknowledge=f"{path}/acknowledge",
        )
