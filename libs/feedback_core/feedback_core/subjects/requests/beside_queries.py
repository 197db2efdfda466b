"""SQL of what is held on somebody beside responses: open responses, and what other systems delivered."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, or_, select, text

from feedback_core.db.session import Session
from feedback_core.inbound.processing.tables import delivery_fetch
from feedback_core.responses.open_responses.tables import open_response
from feedback_core.subjects.requests.matching import Contacts, escaped

_ANSWERS = text("""
    SELECT o.id, o.survey_id, o.opened_at, o.state, o.external_id, a.question_key, a.version, a.answer, a.answered_at
      FROM open_response o
      LEFT JOIN open_answer a ON a.organisation_id = o.organisation_id AND a.open_response_id = o.id
     WHERE o.organisation_id = :organisation_id AND o.id = ANY(:ids)
     ORDER BY o.id, a.answered_at, a.question_key
""")

_TEXTS = text("""
    SELECT a.open_response_id, a.question_key, a.answer #>> '{}' AS said
      FROM open_answer a
     WHERE a.organisation_id = :organisation_id AND jsonb_typeof(a.answer) = 'string'
       AND (a.answer::text ILIKE ANY(:emails)
            OR regexp_replace(a.answer::text, '[^0-9]', '', 'g') LIKE ANY(:numbers))
""")

_ERASE_ANSWERS = text("""
    DELETE FROM open_answer a
     USING unnest(CAST(:ids AS uuid[]), CAST(:questions AS text[])) AS n(id, question)
     WHERE a.organisation_id = :organisation_id AND a.open_response_id = n.id AND a.question_key = n.question
""")


async def open_named(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    *,
    external_refs: Sequence[bytes],
    respondent_refs: Sequence[bytes],
) -> set[UUID]:
    """Open responses of a survey, whatever their state, that have one of these references."""
    found = await session.execute(
        select(open_response.c.id).where(
            open_response.c.organisation_id == organisation_id,
            open_response.c.survey_id == survey_id,
            or_(
                open_response.c.external_ref.in_(external_refs),
                open_response.c.respondent_ref.in_(respondent_refs),
            ),
        )
    )
    return set(found.scalars())


async def open_identities(session: Session, organisation_id: UUID) -> list[tuple[UUID, bytes]]:
    """Sealed identities of open responses: they are there for hours or days, until each is closed."""
    rows = await session.execute(
        select(open_response.c.id, open_response.c.identity).where(
            open_response.c.organisation_id == organisation_id, open_response.c.identity.is_not(None)
        )
    )
    return [(row.id, bytes(row.identity)) for row in rows]


async def open_answers(session: Session, organisation_id: UUID, ids: Sequence[UUID]) -> list[dict[str, object]]:
    """Every version of every answer in open responses."""
    rows = await session.execute(_ANSWERS, {"organisation_id": organisation_id, "ids": list(ids)})
    return [
        {
            "open_response_id": str(row.id),
            "survey_id": str(row.survey_id),
            "opened_at": row.opened_at.isoformat(),
            "state": row.state,
            "external_id": row.external_id,
            "question": row.question_key,
            "version": row.version,
            "answer": row.answer,
            "answered_at": row.answered_at.isoformat() if row.answered_at else None,
        }
        for row in rows
    ]


async def open_texts(session: Session, organisation_id: UUID, contacts: Contacts) -> list[tuple[UUID, str, str]]:
    """Answers in words (open response, question, text) in which a contact may stand, of open responses."""
    rows = await session.execute(
        _TEXTS,
        {
            "organisation_id": organisation_id,
            "emails": [f"%{escaped(email)}%" for email in contacts.emails],
            "numbers": [f"%{number}%" for number in contacts.numbers],
        },
    )
    return [(row.open_response_id, row.question_key, row.said) for row in rows]


async def erase_open(session: Session, organisation_id: UUID, ids: Sequence[UUID]) -> int:
    """Delete open responses with every version of their answers."""
    gone = await session.execute(
        delete(open_response).where(
            open_response.c.organisation_id == organisation_id, open_response.c.id.in_(list(ids))
        )
    )
    return gone.rowcount


async def erase_open_answers(session: Session, organisation_id: UUID, places: Sequence[tuple[UUID, str]]) -> int:
    """Delete every version of answers (open response, question); how many there were."""
    ids, questions = [open_id for open_id, _ in places], [question for _, question in places]
    values = {"organisation_id": organisation_id, "ids": ids, "questions": questions}
    return (await session.execute(_ERASE_ANSWERS, values)).rowcount


async def fetched_after(
    session: Session, organisation_id: UUID, after: UUID, *, limit: int
) -> list[tuple[UUID, bytes]]:
    """Sealed bodies that were fetched for deliveries, all of each of the next ``limit`` deliveries, by their ids."""
    following = (
        select(delivery_fetch.c.delivery_id)
        .where(delivery_fetch.c.organisation_id == organisation_id, delivery_fetch.c.delivery_id > after)
        .distinct()
        .order_by(delivery_fetch.c.delivery_id)
        .limit(limit)
    )
    rows = await session.execute(
        select(delivery_fetch.c.delivery_id, delivery_fetch.c.body)
        .where(delivery_fetch.c.organisation_id == organisation_id, delivery_fetch.c.delivery_id.in_(following))
        .order_by(delivery_fetch.c.delivery_id, delivery_fetch.c.number)
    )
    return [(row.delivery_id, bytes(row.body)) for row in rows]
