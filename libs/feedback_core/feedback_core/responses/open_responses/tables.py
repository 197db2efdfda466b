"""Tables of open responses and of the answers in them."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from feedback_core.db.base import belongs_to, instant, metadata, organisation_id, revision

open_response = Table(
    "open_response",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("survey_id", Uuid, nullable=False),
    Column("survey_version_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("token_hashes", ARRAY(LargeBinary), nullable=False),
    Column("opened_by", Uuid, nullable=False),
    Column("opened_publicly", Boolean, nullable=False),
    Column("external_id", Text),
    Column("external_ref", LargeBinary),
    Column("idempotency_ref", LargeBinary),
    Column("respondent_ref", LargeBinary),
    # Who answers, sealed; only until it is closed.
    Column("identity", LargeBinary),
    Column("content_hash", LargeBinary, nullable=False),
    Column("method", Text, nullable=False),
    Column("confidentiality", Text, nullable=False),
    Column("attributes", JSONB, nullable=False),
    instant("opened_at"),
    instant("updated_at"),
    instant("closes_at"),
    instant("closed_at", nullable=True),
    Column("response_id", Uuid),
    revision(),
    belongs_to("survey_version", "survey_version_id"),
    # What was said goes with the response that it became.
    belongs_to("response", "response_id", cascade=True),
    Index(None, "organisation_id", "survey_id", "id"),
    Index(None, "organisation_id", "closes_at", postgresql_where=text("state = 'open'")),
    Index(
        "ix_open_response_respondent_ref",
        "organisation_id",
        "survey_id",
        "respondent_ref",
        postgresql_where=text("respondent_ref IS NOT NULL"),
    ),
    Index(
        "uq_open_response_external_ref",
        "organisation_id",
        "survey_id",
        "external_ref",
        unique=True,
        postgresql_where=text("external_ref IS NOT NULL AND state = 'open'"),
    ),
    Index(
        "uq_open_response_idempotency_ref",
        "organisation_id",
        "survey_id",
        "idempotency_ref",
        unique=True,
        postgresql_where=text("idempotency_ref IS NOT NULL"),
    ),
    # One response at most has become of it.
    Index(
        "uq_open_response_response_id",
        "organisation_id",
        "response_id",
        unique=True,
        postgresql_where=text("response_id IS NOT NULL"),
    ),
)

# Every version of an answer, never changed; one that says nothing is withdrawn.
open_answer = Table(
    "open_answer",
    metadata,
    organisation_id(),
    Column("open_response_id", Uuid, primary_key=True),
    Column("question_key", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("answer", JSONB(none_as_null=True)),
    instant("answered_at"),
    belongs_to("open_response", "open_response_id", cascade=True),
)
