"""Tables of surveys, their versions and questions."""

from sqlalchemy import BigInteger, Column, Float, Integer, SmallInteger, Table, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from feedback_core.db.base import belongs_to, instant, metadata, organisation_id, revision

survey = Table(
    "survey",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("key", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("confidentiality", Text, nullable=False),
    Column("draft", JSONB),
    Column("published_version", Integer),
    Column("auto_close_after_hours", Integer, nullable=False, server_default="24"),
    Column("responses_per_respondent", Text, nullable=False, server_default="all"),
    Column("audience", Text, nullable=False, server_default="customers"),
    instant("created_at"),
    instant("updated_at"),
    instant("closed_at", nullable=True),
    revision(),
    UniqueConstraint("organisation_id", "key"),
)

# How many responses of which kind a survey takes; one row of each survey from its beginning, with or without quotas.
# Whoever records holds it shared, whoever changes quotas alone: so no response is recorded beside quotas that it was
# not held to.
survey_quotas = Table(
    "survey_quotas",
    metadata,
    organisation_id(),
    Column("survey_id", Uuid, primary_key=True),
    Column("reserve_minutes", Integer, nullable=False, server_default="30"),
    Column("quotas", JSONB, nullable=False, server_default="[]"),
    Column("changed_by", Text),
    instant("changed_at", nullable=True),
    # 0 before there were quotas.
    Column("revision", BigInteger, nullable=False, server_default="0"),
    belongs_to("survey", "survey_id"),
)

survey_version = Table(
    "survey_version",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("survey_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("document", JSONB, nullable=False),
    instant("published_at"),
    belongs_to("survey", "survey_id"),
    UniqueConstraint("organisation_id", "survey_id", "number"),
)

question = Table(
    "question",
    metadata,
    organisation_id(),
    Column("survey_version_id", Uuid, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("survey_id", Uuid, nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("scale_min", Float),
    Column("scale_max", Float),
    Column("feature_key", Text),
    belongs_to("survey_version", "survey_version_id"),
    belongs_to("feature", "feature_key", key="key"),
)
