"""Table of the features of the service."""

from sqlalchemy import Column, Table, Text

from feedback_core.db.base import instant, metadata, organisation_id, revision

feature = Table(
    "feature",
    metadata,
    organisation_id(),
    Column("key", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("process", Text),
    Column("owner", Text),
    instant("created_at"),
    revision(),
)
