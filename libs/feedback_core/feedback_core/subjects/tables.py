"""Tables of erasures of a survey, retention, requests of data subjects, and how far sealing has come."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from feedback_core.db.base import belongs_to, instant, metadata, organisation_id, revision

# What was taken out of a survey as a whole: asked for by somebody, or due by its retention.
survey_erasure = Table(
    "survey_erasure",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("survey_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("parameters", JSONB, nullable=False),
    Column("reason", Text, nullable=False),
    Column("requested_by", Text, nullable=False),
    # No foreign key: jobs are claimed across tenants and stay a local table when the others are distributed.
    Column("job_id", Uuid, nullable=False),
    Column("report", JSONB),
    instant("created_at"),
    instant("finished_at", nullable=True),
    belongs_to("survey", "survey_id"),
    Index(None, "organisation_id", "survey_id", "id"),
)

retention_policy = Table(
    "retention_policy",
    metadata,
    organisation_id(),
    Column("survey_id", Uuid, primary_key=True),
    Column("action", Text, nullable=False),
    Column("comments", Text, nullable=False),
    Column("days", Integer),
    instant("until", nullable=True),
    Column("set_by", Text, nullable=False),
    instant("set_at"),
    instant("next_run_at"),
    revision(),
    belongs_to("survey", "survey_id"),
    Index(None, "organisation_id", "next_run_at"),
)

subject_request = Table(
    "subject_request",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    # Whom it is about, encrypted; NULL once it is done.
    Column("sealed_subject", LargeBinary),
    Column("named_by", JSONB, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("job_id", Uuid, nullable=False),
    Column("report", JSONB),
    instant("created_at"),
    instant("finished_at", nullable=True),
    Index(None, "organisation_id", "job_id"),
)

# Everything that is held on somebody, encrypted, until it is fetched or expires.
subject_export = Table(
    "subject_export",
    metadata,
    organisation_id(),
    Column("request_id", Uuid, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    instant("created_at"),
    instant("expires_at"),
    belongs_to("subject_request", "request_id", cascade=True),
    Index(None, "organisation_id", "expires_at"),
)

sealing_state = Table(
    "sealing_state",
    metadata,
    organisation_id(),
    # Of the newest key that everything sealed was last walked through with.
    Column("key_fingerprint", LargeBinary),
    # How often: while a new key is rolled out, some processes still seal with the one before.
    Column("walks", Integer, nullable=False, server_default="0"),
    instant("checked_at"),
)
