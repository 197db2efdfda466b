"""SQL of what was begun by the invited, and of what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select

from feedback_core.db.session import Session
from feedback_core.responses.open_responses.tables import open_response
from feedback_core.responses.open_responses.types import OpenState
from feedback_core.responses.tables import response
from feedback_core.surveys.types import ResponseStatus


@dataclass(frozen=True, slots=True)
class Begun:
    """An open response, or one that was, by the keyed hash that it was opened under; ``status``: of its response."""

    reference: bytes
    id: UUID
    state: OpenState
    response_id: UUID | None
    status: ResponseStatus | None


async def begun_under(
    session: Session, organisation_id: UUID, survey_id: UUID, references: Sequence[bytes]
) -> dict[bytes, Begun]:
    """What was opened under keyed hashes."""
    columns, became = open_response.c, response.c
    rows = await session.execute(
        select(columns.id, columns.idempotency_ref, columns.state, columns.response_id, became.status)
        .outerjoin(response, and_(became.organisation_id == columns.organisation_id, became.id == columns.response_id))
        .where(
            columns.organisation_id == organisation_id,
            columns.survey_id == survey_id,
            columns.idempotency_ref.in_(references),
        )
    )
    found = [
        Begun(
            bytes(row.idempotency_ref),
            row.id,
            OpenState(row.state),
            row.response_id,
            None if row.status is None else ResponseStatus(row.status),
        )
        for row in rows
    ]
    return {each.reference: each for each in found}
