"""Table of alerts."""

from sqlalchemy import Column, Index, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from feedback_core.db.base import belongs_to, instant, metadata, organisation_id, revision

kpi_alert = Table(
    "kpi_alert",
    metadata,
    organisation_id(),
    Column("key", Text, primary_key=True),
    Column("survey_id", Uuid, nullable=False),
    # Metric, threshold, days, and how sure.
    Column("details", JSONB, nullable=False),
    Column("state", Text, nullable=False),
    instant("since", nullable=True),
    # What was found when it was last looked at.
    instant("checked_at", nullable=True),
    Column("figure", JSONB),
    Column("reason", Text),
    # Null: it is not enabled.
    instant("next_check_at", nullable=True),
    instant("created_at"),
    revision(),
    belongs_to("survey", "survey_id"),
    Index(None, "organisation_id", "survey_id"),
    Index(None, "next_check_at"),
)
