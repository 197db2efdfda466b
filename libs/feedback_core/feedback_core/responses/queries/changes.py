"""SQL that notes which responses stand otherwise from this transaction on."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from feedback_core.db.session import Session

# The ids as one array: thousands of parameters take longer to write down than to insert.
_NOTE = text(
    """
    INSERT INTO response_change (organisation_id, survey_id, response_id)
    SELECT :organisation_id, :survey_id, id FROM unnest(CAST(:ids AS uuid[])) AS id
        ON CONFLICT DO NOTHING
    """
)


async def note_changes(session: Session, organisation_id: UUID, survey_id: UUID, response_ids: Sequence[UUID]) -> None:
    """Note that responses are excluded, restored, erased, held for suspect or not, or told less of, from now on.

    Whoever keeps a copy of the survey's responses learns of them by the next export of what has changed.
    """
    await session.execute(
        _NOTE, {"organisation_id": organisation_id, "survey_id": survey_id, "ids": list(response_ids)}
    )
