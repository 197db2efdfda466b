"""Tables of codebooks, of what was read out of comments, and of how they were coded."""

from sqlalchemy import BigInteger, Column, Float, Index, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from feedback_core.db.base import Xid8, belongs_to, instant, metadata, organisation_id

# A version is never changed; codings name the one that they were made with.
codebook = Table(
    "codebook",
    metadata,
    organisation_id(),
    Column("survey_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("definition", JSONB, nullable=False),
    Column("defined_by", Text, nullable=False),
    instant("defined_at"),
    belongs_to("survey", "survey_id"),
)

# What programs made of a comment. It can be made again from the response at any time, so it may be replaced.
comment_reading = Table(
    "comment_reading",
    metadata,
    organisation_id(),
    Column("response_id", Uuid, primary_key=True),
    Column("question_key", Text, primary_key=True),
    Column("survey_id", Uuid, nullable=False),
    Column("language", Text),
    Column("tone", Text),
    Column("sentiment", Float),
    # What the rules of a version of the codebook gave; NULL until there is a codebook.
    Column("themes", ARRAY(Text)),
    Column("codebook_version", Integer),
    Column("reader_version", Integer, nullable=False),
    # A number that chance alone decides, but always alike: comments in its order are in random order.
    Column("lot", BigInteger, nullable=False),
    instant("read_at"),
    belongs_to("response", "response_id", cascade=True),
    Index(None, "organisation_id", "survey_id", "lot"),
)

reading_state = Table(
    "reading_state",
    metadata,
    organisation_id(),
    Column("survey_id", Uuid, primary_key=True),
    # Responses up to this one, in the order of recording transactions and ids, have been read.
    Column("read_xid", Xid8, nullable=False),
    Column("read_id", Uuid, nullable=False),
    # By what they have been read; another version has all of them read again.
    Column("reader_version", Integer, nullable=False),
    Column("codebook_version", Integer, nullable=False),
    belongs_to("survey", "survey_id"),
)

coding_batch = Table(
    "coding_batch",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("survey_id", Uuid, nullable=False),
    Column("codebook_version", Integer, nullable=False),
    Column("selection", JSONB, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("drawn_by", Text, nullable=False),
    instant("drawn_at"),
    belongs_to("survey", "survey_id"),
    Index(None, "organisation_id", "survey_id", "id"),
)

coding_batch_item = Table(
    "coding_batch_item",
    metadata,
    organisation_id(),
    Column("batch_id", Uuid, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("response_id", Uuid, nullable=False),
    Column("question_key", Text, nullable=False),
    belongs_to("coding_batch", "batch_id"),
    belongs_to("response", "response_id", cascade=True),
    Index(None, "organisation_id", "response_id"),
)

# A person's judgement: written once. A correction is another row; the latest of a coder counts.
comment_coding = Table(
    "comment_coding",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("survey_id", Uuid, nullable=False),
    Column("response_id", Uuid, nullable=False),
    Column("question_key", Text, nullable=False),
    Column("coder", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("themes", ARRAY(Text), nullable=False),
    Column("codebook_version", Integer, nullable=False),
    Column("recorded_by", Text, nullable=False),
    instant("coded_at"),
    belongs_to("response", "response_id", cascade=True),
    Index(None, "organisation_id", "survey_id", "id"),
    Index(None, "organisation_id", "response_id", "question_key"),
)
