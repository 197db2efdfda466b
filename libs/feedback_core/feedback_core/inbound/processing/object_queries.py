"""SQL of what deliveries speak of: the responses that count, and whom the source has had forgotten."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from feedback_core.db.session import Session
from feedback_core.inbound.processing.tables import delivery_fetch, source_forgotten, source_object
from feedback_core.inbound.tables import delivery, delivery_item
from feedback_core.responses.tables import response


@dataclass(frozen=True, slots=True)
class KnownObject:
    """What a source has said of one thing so far.

    Attributes:
        response_id: the response that counts.
        takes: how many responses there are of it.
        said_hash: of what the one that counts says.
        occurred_at: of the one that counts.
        is_there: whether the one that counts has not been erased.
    """

    response_id: UUID
    takes: int
    said_hash: bytes
    occurred_at: datetime
    is_there: bool = True


async def objects(
    session: Session, organisation_id: UUID, source_id: UUID, refs: Iterable[bytes]
) -> dict[bytes, KnownObject]:
    """What is known already of things, by reference."""
    found = await session.execute(
        select(source_object, response.c.id.label("there"))
        .outerjoin(
            response,
            (response.c.organisation_id == source_object.c.organisation_id)
            & (response.c.id == source_object.c.response_id),
        )
        .where(
            source_object.c.organisation_id == organisation_id,
            source_object.c.source_id == source_id,
            source_object.c.object_ref.in_(list(refs)),
        )
    )
    return {
        bytes(row.object_ref): KnownObject(
            row.response_id, row.takes, bytes(row.said_hash), row.occurred_at, row.there is not None
        )
        for row in found
    }


_SAVE: Final = text("""
    INSERT INTO source_object (organisation_id, source_id, object_ref, response_id, takes, said_hash, occurred_at)
    SELECT CAST(:organisation_id AS uuid), CAST(:source_id AS uuid), n.object_ref, n.response_id, n.takes, n.said_hash,
           n.occurred_at
      FROM json_to_recordset(CAST(:rows AS json)) AS n (
           object_ref bytea, response_id uuid, takes int, said_hash bytea, occurred_at timestamptz)
    ON CONFLICT (organisation_id, source_id, object_ref)
    DO UPDATE SET response_id = excluded.response_id, takes = excluded.takes, said_hash = excluded.said_hash,
                  occurred_at = excluded.occurred_at
""")


async def save_objects(
    session: Session, organisation_id: UUID, source_id: UUID, known: Mapping[bytes, KnownObject]
) -> None:
    """Note what is known of things now."""
    if not known:
        return
    rows = [
        {
            "object_ref": f"\\x{ref.hex()}",
            "response_id": str(found.response_id),
            "takes": found.takes,
            "said_hash": f"\\x{found.said_hash.hex()}",
            "occurred_at": found.occurred_at.isoformat(),
        }
        for ref, found in known.items()
    ]
    await session.execute(_SAVE, {"organisation_id": organisation_id, "source_id": source_id, "rows": json.dumps(rows)})


async def forgotten(
    session: Session, organisation_id: UUID, source_id: UUID, refs: Iterable[bytes]
) -> dict[bytes, datetime]:
    """Which of these the source has had forgotten, and as of when."""
    found = await session.execute(
        select(source_forgotten.c.subject_ref, source_forgotten.c.forgotten_at).where(
            source_forgotten.c.organisation_id == organisation_id,
            source_forgotten.c.source_id == source_id,
            source_forgotten.c.subject_ref.in_(list(refs)),
        )
    )
    return {bytes(row.subject_ref): row.forgotten_at for row in found}


async def forget(session: Session, organisation_id: UUID, source_id: UUID, ref: bytes, at: datetime) -> None:
    """Note that the source has had somebody, or something, forgotten as of an instant."""
    statement = upsert(source_forgotten).values(
        organisation_id=organisation_id, source_id=source_id, subject_ref=ref, forgotten_at=at
    )
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["organisation_id", "source_id", "subject_ref"],
            set_={"forgotten_at": statement.excluded.forgotten_at},
            where=source_forgotten.c.forgotten_at < statement.excluded.forgotten_at,
        )
    )


async def responses_to_erase(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    *,
    respondent_refs: Iterable[bytes],
    external_refs: Iterable[bytes],
) -> list[UUID]:
    """Responses of a survey by who gave them, or by their names."""
    found = await session.execute(
        select(response.c.id)
        .where(
            response.c.organisation_id == organisation_id,
            response.c.survey_id == survey_id,
            response.c.respondent_ref.in_(list(respondent_refs)) | response.c.external_ref.in_(list(external_refs)),
        )
        .order_by(response.c.id)
    )
    return list(found.scalars())


async def redact_deliveries_of(
    session: Session, organisation_id: UUID, response_ids: Iterable[UUID], *, at: datetime
) -> None:
    """Take away the bodies that said these responses, and what was fetched for them."""
    ids = list(response_ids)
    of_them = select(delivery_item.c.delivery_id).where(
        delivery_item.c.organisation_id == organisation_id, delivery_item.c.response_id.in_(ids)
    )
    await session.execute(
        delete(delivery_fetch).where(
            delivery_fetch.c.organisation_id == organisation_id, delivery_fetch.c.delivery_id.in_(of_them)
        )
    )
    await session.execute(
        update(delivery)
        .where(
            delivery.c.organisation_id == organisation_id,
            delivery.c.id.in_(of_them),
            delivery.c.redacted_at.is_(None),
        )
        .values(body=None, redacted_at=at)
    )
