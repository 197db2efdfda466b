"""Settings of the API process."""

from typing import Self

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from feedback_core.kit.settings import DatabaseSettings, LogSettings, SecretSettings, WebhookSettings


class HttpSettings(BaseSettings):
    """The listening side."""

    model_config = SettingsConfigDict(env_prefix="")

    host: str = Field(default="127.0.0.1", description="Address to listen on")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on")
    public_url: str | None = Field(
        default=None, description="Base address written into the OpenAPI document, and into the links of collectors"
    )


class ApiSettings(BaseSettings):
    """Limits of the API."""

    model_config = SettingsConfigDict(env_prefix="API_")

    key_cache_seconds: float = Field(
        default=3.0, ge=0, le=5, description="How long a revoked key may still be believed"
    )
    key_cache_size: int = Field(default=10_000, ge=1, description="Keys remembered by one process")
    body_limit_bytes: int = Field(default=5 * 2**20, ge=1024, description="Largest body but for imports")
    import_limit_bytes: int = Field(default=4 * 2**30, ge=1024, description="Largest file of an import")
    processes: int = Field(
        default=1,
        ge=1,
        validation_alias=AliasChoices("API_PROCESSES", "WEB_CONCURRENCY"),
        description="API processes of the deployment: each grants its share of a quota",
    )
    key_requests_per_minute: int = Field(default=30_000, ge=0, description="Quota of one API key; 0: none")
    organisation_requests_per_minute: int = Field(default=60_000, ge=0, description="Quota of all its keys; 0: none")
    capture_queue_size: int = Field(
        default=2_000, ge=1, description="Single responses of one process that wait to be written, before 503"
    )
    capture_queue_bytes: int = Field(default=32 * 2**20, ge=1024, description="Bytes of them, before 503")
    capture_group_size: int = Field(default=500, ge=1, le=5_000, description="Most single responses in one commit")
    webhook_limit_bytes: int = Field(default=2**20, ge=1024, description="Largest body of a webhook")
    webhook_read_seconds: float = Field(default=10, gt=0, description="How long the body of a webhook may take to come")
    webhook_queue_size: int = Field(
        default=2_000,
        ge=1,
        description="Webhooks of one process that wait to be stored, before senders are told to wait",
    )
    webhook_requests_per_minute: int = Field(default=30_000, ge=0, description="Quota of one source; 0: none")
    source_cache_seconds: float = Field(
        default=3.0, ge=0, le=5, description="How long a deleted secret of a source may still be believed"
    )
    source_cache_size: int = Field(default=10_000, ge=1, description="Sources remembered by one process")
    public_requests_per_minute: int = Field(
        default=6_000, ge=0, description="Quota of one public page, of all its readers together; 0: none"
    )
    drawing_seconds: float = Field(default=15, gt=0, description="How long the picture of one chart may take")
    job_age_alarm_seconds: float = Field(default=300, gt=0, description="Oldest due job at which readiness says so")


class Settings:
    """All of it, by area."""

    def __init__(
        self,
        database: DatabaseSettings,
        secrets: SecretSettings,
        *,
        http: HttpSettings | None = None,
        api: ApiSettings | None = None,
        logs: LogSettings | None = None,
        webhooks: WebhookSettings | None = None,
    ) -> None:
        self.database = database
        self.secrets = secrets
        self.http = http or HttpSettings()
        self.api = api or ApiSettings()
        self.logs = logs or LogSettings()
        self.webhooks = webhooks or WebhookSettings()

    @classmethod
    def from_environment(cls) -> Self:
        """Read every area from the environment."""
        return cls(DatabaseSettings(), SecretSettings())
