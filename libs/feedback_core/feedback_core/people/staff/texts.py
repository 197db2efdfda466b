"""What was written about a member of staff, opened: for a request of theirs."""

from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.sealing import Seal
from feedback_core.people.sealed_queries import WITH_TEXTS, ids_of_staff, sealed_after

_NO_ID: Final = UUID(int=0)
_BATCH: Final = 500


async def staff_texts(session: Session, organisation_id: UUID, staff_id: UUID, seal: Seal) -> list[dict[str, object]]:
    """Reviews, replies, goals and thanks of theirs: table, id, and what was written."""
    found: list[dict[str, object]] = []
    for table in WITH_TEXTS:
        theirs, after = await ids_of_staff(session, organisation_id, table, [staff_id]), _NO_ID
        while theirs and (batch := await sealed_after(session, organisation_id, table, after, limit=_BATCH)):
            found += [
                {"store": table, "id": str(row_id), "said": seal.open(sealed).decode()}
                for row_id, sealed in batch
                if row_id in theirs
            ]
            after = batch[-1][0]
    return found
