"""Table of events; a row is never changed."""

from sqlalchemy import BigInteger, Column, Index, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from feedback_core.db.base import Xid8, instant, metadata, organisation_id

event = Table(
    "event",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject_kind", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    instant("occurred_at"),
    Column("data", JSONB, nullable=False),
    # Of the transaction that recorded it, or of the one that recorded the subject's event before, if that is higher: so
    # the feed, which goes by it, has the events of a subject in their sequence.
    Column("recorded_xid", Xid8, nullable=False, server_default=text("pg_current_xact_id()")),
    Index("uq_event_sequence", "organisation_id", "subject_kind", "subject_id", "sequence", unique=True),
    Index(None, "organisation_id", "recorded_xid", "sequence", "id"),
    Index(None, "organisation_id", "occurred_at"),
)
