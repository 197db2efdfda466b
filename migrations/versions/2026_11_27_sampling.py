"""Frames of people who could be asked, with their files, opt-outs and contacts; samples drawn from them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "sampling"
down_revision = "people"
branch_labels = None
depends_on = None

GRANTS = {
    "sampling_frame": "SELECT, INSERT, UPDATE, DELETE",
    "frame_unit": "SELECT, INSERT, UPDATE, DELETE",
    "contact_opt_out": "SELECT, INSERT, DELETE",
    "person_contact": "SELECT, INSERT, DELETE",
    "frame_import": "SELECT, INSERT, UPDATE",
    "frame_import_chunk": "SELECT, INSERT, UPDATE (content), DELETE",
    "frame_import_fault": "SELECT, INSERT",
    "sample": "SELECT, INSERT, UPDATE",
    "sample_unit": "SELECT, INSERT, UPDATE (probability, replaced_for)",
    "sample_release": "SELECT, INSERT",
}

# What the schedule needs to see across organisations: which frames are not to be kept any more.
SYSTEM_GRANT = "SELECT (organisation_id, id, keep_until, emptied_at) ON sampling_frame"


def _uuid(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _json(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(), nullable=nullable)


def _bytes(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _count(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)


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
    _frames()
    _files()
    _samples()
    for table, columns in (
        ("frame_unit", ["organisation_id", "frame_id", "id"]),
        ("person_contact", ["organisation_id", "at"]),
        ("frame_import", ["organisation_id", "frame_id", "id"]),
        ("frame_import_chunk", ["organisation_id", "import_id", "number"]),
        ("sample", ["organisation_id", "frame_id", "id"]),
        ("sample", ["organisation_id", "survey_id", "id"]),
        ("sample_unit", ["organisation_id", "unit_id"]),
    ):
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)
    for table, grant in GRANTS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT {grant} ON {table} TO feedback_app")
        op.execute(
            f"CREATE POLICY tenant ON {table} TO feedback_app"
            " USING (organisation_id = NULLIF(current_setting('feedback.organisation_id', true), '')::uuid)"
        )
    op.execute(f"GRANT {SYSTEM_GRANT} TO feedback_system")
    op.execute("CREATE POLICY system ON sampling_frame TO feedback_system USING (true)")


def _frames() -> None:
    op.create_table(
        "sampling_frame",
        _uuid("organisation_id"),
        _uuid("id"),
        _json("settings"),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        _count("changes"),
        _count("deduplicated"),
        _instant("keep_until", nullable=True),
        _instant("loaded_at", nullable=True),
        _instant("emptied_at", nullable=True),
        _text("created_by"),
        _instant("created_at"),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        _key("sampling_frame", "id"),
    )
    op.create_index(
        "ix_sampling_frame_keep_until",
        "sampling_frame",
        ["keep_until"],
        postgresql_where=sa.text("emptied_at IS NULL"),
    )
    op.create_table(
        "frame_unit",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("frame_id"),
        _text("ref", nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=False),
        _json("attributes"),
        _json("measures"),
        *(_bytes(name) for name in ("contact", "email_ref", "phone_ref", "name_ref", "person_ref")),
        _uuid("repeats", nullable=True),
        sa.Column("shares", postgresql.ARRAY(sa.Text()), nullable=True),
        _instant("opted_out_at", nullable=True),
        _instant("added_at"),
        _belongs("frame_unit", "frame_id", "sampling_frame"),
        _key("frame_unit", "id"),
    )
    op.create_index("uq_frame_unit_ref", "frame_unit", ["organisation_id", "frame_id", "ref"], unique=True)
    for column in ("email_ref", "phone_ref"):
        op.create_index(
            f"ix_frame_unit_{column}",
            "frame_unit",
            ["organisation_id", column],
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
        )
    op.create_index(
        "ix_frame_unit_repeats",
        "frame_unit",
        ["organisation_id", "frame_id", "id"],
        postgresql_where=sa.text("repeats IS NOT NULL"),
    )
    op.create_table(
        "contact_opt_out",
        _uuid("organisation_id"),
        _bytes("contact_ref", nullable=False),
        _text("kind"),
        _text("reason", nullable=True),
        _text("noted_by"),
        _instant("opted_out_at"),
        _key("contact_opt_out", "contact_ref"),
    )
    op.create_table(
        "person_contact",
        _uuid("organisation_id"),
        _bytes("person_ref", nullable=False),
        _instant("at"),
        _key("person_contact", "person_ref", "at"),
    )


def _files() -> None:
    op.create_table(
        "frame_import",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("frame_id"),
        _text("state"),
        _json("mapping"),
        _text("file_name", nullable=True),
        _bytes("file_sha256"),
        *(_count(name) for name in ("file_size", "rows_read", "rows_added", "rows_updated", "rows_rejected")),
        _uuid("job_id", nullable=True),
        _text("requested_by"),
        _instant("created_at"),
        _belongs("frame_import", "frame_id", "sampling_frame", cascade=True),
        _key("frame_import", "id"),
    )
    op.create_table(
        "frame_import_chunk",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("import_id"),
        _number("number"),
        _bytes("content", nullable=False),
        _belongs("frame_import_chunk", "import_id", "frame_import", cascade=True),
        _key("frame_import_chunk", "id"),
    )
    op.create_table(
        "frame_import_fault",
        _uuid("organisation_id"),
        _uuid("import_id"),
        sa.Column("line", sa.BigInteger(), nullable=False),
        _number("number"),
        _text("column", nullable=True),
        _text("code"),
        _text("detail"),
        _belongs("frame_import_fault", "import_id", "frame_import", cascade=True),
        _key("frame_import_fault", "import_id", "line", "number"),
    )


def _samples() -> None:
    op.create_table(
        "sample",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("frame_id"),
        _uuid("survey_id", nullable=True),
        _text("name"),
        _json("design"),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        _json("outcome", nullable=True),
        sa.Column("frame_changes", sa.BigInteger(), nullable=True),
        _uuid("job_id"),
        _text("requested_by"),
        _instant("created_at"),
        _instant("drawn_at", nullable=True),
        _belongs("sample", "frame_id", "sampling_frame"),
        _belongs("sample", "survey_id", "survey"),
        _key("sample", "id"),
    )
    op.create_table(
        "sample_unit",
        _uuid("organisation_id"),
        _uuid("sample_id"),
        _number("position"),
        _uuid("unit_id"),
        sa.Column("number", sa.BigInteger(), nullable=False),
        _number("stratum"),
        _text("cluster", nullable=True),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column("cluster_probability", sa.Double(), nullable=True),
        _number("cluster_population", nullable=True),
        _number("release"),
        _text("replaced_for", nullable=True),
        _bytes("respondent_ref"),
        _belongs("sample_unit", "sample_id", "sample", cascade=True),
        _belongs("sample_unit", "unit_id", "frame_unit", cascade=True),
        _key("sample_unit", "sample_id", "position"),
    )
    op.create_index("uq_sample_unit_unit_id", "sample_unit", ["organisation_id", "sample_id", "unit_id"], unique=True)
    op.create_index(
        "ix_sample_unit_respondent_ref",
        "sample_unit",
        ["organisation_id", "respondent_ref"],
        postgresql_where=sa.text("respondent_ref IS NOT NULL"),
    )
    op.create_table(
        "sample_release",
        _uuid("organisation_id"),
        _uuid("sample_id"),
        _number("number"),
        _text("reason"),
        _json("units"),
        _text("released_by"),
        _instant("released_at"),
        _belongs("sample_release", "sample_id", "sample", cascade=True),
        _key("sample_release", "sample_id", "number"),
    )


def downgrade() -> None:
    for table in (
        "sample_release",
        "sample_unit",
        "sample",
        "frame_import_fault",
        "frame_import_chunk",
        "frame_import",
        "person_contact",
        "contact_opt_out",
        "frame_unit",
        "sampling_frame",
    ):
        op.drop_table(table)
