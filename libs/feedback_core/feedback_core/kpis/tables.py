"""Tables of definitions, and of cells: counts of each answer per day and respondent cell, and how far they reach."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from feedback_core.db.base import Xid8, belongs_to, instant, metadata, organisation_id

# A version is never changed; figures name the one that they were made by.
kpi_definition = Table(
    "kpi_definition",
    metadata,
    organisation_id(),
    Column("key", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("definition", JSONB, nullable=False),
    Column("defined_by", Text, nullable=False),
    instant("defined_at"),
)

kpi_cell = Table(
    "kpi_cell",
    metadata,
    organisation_id(),
    Column("survey_id", Uuid, primary_key=True),
    # '' counts the responses themselves.
    Column("question_key", Text, primary_key=True),
    # The same counts at four grains, so that what a figure reads does not grow with the responses behind it:
    # day, month and year of each respondent cell, and total: day of everybody.
    Column("grain", Text, primary_key=True),
    # Of a month or year, its first one.
    Column("day", Date, primary_key=True),
    # Row of a matrix, choice of a multiple choice or ranking; '' for the question as a whole.
    Column("item", Text, primary_key=True),
    Column("survey_version_id", Uuid, primary_key=True),
    # complete, partial, screened_out; flagged (by decision); suspect, suspect_partial (by inclusion rule).
    Column("status", Text, primary_key=True),
    Column("cell_id", Uuid, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("n", BigInteger, nullable=False),
    belongs_to("survey", "survey_id"),
    Index("ix_kpi_cell_empty", "organisation_id", "survey_id", postgresql_where=text("n = 0")),
)

respondent_cell = Table(
    "respondent_cell",
    metadata,
    organisation_id(),
    Column("survey_id", Uuid, primary_key=True),
    Column("cell_id", Uuid, primary_key=True),
    Column("attributes", JSONB, nullable=False),
    belongs_to("survey", "survey_id"),
)

fold_state = Table(
    "fold_state",
    metadata,
    organisation_id(),
    Column("survey_id", Uuid, primary_key=True),
    # Responses recorded by transactions below it are in the cells; all others are read from their rows.
    Column("watermark", Xid8, nullable=False),
    # Counts exclusions, restorations, erasures and flags, so that an analysis can tell whether its data has changed.
    Column("corrections", BigInteger, nullable=False, server_default="0"),
    belongs_to("survey", "survey_id"),
)

# Up to which response of a survey events say that it came in.
announce_state = Table(
    "announce_state",
    metadata,
    organisation_id(),
    Column("survey_id", Uuid, primary_key=True),
    Column("xid", Xid8, nullable=False),
    Column("response_id", Uuid, nullable=False),
    belongs_to("survey", "survey_id"),
)

# The folded responses of whoever answered more than once, so that the others need not be looked at to find them.
repeated_response = Table(
    "repeated_response",
    metadata,
    organisation_id(),
    Column("survey_id", Uuid, primary_key=True),
    Column("respondent_ref", LargeBinary, primary_key=True),
    Column("submitted_at", DateTime(timezone=True), primary_key=True),
    Column("response_id", Uuid, primary_key=True),
    Column("status", Text, nullable=False),
    belongs_to("response", "response_id", cascade=True),
    Index(None, "organisation_id", "response_id"),
)

# The two number questions of each ratio that is defined, and up to where their sums are folded.
ratio_fold = Table(
    "ratio_fold",
    metadata,
    organisation_id(),
    Column("survey_id", Uuid, primary_key=True),
    Column("question_key", Text, primary_key=True),
    Column("denominator_key", Text, primary_key=True),
    # Never above the survey's own.
    Column("watermark", Xid8, nullable=False),
    belongs_to("survey", "survey_id"),
)

ratio_cell = Table(
    "ratio_cell",
    metadata,
    organisation_id(),
    Column("survey_id", Uuid, primary_key=True),
    Column("question_key", Text, primary_key=True),
    Column("denominator_key", Text, primary_key=True),
    # As of the cells of answers.
    Column("grain", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("status", Text, primary_key=True),
    Column("cell_id", Uuid, primary_key=True),
    # Who was asked either question, who gave both numbers, and exact sums over these.
    Column("asked", BigInteger, nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("above", Numeric, nullable=False),
    Column("below", Numeric, nullable=False),
    Column("above_squared", Numeric, nullable=False),
    Column("product", Numeric, nullable=False),
    Column("below_squared", Numeric, nullable=False),
    ForeignKeyConstraint(
        ["organisation_id", "survey_id", "question_key", "denominator_key"],
        [
            "ratio_fold.organisation_id",
            "ratio_fold.survey_id",
            "ratio_fold.question_key",
            "ratio_fold.denominator_key",
        ],
        name="fk_ratio_cell_ratio_fold",
        ondelete="CASCADE",
    ),
    Index("ix_ratio_cell_empty", "organisation_id", "survey_id", postgresql_where=text("asked = 0")),
)
