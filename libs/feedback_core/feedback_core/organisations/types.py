"""Vocabulary of tenancy: organisations, scopes, and who is calling."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Scope(StrEnum):
    """What a key may do; a key has any number of them."""

    ORGANISATION_READ = "organisation:read"
    ORGANISATION_ADMIN = "organisation:admin"
    AUDIT_READ = "audit:read"
    SERVICE_READ = "service:read"
    SERVICE_WRITE = "service:write"
    SURVEYS_READ = "surveys:read"
    SURVEYS_WRITE = "surveys:write"
    PLANNING_READ = "planning:read"
    PLANNING_WRITE = "planning:write"
    SAMPLING_READ = "sampling:read"
    SAMPLING_WRITE = "sampling:write"
    FIELDWORK_READ = "fieldwork:read"
    FIELDWORK_WRITE = "fieldwork:write"
    RESPONSES_READ = "responses:read"
    RESPONSES_WRITE = "responses:write"
    RESPONSES_ERASE = "responses:erase"
    VERBATIMS_UNMASKED = "verbatims:unmasked"
    IDENTITIES_READ = "identities:read"
    SUBJECTS_READ = "subjects:read"
    SUBJECTS_WRITE = "subjects:write"
    SOURCES_READ = "sources:read"
    SOURCES_WRITE = "sources:write"
    CODINGS_READ = "codings:read"
    CODINGS_WRITE = "codings:write"
    KPIS_READ = "kpis:read"
    KPIS_WRITE = "kpis:write"
    STANDARDS_READ = "standards:read"
    STANDARDS_WRITE = "standards:write"
    ANALYSES_READ = "analyses:read"
    ANALYSES_WRITE = "analyses:write"
    RECOMMENDATIONS_READ = "recommendations:read"
    RECOMMENDATIONS_WRITE = "recommendations:write"
    PROCEDURES_READ = "procedures:read"
    PROCEDURES_WRITE = "procedures:write"
    CASES_READ = "cases:read"
    CASES_WRITE = "cases:write"
    PEOPLE_REPRESENT = "people:represent"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    PERFORMANCE_READ = "performance:read"
    PERFORMANCE_EVERYBODY = "performance:everybody"
    PERFORMANCE_WRITE = "performance:write"
    PERFORMANCE_REPLY = "performance:reply"
    CULTURE_READ = "culture:read"
    CULTURE_WRITE = "culture:write"
    EVENTS_READ = "events:read"
    WEBHOOKS_READ = "webhooks:read"
    WEBHOOKS_WRITE = "webhooks:write"
    REPORTS_READ = "reports:read"
    REPORTS_WRITE = "reports:write"
    REPORTS_SEND = "reports:send"
    EVIDENCE_READ = "evidence:read"
    EVIDENCE_WRITE = "evidence:write"


class AuditAction(StrEnum):
    """What is written down of what was done."""

    API_KEY_CREATED = "api_key.created"
    API_KEY_REVOKED = "api_key.revoked"
    CONFIDENTIALITY_CHANGED = "survey.confidentiality_changed"
    SURVEY_ANONYMISED = "survey.anonymised"
    ANSWERS_ERASED = "survey.answers_erased"
    RETENTION_SET = "retention.set"
    RETENTION_ENDED = "retention.ended"
    RETENTION_APPLIED = "retention.applied"
    RESPONSE_ERASED = "response.erased"
    SUBJECT_REQUESTED = "subject_request.made"
    SUBJECT_ANSWERED = "subject_request.answered"
    SUBJECT_EXPORT_READ = "subject_request.export_read"
    SECRETS_RESEALED = "organisation.resealed"


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Something that was done.

    Attributes:
        actor: name of the API key, or of the part of the service that did it by itself.
        thing: what it was done to, in words of ours.
        thing_id: which one; ``None``: the organisation as a whole.
        details: numbers and words of ours.
    """

    id: UUID
    action: AuditAction
    actor: str
    thing: str
    thing_id: str | None
    details: Mapping[str, object]
    at: datetime


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
        roles: keys of roles in the organisation's procedures that its holder has.
    """

    id: UUID
    name: str
    hint: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling, as the credential says; ``roles`` are those in the organisation's procedures."""

    organisation_id: UUID
    api_key_id: UUID
    name: str
    scopes: frozenset[Scope]
    expires_at: datetime | None
    roles: frozenset[str] = field(default=frozenset(), kw_only=True)

    @property
    def unmasked(self) -> bool:
        """Whether personal data in comments may be shown."""
        return Scope.VERBATIMS_UNMASKED in self.scopes


@dataclass(frozen=True, slots=True)
class RememberedAnswer:
    """The first answer to a request, to be given again."""

    request_hash: bytes
    status: int
    headers: dict[str, str]
    body: bytes
