"""Settings shared by both processes, by area; each is read from the environment and described."""

from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class DatabaseSettings(BaseSettings):
    """Where the truth is kept."""

    model_config = SettingsConfigDict(env_prefix="DATABASE_")

    url: SecretStr = Field(
        description="postgresql://user:password@host:port/database; a login that is granted feedback_app"
    )
    pool_size: int = Field(default=10, ge=1, le=200, description="Connections kept open by one process")
    pool_overflow: int = Field(default=10, ge=0, le=200, description="Connections beyond the pool under load")
    pool_timeout_seconds: float = Field(default=5.0, gt=0, description="Wait for a connection before answering 503")
    statement_timeout_seconds: float = Field(default=30.0, gt=0, description="Longest statement of a request")
    lock_timeout_seconds: float = Field(default=10.0, gt=0, description="Longest wait of a request for another one")


class SecretSettings(BaseSettings):
    """Keys that protect what identifies people."""

    model_config = SettingsConfigDict(env_prefix="FEEDBACK_")

    secret_keys: SecretStr = Field(description="Fernet keys, comma-separated, newest first; older ones still decrypt")
    pepper: SecretStr = Field(description="Secret of the keyed hashes that stand for external ids; never changes")


class ConnectorSettings(BaseSettings):
    """How the rest of an event that has ids only is fetched from its sender."""

    model_config = SettingsConfigDict(env_prefix="CONNECTOR_")

    timeout_seconds: float = Field(default=10.0, gt=0, le=120, description="Longest wait for one document, in all")
    max_bytes: int = Field(default=2**20, ge=1_000, le=2**26, description="Largest document that is fetched")
    allow_private_networks: bool = Field(
        default=False, description="Fetch from private addresses and without TLS too; for tests and closed networks"
    )


class EventSettings(BaseSettings):
    """How long what happened is kept."""

    model_config = SettingsConfigDict(env_prefix="EVENT_")

    keep_days: int = Field(
        default=30, ge=4, le=3650, description="Events, and what became of them at webhooks, are kept so long"
    )


class WebhookSettings(BaseSettings):
    """How events are delivered to webhooks."""

    model_config = SettingsConfigDict(env_prefix="WEBHOOK_")

    timeout_seconds: float = Field(default=15.0, gt=0, le=60, description="Longest wait for a receiver, in all")
    at_a_time: int = Field(default=64, ge=1, le=1_000, description="Webhooks that one worker delivers to at once")
    interval_seconds: float = Field(default=0.5, gt=0, description="Pause between looks for what is to be delivered")
    pause_after_hours: float = Field(
        default=72, gt=0, description="A webhook of which nothing was taken for so long is paused"
    )
    allow_private_networks: bool = Field(
        default=False, description="Deliver to private addresses and without TLS too; for tests and closed networks"
    )


class SmtpSettings(BaseSettings):
    """The mail server that reports and invitations are sent by."""

    model_config = SettingsConfigDict(env_prefix="SMTP_")

    host: str | None = Field(default=None, description="Name of the mail server; no mail is sent without it")
    port: int = Field(default=587, ge=1, le=65535, description="Its port")
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="`starttls`, `tls` from the first byte, or `none`, for a server of one's own"
    )
    username: str | None = Field(default=None, description="Login, where it asks for one")
    password: SecretStr | None = Field(default=None, description="Of that login")
    sender: str | None = Field(default=None, description="Address that mail comes from; no mail is sent without it")
    timeout_seconds: float = Field(default=30.0, gt=0, le=300, description="Longest time for one mail, in all")


class ReportSettings(BaseSettings):
    """How recipients reach reports."""

    model_config = SettingsConfigDict(env_prefix="REPORTS_")

    link_base_url: str | None = Field(
        default=None, description="Address at which recipients reach the API: https://feedback.example.org"
    )


class InvitationSettings(BaseSettings):
    """How invited people reach the questionnaire, and who may say what became of messages."""

    model_config = SettingsConfigDict(env_prefix="INVITATIONS_")

    link_base_url: str | None = Field(
        default=None, description="Address at which the invited reach the API: https://feedback.example.org"
    )
    notice_secrets: SecretStr | None = Field(
        default=None,
        description="Secrets `whsec_…` with which bounces and deliveries are signed, comma-separated; else none come",
    )


class SmsSettings(BaseSettings):
    """The gateway that short messages are sent by."""

    model_config = SettingsConfigDict(env_prefix="SMS_")

    gateway_url: str | None = Field(default=None, description="Where messages are posted; none is sent without it")
    gateway_token: SecretStr | None = Field(default=None, description="Sent as Authorization: Bearer, where it is set")
    body_template: str = Field(
        default='{"to": "{to}", "text": "{text}", "id": "{id}"}',
        description="JSON that is posted: `{to}`, `{text}` and `{id}` stand in its strings",
    )
    timeout_seconds: float = Field(default=15.0, gt=0, le=120, description="Longest time for one message, in all")
    allow_private_networks: bool = Field(
        default=False, description="Post to private addresses and without TLS too; for tests and closed networks"
    )


class LogSettings(BaseSettings):
    """What is logged, and how."""

    model_config = SettingsConfigDict(env_prefix="LOG_")

    level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")
    json_lines: bool = Field(default=True, description="JSON lines; otherwise for reading at a terminal")
