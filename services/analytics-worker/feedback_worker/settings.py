"""Settings of the worker process."""

from datetime import timedelta
from typing import Self

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from feedback_core.kit.settings import DatabaseSettings, LogSettings, SecretSettings, WebhookSettings


class BrokerSettings(BaseSettings):
    """The doorbell. It may lose everything it holds."""

    model_config = SettingsConfigDict(env_prefix="BROKER_")

    url: SecretStr = Field(description="redis://:password@host:port/0 or amqp://user:password@host:port/virtual-host")


class WorkerSettings(BaseSettings):
    """How the worker works."""

    model_config = SettingsConfigDict(env_prefix="WORKER_")

    threads: int = Field(default=4, ge=1, le=64, description="Jobs that run at the same time in this process")
    lease_seconds: float = Field(default=30, ge=1, description="A job whose worker is silent so long is another's")
    relay_interval_seconds: float = Field(default=0.2, gt=0, description="Pause between looks for due jobs")
    relay_batch: int = Field(default=200, ge=1, le=10_000, description="Due jobs taken with one look")
    ring_again_after_seconds: float = Field(default=15, gt=0, description="A message not taken so long is sent again")
    tick_seconds: float = Field(default=2, gt=0, description="Pause between looks at what is to be requested regularly")
    metrics_host: str = Field(default="127.0.0.1", description="Address that metrics are served on")
    metrics_port: int | None = Field(default=None, ge=0, le=65535, description="Port of /metrics; none without it")

    @property
    def lease(self) -> timedelta:
        """A job whose worker is silent so long is another's."""
        return timedelta(seconds=self.lease_seconds)

    @property
    def ring_again_after(self) -> timedelta:
        """A message not taken so long is sent again."""
        return timedelta(seconds=self.ring_again_after_seconds)


class Settings:
    """All of it, by area."""

    def __init__(
        self,
        database: DatabaseSettings,
        secrets: SecretSettings,
        broker: BrokerSettings,
        *,
        worker: WorkerSettings | None = None,
        logs: LogSettings | None = None,
        webhooks: WebhookSettings | None = None,
    ) -> None:
        self.database = database
        self.secrets = secrets
        self.broker = broker
        self.worker = worker or WorkerSettings()
        self.logs = logs or LogSettings()
        self.webhooks = webhooks or WebhookSettings()

    @classmethod
    def from_environment(cls) -> Self:
        """Read every area from the environment."""
        return cls(DatabaseSettings(), SecretSettings(), BrokerSettings())
