"""SQL that writes responses, and finds those that came before.

Many rows go as one JSON text: psycopg writes arrays of thousands of bytes and texts several times slower, and COPY
does not work under row-level security.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from json.encoder import encode_basestring_ascii
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from feedback_core.db.session import Session
from feedback_core.responses.checks import ResponseRow
from feedback_core.responses.types import Receipt
from feedback_core.surveys.types import Confidentiality, ResponseStatus, SurveyState

_STANDING = text("""
    SELECT s.key, s.state, s.confidentiality, v.id, v.number, coalesce(q.revision, 0) AS quotas_revision
      FROM survey s
      LEFT JOIN survey_quotas q ON q.organisation_id = s.organisation_id AND q.survey_id = s.id
      LEFT JOIN survey_version v
        ON v.organisation_id = s.organisation_id AND v.survey_id = s.id AND v.number = s.published_version
     WHERE s.organisation_id = :organisation_id AND s.id = :survey_id
""")

# The row of the survey's quotas is held shared, so that none are changed beside what is written; if they have changed
# since they were read, the row as it now is has another revision, and nothing is written.
_INSERT = text("""
    WITH held AS MATERIALIZED (
        SELECT q.revision FROM survey_quotas q
         WHERE q.organisation_id = :organisation_id AND q.survey_id = :survey_id FOR SHARE)
    INSERT INTO response (
        organisation_id, id, survey_id, survey_version_id, external_id, external_ref, idempotency_ref, respondent_ref,
        content_hash, status, method, confidentiality, submitted_at, received_at, attributes, cell_id, answers,
        unanswered, import_id, import_line, started_at, sent_by, request_id
    )
    SELECT :organisation_id, n.id, :survey_id, :survey_version_id, n.external_id, n.external_ref, n.idempotency_ref,
           n.respondent_ref, n.content_hash, n.status, n.method, n.confidentiality, n.submitted_at, n.received_at,
           n.attributes, n.cell_id, n.answers, string_to_array(n.unanswered, ','), CAST(:import_id AS uuid),
           n.import_line, n.started_at, n.sent_by, n.request_id
      FROM json_to_recordset(CAST(:rows AS json)) AS n (
           id uuid, external_id text, external_ref bytea, idempotency_ref bytea, respondent_ref bytea,
           content_hash bytea, status text, method text, confidentiality text, submitted_at timestamptz,
           received_at timestamptz, attributes jsonb, cell_id uuid, answers jsonb, unanswered text, import_line bigint,
           started_at timestamptz, sent_by uuid, request_id text)
      JOIN held ON held.revision = :quotas_revision
    ON CONFLICT DO NOTHING
""")

_THERE = text("""
    SELECT r.id
      FROM json_array_elements_text(CAST(:ids AS json)) AS w
      JOIN response r ON r.organisation_id = :organisation_id AND r.id = CAST(w AS uuid)
""")

_INSERT_IDENTITIES = text("""
    INSERT INTO respondent_identity (organisation_id, response_id, ciphertext)
    SELECT :organisation_id, CAST(n.key AS uuid), convert_to(n.value, 'UTF8')
      FROM json_each_text(CAST(:sealed AS json)) AS n
""")

# A join: with ANY or a lateral look-up, a table that has no statistics yet is read once per reference.
_EARLIER_BY = """
    SELECT r.id, r.external_ref, r.idempotency_ref, r.content_hash, r.status, r.confidentiality, r.submitted_at,
           r.received_at
      FROM json_array_elements_text(CAST(:{references} AS json)) AS w
      JOIN response r ON r.organisation_id = :organisation_id AND r.survey_id = :survey_id
                     AND r.{column} = decode(w, 'hex')
"""
_EARLIER = text(
    _EARLIER_BY.format(references="external_refs", column="external_ref")
    + " UNION ALL "
    + _EARLIER_BY.format(references="idempotency_refs", column="idempotency_ref")
)


@dataclass(frozen=True, slots=True)
class SurveyStanding:
    """Which version of a survey takes answers; both version fields are ``None`` while there is none.

    Attributes:
        quotas_revision: of its quotas; 0: it never had any.
    """

    key: str
    state: SurveyState
    confidentiality: Confidentiality
    version_id: UUID | None
    number: int | None
    quotas_revision: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """A response that was there before, with the hash of what it said."""

    content_hash: bytes
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class EarlierResponses:
    """Responses that were there before, by their references."""

    by_external_ref: Mapping[bytes, Earlier]
    by_idempotency_ref: Mapping[bytes, Earlier]


async def survey_standing(session: Session, organisation_id: UUID, survey_id: UUID) -> SurveyStanding | None:
    """Where a survey stands, without its questionnaire, which is large and, of a version, never changes."""
    found = await session.execute(_STANDING, {"organisation_id": organisation_id, "survey_id": survey_id})
    row = found.one_or_none()
    if row is None:
        return None
    return SurveyStanding(
        row.key, SurveyState(row.state), Confidentiality(row.confidentiality), row.id, row.number, row.quotas_revision
    )


async def add_responses(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    survey_version_id: UUID,
    rows: Sequence[ResponseRow],
    *,
    import_id: UUID | None,
    quotas_revision: int,
) -> frozenset[UUID]:
    """Write rows in one statement; the ids of those written: none, unless the quotas are still of this revision.

    A row whose external or idempotency reference is there already is left out; one that another transaction is
    writing is waited for. Rows are written in the order of their references, so that no two batches can wait for
    each other.
    """
    ordered = sorted(rows, key=lambda row: (row.external_ref or b"", row.idempotency_ref or b""))
    written = await session.execute(
        _INSERT,
        {
            "organisation_id": organisation_id,
            "survey_id": survey_id,
            "survey_version_id": survey_version_id,
            "import_id": import_id,
            "quotas_revision": quotas_revision,
            "rows": _document(ordered),
        },
    )
    if written.rowcount == len(rows):
        return frozenset(row.id for row in rows)
    ids = json.dumps([str(row.id) for row in rows])
    there = await session.execute(_THERE, {"organisation_id": organisation_id, "ids": ids})
    return frozenset(there.scalars())


async def add_identities(session: Session, organisation_id: UUID, sealed: Mapping[UUID, bytes]) -> None:
    """Keep the sealed identities of responses just written, by response."""
    document = json.dumps({str(response_id): ciphertext.decode() for response_id, ciphertext in sealed.items()})
    await session.execute(_INSERT_IDENTITIES, {"organisation_id": organisation_id, "sealed": document})


async def earlier_responses(
    session: Session, organisation_id: UUID, survey_id: UUID, rows: Iterable[ResponseRow]
) -> EarlierResponses:
    """Those of the survey that have a reference of one of ``rows``."""
    external, idempotency = set(), set()
    for row in rows:
        if row.external_ref is not None:
            external.add(row.external_ref.hex())
        if row.idempotency_ref is not None:
            idempotency.add(row.idempotency_ref.hex())
    found = await session.execute(
        _EARLIER,
        {
            "organisation_id": organisation_id,
            "survey_id": survey_id,
            "external_refs": json.dumps(list(external)),
            "idempotency_refs": json.dumps(list(idempotency)),
        },
    )
    by_external: dict[bytes, Earlier] = {}
    by_idempotency: dict[bytes, Earlier] = {}
    for there in found:
        earlier = _earlier(there)
        if there.external_ref is not None:
            by_external[bytes(there.external_ref)] = earlier
        if there.idempotency_ref is not None:
            by_idempotency[bytes(there.idempotency_ref)] = earlier
    return EarlierResponses(by_external, by_idempotency)


def _document(rows: Iterable[ResponseRow]) -> str:
    """Rows as one JSON array; texts that are free are escaped, all others are hexadecimal or words of ours.

    What a row does not have is left out, which is null. Joined, not formatted: formatting a member of an enumeration
    takes as long as all of the rest.
    """
    instants: dict[datetime, str] = {}
    return "[" + ",".join(["".join((*_parts(row, instants), "}")) for row in rows]) + "]"


def _parts(row: ResponseRow, instants: dict[datetime, str]) -> list[str]:
    """The pieces of a row's object but its end; ``instants`` are texts of times that many rows share."""
    received_at = instants.get(row.received_at)
    if received_at is None:
        received_at = instants[row.received_at] = row.received_at.isoformat()
    submitted_at = received_at if row.submitted_at is row.received_at else row.submitted_at.isoformat()
    parts = [
        '{"id":"', row.id.hex,
        '","content_hash":"\\\\x', row.content_hash.hex(),
        '","status":"', row.status,
        '","method":"', row.method,
        '","confidentiality":"', row.confidentiality,
        '","submitted_at":"', submitted_at,
        '","received_at":"', received_at,
        '","cell_id":"', row.cell_id.hex,
        '","unanswered":"', ",".join(row.unanswered),
        '","attributes":', row.attributes,
        ',"answers":', row.answers,
    ]  # fmt: skip
    if row.external_id is not None:
        parts += (',"external_id":', encode_basestring_ascii(row.external_id))
    if row.external_ref is not None:
        parts += (',"external_ref":"\\\\x', row.external_ref.hex(), '"')
    if row.idempotency_ref is not None:
        parts += (',"idempotency_ref":"\\\\x', row.idempotency_ref.hex(), '"')
    if row.respondent_ref is not None:
        parts += (',"respondent_ref":"\\\\x', row.respondent_ref.hex(), '"')
    if row.import_line is not None:
        parts += (',"import_line":', str(row.import_line))
    if row.started_at is not None:
        parts += (',"started_at":"', row.started_at.isoformat(), '"')
    if row.sent_by is not None:
        parts += (',"sent_by":"', row.sent_by.hex, '"')
    if row.request_id is not None:
        parts += (',"request_id":', encode_basestring_ascii(row.request_id))
    return parts


def _earlier(row: Row[Any]) -> Earlier:
    return Earlier(
        bytes(row.content_hash),
        Receipt(
            id=row.id,
            status=ResponseStatus(row.status),
            confidentiality=Confidentiality(row.confidentiality),
            submitted_at=row.submitted_at,
            received_at=row.received_at,
        ),
    )
