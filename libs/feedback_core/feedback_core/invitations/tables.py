"""Tables of invitations: batches that go out together, who is invited, and the steps of each."""

from sqlalchemy import (
    Boolean,
    Column,
    Double,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from feedback_core.db.base import belongs_to, instant, metadata, organisation_id, revision

# One sending: to a sample, or to people by name.
invitation_batch = Table(
    "invitation_batch",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("survey_id", Uuid, nullable=False),
    Column("sample_id", Uuid),
    Column("collector_id", Uuid),
    Column("name", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("wave", Text),
    # Messages by language, reminders, quiet hours, pace, what one message costs.
    Column("settings", JSONB, nullable=False),
    # Whether an invitation is told which response came of it: never where the survey promises anonymity.
    Column("keeps_response", Boolean, nullable=False),
    # Units of the sample up to this position have their invitation; NULL: it is of people by name.
    Column("filled_to", Integer),
    instant("filled_at", nullable=True),
    instant("send_at"),
    instant("expires_at"),
    # Contacts of people by name are taken out then.
    instant("keep_until"),
    # When there is something to do: to send, to remind, to look at what was begun, to end.
    instant("next_at", nullable=True),
    instant("cancelled_at", nullable=True),
    Column("job_id", Uuid),
    Column("requested_by", Text, nullable=False),
    instant("created_at"),
    revision(),
    belongs_to("survey", "survey_id"),
    belongs_to("sample", "sample_id"),
    belongs_to("collector", "collector_id"),
    Index(None, "organisation_id", "survey_id", "id"),
    Index("ix_invitation_batch_next_at", "next_at", postgresql_where=text("next_at IS NOT NULL")),
)

invitation = Table(
    "invitation",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("batch_id", Uuid, nullable=False),
    Column("survey_id", Uuid, nullable=False),
    Column("sample_id", Uuid),
    # NULL: invited by name, or whoever it was is not in the frame any more.
    Column("unit_id", Uuid),
    Column("collector_id", Uuid),
    Column("method", Text, nullable=False),
    Column("wave", Text),
    Column("stratum", Text),
    Column("interviewer", Text),
    # Of people by name; units of frames are reached by what stands in their frame.
    Column("contact", LargeBinary),
    Column("email_ref", LargeBinary),
    Column("phone_ref", LargeBinary),
    Column("ref_ref", LargeBinary),
    Column("language", Text),
    Column("state", Text, nullable=False),
    # Why it ended so, as a code.
    Column("reason", Text),
    instant("created_at"),
    instant("sent_at", nullable=True),
    instant("delivered_at", nullable=True),
    instant("opened_at", nullable=True),
    # These two are days where the survey promises anonymity.
    instant("started_at", nullable=True),
    instant("completed_at", nullable=True),
    # When it became partial, refused, opted out, bounced, ineligible, expired or cancelled.
    instant("ended_at", nullable=True),
    instant("expires_at"),
    # When the next message goes out; NULL: none does.
    instant("next_at", nullable=True),
    Column("messages_sent", Integer, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("reminders_sent", Integer, nullable=False, server_default="0"),
    # In the smallest unit of the currency of its batch.
    Column("cost", Double, nullable=False, server_default="0"),
    Column("open_response_id", Uuid),
    Column("response_id", Uuid),
    revision(),
    belongs_to("invitation_batch", "batch_id"),
    belongs_to("survey", "survey_id"),
    ForeignKeyConstraint(
        ["organisation_id", "unit_id"],
        ["frame_unit.organisation_id", "frame_unit.id"],
        ondelete="SET NULL (unit_id)",
    ),
    # What was said can be erased, and leads nowhere then.
    *(
        ForeignKeyConstraint(
            ["organisation_id", f"{of}_id"], [f"{of}.organisation_id", f"{of}.id"], ondelete=f"SET NULL ({of}_id)"
        )
        for of in ("open_response", "response")
    ),
    Index(None, "organisation_id", "survey_id", "id"),
    Index(None, "organisation_id", "batch_id", "id"),
    Index(
        "uq_invitation_unit_id",
        "organisation_id",
        "batch_id",
        "unit_id",
        unique=True,
        postgresql_where=text("unit_id IS NOT NULL"),
    ),
    Index("ix_invitation_unit_id", "organisation_id", "unit_id", postgresql_where=text("unit_id IS NOT NULL")),
    Index(
        "ix_invitation_next_at",
        "organisation_id",
        "batch_id",
        "next_at",
        postgresql_where=text("next_at IS NOT NULL"),
    ),
    *(
        Index(f"ix_invitation_{of}", "organisation_id", of, postgresql_where=text(f"{of} IS NOT NULL"))
        for of in ("email_ref", "phone_ref", "ref_ref", "open_response_id", "response_id")
    ),
)

# What became of an invitation, one after the other, never changed.
invitation_step = Table(
    "invitation_step",
    metadata,
    organisation_id(),
    Column("invitation_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("happening", Text, nullable=False),
    # The state that it had afterwards.
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("noted_by", Text, nullable=False),
    instant("at"),
    belongs_to("invitation", "invitation_id", cascade=True),
)
