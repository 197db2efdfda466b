"""Tables of webhooks: endpoints, secrets, what each is to be told, and every attempt at it."""

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, Integer, LargeBinary, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from feedback_core.db.base import Xid8, belongs_to, instant, metadata, organisation_id, revision

webhook = Table(
    "webhook",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("url", Text, nullable=False),
    Column("description", Text),
    Column("kinds", ARRAY(Text), nullable=False),
    Column("format", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("pause_reason", Text),
    instant("state_since"),
    Column("created_by", Text, nullable=False),
    instant("created_at"),
    revision(),
)

webhook_secret = Table(
    "webhook_secret",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("webhook_id", Uuid, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("hint", Text, nullable=False),
    instant("created_at"),
    instant("expires_at", nullable=True),
    belongs_to("webhook", "webhook_id"),
    Index(None, "organisation_id", "webhook_id"),
)

# The queue of a webhook: who works on it, when there is something to do, and how its receiver does. Apart from the
# settings, so that neither an edit nor a delivery is in the way of the other.
webhook_queue = Table(
    "webhook_queue",
    metadata,
    organisation_id(),
    Column("webhook_id", Uuid, primary_key=True),
    Column("last_position", BigInteger, nullable=False, server_default="0"),
    # Null: nothing waits, or nothing may be delivered.
    instant("due_at", nullable=True),
    Column("lease_token", Uuid),
    instant("lease_until", nullable=True),
    Column("failures", Integer, nullable=False, server_default="0"),
    instant("failing_since", nullable=True),
    instant("resting_until", nullable=True),
    instant("last_delivered_at", nullable=True),
    belongs_to("webhook", "webhook_id"),
    Index("ix_webhook_queue_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),
)

webhook_delivery = Table(
    "webhook_delivery",
    metadata,
    organisation_id(),
    Column("webhook_id", Uuid, primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    # Its place in the queue: in the order of the feed; of a test before everything else.
    Column("position", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    # Kind and id of what the event is about: deliveries of one subject go one after the other.
    Column("subject", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    # Attempts of the schedule that are over; others are made to see whether a receiver is there again.
    Column("step", Integer, nullable=False, server_default="0"),
    instant("next_attempt_at", nullable=True),
    instant("created_at"),
    instant("settled_at", nullable=True),
    belongs_to("webhook", "webhook_id"),
    belongs_to("event", "event_id", cascade=True),
    Index("uq_webhook_delivery_position", "organisation_id", "webhook_id", "position", unique=True),
    Index(None, "organisation_id", "event_id"),
    Index(
        "ix_webhook_delivery_pending",
        "organisation_id",
        "webhook_id",
        "position",
        postgresql_where=text("state = 'pending'"),
    ),
    Index(
        "ix_webhook_delivery_due",
        "organisation_id",
        "webhook_id",
        "next_attempt_at",
        postgresql_where=text("state = 'pending'"),
    ),
    Index(
        "ix_webhook_delivery_subject",
        "organisation_id",
        "webhook_id",
        "subject",
        postgresql_where=text("state = 'pending'"),
    ),
    Index(
        "ix_webhook_delivery_failed",
        "organisation_id",
        "webhook_id",
        "position",
        postgresql_where=text("state = 'failed'"),
    ),
)

webhook_attempt = Table(
    "webhook_attempt",
    metadata,
    organisation_id(),
    Column("webhook_id", Uuid, primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    instant("at"),
    Column("outcome", Text, nullable=False),
    Column("status", Integer),
    Column("detail", Text),
    # What the receiver answered: not ours, so an erasure looks through it.
    Column("snippet", Text),
    Column("milliseconds", Integer, nullable=False),
    ForeignKeyConstraint(
        ["organisation_id", "webhook_id", "event_id"],
        ["webhook_delivery.organisation_id", "webhook_delivery.webhook_id", "webhook_delivery.event_id"],
        name="fk_webhook_attempt_webhook_delivery",
        ondelete="CASCADE",
    ),
)

# Up to where the feed of an organisation is handed out to its webhooks.
webhook_feed = Table(
    "webhook_feed",
    metadata,
    organisation_id(),
    Column("xid", Xid8, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("event_id", Uuid, nullable=False),
)
