"""What was written about a member of staff, opened: for a request of theirs."""

from uuid import UUID

from feedback_core.db.sealed_queries import every_sealed
from feedback_core.db.session import Session
from feedback_core.kit.sealing import Seal
from feedback_core.people.sealed_queries import WITH_TEXTS, ids_of_staff


async def staff_texts(session: Session, organisation_id: UUID, staff_id: UUID, seal: Seal) -> list[dict[str, object]]:
    """Reviews, replies, goals and thanks of theirs: table, id, and what was written."""
    found: list[dict[str, object]] = []
    for table in WITH_TEXTS:
        theirs = await ids_of_staff(session, organisation_id, table, [staff_id])
        if not theirs:
            continue
        async for row_id, sealed in every_sealed(session, organisation_id, table.c.sealed):
            if row_id in theirs:
                found.append({"store": table.name, "id": str(row_id), "said": seal.open(sealed).decode()})
    return found
