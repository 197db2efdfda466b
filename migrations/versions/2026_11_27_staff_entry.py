"""Quotas with their places; interview guides; staff entry with takes, consents and second entries."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "staff_entry"
down_revision = "fieldwork"
branch_labels = None
depends_on = None

GRANTS = {
    "survey_quotas": "SELECT, INSERT, UPDATE",
    "quota_cell": "SELECT, INSERT, UPDATE, DELETE",
    "quota_correction": "SELECT, INSERT, DELETE",
    "quota_reservation": "SELECT, INSERT, DELETE",
    "quota_refill": "SELECT, INSERT",
    "interview_guide": "SELECT, INSERT",
    "staff_entry": "SELECT, INSERT, UPDATE (interviewer, sealed, transcript_bytes, words_gone_at)",
    "entry_consent": "SELECT, INSERT",
    "entry_take": "SELECT, INSERT",
    "second_entry": "SELECT, INSERT, UPDATE",
}


def _uuid(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _json(name: str, default: str | None = None) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(), server_default=default, nullable=False)


def _number(name: str, default: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), server_default=default, nullable=False)


def _count(name: str, default: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), server_default=default, nullable=False)


def _belongs(table: str, column: str, other: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{other}.organisation_id", f"{other}.id"],
        name=op.f(f"fk_{table}_organisation_id_{column}_{other}"),
        ondelete="CASCADE" if cascade else None,
    )


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("organisation_id", *columns, name=op.f(f"pk_{table}"))


def upgrade() -> None:
    _quotas()
    _entries()
    for table, columns in (
        ("quota_correction", ["organisation_id", "cell_id"]),
        ("quota_reservation", ["organisation_id", "cell_id"]),
        ("quota_refill", ["organisation_id", "survey_id", "requested_at"]),
        ("staff_entry", ["organisation_id", "survey_id", "id"]),
        ("second_entry", ["organisation_id", "response_id"]),
    ):
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)
    for table, grant in GRANTS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT {grant} ON {table} TO feedback_app")
        op.execute(
            f"CREATE POLICY tenant ON {table} TO feedback_app"
            " USING (organisation_id = NULLIF(current_setting('feedback.organisation_id', true), '')::uuid)"
        )


def _quotas() -> None:
    op.create_table(
        "survey_quotas",
        _uuid("organisation_id"),
        _uuid("survey_id"),
        _number("reserve_minutes", "30"),
        _json("quotas", "[]"),
        _text("changed_by", nullable=True),
        _instant("changed_at", nullable=True),
        _count("revision", "0"),
        _belongs("survey_quotas", "survey_id", "survey"),
        _key("survey_quotas", "survey_id"),
    )
    op.execute("INSERT INTO survey_quotas (organisation_id, survey_id) SELECT organisation_id, id FROM survey")
    op.create_table(
        "quota_cell",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("survey_id"),
        _text("quota"),
        _text("cell"),
        _count("taken"),
        _count("turned_away", "0"),
        _belongs("quota_cell", "survey_id", "survey"),
        _key("quota_cell", "id"),
    )
    op.create_index("uq_quota_cell_name", "quota_cell", ["organisation_id", "survey_id", "quota", "cell"], unique=True)
    op.create_table(
        "quota_correction",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("cell_id"),
        _number("change"),
        _belongs("quota_correction", "cell_id", "quota_cell", cascade=True),
        _key("quota_correction", "id"),
    )
    op.create_table(
        "quota_reservation",
        _uuid("organisation_id"),
        _uuid("open_response_id"),
        _uuid("cell_id"),
        _instant("expires_at"),
        _belongs("quota_reservation", "open_response_id", "open_response", cascade=True),
        _belongs("quota_reservation", "cell_id", "quota_cell", cascade=True),
        _key("quota_reservation", "open_response_id", "cell_id"),
    )
    op.create_table(
        "quota_refill",
        _uuid("organisation_id"),
        _uuid("sample_id"),
        _number("release"),
        _uuid("survey_id"),
        _number("units"),
        sa.Column("expected_response", sa.Double(), nullable=False),
        _json("shortfalls"),
        _text("reason"),
        _text("requested_by"),
        _instant("requested_at"),
        _belongs("quota_refill", "sample_id", "sample"),
        _belongs("quota_refill", "survey_id", "survey"),
        _key("quota_refill", "sample_id", "release"),
    )


def _entries() -> None:
    op.create_table(
        "interview_guide",
        _uuid("organisation_id"),
        _uuid("survey_id"),
        _number("version"),
        _json("guide"),
        _text("written_by"),
        _instant("written_at"),
        _belongs("interview_guide", "survey_id", "survey"),
        _key("interview_guide", "survey_id", "version"),
    )
    op.create_table(
        "staff_entry",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("survey_id"),
        _text("kind"),
        sa.Column("guide_version", sa.Integer(), nullable=True),
        _text("interviewer", nullable=True),
        _text("form", nullable=True),
        _instant("began_at"),
        sa.Column("duration_seconds", sa.Integer(), nullable=True),
        _text("language"),
        _number("participants"),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        _number("transcript_bytes"),
        _instant("words_gone_at", nullable=True),
        _text("entered_by"),
        _instant("entered_at"),
        _belongs("staff_entry", "survey_id", "survey"),
        sa.ForeignKeyConstraint(
            ["organisation_id", "survey_id", "guide_version"],
            ["interview_guide.organisation_id", "interview_guide.survey_id", "interview_guide.version"],
            name="fk_staff_entry_guide",
        ),
        _key("staff_entry", "id"),
    )
    op.create_index(
        "uq_staff_entry_form",
        "staff_entry",
        ["organisation_id", "survey_id", "form"],
        unique=True,
        postgresql_where=sa.text("form IS NOT NULL"),
    )
    op.create_table(
        "entry_consent",
        _uuid("organisation_id"),
        _uuid("entry_id"),
        _number("participant"),
        _text("how"),
        _instant("given_at"),
        _belongs("entry_consent", "entry_id", "staff_entry", cascade=True),
        _key("entry_consent", "entry_id", "participant"),
    )
    op.create_table(
        "entry_take",
        _uuid("organisation_id"),
        _uuid("entry_id"),
        _number("participant"),
        _number("take"),
        _uuid("response_id"),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=False),
        _text("reason", nullable=True),
        _text("made_by"),
        _instant("made_at"),
        _belongs("entry_take", "entry_id", "staff_entry", cascade=True),
        _belongs("entry_take", "response_id", "response", cascade=True),
        _key("entry_take", "entry_id", "participant", "take"),
    )
    op.create_index("uq_entry_take_response_id", "entry_take", ["organisation_id", "response_id"], unique=True)
    op.create_table(
        "second_entry",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("entry_id"),
        _number("participant"),
        _uuid("response_id"),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        _text("state"),
        _number("compared"),
        sa.Column("differing", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("first_wrong", sa.Integer(), nullable=True),
        sa.Column("second_wrong", sa.Integer(), nullable=True),
        _text("reason", nullable=True),
        _text("entered_by"),
        _instant("entered_at"),
        _text("settled_by", nullable=True),
        _instant("settled_at", nullable=True),
        _belongs("second_entry", "entry_id", "staff_entry", cascade=True),
        _belongs("second_entry", "response_id", "response", cascade=True),
        _key("second_entry", "id"),
    )
    op.create_index(
        "uq_second_entry_participant", "second_entry", ["organisation_id", "entry_id", "participant"], unique=True
    )


def downgrade() -> None:
    for table in (
        "second_entry",
        "entry_take",
        "entry_consent",
        "staff_entry",
        "interview_guide",
        "quota_refill",
        "quota_reservation",
        "quota_correction",
        "quota_cell",
        "survey_quotas",
    ):
        op.drop_table(table)
