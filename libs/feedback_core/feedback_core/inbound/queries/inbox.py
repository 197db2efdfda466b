"""SQL of taking deliveries in: many of one organisation in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text

from feedback_core.db.session import Session


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A delivery as it is stored; ``headers`` is a JSON document, ``body`` is sealed."""

    id: UUID
    source_id: UUID
    preset: str
    secret_id: UUID
    dedupe_id: str
    received_at: datetime
    occurred_at: datetime | None
    content_type: str | None
    headers: str
    body: bytes = field(repr=False)
    body_sha256: bytes = field(repr=False)
    body_size: int


@dataclass(frozen=True, slots=True)
class Repeat:
    """A delivery that came before, how often it came now, and when last."""

    source_id: UUID
    dedupe_id: str
    times: int
    at: datetime


@dataclass(frozen=True, slots=True)
class RefusedTimes:
    """How often a source refused something for one reason."""

    source_id: UUID
    day: date
    reason: str
    times: int
    at: datetime


_ADD: Final = text("""
    INSERT INTO delivery (organisation_id, id, source_id, preset, secret_id, dedupe_id, received_at, occurred_at,
                          content_type, headers, body, body_sha256, body_size, state)
    SELECT CAST(:organisation_id AS uuid), n.id, n.source_id, n.preset, n.secret_id, n.dedupe_id, n.received_at,
           n.occurred_at, n.content_type, CAST(n.headers AS jsonb), n.body, n.body_sha256, n.body_size, 'waiting'
      FROM unnest(CAST(:ids AS uuid[]), CAST(:source_ids AS uuid[]), CAST(:presets AS text[]),
                  CAST(:secret_ids AS uuid[]), CAST(:dedupe_ids AS text[]), CAST(:received AS timestamptz[]),
                  CAST(:occurred AS timestamptz[]), CAST(:content_types AS text[]), CAST(:headers AS text[]),
                  CAST(:bodies AS bytea[]), CAST(:hashes AS bytea[]), CAST(:sizes AS int[]))
        AS n (id, source_id, preset, secret_id, dedupe_id, received_at, occurred_at, content_type, headers, body,
              body_sha256, body_size)
    ON CONFLICT (organisation_id, source_id, dedupe_id) DO NOTHING
    RETURNING id
""")

# A delivery that a worker holds just now is not waited for: its counter then misses this repetition.
_REPEATED: Final = text("""
    UPDATE delivery SET repeats = repeats + held.times, repeated_at = held.at
      FROM (SELECT d.id, r.times, r.at
              FROM unnest(CAST(:source_ids AS uuid[]), CAST(:dedupe_ids AS text[]), CAST(:times AS int[]),
                          CAST(:at AS timestamptz[])) AS r (source_id, dedupe_id, times, at)
              JOIN delivery d ON d.organisation_id = CAST(:organisation_id AS uuid) AND d.source_id = r.source_id
                             AND d.dedupe_id = r.dedupe_id
               FOR UPDATE OF d SKIP LOCKED) AS held
     WHERE delivery.organisation_id = CAST(:organisation_id AS uuid) AND delivery.id = held.id
""")

_REFUSED: Final = text("""
    INSERT INTO delivery_refusal (organisation_id, source_id, day, reason, times, last_at)
    SELECT CAST(:organisation_id AS uuid), r.*
      FROM unnest(CAST(:source_ids AS uuid[]), CAST(:days AS date[]), CAST(:reasons AS text[]),
                  CAST(:times AS bigint[]), CAST(:at AS timestamptz[])) AS r
    ON CONFLICT (organisation_id, source_id, day, reason)
    DO UPDATE SET times = delivery_refusal.times + excluded.times,
                  last_at = greatest(delivery_refusal.last_at, excluded.last_at)
""")


async def add_deliveries(session: Session, organisation_id: UUID, rows: Sequence[NewDelivery]) -> set[UUID]:
    """Store deliveries, no two of which are the same; the ids of those that are new."""
    found = await session.execute(
        _ADD,
        {
            "organisation_id": organisation_id,
            "ids": [row.id for row in rows],
            "source_ids": [row.source_id for row in rows],
            "presets": [row.preset for row in rows],
            "secret_ids": [row.secret_id for row in rows],
            "dedupe_ids": [row.dedupe_id for row in rows],
            "received": [row.received_at for row in rows],
            "occurred": [row.occurred_at for row in rows],
            "content_types": [row.content_type for row in rows],
            "headers": [row.headers for row in rows],
            "bodies": [row.body for row in rows],
            "hashes": [row.body_sha256 for row in rows],
            "sizes": [row.body_size for row in rows],
        },
    )
    return set(found.scalars())


async def count_repeats(session: Session, organisation_id: UUID, rows: Sequence[Repeat]) -> None:
    """Count repetitions at the deliveries that they repeat."""
    await session.execute(
        _REPEATED,
        {
            "organisation_id": organisation_id,
            "source_ids": [row.source_id for row in rows],
            "dedupe_ids": [row.dedupe_id for row in rows],
            "times": [row.times for row in rows],
            "at": [row.at for row in rows],
        },
    )


async def count_refusals(session: Session, organisation_id: UUID, rows: Sequence[RefusedTimes]) -> None:
    """Count what was refused; no two rows are of the same source, day and reason."""
    await session.execute(
        _REFUSED,
        {
            "organisation_id": organisation_id,
            "source_ids": [row.source_id for row in rows],
            "days": [row.day for row in rows],
            "reasons": [row.reason for row in rows],
            "times": [row.times for row in rows],
            "at": [row.at for row in rows],
        },
    )
