"""Tables of reports, their files, their schedules, and whom they were sent to."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, SmallInteger, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from feedback_core.db.base import belongs_to, instant, metadata, organisation_id, revision

# The row stays when its file is gone: what was told to whom, and from which run.
report = Table(
    "report",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("run_id", Uuid, nullable=False),
    Column("survey_id", Uuid, nullable=False),
    Column("audience", Text, nullable=False),
    Column("request", JSONB, nullable=False),
    Column("schedule_id", Uuid),
    Column("file_state", Text, nullable=False),
    Column("gone_reason", Text),
    Column("title", Text),
    Column("file_size", BigInteger, nullable=False, server_default="0"),
    Column("file_sha256", LargeBinary),
    Column("content_sha256", LargeBinary),
    Column("job_id", Uuid, nullable=False),
    Column("requested_by", Text, nullable=False),
    instant("created_at"),
    instant("finished_at", nullable=True),
    instant("expires_at"),
    belongs_to("analysis_run", "run_id"),
    belongs_to("survey", "survey_id"),
    Index(None, "organisation_id", "survey_id", "id"),
    Index(None, "organisation_id", "run_id", "id"),
)

report_chunk = Table(
    "report_chunk",
    metadata,
    organisation_id(),
    Column("report_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    belongs_to("report", "report_id", cascade=True),
)

# Name and address of a recipient are sealed; a row whose recipient asked to be forgotten is deleted.
report_distribution = Table(
    "report_distribution",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("report_id", Uuid, nullable=False),
    Column("way", Text, nullable=False),
    Column("sealed_recipient", LargeBinary, nullable=False),
    Column("remind_after_days", SmallInteger),
    Column("reminders_sent", SmallInteger, nullable=False, server_default="0"),
    instant("next_reminder_at", nullable=True),
    Column("job_id", Uuid),
    Column("requested_by", Text, nullable=False),
    instant("created_at"),
    instant("sent_at", nullable=True),
    instant("opened_at", nullable=True),
    instant("acknowledged_at", nullable=True),
    instant("revoked_at", nullable=True),
    belongs_to("report", "report_id"),
    Index(None, "organisation_id", "report_id", "id"),
    Index(None, "next_reminder_at"),
)

report_schedule = Table(
    "report_schedule",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("analysis_schedule_id", Uuid, nullable=False),
    Column("editions", JSONB, nullable=False),
    Column("enabled", Boolean, nullable=False),
    # The latest run that editions were asked for; later ones are still to come.
    Column("last_run_id", Uuid, nullable=False),
    instant("created_at"),
    revision(),
    belongs_to("analysis_schedule", "analysis_schedule_id", cascade=True),
    Index(None, "organisation_id", "analysis_schedule_id"),
)

# Name and address are sealed, as those of distributions; a row whose person asked to be forgotten is deleted.
report_schedule_recipient = Table(
    "report_schedule_recipient",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("schedule_id", Uuid, nullable=False),
    Column("edition", JSONB, nullable=False),
    Column("sealed_recipient", LargeBinary, nullable=False),
    Column("remind_after_days", SmallInteger),
    Column("added_by", Text, nullable=False),
    instant("created_at"),
    belongs_to("report_schedule", "schedule_id", cascade=True),
    Index(None, "organisation_id", "schedule_id", "id"),
)
