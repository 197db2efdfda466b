"""Codebooks, what is read out of comments, and how they are coded by hand."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from feedback_core.db.base import Xid8

revision = "comments"
down_revision = "response_flags"
branch_labels = None
depends_on = None

# What people decided or said of a comment is never updated; what programs read out of it may be read again.
GRANTS = {
    "codebook": "SELECT, INSERT",
    "comment_reading": "SELECT, INSERT, UPDATE",
    "reading_state": "SELECT, INSERT, UPDATE",
    "coding_batch": "SELECT, INSERT",
    "coding_batch_item": "SELECT, INSERT",
    "comment_coding": "SELECT, INSERT",
}

# What the schedule needs to know which surveys have comments to be read.
SYSTEM_GRANTS = (
    ("codebook", "SELECT (organisation_id, survey_id, version)"),
    ("reading_state", "SELECT"),
    ("question", "SELECT (organisation_id, survey_id, type)"),
)


def upgrade() -> None:
    op.create_table(
        "codebook",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("definition", postgresql.JSONB(), nullable=False),
        sa.Column("defined_by", sa.Text(), nullable=False),
        sa.Column("defined_at", sa.DateTime(timezone=True), nullable=False),
        _of("survey", "survey_id", "codebook"),
        sa.PrimaryKeyConstraint("organisation_id", "survey_id", "version", name=op.f("pk_codebook")),
    )
    op.create_table(
        "comment_reading",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("question_key", sa.Text(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text()),
        sa.Column("tone", sa.Text()),
        sa.Column("sentiment", sa.Float()),
        sa.Column("themes", postgresql.ARRAY(sa.Text())),
        sa.Column("codebook_version", sa.Integer()),
        sa.Column("reader_version", sa.Integer(), nullable=False),
        sa.Column("lot", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        _of("response", "response_id", "comment_reading", cascade=True),
        sa.PrimaryKeyConstraint("organisation_id", "response_id", "question_key", name=op.f("pk_comment_reading")),
    )
    op.create_table(
        "reading_state",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("read_xid", Xid8(), nullable=False),
        sa.Column("read_id", sa.Uuid(), nullable=False),
        sa.Column("reader_version", sa.Integer(), nullable=False),
        sa.Column("codebook_version", sa.Integer(), nullable=False),
        _of("survey", "survey_id", "reading_state"),
        sa.PrimaryKeyConstraint("organisation_id", "survey_id", name=op.f("pk_reading_state")),
    )
    op.create_table(
        "coding_batch",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("codebook_version", sa.Integer(), nullable=False),
        sa.Column("selection", postgresql.JSONB(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("drawn_by", sa.Text(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        _of("survey", "survey_id", "coding_batch"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_coding_batch")),
    )
    op.create_table(
        "coding_batch_item",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("question_key", sa.Text(), nullable=False),
        _of("coding_batch", "batch_id", "coding_batch_item"),
        _of("response", "response_id", "coding_batch_item", cascade=True),
        sa.PrimaryKeyConstraint("organisation_id", "batch_id", "position", name=op.f("pk_coding_batch_item")),
    )
    op.create_table(
        "comment_coding",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("question_key", sa.Text(), nullable=False),
        sa.Column("coder", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("themes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("codebook_version", sa.Integer(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("coded_at", sa.DateTime(timezone=True), nullable=False),
        _of("response", "response_id", "comment_coding", cascade=True),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_comment_coding")),
    )
    for table, columns in (
        ("comment_reading", ["survey_id", "lot"]),
        ("coding_batch", ["survey_id", "id"]),
        ("coding_batch_item", ["response_id"]),
        ("comment_coding", ["survey_id", "id"]),
        ("comment_coding", ["response_id", "question_key"]),
    ):
        op.create_index(op.f(f"ix_{table}_organisation_id_{'_'.join(columns)}"), table, ["organisation_id", *columns])
    for table, grant in GRANTS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT {grant} ON {table} TO feedback_app")
        op.execute(
            f"CREATE POLICY tenant ON {table} TO feedback_app"
            " USING (organisation_id = NULLIF(current_setting('feedback.organisation_id', true), '')::uuid)"
        )
    for table, grant in SYSTEM_GRANTS:
        op.execute(f"GRANT {grant} ON {table} TO feedback_system")
        op.execute(f"CREATE POLICY system ON {table} TO feedback_system USING (true)")


def downgrade() -> None:
    op.execute("DROP POLICY system ON question")
    op.execute("REVOKE ALL ON question FROM feedback_system")
    for table in reversed(GRANTS):
        op.drop_table(table)


def _of(table: str, column: str, owner: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{table}.organisation_id", f"{table}.id"],
        name=op.f(f"fk_{owner}_organisation_id_{column}_{table}"),
        ondelete="CASCADE" if cascade else None,
    )
