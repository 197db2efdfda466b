"""Tables of staff entry. What was said hangs on responses, and goes with them; words are sealed."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, Integer, LargeBinary, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from feedback_core.db.base import belongs_to, instant, metadata, organisation_id

staff_entry = Table(
    "staff_entry",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("survey_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("guide_version", Integer),
    # A reference of the organisation's own; null once whom it names was forgotten.
    Column("interviewer", Text),
    Column("form", Text),
    instant("began_at"),
    Column("duration_seconds", Integer),
    Column("language", Text, nullable=False),
    Column("participants", Integer, nullable=False),
    # Transcript, place and note; null where there are none, or once they were taken out.
    Column("sealed", LargeBinary),
    Column("transcript_bytes", Integer, nullable=False),
    instant("words_gone_at", nullable=True),
    Column("entered_by", Text, nullable=False),
    instant("entered_at"),
    belongs_to("survey", "survey_id"),
    ForeignKeyConstraint(
        ["organisation_id", "survey_id", "guide_version"],
        ["interview_guide.organisation_id", "interview_guide.survey_id", "interview_guide.version"],
        name="fk_staff_entry_guide",
    ),
    Index(None, "organisation_id", "survey_id", "id"),
    Index(
        "uq_staff_entry_form",
        "organisation_id",
        "survey_id",
        "form",
        unique=True,
        postgresql_where=text("form IS NOT NULL"),
    ),
)

# How and when each participant agreed.
entry_consent = Table(
    "entry_consent",
    metadata,
    organisation_id(),
    Column("entry_id", Uuid, primary_key=True),
    Column("participant", Integer, primary_key=True),
    Column("how", Text, nullable=False),
    instant("given_at"),
    belongs_to("staff_entry", "entry_id", cascade=True),
)

# The responses of a participant: the first, and one for each correction. The last one counts; the others are excluded.
entry_take = Table(
    "entry_take",
    metadata,
    organisation_id(),
    Column("entry_id", Uuid, primary_key=True),
    Column("participant", Integer, primary_key=True),
    Column("take", Integer, primary_key=True),
    Column("response_id", Uuid, nullable=False),
    # Names of what was corrected; what it was, and is, the responses say.
    Column("fields", ARRAY(Text), nullable=False),
    Column("reason", Text),
    Column("made_by", Text, nullable=False),
    instant("made_at"),
    belongs_to("staff_entry", "entry_id", cascade=True),
    belongs_to("response", "response_id", cascade=True),
    Index("uq_entry_take_response_id", "organisation_id", "response_id", unique=True),
)

# The same form, typed by somebody else. What they typed is sealed, and thrown away once it is settled.
second_entry = Table(
    "second_entry",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("entry_id", Uuid, nullable=False),
    Column("participant", Integer, nullable=False),
    Column("response_id", Uuid, nullable=False),
    Column("sealed", LargeBinary),
    Column("state", Text, nullable=False),
    Column("compared", Integer, nullable=False),
    Column("differing", ARRAY(Text), nullable=False),
    Column("first_wrong", Integer),
    Column("second_wrong", Integer),
    Column("reason", Text),
    Column("entered_by", Text, nullable=False),
    instant("entered_at"),
    Column("settled_by", Text),
    instant("settled_at", nullable=True),
    belongs_to("staff_entry", "entry_id", cascade=True),
    belongs_to("response", "response_id", cascade=True),
    Index("uq_second_entry_participant", "organisation_id", "entry_id", "participant", unique=True),
    Index(None, "organisation_id", "response_id"),
)
