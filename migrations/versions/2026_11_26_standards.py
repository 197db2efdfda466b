"""Processes, offers and touchpoints of the service; standards, the verdicts of reviews on them, benchmarks and notes.

What features named as their process in words becomes a process of that name, and the feature refers to it. The words
stay where they are, since the release before still writes them.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "standards"
down_revision = "events"
branch_labels = None
depends_on = None

GRANTS = {
    "process": "SELECT, INSERT, UPDATE, DELETE",
    "offer": "SELECT, INSERT, UPDATE, DELETE",
    "touchpoint": "SELECT, INSERT, UPDATE, DELETE",
    "feature_offer": "SELECT, INSERT, DELETE",
    "feature_touchpoint": "SELECT, INSERT, DELETE",
    "standard": "SELECT, INSERT",
    "standard_verdict": "SELECT, INSERT",
    "benchmark": "SELECT, INSERT, UPDATE, DELETE",
    "practice_note": "SELECT, INSERT, UPDATE, DELETE",
}

# A key is made from the words; where these have no letters that keys have, or two lead to the same, their hash tells.
TAKE_OVER = """
    INSERT INTO process (organisation_id, key, name, created_at)
    SELECT organisation_id,
           CASE WHEN base = '' THEN 'process_' || left(md5(name), 8)
                WHEN count(*) OVER (PARTITION BY organisation_id, base) > 1 THEN base || '_' || left(md5(name), 8)
                ELSE base END,
           name, created_at
      FROM (SELECT organisation_id, process AS name, min(created_at) AS created_at,
                   trim(BOTH '_' FROM left(trim(BOTH '_' FROM
                       regexp_replace(lower(process), '[^a-z0-9]+', '_', 'g')), 50)) AS base
              FROM feature WHERE process IS NOT NULL GROUP BY organisation_id, process) AS named
"""
REFER = """
    UPDATE feature f SET process_key = p.key FROM process p
     WHERE p.organisation_id = f.organisation_id AND p.name = f.process
"""
WRITE_BACK = """
    UPDATE feature f SET process = p.name FROM process p
     WHERE p.organisation_id = f.organisation_id AND p.key = f.process_key
"""


def _uuid(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=False)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Float())


def _document(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(), nullable=nullable)


def _revision() -> sa.Column[object]:
    return sa.Column("revision", sa.BigInteger(), nullable=False, server_default="1")


def _primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("organisation_id", *columns, name=op.f(f"pk_{table}"))


def _of(table: str, column: str, other: str, key: str = "key", *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{other}.organisation_id", f"{other}.{key}"],
        name=op.f(f"fk_{table}_organisation_id_{column}_{other}"),
        ondelete="CASCADE" if cascade else None,
    )


def upgrade() -> None:
    for part in ("process", "offer", "touchpoint"):
        footprint = [_document("footprint", nullable=True)] if part == "process" else []
        op.create_table(
            part,
            _uuid("organisation_id"),
            _text("key"),
            _text("name"),
            _text("description", nullable=True),
            _text("owner", nullable=True),
            *footprint,
            _instant("created_at"),
            _revision(),
            _primary(part, "key"),
        )
    op.add_column("feature", _text("process_key", nullable=True))
    op.execute(TAKE_OVER)
    op.execute(REFER)
    op.create_foreign_key(
        op.f("fk_feature_organisation_id_process_key_process"),
        "feature",
        "process",
        ["organisation_id", "process_key"],
        ["organisation_id", "key"],
    )
    for part in ("offer", "touchpoint"):
        table = f"feature_{part}"
        op.create_table(
            table,
            _uuid("organisation_id"),
            _text("feature_key"),
            _text(f"{part}_key"),
            _primary(table, "feature_key", f"{part}_key"),
            _of(table, "feature_key", "feature", cascade=True),
            _of(table, f"{part}_key", part),
        )
    op.create_table(
        "standard",
        _uuid("organisation_id"),
        _text("key"),
        sa.Column("version", sa.Integer(), nullable=False),
        _uuid("survey_id"),
        _text("feature_key", nullable=True),
        _text("process_key", nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        _document("details"),
        _text("defined_by"),
        _instant("defined_at"),
        _primary("standard", "key", "version"),
        _of("standard", "survey_id", "survey", "id"),
        _of("standard", "feature_key", "feature"),
        _of("standard", "process_key", "process"),
    )
    op.create_table(
        "standard_verdict",
        _uuid("organisation_id"),
        _text("standard_key"),
        _uuid("run_id"),
        sa.Column("standard_version", sa.Integer(), nullable=False),
        _text("verdict"),
        _number("value"),
        _number("low"),
        _number("high"),
        sa.Column("n", sa.Integer()),
        sa.Column("threshold", sa.Float(), nullable=False),
        _text("sentence"),
        _instant("period_start", nullable=True),
        _instant("period_end", nullable=True),
        _instant("decided_at"),
        _primary("standard_verdict", "standard_key", "run_id"),
        _of("standard_verdict", "run_id", "analysis_run", "id"),
    )
    for table in ("benchmark", "practice_note"):
        op.create_table(
            table,
            _uuid("organisation_id"),
            _text("key"),
            _text("standard_key", nullable=True),
            _document("details"),
            _instant("created_at"),
            _instant("updated_at"),
            _revision(),
            _primary(table, "key"),
        )
    op.add_column("recommendation", _text("standard_key", nullable=True))
    for table, column in (
        ("feature", "process_key"),
        ("feature_offer", "offer_key"),
        ("feature_touchpoint", "touchpoint_key"),
        ("standard", "survey_id"),
        ("standard", "feature_key"),
        ("standard", "process_key"),
        ("benchmark", "standard_key"),
        ("practice_note", "standard_key"),
    ):
        op.create_index(op.f(f"ix_{table}_organisation_id_{column}"), table, ["organisation_id", column])
    for table, grant in GRANTS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT {grant} ON {table} TO feedback_app")
        op.execute(
            f"CREATE POLICY tenant ON {table} TO feedback_app"
            " USING (organisation_id = NULLIF(current_setting('feedback.organisation_id', true), '')::uuid)"
        )


def downgrade() -> None:
    op.drop_column("recommendation", "standard_key")
    op.execute(WRITE_BACK)
    for table in ("practice_note", "benchmark", "standard_verdict", "standard", "feature_touchpoint", "feature_offer"):
        op.drop_table(table)
    op.drop_index(op.f("ix_feature_organisation_id_process_key"), "feature")
    op.drop_constraint(op.f("fk_feature_organisation_id_process_key_process"), "feature", type_="foreignkey")
    op.drop_column("feature", "process_key")
    for part in ("touchpoint", "offer", "process"):
        op.drop_table(part)
