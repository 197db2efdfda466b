"""Tables of what became of deliveries beyond themselves: what they speak of, whom they forget, what was fetched."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text, Uuid, func, text

from feedback_core.db.base import belongs_to, instant, metadata, organisation_id, revision
from feedback_core.inbound.tables import delivery

# What waits is read in the order in which it came about.
Index(
    "ix_delivery_next",
    delivery.c.organisation_id,
    delivery.c.source_id,
    func.coalesce(delivery.c.occurred_at, delivery.c.received_at),
    delivery.c.id,
    postgresql_where=text("state = 'waiting'"),
)

# What deliveries of a source speak of, by the keyed hash of its external id: the response that counts, and how often
# the sender has changed it.
source_object = Table(
    "source_object",
    metadata,
    organisation_id(),
    Column("source_id", Uuid, primary_key=True),
    Column("object_ref", LargeBinary, primary_key=True),
    # No foreign key: what was erased stays known, so that a late repetition does not bring it back.
    Column("response_id", Uuid, nullable=False),
    Column("takes", Integer, nullable=False),
    Column("said_hash", LargeBinary, nullable=False),
    instant("occurred_at"),
    belongs_to("source", "source_id"),
)

# Whom a source has had forgotten, by keyed hash: what it says of them from before comes to nothing.
source_forgotten = Table(
    "source_forgotten",
    metadata,
    organisation_id(),
    Column("source_id", Uuid, primary_key=True),
    Column("subject_ref", LargeBinary, primary_key=True),
    instant("forgotten_at"),
    belongs_to("source", "source_id"),
)

# How the rest of an event that has ids only is fetched.
source_connector = Table(
    "source_connector",
    metadata,
    organisation_id(),
    Column("source_id", Uuid, primary_key=True),
    Column("url", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("hint", Text, nullable=False),
    instant("defined_at"),
    Column("defined_by", Text, nullable=False),
    revision(),
    belongs_to("source", "source_id"),
)

# What was fetched for an item, sealed; it goes with the body of its delivery.
delivery_fetch = Table(
    "delivery_fetch",
    metadata,
    organisation_id(),
    Column("delivery_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("content_type", Text),
    Column("body", LargeBinary, nullable=False),
    Column("body_sha256", LargeBinary, nullable=False),
    instant("fetched_at"),
    belongs_to("delivery", "delivery_id"),
)
