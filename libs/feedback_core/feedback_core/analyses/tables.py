"""Tables of analysis runs and schedules."""

from sqlalchemy import Boolean, Column, Index, LargeBinary, SmallInteger, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from feedback_core.db.base import belongs_to, instant, metadata, organisation_id, revision

analysis_run = Table(
    "analysis_run",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("survey_id", Uuid, nullable=False),
    Column("parameters", JSONB, nullable=False),
    # Hash of kind and parameters, and of the data they stood on when asked: the same pair is the same run.
    Column("request_hash", LargeBinary, nullable=False),
    Column("data_version", Text, nullable=False),
    # No foreign key: jobs are claimed across tenants and stay a local table when the others are distributed.
    Column("job_id", Uuid, nullable=False),
    Column("schedule_id", Uuid),
    Column("sentence", Text),
    Column("result", JSONB),
    Column("libraries", JSONB),
    Column("requested_by", Text, nullable=False),
    instant("created_at"),
    instant("finished_at", nullable=True),
    belongs_to("survey", "survey_id"),
    Index(None, "organisation_id", "request_hash", "data_version"),
    Index(None, "organisation_id", "survey_id", "id"),
)

analysis_schedule = Table(
    "analysis_schedule",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("survey_id", Uuid, nullable=False),
    Column("parameters", JSONB, nullable=False),
    Column("cadence", Text, nullable=False),
    Column("hour", SmallInteger, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("enabled", Boolean, nullable=False),
    instant("next_run_at"),
    instant("created_at"),
    revision(),
    belongs_to("survey", "survey_id"),
    Index(None, "next_run_at"),
)
