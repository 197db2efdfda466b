"""Tables of responses, what was decided about them, identities, and imports."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from feedback_core.db.base import Xid8, belongs_to, instant, metadata, organisation_id

response = Table(
    "response",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("survey_id", Uuid, nullable=False),
    Column("survey_version_id", Uuid, nullable=False),
    Column("external_id", Text),
    # Keyed hashes: they settle duplicates without keeping what identifies an anonymous respondent.
    Column("external_ref", LargeBinary),
    Column("idempotency_ref", LargeBinary),
    Column("respondent_ref", LargeBinary),
    Column("content_hash", LargeBinary, nullable=False),
    Column("status", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("confidentiality", Text, nullable=False),
    instant("submitted_at"),
    instant("started_at", nullable=True),
    instant("received_at"),
    Column("attributes", JSONB, nullable=False),
    Column("cell_id", Uuid, nullable=False),
    Column("answers", JSONB, nullable=False),
    Column("unanswered", ARRAY(Text), nullable=False),
    Column("import_id", Uuid),
    Column("import_line", BigInteger),
    # With which key and in which request it came, so that a duplicate can be explained.
    Column("sent_by", Uuid),
    Column("request_id", Text),
    Column("recorded_xid", Xid8, nullable=False, server_default=text("pg_current_xact_id()")),
    belongs_to("survey_version", "survey_version_id"),
    Index(None, "organisation_id", "survey_id", "id"),
    Index(None, "organisation_id", "survey_id", "submitted_at"),
    Index(None, "organisation_id", "survey_id", "recorded_xid"),
    # Of what did not come in a file: each of these is told of.
    Index(
        "ix_response_told",
        "organisation_id",
        "survey_id",
        "recorded_xid",
        "id",
        postgresql_where=text("import_id IS NULL"),
    ),
    Index(
        "ix_response_respondent_ref",
        "organisation_id",
        "survey_id",
        "respondent_ref",
        "submitted_at",
        postgresql_where=text("respondent_ref IS NOT NULL"),
    ),
    Index(
        "uq_response_external_ref",
        "organisation_id",
        "survey_id",
        "external_ref",
        unique=True,
        postgresql_where=text("external_ref IS NOT NULL"),
    ),
    Index(
        "uq_response_idempotency_ref",
        "organisation_id",
        "survey_id",
        "idempotency_ref",
        unique=True,
        postgresql_where=text("idempotency_ref IS NOT NULL"),
    ),
)

response_exclusion = Table(
    "response_exclusion",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("response_id", Uuid, nullable=False),
    Column("survey_id", Uuid, nullable=False),
    Column("reason", Text, nullable=False),
    Column("excluded_by", Text, nullable=False),
    instant("excluded_at"),
    Column("restore_reason", Text),
    Column("restored_by", Text),
    instant("restored_at", nullable=True),
    belongs_to("response", "response_id", cascade=True),
    Index(
        "uq_response_exclusion_standing",
        "organisation_id",
        "response_id",
        unique=True,
        postgresql_where=text("restored_at IS NULL"),
    ),
    Index(None, "organisation_id", "response_id"),
)

response_erasure = Table(
    "response_erasure",
    metadata,
    organisation_id(),
    Column("response_id", Uuid, primary_key=True),
    Column("survey_id", Uuid, nullable=False),
    Column("reason", Text, nullable=False),
    Column("erased_by", Text, nullable=False),
    instant("erased_at"),
)

# Which responses stand otherwise since which transaction: excluded, restored, erased, or no longer held for what they
# were. Written by whoever changes that, in the same transaction; exports of what has changed read it.
response_change = Table(
    "response_change",
    metadata,
    organisation_id(),
    Column("survey_id", Uuid, primary_key=True),
    Column("changed_xid", Xid8, primary_key=True, server_default=text("pg_current_xact_id()")),
    Column("response_id", Uuid, primary_key=True),
)

# What a caller may set of the flags of a survey, and what they decide; a version is never changed.
inclusion_rule = Table(
    "inclusion_rule",
    metadata,
    organisation_id(),
    Column("survey_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("rule", JSONB, nullable=False),
    Column("defined_by", Text, nullable=False),
    instant("defined_at"),
    belongs_to("survey", "survey_id"),
)

# Signs of careless answering: facts beside a response, as last measured.
response_flag = Table(
    "response_flag",
    metadata,
    organisation_id(),
    Column("response_id", Uuid, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("survey_id", Uuid, nullable=False),
    Column("sign", Text, nullable=False),
    Column("value", Double, nullable=False),
    Column("threshold", Double, nullable=False),
    Column("rule_version", Integer, nullable=False),
    instant("flagged_at"),
    belongs_to("response", "response_id", cascade=True),
    Index(None, "organisation_id", "survey_id", "kind", "response_id"),
)

# Responses that the inclusion rule lets stand beside the figures; written under the watermark's lock only.
response_suspicion = Table(
    "response_suspicion",
    metadata,
    organisation_id(),
    Column("response_id", Uuid, primary_key=True),
    Column("survey_id", Uuid, nullable=False),
    Column("rule_version", Integer, nullable=False),
    Column("signs", Integer, nullable=False),
    instant("suspected_at"),
    belongs_to("response", "response_id", cascade=True),
    Index(None, "organisation_id", "survey_id"),
)

# The first response of a survey with some long text, or with the same answers on one day in one respondent cell.
# Erasure deletes it by name: a foreign key would lock, and so write, nearly every response once more.
response_fingerprint = Table(
    "response_fingerprint",
    metadata,
    organisation_id(),
    Column("survey_id", Uuid, primary_key=True),
    Column("fingerprint", LargeBinary, primary_key=True),
    Column("response_id", Uuid, nullable=False),
    Index(None, "organisation_id", "response_id"),
)

flag_state = Table(
    "flag_state",
    metadata,
    organisation_id(),
    Column("survey_id", Uuid, primary_key=True),
    # Responses recorded by transactions below it have been measured in this pass.
    Column("watermark", Xid8, nullable=False),
    Column("rule_version", Integer, nullable=False),
    # What responses are held against: medians of times, distribution of answers, and of how many.
    Column("basis", JSONB, nullable=False),
    Column("measured", BigInteger, nullable=False),
    instant("begun_at"),
    belongs_to("survey", "survey_id"),
)

respondent_identity = Table(
    "respondent_identity",
    metadata,
    organisation_id(),
    Column("response_id", Uuid, primary_key=True),
    Column("ciphertext", LargeBinary, nullable=False),
    belongs_to("response", "response_id", cascade=True),
)

response_import = Table(
    "response_import",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("survey_id", Uuid, nullable=False),
    Column("survey_version_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("mapping", JSONB, nullable=False),
    Column("dry_run", Boolean, nullable=False),
    Column("file_name", Text),
    Column("file_sha256", LargeBinary),
    Column("file_size", BigInteger, nullable=False, server_default="0"),
    Column("rows_read", BigInteger, nullable=False, server_default="0"),
    Column("rows_recorded", BigInteger, nullable=False, server_default="0"),
    Column("rows_duplicate", BigInteger, nullable=False, server_default="0"),
    Column("rows_rejected", BigInteger, nullable=False, server_default="0"),
    Column("values_left_out", BigInteger, nullable=False, server_default="0"),
    Column("job_id", Uuid),
    Column("requested_by", Text, nullable=False),
    instant("created_at"),
    instant("finished_at", nullable=True),
    belongs_to("survey_version", "survey_version_id"),
    Index(None, "organisation_id", "survey_id", "id"),
)

import_chunk = Table(
    "import_chunk",
    metadata,
    organisation_id(),
    Column("import_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    belongs_to("response_import", "import_id", cascade=True),
)

import_fault = Table(
    "import_fault",
    metadata,
    organisation_id(),
    Column("import_id", Uuid, primary_key=True),
    Column("line", BigInteger, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("column", Text),
    Column("code", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("value", Text),
    Column("row_kept", Boolean, nullable=False),
    belongs_to("response_import", "import_id", cascade=True),
)
