"""Tables of frames, their units and files, of who does not want to be asked and who was, and of samples."""

from sqlalchemy import BigInteger, Column, DateTime, Double, Index, Integer, LargeBinary, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from feedback_core.db.base import belongs_to, instant, metadata, organisation_id, revision

sampling_frame = Table(
    "sampling_frame",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("settings", JSONB, nullable=False),
    # The permanent random numbers of its units follow from it.
    Column("seed", BigInteger, nullable=False),
    # Batches that came in, and how many of them duplicates were last looked for in.
    Column("changes", BigInteger, nullable=False, server_default="0"),
    Column("deduplicated", BigInteger, nullable=False, server_default="0"),
    instant("keep_until", nullable=True),
    instant("loaded_at", nullable=True),
    instant("emptied_at", nullable=True),
    Column("created_by", Text, nullable=False),
    instant("created_at"),
    revision(),
    Index("ix_sampling_frame_keep_until", "keep_until", postgresql_where=text("emptied_at IS NULL")),
)

frame_unit = Table(
    "frame_unit",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("frame_id", Uuid, nullable=False),
    # NULL once the frame is emptied.
    Column("ref", Text),
    # The permanent random number.
    Column("number", BigInteger, nullable=False),
    Column("attributes", JSONB, nullable=False),
    Column("measures", JSONB, nullable=False),
    # Name, addresses, number and postcode, encrypted; and keyed hashes of these, by which two are found to be one.
    Column("contact", LargeBinary),
    Column("email_ref", LargeBinary),
    Column("phone_ref", LargeBinary),
    Column("name_ref", LargeBinary),
    Column("person_ref", LargeBinary),
    # The unit that stands for this one, and what they share.
    Column("repeats", Uuid),
    Column("shares", ARRAY(Text)),
    instant("opted_out_at", nullable=True),
    instant("added_at"),
    belongs_to("sampling_frame", "frame_id"),
    Index("uq_frame_unit_ref", "organisation_id", "frame_id", "ref", unique=True),
    Index(None, "organisation_id", "frame_id", "id"),
    Index("ix_frame_unit_email_ref", "organisation_id", "email_ref", postgresql_where=text("email_ref IS NOT NULL")),
    Index("ix_frame_unit_phone_ref", "organisation_id", "phone_ref", postgresql_where=text("phone_ref IS NOT NULL")),
    Index("ix_frame_unit_repeats", "organisation_id", "frame_id", "id", postgresql_where=text("repeats IS NOT NULL")),
)

# Who does not want to be asked, by a keyed hash of an address, a number or a name of the organisation: it outlives
# whoever is erased, so that nobody who comes in again is asked again.
contact_opt_out = Table(
    "contact_opt_out",
    metadata,
    organisation_id(),
    Column("contact_ref", LargeBinary, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("reason", Text),
    Column("noted_by", Text, nullable=False),
    instant("opted_out_at"),
)

# Who was asked when, by the keyed hash of the person: counted by the rules of every frame.
person_contact = Table(
    "person_contact",
    metadata,
    organisation_id(),
    Column("person_ref", LargeBinary, primary_key=True),
    Column("at", DateTime(timezone=True), primary_key=True),
    Index(None, "organisation_id", "at"),
)

frame_import = Table(
    "frame_import",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("frame_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("mapping", JSONB, nullable=False),
    Column("file_name", Text),
    Column("file_sha256", LargeBinary),
    Column("file_size", BigInteger, nullable=False, server_default="0"),
    Column("rows_read", BigInteger, nullable=False, server_default="0"),
    Column("rows_added", BigInteger, nullable=False, server_default="0"),
    Column("rows_updated", BigInteger, nullable=False, server_default="0"),
    Column("rows_rejected", BigInteger, nullable=False, server_default="0"),
    # No foreign key: jobs are claimed across tenants and stay a local table when the others are distributed.
    Column("job_id", Uuid),
    Column("requested_by", Text, nullable=False),
    instant("created_at"),
    belongs_to("sampling_frame", "frame_id", cascade=True),
    Index(None, "organisation_id", "frame_id", "id"),
)

# Encrypted: a frame is contacts, and what waits to be read is no less than what was read.
frame_import_chunk = Table(
    "frame_import_chunk",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("import_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    belongs_to("frame_import", "import_id", cascade=True),
    Index(None, "organisation_id", "import_id", "number"),
)

frame_import_fault = Table(
    "frame_import_fault",
    metadata,
    organisation_id(),
    Column("import_id", Uuid, primary_key=True),
    Column("line", BigInteger, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("column", Text),
    Column("code", Text, nullable=False),
    Column("detail", Text, nullable=False),
    belongs_to("frame_import", "import_id", cascade=True),
)

sample = Table(
    "sample",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("frame_id", Uuid, nullable=False),
    Column("survey_id", Uuid),
    Column("name", Text, nullable=False),
    Column("design", JSONB, nullable=False),
    Column("seed", BigInteger, nullable=False),
    # Strata with their starts, populations and sizes; coverage; NULL until it is drawn.
    Column("outcome", JSONB),
    # Batches that had come into the frame by then.
    Column("frame_changes", BigInteger),
    Column("job_id", Uuid, nullable=False),
    Column("requested_by", Text, nullable=False),
    instant("created_at"),
    instant("drawn_at", nullable=True),
    belongs_to("sampling_frame", "frame_id"),
    belongs_to("survey", "survey_id"),
    Index(None, "organisation_id", "frame_id", "id"),
    Index(None, "organisation_id", "survey_id", "id"),
)

sample_unit = Table(
    "sample_unit",
    metadata,
    organisation_id(),
    Column("sample_id", Uuid, primary_key=True),
    # In the order in which they are to be asked, from 0.
    Column("position", Integer, primary_key=True),
    Column("unit_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    # Index in the strata of the sample's outcome.
    Column("stratum", Integer, nullable=False),
    Column("cluster", Text),
    Column("probability", Double, nullable=False),
    Column("cluster_probability", Double),
    Column("cluster_population", Integer),
    # With which release it came: 0 at first, then those of refills.
    Column("release", Integer, nullable=False),
    # Why somebody else is asked in its place.
    Column("replaced_for", Text),
    # Keyed hash of the respondent in the sample's survey, as responses have it.
    Column("respondent_ref", LargeBinary),
    belongs_to("sample", "sample_id", cascade=True),
    belongs_to("frame_unit", "unit_id", cascade=True),
    Index(
        "ix_sample_unit_respondent_ref",
        "organisation_id",
        "respondent_ref",
        postgresql_where=text("respondent_ref IS NOT NULL"),
    ),
    Index("uq_sample_unit_unit_id", "organisation_id", "sample_id", "unit_id", unique=True),
    Index(None, "organisation_id", "unit_id"),
)

# Who came into a sample after it was drawn, and why.
sample_release = Table(
    "sample_release",
    metadata,
    organisation_id(),
    Column("sample_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("units", JSONB, nullable=False),
    Column("released_by", Text, nullable=False),
    instant("released_at"),
    belongs_to("sample", "sample_id", cascade=True),
)
