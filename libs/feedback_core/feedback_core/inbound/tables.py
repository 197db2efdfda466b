"""Tables of sources, their secrets and mappings, and of what they delivered."""

from sqlalchemy import BigInteger, Column, Date, Index, Integer, LargeBinary, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from feedback_core.db.base import belongs_to, instant, metadata, organisation_id, revision

source = Table(
    "source",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("survey_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("preset", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("options", JSONB, nullable=False),
    # The address as the sender calls and signs it, where that is not the service's own.
    Column("signed_url", Text),
    Column("retention_days", Integer, nullable=False),
    instant("created_at"),
    instant("retired_at", nullable=True),
    revision(),
    belongs_to("survey", "survey_id"),
)

source_secret = Table(
    "source_secret",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("source_id", Uuid, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("hint", Text, nullable=False),
    instant("created_at"),
    instant("expires_at", nullable=True),
    belongs_to("source", "source_id"),
    Index(None, "organisation_id", "source_id"),
)

# How deliveries of a source are read; a version is never changed.
source_mapping = Table(
    "source_mapping",
    metadata,
    organisation_id(),
    Column("source_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("mapping", JSONB, nullable=False),
    Column("defined_by", Text, nullable=False),
    instant("defined_at"),
    belongs_to("source", "source_id"),
)

# The inbox: one row for each accepted request, kept as it came in. What may change is only what became of it, how often
# it was repeated, and that the body is taken away.
delivery = Table(
    "delivery",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("source_id", Uuid, nullable=False),
    # How it was verified: the preset of the source, and which of its secrets fitted.
    Column("preset", Text, nullable=False),
    Column("secret_id", Uuid, nullable=False),
    Column("dedupe_id", Text, nullable=False),
    instant("received_at"),
    # When the sender says that it came about.
    instant("occurred_at", nullable=True),
    Column("content_type", Text),
    Column("headers", JSONB, nullable=False),
    # Sealed; null once it is redacted.
    Column("body", LargeBinary),
    Column("body_sha256", LargeBinary, nullable=False),
    Column("body_size", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", JSONB),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("mapping_version", Integer),
    instant("settled_at", nullable=True),
    Column("repeats", Integer, nullable=False, server_default="0"),
    instant("repeated_at", nullable=True),
    instant("redacted_at", nullable=True),
    belongs_to("source", "source_id"),
    Index("uq_delivery_dedupe_id", "organisation_id", "source_id", "dedupe_id", unique=True),
    Index(None, "organisation_id", "source_id", "received_at", "id"),
    Index(
        "ix_delivery_open",
        "organisation_id",
        "source_id",
        "state",
        "id",
        postgresql_where=text("state IN ('waiting', 'unmapped', 'failed')"),
    ),
    Index(
        "ix_delivery_unredacted",
        "organisation_id",
        "source_id",
        "received_at",
        postgresql_where=text("redacted_at IS NULL"),
    ),
)

# What the parts of a delivery became. An item that came before, in whichever delivery, is noted as repeated: the index
# lets one of all with the same id be something else. The response is no foreign key, so that an item whose response was
# erased is still known when its sender repeats it.
delivery_item = Table(
    "delivery_item",
    metadata,
    organisation_id(),
    Column("delivery_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("source_id", Uuid, nullable=False),
    Column("item_id", Text, nullable=False),
    instant("occurred_at", nullable=True),
    Column("outcome", Text, nullable=False),
    Column("reason", JSONB),
    Column("response_id", Uuid),
    Column("mapping_version", Integer),
    instant("settled_at", nullable=True),
    belongs_to("delivery", "delivery_id"),
    Index(
        "uq_delivery_item_item_id",
        "organisation_id",
        "source_id",
        "item_id",
        unique=True,
        postgresql_where=text("outcome <> 'repeated'"),
    ),
    Index(
        "ix_delivery_item_response",
        "organisation_id",
        "response_id",
        postgresql_where=text("response_id IS NOT NULL"),
    ),
)

# All that is kept of what was refused: how often, by day (UTC) and reason.
delivery_refusal = Table(
    "delivery_refusal",
    metadata,
    organisation_id(),
    Column("source_id", Uuid, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("reason", Text, primary_key=True),
    Column("times", BigInteger, nullable=False),
    instant("last_at"),
    belongs_to("source", "source_id"),
)
