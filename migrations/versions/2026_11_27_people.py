"""People: staff, teams, roles and who acknowledged them; performance; culture; motivation. Audiences of surveys."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import SchemaItem

revision = "people"
down_revision = "plans"
branch_labels = None
depends_on = None

GRANTS = {
    "staff_member": "SELECT, INSERT, UPDATE, DELETE",
    "team": "SELECT, INSERT, UPDATE, DELETE",
    "team_member": "SELECT, INSERT, DELETE",
    "staff_role": "SELECT, INSERT",
    "role_assignment": "SELECT, INSERT, UPDATE (job_id, sent_at, acknowledged_at, ended_at), DELETE",
    "performance_measure": "SELECT, INSERT",
    "performance_review": "SELECT, INSERT, UPDATE (sealed), DELETE",
    "performance_reply": "SELECT, INSERT, UPDATE (sealed), DELETE",
    "performance_goal": "SELECT, INSERT, UPDATE, DELETE",
    "recognition": "SELECT, INSERT, UPDATE (sealed), DELETE",
    "culture_note": "SELECT, INSERT, UPDATE (sealed), DELETE",
    "culture_assessment": "SELECT, INSERT",
    "motivation_strategy": "SELECT, INSERT, UPDATE, DELETE",
}

OF_SOMEBODY = ("performance_review", "performance_reply", "performance_goal", "recognition")


def _uuid(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _texts(name: str) -> sa.Column[object]:
    return sa.Column(name, postgresql.ARRAY(sa.Text()), nullable=False)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _day(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(), nullable=False)


def _sealed(*, nullable: bool = False) -> sa.Column[object]:
    return sa.Column("sealed", sa.LargeBinary(), nullable=nullable)


def _revision() -> sa.Column[object]:
    return sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False)


def _belongs(table: str, column: str, other: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{other}.organisation_id", f"{other}.id"],
        name=op.f(f"fk_{table}_organisation_id_{column}_{other}"),
        ondelete="CASCADE" if cascade else None,
    )


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("organisation_id", *columns, name=op.f(f"pk_{table}"))


def _of_somebody(table: str) -> tuple[SchemaItem, ...]:
    return (
        _uuid("staff_id", nullable=True),
        _uuid("team_id", nullable=True),
        _belongs(table, "staff_id", "staff_member", cascade=True),
        _belongs(table, "team_id", "team", cascade=True),
        sa.CheckConstraint("num_nonnulls(staff_id, team_id) = 1", name=op.f(f"ck_{table}_of_one")),
        _key(table, "id"),
    )


def _staff() -> None:
    op.create_table(
        "staff_member",
        _uuid("organisation_id"),
        _uuid("id"),
        _text("reference"),
        _sealed(),
        _uuid("api_key_id", nullable=True),
        _day("joined_on", nullable=True),
        _day("left_on", nullable=True),
        _instant("created_at"),
        _instant("updated_at"),
        _revision(),
        _belongs("staff_member", "api_key_id", "api_key"),
        _key("staff_member", "id"),
    )
    op.create_table(
        "team",
        _uuid("organisation_id"),
        _uuid("id"),
        _text("key"),
        _text("name"),
        _text("reference"),
        _uuid("lead_id", nullable=True),
        _texts("viewer_roles"),
        _instant("created_at"),
        _instant("updated_at"),
        _revision(),
        _belongs("team", "lead_id", "staff_member"),
        _key("team", "id"),
    )
    op.create_table(
        "team_member",
        _uuid("organisation_id"),
        _uuid("team_id"),
        _uuid("staff_id"),
        _belongs("team_member", "team_id", "team", cascade=True),
        _belongs("team_member", "staff_id", "staff_member", cascade=True),
        _key("team_member", "team_id", "staff_id"),
    )
    for table, column in (("staff_member", "reference"), ("team", "key"), ("team", "reference")):
        op.create_index(f"uq_{table}_{column}", table, ["organisation_id", column], unique=True)


def _roles() -> None:
    op.create_table(
        "staff_role",
        _uuid("organisation_id"),
        _text("key"),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("title"),
        _text("purpose", nullable=True),
        _json("responsibilities"),
        _text("defined_by"),
        _instant("defined_at"),
        _key("staff_role", "key", "version"),
    )
    op.create_table(
        "role_assignment",
        _uuid("organisation_id"),
        _uuid("id"),
        _text("role_key"),
        sa.Column("role_version", sa.Integer(), nullable=False),
        _uuid("staff_id"),
        _text("way"),
        _uuid("job_id", nullable=True),
        _text("requested_by"),
        _instant("created_at"),
        _instant("sent_at", nullable=True),
        _instant("acknowledged_at", nullable=True),
        _instant("ended_at", nullable=True),
        _belongs("role_assignment", "staff_id", "staff_member", cascade=True),
        _key("role_assignment", "id"),
    )


def _performance() -> None:
    op.create_table(
        "performance_measure",
        _uuid("organisation_id"),
        _text("key"),
        sa.Column("version", sa.Integer(), nullable=False),
        _json("details"),
        _text("defined_by"),
        _instant("defined_at"),
        _key("performance_measure", "key", "version"),
    )
    op.create_table(
        "performance_review",
        _uuid("organisation_id"),
        _uuid("id"),
        _instant("starts_at", nullable=True),
        _instant("ends_at", nullable=True),
        _json("figures"),
        _sealed(nullable=True),
        _text("written_by"),
        _text("key_name"),
        _instant("created_at"),
        *_of_somebody("performance_review"),
    )
    op.create_table(
        "performance_reply",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("review_id", nullable=True),
        _text("measure_key", nullable=True),
        _instant("starts_at", nullable=True),
        _instant("ends_at", nullable=True),
        _sealed(),
        _text("written_by"),
        _text("key_name"),
        _instant("written_at"),
        _belongs("performance_reply", "review_id", "performance_review", cascade=True),
        sa.CheckConstraint("num_nonnulls(review_id, measure_key) = 1", name=op.f("ck_performance_reply_about_one")),
        *_of_somebody("performance_reply"),
    )
    op.create_table(
        "performance_goal",
        _uuid("organisation_id"),
        _uuid("id"),
        _text("measure_key", nullable=True),
        sa.Column("target", sa.Float(), nullable=True),
        _day("due_on"),
        _text("state"),
        _sealed(),
        _text("written_by"),
        _instant("created_at"),
        _instant("updated_at"),
        _revision(),
        *_of_somebody("performance_goal"),
    )
    op.create_table(
        "recognition",
        _uuid("organisation_id"),
        _uuid("id"),
        _text("standard_key", nullable=True),
        _sealed(),
        _text("given_by"),
        _text("key_name"),
        _instant("given_at"),
        *_of_somebody("recognition"),
    )
    for table in OF_SOMEBODY:
        op.create_index(f"ix_{table}_staff", table, ["organisation_id", "staff_id", "id"])
        op.create_index(f"ix_{table}_team", table, ["organisation_id", "team_id", "id"])


def _culture() -> None:
    op.create_table(
        "culture_note",
        _uuid("organisation_id"),
        _uuid("id"),
        _text("kind"),
        _texts("dimensions"),
        _day("observed_on"),
        _sealed(),
        _text("written_by"),
        _text("key_name"),
        _instant("written_at"),
        _key("culture_note", "id"),
    )
    op.create_table(
        "culture_assessment",
        _uuid("organisation_id"),
        _uuid("id"),
        _day("as_of"),
        _text("title"),
        _json("dimensions"),
        _text("written_by"),
        _text("key_name"),
        _instant("created_at"),
        _key("culture_assessment", "id"),
    )
    op.create_table(
        "motivation_strategy",
        _uuid("organisation_id"),
        _text("key"),
        _json("details"),
        _instant("created_at"),
        _instant("updated_at"),
        _revision(),
        _key("motivation_strategy", "key"),
    )


def upgrade() -> None:
    # What was asked before was asked of customers; a release that knows nothing of audiences goes on so.
    op.add_column("survey", sa.Column("audience", sa.Text(), server_default="customers", nullable=False))
    _staff()
    _roles()
    _performance()
    _culture()
    for table, columns in (
        ("staff_member", ["organisation_id", "api_key_id"]),
        ("team_member", ["organisation_id", "staff_id"]),
        ("role_assignment", ["organisation_id", "role_key", "id"]),
        ("role_assignment", ["organisation_id", "staff_id", "id"]),
        ("culture_assessment", ["organisation_id", "as_of", "id"]),
    ):
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)
    for table, grant in GRANTS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT {grant} ON {table} TO feedback_app")
        op.execute(
            f"CREATE POLICY tenant ON {table} TO feedback_app"
            " USING (organisation_id = NULLIF(current_setting('feedback.organisation_id', true), '')::uuid)"
        )


def downgrade() -> None:
    for table in (
        "motivation_strategy",
        "culture_assessment",
        "culture_note",
        "recognition",
        "performance_goal",
        "performance_reply",
        "performance_review",
        "performance_measure",
        "role_assignment",
        "staff_role",
        "team_member",
        "team",
        "staff_member",
    ):
        op.drop_table(table)
    op.drop_column("survey", "audience")
