"""Tables of organisations, API keys, remembered requests, and who did what."""

from sqlalchemy import Column, Index, Integer, LargeBinary, SmallInteger, String, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from feedback_core.db.base import instant, metadata, organisation_id, revision

organisation = Table(
    "organisation",
    metadata,
    organisation_id(),
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("minimum_cell_size", Integer, nullable=False),
    instant("created_at"),
    revision(),
)

api_key = Table(
    "api_key",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("hint", String(16), nullable=False),
    Column("secret_hash", LargeBinary, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    # Parts in the organisation's own procedures that its holder has.
    Column("roles", ARRAY(Text), nullable=False, server_default="{}"),
    instant("created_at"),
    instant("expires_at", nullable=True),
    instant("revoked_at", nullable=True),
)

idempotent_request = Table(
    "idempotent_request",
    metadata,
    organisation_id(),
    Column("operation", Text, primary_key=True),
    Column("key_hash", LargeBinary, primary_key=True),
    Column("request_hash", LargeBinary, nullable=False),
    Column("status", SmallInteger),
    Column("headers", JSONB),
    Column("body", LargeBinary),
    instant("created_at"),
)

# Who did what that cannot be seen from the thing itself any more; never changed, and without a value of anybody.
audit_event = Table(
    "audit_event",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("action", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("thing", Text, nullable=False),
    Column("thing_id", Text),
    Column("details", JSONB, nullable=False),
    instant("at"),
    Index(None, "organisation_id", "thing_id", "id"),
    Index(None, "organisation_id", "action", "id"),
)
