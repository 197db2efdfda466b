"""Vocabulary of tenancy: organisations, scopes, and who is calling."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Scope(StrEnum):
    """What a key may do; a key has any number of them."""

    ORGANISATION_READ = "organisation:read"
    ORGANISATION_ADMIN = "organisation:admin"
    SERVICE_READ = "service:read"
    SERVICE_WRITE = "service:write"
    SURVEYS_READ = "surveys:read"
    SURVEYS_WRITE = "surveys:write"
    RESPONSES_READ = "responses:read"
    RESPONSES_WRITE = "responses:write"
    RESPONSES_ERASE = "responses:erase"
    IDENTITIES_READ = "identities:read"
    SOURCES_READ = "sources:read"
    SOURCES_WRITE = "sources:write"
    CODINGS_READ = "codings:read"
    CODINGS_WRITE = "codings:write"
    KPIS_READ = "kpis:read"
    KPIS_WRITE = "kpis:write"
    ANALYSES_READ = "analyses:read"
    ANALYSES_WRITE = "analyses:write"
    RECOMMENDATIONS_READ = "recommendations:read"
    RECOMMENDATIONS_WRITE = "recommendations:write"


@dataclass(frozen=True, slots=True)
class Organisation:
    """A tenant and its settings.

    Attributes:
        minimum_cell_size: figures from fewer respondents are withheld.
        time_zone: IANA name; days, months and years of every KPI are counted in it.
    """

    organisation_id: UUID
    key: str
    name: str
    time_zone: str
    minimum_cell_size: int
    created_at: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it may be shown: never its secret.

    Attributes:
        hint: its last characters, to tell keys apart.
    """

    id: UUID
    name: str
    hint: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling, as the credential says."""

    organisation_id: UUID
    api_key_id: UUID
    name: str
    scopes: frozenset[Scope]
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class RememberedAnswer:
    """The first answer to a request, to be given again."""

    request_hash: bytes
    status: int
    headers: dict[str, str]
    body: bytes
