"""SQL that takes something out of responses: whole ones, an answer, or the link to who gave them.

What was said is never updated by this role: ``erase_answers`` and ``unlink_responses`` are functions of the database
that can only take away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, text

from feedback_core.cases.queries import forget_matches, strip
from feedback_core.db.session import Session
from feedback_core.events.queries import delete_events_of
from feedback_core.events.types import EventKind
from feedback_core.inbound.tables import delivery, source
from feedback_core.responses.entries.erasing_queries import take_out_words
from feedback_core.responses.open_responses.tables import open_response
from feedback_core.responses.tables import (
    import_fault,
    response,
    response_erasure,
    response_fingerprint,
    response_import,
)
from feedback_core.surveys.tables import question

_ERASE_ANSWERS = text("SELECT erase_answers(:survey_id, :question, :ids)")
_UNLINK = text("SELECT unlink_responses(:survey_id, :ids, :dropped, :cell)")

_ERASED = text("""
    INSERT INTO response_erasure (organisation_id, response_id, survey_id, reason, erased_by, erased_at)
    SELECT :organisation_id, id, :survey_id, :reason, :by, :at FROM unnest(CAST(:ids AS uuid[])) AS id
""")

_DESCRIBE = text("""
    INSERT INTO respondent_cell (organisation_id, survey_id, cell_id, attributes)
    VALUES (:organisation_id, :survey_id, :cell_id, CAST(:attributes AS jsonb))
        ON CONFLICT DO NOTHING
""")

_GROUPS = text("""
    SELECT attributes, count(*) AS n FROM response
     WHERE organisation_id = :organisation_id AND survey_id = :survey_id AND submitted_at < :before
     GROUP BY attributes
""")

_LINKED = text("""
    SELECT id, attributes, method, confidentiality <> 'anonymous' OR external_ref IS NOT NULL
           OR idempotency_ref IS NOT NULL OR respondent_ref IS NOT NULL OR import_id IS NOT NULL
           OR request_id IS NOT NULL AS linked
      FROM response
     WHERE organisation_id = :organisation_id AND survey_id = :survey_id AND submitted_at < :before
       AND id > :after
     ORDER BY id LIMIT :limit
""")


_ANY_LINKED = text("""
    SELECT EXISTS (
        SELECT FROM response
         WHERE organisation_id = :organisation_id AND survey_id = :survey_id AND submitted_at < :before
           AND (confidentiality <> 'anonymous' OR external_ref IS NOT NULL OR idempotency_ref IS NOT NULL
                OR respondent_ref IS NOT NULL OR import_id IS NOT NULL OR request_id IS NOT NULL))
""")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A response that may have to be made anonymous; ``linked``: something still leads to who gave it."""

    id: UUID
    attributes: Mapping[str, str]
    method: str
    linked: bool


async def erase_answers(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    question_key: str,
    response_ids: Sequence[UUID],
    *,
    at: datetime,
) -> int:
    """Take the answers to a question out of responses, with what was read out of them; how many there were."""
    # An event may tell the score.
    told = [str(identifier) for identifier in response_ids]
    await delete_events_of(session, organisation_id, "response", told, [EventKind.RESPONSE_LOW_SCORE])
    await forget_matches(session, organisation_id, question_key, response_ids)
    await take_out_words(session, organisation_id, response_ids, at=at)
    values = {"survey_id": survey_id, "question": question_key, "ids": list(response_ids)}
    return int((await session.execute(_ERASE_ANSWERS, values)).scalar_one())


async def unlink(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    response_ids: Sequence[UUID],
    *,
    dropped: Sequence[str],
    cell_id: UUID,
) -> int:
    """Take away what leads from responses to who gave them, and attributes; how many there were.

    Nobody can be followed up any more: their cases end, with what was written about them.
    """
    await strip(session, organisation_id, response_ids)
    values = {"survey_id": survey_id, "ids": list(response_ids), "dropped": list(dropped), "cell": cell_id}
    return int((await session.execute(_UNLINK, values)).scalar_one())


async def describe_cell(
    session: Session, organisation_id: UUID, survey_id: UUID, cell_id: UUID, attributes: str
) -> None:
    """Let a cell be known that no response was folded into yet."""
    values = {"organisation_id": organisation_id, "survey_id": survey_id, "cell_id": cell_id}
    await session.execute(_DESCRIBE, {**values, "attributes": attributes})


async def erase_responses(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    response_ids: Sequence[UUID],
    *,
    reason: str,
    by: str,
    at: datetime,
) -> int:
    """Delete responses with everything beside them; that they were, by whom and why, stays. How many there were."""
    ids = list(response_ids)
    await delete_events_of(session, organisation_id, "response", [str(identifier) for identifier in ids])
    await take_out_words(session, organisation_id, ids, at=at)
    await session.execute(
        delete(response_fingerprint).where(
            response_fingerprint.c.organisation_id == organisation_id,
            response_fingerprint.c.survey_id == survey_id,
            response_fingerprint.c.response_id.in_(ids),
        )
    )
    gone = await session.execute(
        delete(response)
        .where(
            response.c.organisation_id == organisation_id,
            response.c.survey_id == survey_id,
            response.c.id.in_(ids),
        )
        .returning(response.c.id)
    )
    erased = list(gone.scalars())
    values = {"organisation_id": organisation_id, "survey_id": survey_id, "ids": erased}
    await session.execute(_ERASED, {**values, "reason": reason, "by": by, "at": at})
    return len(erased)


async def was_erased(session: Session, organisation_id: UUID, survey_id: UUID, identifier: UUID) -> bool:
    """Whether a response or an open response of a survey was erased."""
    found = await session.execute(
        select(response_erasure.c.response_id).where(
            response_erasure.c.organisation_id == organisation_id,
            response_erasure.c.response_id == identifier,
            response_erasure.c.survey_id == survey_id,
        )
    )
    return found.first() is not None


async def groups(
    session: Session, organisation_id: UUID, survey_id: UUID, before: datetime
) -> list[tuple[Mapping[str, str], int]]:
    """How many responses say the same of their respondents."""
    rows = await session.execute(
        _GROUPS, {"organisation_id": organisation_id, "survey_id": survey_id, "before": before}
    )
    return [(row.attributes, row.n) for row in rows]


async def candidates_after(
    session: Session, organisation_id: UUID, survey_id: UUID, before: datetime, *, after: UUID, limit: int
) -> list[Candidate]:
    """Responses submitted before an instant, in the order of their ids."""
    values = {"organisation_id": organisation_id, "survey_id": survey_id, "before": before}
    rows = await session.execute(_LINKED, {**values, "after": after, "limit": limit})
    return [Candidate(row.id, row.attributes, row.method, row.linked) for row in rows]


async def any_linked(session: Session, organisation_id: UUID, survey_id: UUID, before: datetime) -> bool:
    """Whether something leads from a response submitted before an instant to who gave it."""
    values = {"organisation_id": organisation_id, "survey_id": survey_id, "before": before}
    return bool((await session.execute(_ANY_LINKED, values)).scalar_one())


async def submitted_before(
    session: Session, organisation_id: UUID, survey_id: UUID, before: datetime, *, limit: int
) -> list[UUID]:
    """Some responses submitted before an instant, the earliest first."""
    found = await session.execute(
        select(response.c.id)
        .where(
            response.c.organisation_id == organisation_id,
            response.c.survey_id == survey_id,
            response.c.submitted_at < before,
        )
        .order_by(response.c.submitted_at)
        .limit(limit)
    )
    return list(found.scalars())


async def answered(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    question_key: str,
    *,
    before: datetime | None,
    after: UUID,
    limit: int,
) -> list[UUID]:
    """Responses with an answer to a question, in the order of their ids; only those submitted before an instant."""
    statement = select(response.c.id).where(
        response.c.organisation_id == organisation_id,
        response.c.survey_id == survey_id,
        response.c.id > after,
        response.c.answers.has_key(question_key),
    )
    if before is not None:
        statement = statement.where(response.c.submitted_at < before)
    return list((await session.execute(statement.order_by(response.c.id).limit(limit))).scalars())


async def question_keys(
    session: Session, organisation_id: UUID, survey_id: UUID, *, kind: str | None = None
) -> list[str]:
    """Keys of the questions of any version of a survey; only those of one type."""
    statement = select(question.c.key).where(
        question.c.organisation_id == organisation_id, question.c.survey_id == survey_id
    )
    if kind is not None:
        statement = statement.where(question.c.type == kind)
    return sorted(set((await session.execute(statement)).scalars()))


async def forget_faults(session: Session, organisation_id: UUID, survey_id: UUID, before: datetime) -> int:
    """Delete what was listed as wrong in the files of a survey that came before an instant: it quotes them."""
    of_survey = select(response_import.c.id).where(
        response_import.c.organisation_id == organisation_id,
        response_import.c.survey_id == survey_id,
        response_import.c.created_at < before,
    )
    gone = await session.execute(
        delete(import_fault).where(
            import_fault.c.organisation_id == organisation_id, import_fault.c.import_id.in_(of_survey)
        )
    )
    return gone.rowcount


async def forget_open(session: Session, organisation_id: UUID, survey_id: UUID, before: datetime) -> int:
    """Delete open responses, and those that were, that nobody has answered in since before an instant."""
    gone = await session.execute(
        delete(open_response).where(
            open_response.c.organisation_id == organisation_id,
            open_response.c.survey_id == survey_id,
            open_response.c.updated_at < before,
        )
    )
    return gone.rowcount


async def deliveries_kept(
    session: Session, organisation_id: UUID, survey_id: UUID, before: datetime, *, after: UUID, limit: int
) -> list[UUID]:
    """Deliveries for a survey that came before an instant and have their body still, in the order of their ids."""
    found = await session.execute(
        select(delivery.c.id)
        .join(
            source,
            (source.c.organisation_id == delivery.c.organisation_id) & (source.c.id == delivery.c.source_id),
        )
        .where(
            delivery.c.organisation_id == organisation_id,
            source.c.survey_id == survey_id,
            delivery.c.received_at < before,
            delivery.c.redacted_at.is_(None),
            delivery.c.id > after,
        )
        .order_by(delivery.c.id)
        .limit(limit)
    )
    return list(found.scalars())
