"""HTTP shapes of connectors and of replays."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import ConfigDict, Field, SecretStr

from feedback_api.schemas.common import Input, Output
from feedback_api.schemas.imports import Word
from feedback_api.schemas.responses import Moment
from feedback_core.inbound.connectors.types import LONGEST_TOKEN, LONGEST_URL, StoredConnector
from feedback_core.inbound.types import DeliveryState
from feedback_core.jobs.types import Job, JobStatus


class ConnectorIn(Input):
    """How the rest of an event that has ids only is fetched."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"url": "https://api.example.com/responses/{response_id}", "token": "a-secret-token"}]
        }
    )

    url: Annotated[str, Field(min_length=9, max_length=LONGEST_URL, pattern=r"^[^\x00]*$")] = Field(
        description="https, with parameters of the mapping in braces. Redirects and private networks are not followed"
    )
    token: Annotated[SecretStr, Field(min_length=1, max_length=LONGEST_TOKEN)] = Field(
        description="Sent as Authorization: Bearer; visible ASCII. Kept encrypted, never shown again"
    )


class ConnectorOut(Output):
    """How the rest of an event is fetched, without the token."""

    url: str
    hint: str = Field(description="The last characters of the token")
    defined_by: str = Field(description="Name of the API key")
    defined_at: datetime

    @classmethod
    def of(cls, stored: StoredConnector) -> Self:
        """From the domain."""
        return cls.model_validate(stored)


class ReplayIn(Input):
    """Which deliveries are to be read again; all that are not processed, if nothing is said."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"state": "unmapped", "reason": "off_scale"}]})

    state: DeliveryState | None = Field(default=None, description="`unmapped`, `failed` or `ignored`")
    received_from: Moment | None = None
    received_to: Moment | None = Field(default=None, description="Received before")
    dedupe_id: Word | None = None
    reason: Word | None = Field(default=None, description="Code of the reason")


class ReplayLinksOut(Output):
    """Where to go from here."""

    self: str
    deliveries: str


class ReplayOut(Output):
    """How far deliveries have been put back to be read again."""

    id: UUID
    status: JobStatus
    deliveries: int = Field(description="Put back so far; the delivery log says what became of them")
    created_at: datetime
    finished_at: datetime | None
    links: ReplayLinksOut

    @classmethod
    def of(cls, job: Job, source_id: UUID) -> Self:
        """From the domain."""
        source = f"/v1/sources/{source_id}"
        return cls(
            id=job.id,
            status=job.status,
            deliveries=job.progress.done,
            created_at=job.created_at,
            finished_at=job.finished_at,
            links=ReplayLinksOut(self=f"{source}/replays/{job.id}", deliveries=f"{source}/deliveries"),
        )
