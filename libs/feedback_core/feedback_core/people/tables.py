"""Tables of people: who works here, what they answer for, how they do, and what was noted of the culture.

What says who somebody is, or was written about somebody, is sealed; it hangs on them, and goes with them.
"""

from sqlalchemy import CheckConstraint, Column, Date, Float, Index, Integer, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.schema import SchemaItem

from feedback_core.db.base import belongs_to, instant, metadata, organisation_id, revision

staff_member = Table(
    "staff_member",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    # What responses call them: a code, never a name.
    Column("reference", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    # The key that is theirs: its holder is the person.
    Column("api_key_id", Uuid),
    Column("joined_on", Date),
    Column("left_on", Date),
    instant("created_at"),
    instant("updated_at"),
    revision(),
    belongs_to("api_key", "api_key_id"),
    Index("uq_staff_member_reference", "organisation_id", "reference", unique=True),
    Index(None, "organisation_id", "api_key_id"),
)

team = Table(
    "team",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("lead_id", Uuid),
    # Roles of keys whose holders see how the team and its members do.
    Column("viewer_roles", ARRAY(Text), nullable=False),
    instant("created_at"),
    instant("updated_at"),
    revision(),
    belongs_to("staff_member", "lead_id"),
    Index("uq_team_key", "organisation_id", "key", unique=True),
    Index("uq_team_reference", "organisation_id", "reference", unique=True),
)

team_member = Table(
    "team_member",
    metadata,
    organisation_id(),
    Column("team_id", Uuid, primary_key=True),
    Column("staff_id", Uuid, primary_key=True),
    belongs_to("team", "team_id", cascade=True),
    belongs_to("staff_member", "staff_id", cascade=True),
    Index(None, "organisation_id", "staff_id"),
)

# A version is never changed; what was sent names the one that it was.
staff_role = Table(
    "staff_role",
    metadata,
    organisation_id(),
    Column("key", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("purpose", Text),
    Column("responsibilities", JSONB, nullable=False),
    Column("defined_by", Text, nullable=False),
    instant("defined_at"),
)

role_assignment = Table(
    "role_assignment",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("role_key", Text, nullable=False),
    Column("role_version", Integer, nullable=False),
    Column("staff_id", Uuid, nullable=False),
    Column("way", Text, nullable=False),
    Column("job_id", Uuid),
    Column("requested_by", Text, nullable=False),
    instant("created_at"),
    instant("sent_at", nullable=True),
    instant("acknowledged_at", nullable=True),
    instant("ended_at", nullable=True),
    belongs_to("staff_member", "staff_id", cascade=True),
    Index(None, "organisation_id", "role_key", "id"),
    Index(None, "organisation_id", "staff_id", "id"),
)

performance_measure = Table(
    "performance_measure",
    metadata,
    organisation_id(),
    Column("key", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("details", JSONB, nullable=False),
    Column("defined_by", Text, nullable=False),
    instant("defined_at"),
)


def _of_somebody(table: str) -> tuple[SchemaItem, ...]:
    """The person or team that a row is about: it goes with them."""
    return (
        Column("staff_id", Uuid),
        Column("team_id", Uuid),
        belongs_to("staff_member", "staff_id", cascade=True),
        belongs_to("team", "team_id", cascade=True),
        CheckConstraint("num_nonnulls(staff_id, team_id) = 1", name="of_one"),
        Index(f"ix_{table}_staff", "organisation_id", "staff_id", "id"),
        Index(f"ix_{table}_team", "organisation_id", "team_id", "id"),
    )


performance_review = Table(
    "performance_review",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    *_of_somebody("performance_review"),
    instant("starts_at", nullable=True),
    instant("ends_at", nullable=True),
    Column("figures", JSONB, nullable=False),
    Column("sealed", LargeBinary),
    Column("written_by", Text, nullable=False),
    Column("key_name", Text, nullable=False),
    instant("created_at"),
)

performance_reply = Table(
    "performance_reply",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    *_of_somebody("performance_reply"),
    Column("review_id", Uuid),
    Column("measure_key", Text),
    instant("starts_at", nullable=True),
    instant("ends_at", nullable=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("written_by", Text, nullable=False),
    Column("key_name", Text, nullable=False),
    instant("written_at"),
    belongs_to("performance_review", "review_id", cascade=True),
    CheckConstraint("num_nonnulls(review_id, measure_key) = 1", name="about_one"),
)

performance_goal = Table(
    "performance_goal",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    *_of_somebody("performance_goal"),
    Column("measure_key", Text),
    Column("target", Float),
    Column("due_on", Date, nullable=False),
    Column("state", Text, nullable=False),
    # What is to be reached, and what was said of it in the end.
    Column("sealed", LargeBinary, nullable=False),
    Column("written_by", Text, nullable=False),
    instant("created_at"),
    instant("updated_at"),
    revision(),
)

recognition = Table(
    "recognition",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    *_of_somebody("recognition"),
    Column("standard_key", Text),
    Column("sealed", LargeBinary, nullable=False),
    Column("given_by", Text, nullable=False),
    Column("key_name", Text, nullable=False),
    instant("given_at"),
)

culture_note = Table(
    "culture_note",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("dimensions", ARRAY(Text), nullable=False),
    Column("observed_on", Date, nullable=False),
    # Where it was seen, and what: an observation of people at work may name them.
    Column("sealed", LargeBinary, nullable=False),
    Column("written_by", Text, nullable=False),
    Column("key_name", Text, nullable=False),
    instant("written_at"),
)

# Frozen: another look at the culture is another assessment.
culture_assessment = Table(
    "culture_assessment",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("as_of", Date, nullable=False),
    Column("title", Text, nullable=False),
    Column("dimensions", JSONB, nullable=False),
    Column("written_by", Text, nullable=False),
    Column("key_name", Text, nullable=False),
    instant("created_at"),
    Index(None, "organisation_id", "as_of", "id"),
)

motivation_strategy = Table(
    "motivation_strategy",
    metadata,
    organisation_id(),
    Column("key", Text, primary_key=True),
    Column("details", JSONB, nullable=False),
    instant("created_at"),
    instant("updated_at"),
    revision(),
)
