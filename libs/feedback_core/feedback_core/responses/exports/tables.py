"""Tables of exports and of their files."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from feedback_core.db.base import Xid8, belongs_to, instant, metadata, organisation_id

# The row stays when its file is gone: who exported what, and the mark that the next export goes on from.
response_export = Table(
    "response_export",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("survey_id", Uuid, nullable=False),
    Column("request", JSONB, nullable=False),
    # What was recorded or decided by transactions from here on; NULL: everything.
    Column("since", Xid8),
    Column("file_state", Text, nullable=False),
    Column("gone_reason", Text),
    # A response was erased while the file was being written: what has been written is thrown away.
    Column("spoilt", Boolean, nullable=False, server_default="false"),
    Column("rows_written", BigInteger, nullable=False, server_default="0"),
    Column("rows_erased", BigInteger, nullable=False, server_default="0"),
    Column("rows_left", BigInteger, nullable=False, server_default="0"),
    Column("values_shortened", BigInteger, nullable=False, server_default="0"),
    Column("file_size", BigInteger, nullable=False, server_default="0"),
    Column("file_sha256", LargeBinary),
    # Of the snapshot: no transaction below the mark was open, so all of those are in it.
    Column("watermark", Xid8),
    instant("snapshot_at", nullable=True),
    Column("through_version", Integer),
    # What the survey promised then: once it promises more, the file is fetched no more.
    Column("confidentiality", Text),
    Column("first_response_id", Uuid),
    Column("last_response_id", Uuid),
    Column("job_id", Uuid, nullable=False),
    Column("requested_by", Text, nullable=False),
    instant("created_at"),
    instant("finished_at", nullable=True),
    instant("expires_at"),
    belongs_to("survey", "survey_id"),
    Index(None, "organisation_id", "survey_id", "id"),
)

export_chunk = Table(
    "export_chunk",
    metadata,
    organisation_id(),
    Column("export_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    belongs_to("response_export", "export_id", cascade=True),
)
