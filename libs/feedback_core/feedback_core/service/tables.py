"""Tables of the service: its features, and the processes, offers and touchpoints that they belong to."""

from sqlalchemy import Column, Index, SmallInteger, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from feedback_core.db.base import belongs_to, instant, metadata, organisation_id, revision

process = Table(
    "process",
    metadata,
    organisation_id(),
    Column("key", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("owner", Text),
    # What one unit of its work takes: paper, travel, energy.
    Column("footprint", JSONB),
    instant("created_at"),
    revision(),
)

offer = Table(
    "offer",
    metadata,
    organisation_id(),
    Column("key", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("owner", Text),
    instant("created_at"),
    revision(),
)

touchpoint = Table(
    "touchpoint",
    metadata,
    organisation_id(),
    Column("key", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("owner", Text),
    instant("created_at"),
    revision(),
)

feature = Table(
    "feature",
    metadata,
    organisation_id(),
    Column("key", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("description", Text),
    # A name, as a release before this one writes it; every name that was there has become a process.
    Column("process", Text),
    Column("process_key", Text),
    Column("owner", Text),
    # From 1 to 5.
    Column("assumed_importance", SmallInteger),
    instant("created_at"),
    revision(),
    belongs_to("process", "process_key", key="key"),
    Index(None, "organisation_id", "process_key"),
)

feature_offer = Table(
    "feature_offer",
    metadata,
    organisation_id(),
    Column("feature_key", Text, primary_key=True),
    Column("offer_key", Text, primary_key=True),
    belongs_to("feature", "feature_key", key="key", cascade=True),
    belongs_to("offer", "offer_key", key="key"),
    Index(None, "organisation_id", "offer_key"),
)

feature_touchpoint = Table(
    "feature_touchpoint",
    metadata,
    organisation_id(),
    Column("feature_key", Text, primary_key=True),
    Column("touchpoint_key", Text, primary_key=True),
    belongs_to("feature", "feature_key", key="key", cascade=True),
    belongs_to("touchpoint", "touchpoint_key", key="key"),
    Index(None, "organisation_id", "touchpoint_key"),
)
