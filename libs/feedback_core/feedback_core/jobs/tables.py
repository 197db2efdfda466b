"""Table of jobs; it crosses tenants, because claiming does."""

from sqlalchemy import Column, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from feedback_core.db.base import instant, metadata, organisation_id

job = Table(
    "job",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("payload", JSONB, nullable=False),
    Column("status", Text, nullable=False),
    Column("dedupe_key", Text),
    Column("attempts", Integer, nullable=False, server_default="0"),
    instant("run_at"),
    instant("rung_at", nullable=True),
    Column("lease_token", Uuid),
    instant("lease_until", nullable=True),
    Column("progress_done", Integer, nullable=False, server_default="0"),
    Column("progress_total", Integer),
    Column("progress_unit", Text),
    Column("error", JSONB),
    instant("cancel_requested_at", nullable=True),
    instant("created_at"),
    instant("started_at", nullable=True),
    instant("finished_at", nullable=True),
    Index("ix_job_due", "run_at", postgresql_where=text("status = 'queued'")),
    Index("ix_job_lease", "lease_until", postgresql_where=text("status = 'running'")),
    Index(
        "uq_job_open_dedupe_key",
        "organisation_id",
        "kind",
        "dedupe_key",
        unique=True,
        postgresql_where=text("dedupe_key IS NOT NULL AND status IN ('queued', 'running')"),
    ),
)
