"""Settings of the API process."""

from typing import Self

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from feedback_core.kit.settings import DatabaseSettings, LogSettings, SecretSettings


class HttpSettings(BaseSettings):
    """The listening side."""

    model_config = SettingsConfigDict(env_prefix="")

    host: str = Field(default="127.0.0.1", description="Address to listen on")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on")
    public_url: str | None = Field(default=None, description="Base address written into the OpenAPI document")


class ApiSettings(BaseSettings):
    """Limits of the API."""

    model_config = SettingsConfigDict(env_prefix="API_")

    key_cache_seconds: float = Field(
        default=3.0, ge=0, le=5, description="How long a revoked key may still be believed"
    )
    key_cache_size: int = Field(default=10_000, ge=1, description="Keys remembered by one process")
    body_limit_bytes: int = Field(default=5 * 2**20, ge=1024, description="Largest body but for imports")
    import_limit_bytes: int = Field(default=4 * 2**30, ge=1024, description="Largest file of an import")
    webhook_limit_bytes: int = Field(default=2**20, ge=1024, description="Largest body of a webhook")
    webhook_read_seconds: float = Field(default=10, gt=0, description="How long the body of a webhook may take to come")
    webhook_queue_size: int = Field(
        default=2_000,
        ge=1,
        description="Webhooks of one process that wait to be stored, before senders are told to wait",
    )
    source_cache_seconds: float = Field(
        default=3.0, ge=0, le=5, description="How long a deleted secret of a source may still be believed"
    )
    source_cache_size: int = Field(default=10_000, ge=1, description="Sources remembered by one process")
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
    ) -> None:
        self.database = database
        self.secrets = secrets
        self.http = http or HttpSettings()
        self.api = api or ApiSettings()
        self.logs = logs or LogSettings()

    @classmethod
    def from_environment(cls) -> Self:
        """Read every area from the environment."""
        return cls(DatabaseSettings(), SecretSettings())
