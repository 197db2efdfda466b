"""Shapes of organisations and API keys."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import AS_WHOLE, Input, Key, Line, Output
from feedback_core.organisations.types import Scope


class OrganisationIn(Input):
    """Settings of an organisation."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Riverside Clinics", "minimum_cell_size": 5}]})

    name: Line = Field(examples=["Riverside Clinics"])
    minimum_cell_size: Annotated[int, Field(strict=True, ge=2, le=1000), AS_WHOLE] = Field(
        description="Figures from fewer respondents are withheld"
    )


class OrganisationOut(Output):
    """The caller's organisation."""

    organisation_id: UUID
    key: str
    name: str
    time_zone: str = Field(description="IANA name; days and months of every KPI are counted in it")
    minimum_cell_size: int
    created_at: datetime


class ApiKeyIn(Input):
    """A new key."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "CRM", "scopes": ["responses:write"], "lifetime_days": 365}]}
    )

    name: Line
    scopes: list[Scope] = Field(min_length=1, max_length=100)
    lifetime_days: Annotated[int, Field(strict=True, ge=1, le=3650), AS_WHOLE] | None = Field(
        default=None, description="Until it expires; for ever if null"
    )
    roles: list[Key] = Field(
        default_factory=list,
        max_length=50,
        description="Roles in the organisation's procedures that its holder has; they may be declared later",
    )


class ApiKeyOut(Output):
    """A key, without its secret."""

    id: UUID
    name: str
    hint: str = Field(description="Its last characters")
    scopes: list[Scope]
    roles: list[str] = Field(description="In the organisation's procedures")
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class NewApiKeyOut(ApiKeyOut):
    """A key just made: the only time that it is shown."""

    api_key: str = Field(description="Keep it; it cannot be shown again")


class ApiKeysOut(Output):
    """Every key of the organisation."""

    items: list[ApiKeyOut]
