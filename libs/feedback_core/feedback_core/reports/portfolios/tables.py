"""Tables of portfolios and their files."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from feedback_core.db.base import belongs_to, instant, metadata, organisation_id

# The row stays when its file is gone: that evidence was put together, by whom, and how much there was.
portfolio = Table(
    "portfolio",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("unit", Text, nullable=False),
    Column("request", JSONB, nullable=False),
    Column("file_state", Text, nullable=False),
    Column("gone_reason", Text),
    Column("summary", JSONB(none_as_null=True)),
    Column("file_size", BigInteger, nullable=False, server_default="0"),
    Column("file_sha256", LargeBinary),
    # No foreign key: jobs are claimed across tenants and stay a local table when the others are distributed.
    Column("job_id", Uuid, nullable=False),
    Column("requested_by", Text, nullable=False),
    instant("created_at"),
    instant("finished_at", nullable=True),
    instant("expires_at"),
    Index(None, "organisation_id", "unit", "id"),
)

portfolio_chunk = Table(
    "portfolio_chunk",
    metadata,
    organisation_id(),
    Column("portfolio_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    belongs_to("portfolio", "portfolio_id", cascade=True),
)
