"""Shapes of sources and their secrets."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import AS_WHOLE, Input, Line, Output, Page
from feedback_api.schemas.responses import Moment
from feedback_core.inbound.addresses import SourceAddress
from feedback_core.inbound.types import (
    DEFAULT_RETENTION_DAYS,
    Preset,
    RefusalReason,
    Scheme,
    Source,
    SourceOptions,
    SourceState,
)
from feedback_core.inbound.use_cases.sources import NewSecret, SourceDetail, SourceSettings

RetentionDays = Annotated[int, Field(strict=True, ge=1, le=3650), AS_WHOLE]

EXAMPLE: dict[str, Any] = {
    "name": "Zendesk, satisfaction",
    "preset": "zendesk",
    "survey_id": "01890a5d-ac96-774b-bcce-b302099a8057",
}
CHANGE_EXAMPLE: dict[str, Any] = {"name": "Zendesk, satisfaction", "state": "active", "retention_days": 30}


class SourceOptionsIn(Input):
    """What the preset lets choose; most let nothing."""

    scheme: Scheme | None = Field(default=None, description="Of a shared secret; a header if left out")
    header: str | None = Field(
        default=None,
        min_length=1,
        max_length=100,
        pattern=r"^[\x21-\x7e]+$",
        description="Carries the shared secret; X-Webhook-Secret if left out",
    )
    organisation_ids: list[Annotated[str, Field(max_length=18, pattern=r"^[\x21-\x7e]+$")]] = Field(
        default_factory=list, max_length=50, description="Of Salesforce: which organisations may send"
    )

    def options(self) -> SourceOptions:
        """The same, for the domain."""
        return SourceOptions(self.scheme, self.header, tuple(self.organisation_ids))


class SourceChangeIn(Input):
    """What may be changed of a source."""

    model_config = ConfigDict(json_schema_extra={"examples": [CHANGE_EXAMPLE]})

    name: Line
    state: Literal[SourceState.ACTIVE, SourceState.PAUSED] = Field(
        default=SourceState.ACTIVE, description="A paused source has its sender come back later"
    )
    options: SourceOptionsIn = Field(default_factory=SourceOptionsIn)
    signed_url: str | None = Field(
        default=None,
        max_length=2000,
        description="Of HubSpot v2 and v3 and of Twilio: the address as they call it, where it is not this service's",
    )
    retention_days: RetentionDays = Field(default=DEFAULT_RETENTION_DAYS, description="How long bodies are kept")

    def settings(self) -> SourceSettings:
        """The same, for the domain."""
        return SourceSettings(
            self.name.strip(), self.state, self.options.options(), self.signed_url, self.retention_days
        )


class SourceIn(SourceChangeIn):
    """A new source."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    preset: Preset = Field(description="Whose way of signing it follows; it stays")
    survey_id: UUID = Field(description="What its deliveries answer; it stays")


class SourceOptionsOut(Output):
    """What was chosen."""

    scheme: Scheme | None
    header: str | None
    organisation_ids: list[str]


class SecretOut(Output):
    """A secret, never shown itself."""

    id: UUID
    hint: str = Field(description="Its last characters; empty if it is too short to show any")
    created_at: datetime
    expires_at: datetime | None = Field(description="Not believed from then on; null: for good")


class SecretIn(Input):
    """Another secret of a source."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}]})

    secret: str | None = Field(
        default=None,
        min_length=1,
        max_length=500,
        description="As the sender shows it; left out, one is made where the sender takes any",
    )
    previous_expire_at: Moment | None = Field(
        default=None, description="From when the other secrets are not believed any more; null: they stay as they are"
    )


class NewSecretOut(SecretOut):
    """A secret just added: the only time that it is shown, and only if this service made it."""

    secret: str | None = Field(description="Give it to the sender; it cannot be shown again")
    inbound_url: str | None = Field(description="Of Salesforce: the address, the secret in it")

    @classmethod
    def with_address(cls, added: NewSecret, source: Source, organisation_id: UUID, public_url: str | None) -> Self:
        """From the domain."""
        shown = SecretOut.model_validate(added.secret).model_dump()
        in_path = source.preset is Preset.SALESFORCE_OUTBOUND_MESSAGE and added.made
        address = f"{inbound_url(source, organisation_id, public_url)}/{added.made}" if in_path else None
        return cls(**shown, secret=added.made, inbound_url=address)


class RefusalCountOut(Output):
    """How often something was refused on one day (UTC)."""

    day: date
    reason: RefusalReason
    times: int
    last_at: datetime


class SourceLinksOut(Output):
    """Where to go from here."""

    self: str
    deliveries: str
    survey: str


class SourceOut(Output):
    """A source as it stands."""

    id: UUID
    name: str
    preset: Preset
    survey_id: UUID
    state: SourceState
    options: SourceOptionsOut
    inbound_url: str = Field(description="Where its sender delivers; a path where this service's address is not set")
    signed_url: str | None
    retention_days: int
    mapping_version: int | None = Field(description="Of its mapping; null: it has none yet")
    created_at: datetime
    retired_at: datetime | None
    links: SourceLinksOut

    @classmethod
    def of(cls, source: Source, organisation_id: UUID, public_url: str | None) -> Self:
        """From the domain."""
        return cls(**cls.parts(source, organisation_id, public_url))

    @classmethod
    def parts(cls, source: Source, organisation_id: UUID, public_url: str | None) -> dict[str, object]:
        """The fields that a list shows."""
        path = f"/v1/sources/{source.id}"
        return {
            "id": source.id,
            "name": source.name,
            "preset": source.preset,
            "survey_id": source.survey_id,
            "state": source.state,
            "options": SourceOptionsOut.model_validate(source.options),
            "inbound_url": inbound_url(source, organisation_id, public_url),
            "signed_url": source.signed_url,
            "retention_days": source.retention_days,
            "mapping_version": source.mapping_version,
            "created_at": source.created_at,
            "retired_at": source.retired_at,
            "links": SourceLinksOut(
                self=path, deliveries=f"{path}/deliveries", survey=f"/v1/surveys/{source.survey_id}"
            ),
        }


class SourceDetailOut(SourceOut):
    """A source with its secrets, and what it refused in the last 30 days."""

    secrets: list[SecretOut]
    refusals: list[RefusalCountOut]

    @classmethod
    def with_secrets(cls, detail: SourceDetail, organisation_id: UUID, public_url: str | None) -> Self:
        """From the domain."""
        return cls(
            **cls.parts(detail.source, organisation_id, public_url),
            secrets=[SecretOut.model_validate(secret) for secret in detail.secrets],
            refusals=[RefusalCountOut.model_validate(count) for count in detail.refusals],
        )


class SourcesOut(Page[SourceOut]):
    """A page of sources, newest first."""


def inbound_url(source: Source, organisation_id: UUID, public_url: str | None) -> str:
    """Where the sender of a source delivers."""
    return (public_url or "").rstrip("/") + SourceAddress(organisation_id, source.id).path()
