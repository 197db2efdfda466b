"""Tables of quotas. What they count are responses; nothing here says which."""

from sqlalchemy import BigInteger, Column, Double, Index, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from feedback_core.db.base import belongs_to, instant, metadata, organisation_id

# The places of a cell. Whoever takes some holds the rows of the survey in the order of ids.
quota_cell = Table(
    "quota_cell",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("survey_id", Uuid, nullable=False),
    Column("quota", Text, nullable=False),
    Column("cell", Text, nullable=False),
    Column("taken", BigInteger, nullable=False),
    Column("turned_away", BigInteger, nullable=False, server_default="0"),
    belongs_to("survey", "survey_id"),
    Index("uq_quota_cell_name", "organisation_id", "survey_id", "quota", "cell", unique=True),
)

# Places that were given back, or taken again, by decisions about responses. Rows are only added, so that whoever
# erases or excludes never waits for those who record.
quota_correction = Table(
    "quota_correction",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("cell_id", Uuid, nullable=False),
    Column("change", Integer, nullable=False),
    belongs_to("quota_cell", "cell_id", cascade=True),
    Index(None, "organisation_id", "cell_id"),
)

# A place kept for somebody who is still answering.
quota_reservation = Table(
    "quota_reservation",
    metadata,
    organisation_id(),
    Column("open_response_id", Uuid, primary_key=True),
    Column("cell_id", Uuid, primary_key=True),
    instant("expires_at"),
    belongs_to("open_response", "open_response_id", cascade=True),
    belongs_to("quota_cell", "cell_id", cascade=True),
    Index(None, "organisation_id", "cell_id"),
)

# Why units came into a sample; which they are, the sample says.
quota_refill = Table(
    "quota_refill",
    metadata,
    organisation_id(),
    Column("sample_id", Uuid, primary_key=True),
    Column("release", Integer, primary_key=True),
    Column("survey_id", Uuid, nullable=False),
    Column("units", Integer, nullable=False),
    Column("expected_response", Double, nullable=False),
    Column("shortfalls", JSONB, nullable=False),
    Column("reason", Text, nullable=False),
    Column("requested_by", Text, nullable=False),
    instant("requested_at"),
    belongs_to("sample", "sample_id"),
    belongs_to("survey", "survey_id"),
    Index(None, "organisation_id", "survey_id", "requested_at"),
)
